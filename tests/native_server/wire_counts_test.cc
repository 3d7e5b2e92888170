// The counts of a lane, against what the test's own sockets read and wrote.
#include <cstdint>
#include <ostream>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "tests/native_server/support/record_reader.h"
#include "tests/native_server/support/running_server.h"
#include "tests/native_server/support/websocket_client.h"
#include "tests/support/json.h"

namespace playground::server {
namespace {

struct Counts {
  std::uint64_t in = 0;
  std::uint64_t out = 0;
  std::uint64_t requests = 0;
  std::uint64_t connections = 0;

  bool operator==(const Counts&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Counts& counts) {
  return out << "in " << counts.in << ", out " << counts.out << ", requests " << counts.requests
             << ", connections " << counts.connections;
}

Counts counts_of(const RunningServer& server, const std::string& channel, const std::string& lane) {
  const auto json = read_json(server.get(channel + "/wire?lane=" + lane).body);
  REQUIRE(json.at("lane") == lane);
  return {json.at("bytes_in"), json.at("bytes_out"), json.at("requests"), json.at("connections")};
}

Counts counts_of(const Client& client, std::uint64_t requests) {
  return {client.bytes_out(), client.bytes_in(), requests, 1};
}

TEST_CASE("a stream's count is every byte of its connection") {
  RunningServer server;
  const std::string channel = server.create(R"({"rate":5000,"count":500})");
  for (const Transport transport : kStreams) {
    CAPTURE(name(transport));
    const std::string lane(name(transport));
    const auto reader = open_reader(transport, server.port(), channel, {}, "lane=" + lane);
    reader->expect_messages(1, 500);
    CHECK(counts_of(server, channel, lane) == counts_of(reader->connection(), 1));
  }
}

TEST_CASE("a WebSocket's frames are counted both ways, control frames too") {
  RunningServer server;
  const std::string channel = server.create_quiet();
  WebSocketClient client(server.port(), channel + "/websocket?lane=ws");
  CHECK(client.next().payload.starts_with("{\"greeting\""));
  CHECK(client.next().payload.starts_with("{\"seq\":1"));
  client.send_text("up");
  CHECK(client.next().payload.starts_with("{\"seq\":2"));
  client.send(websocket::Opcode::kPing, "p");
  CHECK(client.next().opcode == websocket::Opcode::kPong);
  client.send_close(1000);
  CHECK(client.next().opcode == websocket::Opcode::kClose);
  CHECK(counts_of(server, channel, "ws") == counts_of(client.connection(), 1));
}

TEST_CASE("frames sent together with the handshake are counted") {
  RunningServer server;
  const std::string channel = server.create_quiet();
  Client client(server.port());
  std::string bytes = request("GET", channel + "/websocket?lane=ws", kHandshake);
  websocket::encode_frame(websocket::Opcode::kClose, {}, bytes, websocket::MaskingKey{1, 2, 3, 4});
  client.send(bytes);
  while (!client.read_some().empty()) {
  }
  CHECK(counts_of(server, channel, "ws") == counts_of(client, 1));
}

TEST_CASE("polls over one connection are as many requests and one connection") {
  RunningServer server;
  const std::string channel = server.create_quiet();
  Client client(server.port());
  for (int i = 0; i < 5; ++i) {
    client.send(request("GET", channel + "/poll?lane=polls"));
    client.read_response();
  }
  CHECK(counts_of(server, channel, "polls") == counts_of(client, 5));
  Client other(server.port());
  other.send(request("GET", channel + "/poll?lane=polls"));
  other.read_response();
  CHECK(counts_of(server, channel, "polls") ==
        Counts{client.bytes_out() + other.bytes_out(), client.bytes_in() + other.bytes_in(), 6, 2});
}

TEST_CASE("a held poll is counted when it is answered") {
  RunningServer server;
  const std::string channel = server.create_quiet();
  server.get(channel + "/long-poll");
  Client client(server.port());
  client.send(request("GET", channel + "/long-poll?after=1&lane=held&timeout=0.05"));
  client.read_response();
  CHECK(counts_of(server, channel, "held") == counts_of(client, 1));
}

TEST_CASE("lanes that share a connection are kept apart, to the byte") {
  RunningServer server;
  const std::string channel = server.create_quiet();
  server.get(channel + "/long-poll");
  Client client(server.port());
  const std::string of_a = request("GET", channel + "/poll?lane=a&after=1");
  const std::string of_b = request("GET", channel + "/poll?lane=b");
  const std::string of_none = request("GET", channel + "/poll");
  client.send(of_a + of_b + of_none + of_a);  // all at once
  Counts a{0, 0, 2, 1};
  Counts b{0, 0, 1, 1};
  const auto size_of = [](const Response& response) {
    std::uint64_t size = std::string("HTTP/1.1 200 OK\r\n\r\n").size() + response.body.size();
    for (const auto& [field, value] : response.headers) size += field.size() + value.size() + 4;
    return size;
  };
  a.out += size_of(client.read_response());
  b.out += size_of(client.read_response());
  client.read_response();
  a.out += size_of(client.read_response());
  a.in = 2 * of_a.size();
  b.in = of_b.size();
  CHECK(counts_of(server, channel, "a") == a);
  CHECK(counts_of(server, channel, "b") == b);
}

TEST_CASE("errors, preflights and interim answers are counted for their lane") {
  RunningServer server;
  const std::string channel = server.create_quiet();
  Client client(server.port());
  client.send(request("GET", channel + "/poll?lane=l&after=x"));
  CHECK(client.read_response().status == 400);
  client.send(request("OPTIONS", channel + "/messages?lane=l", "Origin: http://localhost\r\n"));
  CHECK(client.read_response().status == 204);
  client.send("POST " + channel +
              "/messages?lane=l HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n"
              "Expect: 100-continue\r\n\r\n");
  CHECK(client.read_head().status == 100);
  client.send("hi");
  CHECK(client.read_response().status == 201);
  client.send(request("GET", channel + "/nothing?lane=l"));
  CHECK(client.read_response().status == 404);
  CHECK(counts_of(server, channel, "l") == counts_of(client, 4));
}

TEST_CASE("what came before a reset is counted") {
  constexpr std::uint64_t kTimes = 300;
  RunningServer server;
  const std::string channel = server.create_quiet();
  const std::string asked = request("GET", channel + "/poll?lane=gone");
  for (std::uint64_t i = 0; i < kTimes; ++i) {
    Client client(server.port());
    client.send(asked);
    const linger now{1, 0};  // RST, most of the time before the server has read
    setsockopt(client.descriptor(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
  }
  Counts counts;
  for (int i = 0; i < 2000 && counts.requests < kTimes; ++i) {
    usleep(1000);
    counts = counts_of(server, channel, "gone");
  }
  CHECK(counts.requests == kTimes);
  CHECK(counts.in == kTimes * asked.size());
}

TEST_CASE("asking for a count does not change it, and all lanes can be asked for") {
  RunningServer server;
  const std::string channel = server.create_quiet();
  CHECK(counts_of(server, channel, "unseen") == Counts{});
  server.get(channel + "/poll?lane=b");
  server.get(channel + "/poll?lane=a");
  const auto all = read_json(server.get(channel + "/wire").body).at("lanes");
  REQUIRE(all.size() == 2);
  CHECK(all[0].at("lane") == "a");
  CHECK(all[1].at("requests") == 1);
}

}  // namespace
}  // namespace playground::server
