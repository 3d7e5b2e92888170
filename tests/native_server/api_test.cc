// Every path of docs/api.md, over real sockets.
#include <ctime>
#include <string>
#include <string_view>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "core/poll/batch.h"
#include "core/server/channel_api.h"
#include "tests/native_server/support/running_server.h"
#include "tests/native_server/support/websocket_client.h"
#include "tests/support/json.h"

namespace playground::server {
namespace {

using nlohmann::json;

// The sentence of a refusal; its form is checked.
std::string error_of(const Response& response) {
  REQUIRE(response.header("content-type") == "application/json");
  const json body = read_json(response.body);
  REQUIRE(body.is_object());
  REQUIRE(body.size() == 1);
  return body.at("error").get<std::string>();
}

bool names(const Response& response, std::string_view what) {
  return error_of(response).find(what) != std::string::npos;
}

TEST_CASE("a new channel is answered 201 with its id, and plays") {
  RunningServer server;
  const Response created = server.post("/api/channels", R"({"rate":1000,"count":3})");
  CHECK(created.status == 201);
  CHECK(created.header("content-type") == "application/json");
  const std::string id = read_json(created.body).at("id");
  CHECK(id.size() == 32);
  const auto batch = poll::parse_batch(server.get("/api/channels/" + id + "/long-poll").body);
  REQUIRE(batch);
  CHECK(batch->messages.front().seq == 1);
  CHECK(batch->messages.front().payload.size() == 64);
}

TEST_CASE("a channel without a scenario plays the default one") {
  RunningServer server;
  CHECK(fetch(server.port(), request("POST", "/api/channels")).status == 201);
}

TEST_CASE("a scenario that is wrong is refused with its field's name") {
  RunningServer server;
  const struct {
    const char* body;
    const char* named;
  } rows[] = {
      {"nonsense", "JSON"},         {R"({"rate":"x"})", "rate"},
      {R"({"rate":0.01})", "rate"}, {R"({"payload_bytes":1})", "payload_bytes"},
      {R"({"count":-1})", "count"}, {R"({"history":0})", "history"},
      {R"({"speed":1})", "speed"},  {"{\"rate\":\"\xff\"}", "JSON"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.body);
    const Response response = server.post("/api/channels", row.body);
    CHECK(response.status == 400);
    CHECK(names(response, row.named));
  }
}

TEST_CASE("more channels than may be are refused with 503") {
  Options options = test_options();
  options.limits.channels = 1;
  RunningServer server(options);
  server.create();
  const Response response = server.post("/api/channels", "{}");
  CHECK(response.status == 503);
  CHECK(names(response, "channels"));
}

TEST_CASE("a poll is answered at once with what follows `after`") {
  RunningServer server;
  const std::string channel = server.create_quiet();
  server.get(channel + "/long-poll");
  server.post(channel + "/messages", "second");
  const auto all = poll::parse_batch(server.get(channel + "/poll").body);
  REQUIRE(all);
  CHECK(all->messages.size() == 2);
  CHECK(all->last == 2);
  const auto rest = poll::parse_batch(server.get(channel + "/poll?after=1").body);
  REQUIRE(rest);
  REQUIRE(rest->messages.size() == 1);
  CHECK(rest->messages[0].payload == "second");
  const auto none = poll::parse_batch(server.get(channel + "/poll?after=2").body);
  REQUIRE(none);
  CHECK(none->messages.empty());
  CHECK(none->last == 2);
}

TEST_CASE("a long poll waits for a message, and is woken by one") {
  RunningServer server;
  const std::string channel = server.create_quiet();
  server.get(channel + "/long-poll");
  Client waiting(server.port());
  waiting.send(request("GET", channel + "/long-poll?after=1&timeout=10"));
  waiting.send(request("GET", "/healthz"));  // sent ahead: answered in its turn
  server.get("/healthz");
  server.post(channel + "/messages", "wake");
  const auto batch = poll::parse_batch(waiting.read_response().body);
  REQUIRE(batch);
  REQUIRE(batch->messages.size() == 1);
  CHECK(batch->messages[0].payload == "wake");
  CHECK(waiting.read_response().body == "ok");
}

TEST_CASE("a long poll is answered empty when its time is over") {
  RunningServer server;
  const std::string channel = server.create_quiet();
  server.get(channel + "/long-poll");
  for (const char* seconds : {"0", "0.05"}) {
    const Response response = server.get(channel + "/long-poll?after=1&timeout=" + seconds);
    CHECK(response.status == 200);
    CHECK(is_empty_batch(response.body, 1));
  }
}

TEST_CASE("a parameter that is wrong is refused with its name") {
  RunningServer server;
  const std::string channel = server.create_quiet();
  const struct {
    std::string target;
    const char* named;
  } rows[] = {
      {"/poll?after=x", "after"},
      {"/poll?after=-1", "after"},
      {"/poll?after=1.5", "after"},
      {"/poll?after=99999999999999999999999", "after"},
      {"/long-poll?timeout=61", "timeout"},
      {"/long-poll?timeout=-1", "timeout"},
      {"/long-poll?timeout=nan", "timeout"},
      {"/long-poll?timeout=", "timeout"},
      {"/sse?after=x", "after"},
      {"/stream?after=x", "after"},
      {"/poll?lane=UPPER", "lane"},
      {"/poll?lane=", "lane"},
      {"/sse?lane=a%22b", "lane"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.target);
    const Response response = server.get(channel + row.target);
    CHECK(response.status == 400);
    CHECK(names(response, row.named));
  }
  const Response response = server.get(channel + "/sse", "Last-Event-ID: x\r\n");
  CHECK(response.status == 400);
  CHECK(names(response, "Last-Event-ID"));
}

TEST_CASE("a channel takes only so many lanes") {
  Options options = test_options();
  options.limits.lanes_per_channel = 1;
  RunningServer server(options);
  const std::string channel = server.create_quiet();
  CHECK(server.get(channel + "/poll?lane=a").status == 200);
  const Response response = server.get(channel + "/poll?lane=b");
  CHECK(response.status == 400);
  CHECK(names(response, "lane"));
}

TEST_CASE("publishing answers 201 with the sequence number, and takes any UTF-8") {
  RunningServer server;
  const std::string channel = server.create_quiet();
  server.get(channel + "/long-poll");
  const std::string text = "quote \" newline \n \xf0\x9f\x90\x9f";
  const Response response = server.post(channel + "/messages", text);
  CHECK(response.status == 201);
  CHECK(response.body == R"({"seq":2})");
  CHECK(fetch(server.port(), request("POST", channel + "/messages")).body == R"({"seq":3})");
  const auto batch = poll::parse_batch(server.get(channel + "/poll?after=1").body);
  REQUIRE(batch);
  CHECK(batch->messages[0].payload == text);
  CHECK(batch->messages[1].payload.empty());
}

TEST_CASE("a body that is not UTF-8 is not published") {
  RunningServer server;
  const std::string channel = server.create_quiet();
  const Response response = server.post(channel + "/messages", "a\xff");
  CHECK(response.status == 400);
  CHECK(names(response, "UTF-8"));
}

TEST_CASE("an ended channel is gone") {
  RunningServer server;
  const std::string channel = server.create_quiet();
  const Response ended = fetch(server.port(), request("DELETE", channel));
  CHECK(ended.status == 204);
  CHECK(ended.headers.count("content-length") == 0);
  for (const char* path : {"/poll", "/long-poll", "/sse", "/stream", "/websocket", "/wire"}) {
    CAPTURE(path);
    const Response response = server.get(channel + path, kHandshake);
    CHECK(response.status == 404);
    CHECK(names(response, channel.substr(channel.rfind('/') + 1)));
  }
  CHECK(fetch(server.port(), request("DELETE", channel)).status == 404);
  CHECK(server.post(channel + "/messages", "x").status == 404);
}

TEST_CASE("a channel nobody wants expires") {
  Options options = test_options();
  options.limits.channel_idle_us = kSecondUs / 10;
  RunningServer server(options);
  const std::string channel = server.create_quiet();
  timespec pause{0, 250'000'000};
  nanosleep(&pause, nullptr);
  CHECK(server.get(channel + "/poll").status == 404);
}

TEST_CASE("the time is that of the clock on the wall, and goes on") {
  RunningServer server;
  const auto read = [&] {
    return read_json(server.get("/api/time").body).at("now_us").get<std::int64_t>();
  };
  const std::int64_t first = read();
  CHECK(std::abs(first / kSecondUs - std::time(nullptr)) <= 2);
  CHECK(read() > first);
}

TEST_CASE("the configuration names the version and the lane ports, which all serve") {
  Options options = test_options();
  options.lane_ports = 2;
  RunningServer server(options);
  const json config = read_json(server.get("/api/config").body);
  CHECK_FALSE(config.at("version").get<std::string>().empty());
  REQUIRE(config.at("lane_ports") == json(server.lane_ports()));
  REQUIRE(server.lane_ports().size() == 2);
  const std::string channel = server.create_quiet();
  for (const std::uint16_t port : server.lane_ports()) {
    CHECK(fetch(port, request("GET", channel + "/poll")).status == 200);
  }
}

TEST_CASE("the configuration says whether a proxy has passed the question on") {
  RunningServer server;
  const struct {
    const char* fields;
    bool proxied;
  } rows[] = {
      {"", false},
      {"Via: 1.1 proxy\r\n", true},
      {"forwarded: for=192.0.2.1\r\n", true},
      {"X-Forwarded-For: 192.0.2.1\r\n", true},
      {"Accept: */*\r\nx-forwarded-proto: https\r\n", true},
      {"X-Forwarded: 1\r\nViaduct: 1\r\nX: Via: 1\r\n", false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.fields);
    const auto fields = std::string(row.fields) + "Connection: close\r\n";
    const json config = read_json(fetch(server.port(), request("GET", "/api/config", fields)).body);
    CHECK(config.at("proxied") == row.proxied);
  }
}

TEST_CASE("the server says that it is well") {
  RunningServer server;
  const Response response = server.get("/healthz");
  CHECK(response.status == 200);
  CHECK(response.body == "ok");
}

TEST_CASE("another method is answered 405 with those there are") {
  RunningServer server;
  const std::string channel = server.create_quiet();
  const struct {
    const char* method;
    std::string target;
    const char* allowed;
  } rows[] = {
      {"GET", "/api/channels", "OPTIONS, POST"},   {"GET", channel, "OPTIONS, PUT, DELETE"},
      {"POST", channel + "/poll", "OPTIONS, GET"}, {"PUT", channel + "/messages", "OPTIONS, POST"},
      {"PATCH", "/api/time", "OPTIONS, GET"},      {"DELETE", "/healthz", "OPTIONS, GET"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.method, row.target);
    const Response response = fetch(server.port(), request(row.method, row.target));
    CHECK(response.status == 405);
    CHECK(response.header("allow") == row.allowed);
    CHECK(names(response, row.method));
  }
}

TEST_CASE("what is nowhere is answered 404 with its path") {
  RunningServer server;
  const std::string channel = server.create_quiet();
  for (const std::string& target :
       {std::string("/api/"), std::string("/api/nothing"), channel + "/nothing", channel + "/poll/",
        std::string("/nothing"), std::string("/")}) {
    CAPTURE(target);
    const Response response = server.get(target);
    CHECK(response.status == 404);
    CHECK(names(response, target));
  }
}

TEST_CASE("HEAD is answered with the head alone, also of a stream") {
  RunningServer server;
  const std::string channel = server.create_quiet();
  for (const char* path : {"/poll", "/sse", "/stream"}) {
    Client client(server.port());
    client.send(request("HEAD", channel + path, "Connection: close\r\n"));
    CHECK(client.read_head().status == 200);
    CHECK(client.at_end());
  }
}

TEST_CASE("a stream is declared so that nothing between holds it back") {
  RunningServer server;
  const std::string channel = server.create_quiet();
  const struct {
    const char* path;
    const char* type;
  } rows[] = {{"/sse", "text/event-stream"}, {"/stream", "application/x-ndjson"}};
  for (const auto& row : rows) {
    Client client(server.port());
    client.send(request("GET", channel + row.path, "Range: bytes=0-1\r\n"));
    const Response head = client.read_head();
    CHECK(head.status == 200);
    CHECK(head.header("content-type") == row.type);
    CHECK(head.header("cache-control") == "no-cache, no-transform");
    CHECK(head.header("x-accel-buffering") == "no");
    CHECK(head.header("transfer-encoding") == "chunked");
  }
}

TEST_CASE("a stream with plain headers says nothing to those on its way") {
  RunningServer server;
  const std::string channel = server.create_quiet();
  for (const char* path : {"/sse?plain_headers=1", "/stream?lane=x&plain_headers=1"}) {
    Client client(server.port());
    client.send(request("GET", channel + path));
    const Response head = client.read_head();
    CHECK(head.status == 200);
    CHECK(head.header("cache-control") == "no-cache");
    CHECK(head.header("x-accel-buffering").empty());
  }
}

TEST_CASE("HTTP/1.0 gets a stream without chunks") {
  RunningServer server;
  const std::string channel = server.create_quiet();
  Client client(server.port());
  client.send("GET " + channel + "/stream HTTP/1.0\r\n\r\n");
  const Response head = client.read_head();
  CHECK(head.header("transfer-encoding").empty());
  CHECK(client.read(11) == R"({"greeting")");
}

TEST_CASE("a reader over the limit is refused with 503, on every transport that stays") {
  Options options = test_options();
  options.limits.readers = 1;
  RunningServer server(options);
  const std::string channel = server.create_quiet();
  server.get(channel + "/long-poll");
  Client first(server.port());
  first.send(request("GET", channel + "/sse"));
  REQUIRE(first.read_head().status == 200);
  for (const char* path : {"/sse", "/stream", "/long-poll?after=1", "/websocket"}) {
    CAPTURE(path);
    const Response response = server.get(channel + path, kHandshake);
    CHECK(response.status == 503);
    CHECK(names(response, "streams"));
  }
  CHECK(server.get("/sse").status == 503);
  CHECK(server.get(channel + "/poll").status == 200);
}

TEST_CASE("a handshake that is wrong is refused before the upgrade") {
  RunningServer server;
  const std::string channel = server.create_quiet();
  const Response plain = server.get(channel + "/websocket");
  CHECK(plain.status == 426);
  CHECK(names(plain, "Upgrade"));
  const Response version =
      server.get(channel + "/websocket",
                 "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 8\r\n"
                 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
  CHECK(version.status == 426);
  CHECK(version.header("sec-websocket-version") == "13");
  const Response after = server.get(channel + "/websocket?after=x", kHandshake);
  CHECK(after.status == 400);
  CHECK(names(after, "after"));
  const Response two =
      server.get(channel + "/websocket",
                 "Upgrade: websocket, h2c\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
  CHECK(two.status == 400);
}

TEST_CASE("a page of another origin may neither write nor open a WebSocket") {
  RunningServer server;
  const std::string channel = server.create_quiet();
  const std::string evil = "Origin: http://evil.example\r\n";
  const Response written = fetch(server.port(), request("POST", channel + "/messages", evil, "x"));
  CHECK(written.status == 403);
  CHECK(names(written, "Origin"));
  CHECK(fetch(server.port(), request("POST", "/api/channels", evil)).status == 403);
  CHECK(fetch(server.port(), request("DELETE", channel, evil)).status == 403);
  CHECK(server.get(channel + "/websocket", evil + std::string(kHandshake)).status == 403);
  const Response read = server.get(channel + "/poll", evil);
  CHECK(read.status == 200);
  CHECK(read.header("access-control-allow-origin").empty());
  CHECK(server.get(channel + "/poll").status == 200);
}

TEST_CASE("a page of an allowed origin may do everything, and reads also why not") {
  Options options = test_options();
  options.origins.emplace_back("https://docs.example");
  RunningServer server(options);
  const std::string channel = server.create_quiet();
  for (const std::string origin :
       {"https://docs.example", "http://localhost:3000", "http://test"}) {
    CAPTURE(origin);
    const std::string field = "Origin: " + origin + "\r\n";
    for (const Response& response :
         {server.get(channel + "/poll", field), server.get(channel + "/poll?after=x", field),
          server.get("/api/nothing", field),
          fetch(server.port(), request("POST", channel + "/messages", field, "x")),
          fetch(server.port(), request("PUT", channel + "/poll", field))}) {
      CHECK(response.header("access-control-allow-origin") == origin);
      CHECK(response.header("vary") == "Origin");
    }
    CHECK(server.get(channel + "/websocket", field + std::string(kHandshake)).status == 101);
  }
}

TEST_CASE("a preflight is answered for an allowed origin", "[Fetch 3.2.2]") {
  RunningServer server;
  const std::string channel = server.create_quiet();
  const std::string ask = "Access-Control-Request-Method: POST\r\n";
  const Response allowed = fetch(server.port(), request("OPTIONS", channel + "/messages",
                                                        "Origin: http://localhost:3000\r\n" + ask));
  CHECK(allowed.status == 204);
  CHECK(allowed.header("access-control-allow-origin") == "http://localhost:3000");
  CHECK(allowed.header("access-control-allow-headers").find("Last-Event-ID") != std::string::npos);
  CHECK(allowed.header("access-control-allow-headers").find("Content-Type") != std::string::npos);
  CHECK(allowed.header("access-control-allow-methods") == "GET, POST, PUT, DELETE");
  CHECK(std::stoi(allowed.header("access-control-max-age")) > 0);
  const Response refused = fetch(server.port(), request("OPTIONS", channel + "/messages",
                                                        "Origin: http://evil.example\r\n" + ask));
  CHECK(refused.header("access-control-allow-origin").empty());
}

}  // namespace
}  // namespace playground::server
