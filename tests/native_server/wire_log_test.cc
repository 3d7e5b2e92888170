// The bytes that the server says it wrote and read, against those that the test's own sockets have.
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "core/json_text.h"
#include "tests/native_server/support/running_server.h"
#include "tests/native_server/support/websocket_client.h"
#include "tests/support/json.h"

namespace playground::server {
namespace {

struct Part {
  std::string direction;
  std::uint64_t skipped;
  std::string bytes;
};

std::vector<Part> log_of(const RunningServer& server, const std::string& channel,
                         const std::string& question) {
  const Response response = server.get(channel + "/wire/log?" + question);
  REQUIRE(response.status == 200);
  std::vector<Part> parts;
  const auto json = read_json(response.body);
  CHECK(json.at("connection") == 1);
  for (const auto& each : json.at("parts")) {
    const auto bytes = bytes_of_text(each.at("bytes").get<std::string>());
    REQUIRE(bytes);
    parts.push_back({each.at("direction"), each.at("skipped"), *bytes});
  }
  return parts;
}

std::string error_of(const RunningServer& server, const std::string& target, int status) {
  const Response response = server.get(target);
  CHECK(response.status == status);
  return read_json(response.body).at("error");
}

// A channel that keeps its lanes' bytes from the beginning.
std::string create_logged(const RunningServer& server, std::string_view scenario) {
  const std::string body = server.post("/api/channels?wire_log=1", scenario).body;
  return "/api/channels/" + read_json(body).at("id").get<std::string>();
}

// Reads until `text` has come.
std::string read_until(Client& client, std::string_view text) {
  std::string all;
  while (all.find(text) == std::string::npos) {
    const std::string more = client.read_some();
    REQUIRE_FALSE(more.empty());
    all += more;
  }
  return all;
}

TEST_CASE("of a stream the log has the request, the head and the message as they were") {
  RunningServer server;
  for (const std::string path : {"/sse", "/stream"}) {
    CAPTURE(path);
    const std::string channel = create_logged(server, R"({"rate":50,"count":20})");
    Client client(server.port());
    const std::string asked = request("GET", channel + path + "?lane=l");
    client.send(asked);
    const std::string came = read_until(client, "\"seq\":20,");
    const auto parts = log_of(server, channel, "lane=l&seq=20");
    REQUIRE(parts.size() == 3);
    CHECK(parts[0].direction == "in");
    CHECK(parts[0].bytes == asked);
    CHECK(parts[1].bytes == came.substr(0, came.find("\r\n\r\n") + 4));
    CHECK(parts[2].bytes.find("{\"seq\":20,") != std::string::npos);
    // What is skipped is exactly what came between.
    CHECK(came.substr(parts[1].bytes.size() + parts[2].skipped, parts[2].bytes.size()) ==
          parts[2].bytes);
    CHECK(came.size() == parts[1].bytes.size() + parts[2].skipped + parts[2].bytes.size());
  }
}

TEST_CASE("of a poll the log has both sides, whole") {
  RunningServer server;
  const std::string channel = create_logged(server, R"({"count":1})");
  server.get(channel + "/long-poll");
  for (const std::string path : {"/poll?lane=a", "/long-poll?lane=b"}) {
    CAPTURE(path);
    Client client(server.port());
    const std::string asked = request("GET", channel + path);
    client.send(asked);
    std::string came = read_until(client, "\"last\":1,");
    while (!came.ends_with("\"}")) came += client.read_some();
    const auto parts = log_of(server, channel, path.substr(path.find("lane=")) + "&seq=1");
    REQUIRE(parts.size() == 2);
    CHECK(parts[0].bytes == asked);
    CHECK(parts[1].direction == "out");
    CHECK(parts[1].bytes == came);
  }
}

TEST_CASE("a WebSocket's frames are in the log both ways, masked as they came") {
  RunningServer server;
  const std::string channel = create_logged(server, R"({"count":1})");
  WebSocketClient client(server.port(), channel + "/websocket?lane=ws");
  client.next();
  client.next();
  client.send_text("up");
  CHECK(client.next().payload.starts_with("{\"seq\":2"));
  std::uint64_t in = 0;
  std::uint64_t out = 0;
  std::string written;
  for (const Part& part : log_of(server, channel, "lane=ws&connection=1")) {
    (part.direction == "in" ? in : out) += part.skipped + part.bytes.size();
    if (part.direction == "in") written += part.bytes;
  }
  CHECK(in == client.connection().bytes_out());
  CHECK(out == client.connection().bytes_in());
  CHECK(written.substr(written.size() - 8, 2) == "\x81\x82");
}

TEST_CASE("a lane's bytes are kept from the first question about it on") {
  RunningServer server;
  const std::string channel = server.create_quiet();
  CHECK(error_of(server, channel + "/wire/log?lane=l", 404) == "no request has named the lane l");
  Client client(server.port());
  client.send(request("GET", channel + "/poll?lane=l"));
  client.read_response();
  CHECK(error_of(server, channel + "/wire/log?lane=l", 404) ==
        "the bytes kept of lane l begin now");
  client.send(request("GET", channel + "/poll?lane=l"));
  client.read_response();
  CHECK(log_of(server, channel, "lane=l&seq=1").size() == 2);
  CHECK(error_of(server, channel + "/wire/log?lane=l&seq=9", 404) ==
        "the bytes kept of lane l do not hold message 9");
  CHECK(error_of(server, channel + "/wire/log?lane=l&seq=x", 400) ==
        "seq must be a sequence number");
  CHECK(error_of(server, channel + "/wire/log", 400) == "lane must be named");
}

TEST_CASE("a request with 100 Continue is in the log with its interim answer") {
  RunningServer server;
  const std::string channel = create_logged(server, R"({"count":1})");
  Client client(server.port());
  client.send("POST " + channel +
              "/messages?lane=l HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n"
              "Expect: 100-continue\r\n\r\n");
  CHECK(client.read_head().status == 100);
  client.send("hi");
  CHECK(client.read_response().status == 201);
  std::uint64_t in = 0;
  std::uint64_t out = 0;
  for (const Part& part : log_of(server, channel, "lane=l")) {
    (part.direction == "in" ? in : out) += part.skipped + part.bytes.size();
  }
  CHECK(in == client.bytes_out());
  CHECK(out == client.bytes_in());
}

}  // namespace
}  // namespace playground::server
