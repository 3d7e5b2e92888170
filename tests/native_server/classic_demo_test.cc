#include "native_server/classic_demo.h"

#include <ctime>
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "tests/native_server/support/running_server.h"
#include "tests/support/json.h"

namespace playground::server {
namespace {

void check_headers(const Response& response) {
  CHECK(response.status == 200);
  CHECK(response.header("access-control-allow-origin") == "*");
  CHECK(response.header("access-control-allow-headers") ==
        "Content-Type, Authorization, X-Requested-With");
  CHECK(response.header("access-control-allow-methods") == "PUT,POST,GET,DELETE,OPTIONS");
  CHECK(response.header("access-control-allow-credentials") == "true");
}

TEST_CASE("the demo says the time at once and every second, on both paths, to any origin") {
  RunningServer server;
  for (const char* path : {"/sse", "/sse/"}) {
    CAPTURE(path);
    Client client(server.port());
    client.send(request("GET", path, "Origin: http://anyone.example\r\n"));
    const Response head = client.read_head();
    check_headers(head);
    CHECK(head.header("content-type") == "text/event-stream");
    for (int i = 0; i < 2; ++i) {
      const std::string event = client.read_body();
      REQUIRE(event.starts_with("data: "));
      REQUIRE(event.ends_with("}\n\n"));
      const auto json = read_json(event.substr(6));
      CHECK(json.at("message").get<std::string>().starts_with("Current time is "));
    }
  }
}

TEST_CASE("OPTIONS of the demo is answered 200 with the same headers") {
  RunningServer server;
  check_headers(fetch(server.port(), request("OPTIONS", "/sse")));
  check_headers(fetch(server.port(), request("OPTIONS", "/sse/")));
}

TEST_CASE("HTTP/1.0 gets the demo without chunks") {
  RunningServer server;
  Client client(server.port());
  client.send("GET /sse HTTP/1.0\r\n\r\n");
  CHECK(client.read_head().header("transfer-encoding").empty());
  CHECK(client.read(6) == "data: ");
}

TEST_CASE("the demo's streams end in order with the server") {
  RunningServer server;
  Client client(server.port());
  client.send(request("GET", "/sse"));
  client.read_head();
  CHECK_FALSE(client.read_body().empty());
  server.begin_stop();
  CHECK(client.read_body().empty());
  CHECK(client.body_ended_in_order());
}

}  // namespace
}  // namespace playground::server
