#include "core/server/origin_policy.h"

#include <string>
#include <string_view>

#include <catch2/catch_test_macros.hpp>

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

struct Applied {
  bool allowed;
  Reply reply;
};

Applied apply(std::string_view method, std::string_view origin, std::string_view more = {}) {
  const std::string fields =
      "Host: play.example\r\nOrigin: " + std::string(origin) + "\r\n" + std::string(more);
  const Request request{.method = method, .target = "/", .fields = fields};
  Applied applied;
  applied.allowed = OriginPolicy({}).apply(request, applied.reply);
  return applied;
}

TEST_CASE("another origin may not write and may not open a WebSocket, and cannot read") {
  const Applied rows[] = {apply("POST", "http://evil.example"),
                          apply("DELETE", "http://evil.example"),
                          apply("GET", "http://evil.example", "Upgrade: WebSocket\r\n")};
  for (const Applied& refused : rows) {
    CHECK_FALSE(refused.allowed);
    CHECK(refused.reply.status == 403);
    CHECK(refused.reply.body.find("Origin") != std::string::npos);
  }
  const Applied read = apply("GET", "http://evil.example");
  CHECK(read.allowed);
  CHECK(find_field(read.reply.fields, "Access-Control-Allow-Origin").empty());
}

TEST_CASE("an allowed origin is named in the answer, which depends on it") {
  const Applied allowed = apply("POST", "http://localhost:1");
  CHECK(allowed.allowed);
  CHECK(find_field(allowed.reply.fields, "Access-Control-Allow-Origin") == "http://localhost:1");
  CHECK(find_field(allowed.reply.fields, "Vary") == "Origin");
}

}  // namespace
}  // namespace playground::server
