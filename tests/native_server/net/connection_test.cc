#include "core/http/connection.h"

#include <ctime>
#include <string>
#include <string_view>

#include <catch2/catch_test_macros.hpp>

#include "tests/native_server/support/running_server.h"
#include "tests/support/splits.h"

namespace playground::server {
namespace {

void pause_ms(long ms) {
  const timespec pause{0, ms * 1'000'000};
  nanosleep(&pause, nullptr);
}

TEST_CASE("a connection takes one request after another") {
  RunningServer server;
  Client client(server.port());
  for (int i = 0; i < 3; ++i) {
    client.send(request("GET", "/healthz"));
    CHECK(client.read_response().body == "ok");
  }
}

TEST_CASE("requests sent ahead are answered in order") {
  RunningServer server;
  const std::string channel = server.create_quiet();
  server.get(channel + "/long-poll");
  Client client(server.port());
  std::string all;
  for (int i = 0; i < 50; ++i) {
    all += request("POST", channel + "/messages", {}, "x") + request("GET", "/healthz");
  }
  client.send(all);
  for (int i = 0; i < 50; ++i) {
    CHECK(client.read_response().body == "{\"seq\":" + std::to_string(i + 2) + "}");
    CHECK(client.read_response().body == "ok");
  }
}

TEST_CASE("a request may come in any pieces") {
  RunningServer server;
  const std::string channel = server.create_quiet();
  const std::string bytes = request("POST", channel + "/messages", {}, "hello");
  for_each_split(bytes, [&](const auto& pieces) {
    Client client(server.port());
    for (const std::string_view piece : pieces) client.send(piece);
    REQUIRE(client.read_response().status == 201);
  });
}

TEST_CASE("the connection ends after the answer to a request that says so") {
  RunningServer server;
  Client client(server.port());
  client.send(request("GET", "/healthz", "Connection: close\r\n") + request("GET", "/healthz"));
  const Response response = client.read_response();
  CHECK(response.header("connection") == "close");
  CHECK(client.at_end());
}

TEST_CASE("HTTP/1.0 is answered, and its connection ends unless it is asked to stay") {
  RunningServer server;
  Client client(server.port());
  client.send("GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  CHECK(client.read_response().header("connection") == "keep-alive");
  client.send("GET /healthz HTTP/1.0\r\n\r\n");
  CHECK(client.read_response().body == "ok");
  CHECK(client.at_end());
}

TEST_CASE("a request that cannot be read is refused in JSON, and ends the connection") {
  RunningServer server;
  const struct {
    std::string bytes;
    int status;
  } rows[] = {
      {"nonsense\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 411},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999\r\n\r\nbegun", 413},
      {"GET /" + std::string(17000, 'a'), 414},
      {request("GET", "/", "X: " + std::string(17000, 'x') + "\r\n"), 431},
      {"BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
  };
  for (const auto& row : rows) {
    CAPTURE(row.bytes.substr(0, 80));
    Client client(server.port());
    client.send(row.bytes);
    const Response response = client.read_response();
    CHECK(response.status == row.status);
    CHECK(response.body.starts_with("{\"error\":\""));
  }
}

TEST_CASE("a refusal is read whole though the client had more to say") {
  RunningServer server;
  Client client(server.port());
  client.send("POST /api/channels HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\n");
  client.send(std::string(200'000, 'x'));
  CHECK(client.read_response().status == 413);
  CHECK(client.at_end());
}

TEST_CASE("an expectation is answered once, before the body", "[RFC 9110 10.1.1]") {
  RunningServer server;
  Client client(server.port());
  client.send(
      "POST /api/channels HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n"
      "Expect: 100-continue\r\n\r\n");
  CHECK(client.read_head().status == 100);
  client.send("{");
  client.send("}");
  CHECK(client.read_response().status == 201);
  // Whoever does not wait needs no interim answer.
  client.send(
      "POST /api/channels HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n"
      "Expect: 100-continue\r\n\r\n{}");
  CHECK(client.read_response().status == 201);
}

TEST_CASE("a request that comes a byte a second is given up, and an idle connection is closed") {
  Options options = test_options();
  options.limits.request_us = kSecondUs / 10;
  options.limits.idle_us = kSecondUs / 10;
  RunningServer server(options);
  Client slow(server.port());
  Client idle(server.port());
  slow.send("GET / HT");
  idle.send(request("GET", "/healthz"));
  CHECK(idle.read_response().status == 200);
  CHECK(slow.at_end());
  CHECK(idle.at_end());
  const std::string metrics = server.get("/metrics").body;
  for (const std::string reason : {"slow-request", "idle"}) {
    CAPTURE(reason);
    CHECK(metrics.find("playground_closed_connections_total{reason=\"" + reason + "\"} 1\n") !=
          metrics.npos);
  }
}

TEST_CASE("a client that has said all it will is answered") {
  RunningServer server;
  Client client(server.port());
  client.send(request("GET", "/healthz"));
  client.finish_sending();
  CHECK(client.read_response().body == "ok");
  CHECK(client.at_end());
}

TEST_CASE("clients that go in the middle of anything leave nothing behind") {
  Options options = test_options();
  options.limits.readers = 10;
  RunningServer server(options);
  const std::string channel = server.create(R"({"rate":1000})");
  for (int i = 0; i < 50; ++i) {
    for (const char* path : {"/sse", "/stream", "/long-poll?after=1000000"}) {
      Client client(server.port());
      client.send(request("GET", channel + path));
      if (i % 2) client.read_some();
    }
    Client(server.port()).send("GET / HTTP/1.1\r\nHo");
    pause_ms(2);
  }
  // Each of them would have taken one of the ten places for good.
  int status = 503;
  for (int tries = 0; tries < 100 && status == 503; ++tries) {
    Client client(server.port());
    client.send(request("GET", channel + "/sse"));
    status = client.read_head().status;
    pause_ms(10);
  }
  CHECK(status == 200);
}

TEST_CASE("an answer larger than the socket takes goes out as the client reads") {
  RunningServer server;
  const std::string channel = server.create(R"({"rate":5000,"count":16,"payload_bytes":65536})");
  server.get(channel + "/long-poll");
  pause_ms(20);
  Client client(server.port(), 4096);
  for (int i = 0; i < 8; ++i) client.send(request("GET", channel + "/poll?after=0"));
  pause_ms(20);
  CHECK(server.get("/healthz").body == "ok");
  for (int i = 0; i < 8; ++i) CHECK(client.read_response().body.size() > 900'000);
}

}  // namespace
}  // namespace playground::server
