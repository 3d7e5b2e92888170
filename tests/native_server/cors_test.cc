#include "native_server/cors.h"

#include <catch2/catch_test_macros.hpp>

#include "native_server/http/refusal.h"

namespace playground::server {
namespace {

TEST_CASE("an origin is a scheme, a host and perhaps a port, as a browser writes it") {
  for (const char* good : {"http://a", "https://a.b-c.example", "http://a:1", "http://[::1]",
                           "http://[::1]:8088", "http://127.0.0.1:65535"}) {
    CAPTURE(good);
    CHECK(is_origin(good));
  }
  for (const char* bad : {"", "null", "a", "http://", "http://a/", "http://a:", "http://a:x",
                          "http://a:123456", "ftp://a", "http://A", "http://a b", "http://[::1",
                          "http://::1", "http://a\r\nX: y", "http://u@a", "file://"}) {
    CAPTURE(bad);
    CHECK_FALSE(is_origin(bad));
  }
}

TEST_CASE("the server's own origin, localhost's and those named may use it, and no other") {
  const OriginPolicy policy({"https://docs.example"});
  for (const char* good : {"http://play.example:8088", "https://play.example:8088",
                           "http://localhost", "http://localhost:3000", "https://localhost:3000",
                           "http://127.0.0.1:9", "http://[::1]:9", "https://docs.example"}) {
    CAPTURE(good);
    CHECK(policy.allows(good, "play.example:8088"));
  }
  for (const char* bad : {"http://play.example", "http://evil.example", "http://docs.example",
                          "https://docs.example:444", "http://localhost.evil.example",
                          "http://127.0.0.1.evil.example", "null", "http://localhost@evil.example",
                          "https://docs.example.evil.example"}) {
    CAPTURE(bad);
    CHECK_FALSE(policy.allows(bad, "play.example:8088"));
  }
}

httplib::Request request_of(const char* method, const char* origin) {
  httplib::Request request;
  request.method = method;
  request.headers = {{"Host", "play.example"}, {"Origin", origin}};
  return request;
}

TEST_CASE("another origin may not write and may not open a WebSocket, and cannot read") {
  const OriginPolicy policy({});
  httplib::Response response;
  CHECK_THROWS_AS(apply_origin_policy(policy, request_of("POST", "http://evil.example"), response),
                  Refusal);
  CHECK_THROWS_AS(
      apply_origin_policy(policy, request_of("DELETE", "http://evil.example"), response), Refusal);
  httplib::Request socket = request_of("GET", "http://evil.example");
  socket.headers.emplace("Upgrade", "WebSocket");
  CHECK_THROWS_AS(apply_origin_policy(policy, socket, response), Refusal);
  apply_origin_policy(policy, request_of("GET", "http://evil.example"), response);
  CHECK_FALSE(response.has_header("Access-Control-Allow-Origin"));
}

TEST_CASE("an allowed origin is named in the answer, which depends on it") {
  httplib::Response response;
  apply_origin_policy(OriginPolicy({}), request_of("POST", "http://localhost:1"), response);
  CHECK(response.get_header_value("Access-Control-Allow-Origin") == "http://localhost:1");
  CHECK(response.get_header_value("Vary") == "Origin");
}

}  // namespace
}  // namespace playground::server
