#include "core/server/origin_policy.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include <catch2/catch_test_macros.hpp>

namespace playground::server {
namespace {

TEST_CASE("an origin is a scheme, a host and perhaps a port", "[RFC 6454 4]") {
  for (const char* good :
       {"http://a", "https://a.b-c.example", "http://a:1", "http://[::1]", "http://[::1]:8088",
        "http://127.0.0.1:65535", "HTTP://A", "http://my_box", "https://xn--bcher-kva.example"}) {
    CAPTURE(good);
    CHECK(parse_origin(good));
  }
  for (const char* bad :
       {"", "null", "a", "http://", "http://a/", "http://a:", "http://a:x", "http://a:123456",
        "ftp://a", "http://a b", "http://[::1", "http://::1", "http://[::1::]",
        "http://[::1%25eth0]", "http://a\r\nX: y", "http://u@a", "file://"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_origin(bad));
  }
}

TEST_CASE("the same origin is the same in all its forms", "[RFC 6454 5]") {
  const struct {
    const char* one;
    const char* other;
  } rows[] = {
      {"http://a", "http://a:80"},
      {"https://a", "https://a:443"},
      {"HTTP://A.Example", "http://a.example"},
      {"http://[0:0:0:0:0:0:0:1]:80", "http://[::1]"},
      {"http://[2001:DB8::0001]", "http://[2001:db8::1]"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.one);
    CHECK(parse_origin(row.one) == parse_origin(row.other));
  }
  CHECK(parse_origin("http://a") != parse_origin("https://a"));
  CHECK(parse_origin("http://a") != parse_origin("http://a:443"));
  CHECK(parse_origin("http://a") != parse_origin("http://b"));
}

bool allows(std::string_view origin, std::string_view fields) {
  static const OriginPolicy policy({"https://Docs.example:443"});
  return policy.allows(origin, {.method = "POST", .target = "/", .fields = fields});
}

TEST_CASE("the server's own origin, localhost's and those named may use it, and no other") {
  constexpr std::string_view kHost = "Host: play.example:8088\r\n";
  for (const char* good :
       {"http://play.example:8088", "https://play.example:8088", "http://PLAY.example:8088",
        "http://localhost", "http://localhost:3000", "https://localhost:3000", "http://127.0.0.1:9",
        "http://127.1.2.3", "http://[::1]:9", "https://docs.example", "https://docs.example:443"}) {
    CAPTURE(good);
    CHECK(allows(good, kHost));
  }
  for (const char* bad :
       {"http://play.example", "http://evil.example", "http://docs.localhost",
        "http://docs.example", "https://docs.example:444", "http://localhost.evil.example",
        "http://127.0.0.1.evil.example", "http://127.evil.example", "null",
        "http://localhost@evil.example", "https://docs.example.evil.example"}) {
    CAPTURE(bad);
    CHECK_FALSE(allows(bad, kHost));
  }
}

TEST_CASE("a page's own server is told by Host, whatever form that has", "[RFC 9110 4.2.3]") {
  CHECK(allows("http://mybox", "Host: mybox:80\r\n"));
  CHECK(allows("http://mybox", "Host: mybox\r\n"));
  CHECK(allows("http://mybox", "Host: MyBox:\r\n"));
  CHECK(allows("https://mybox", "Host: mybox:443\r\n"));
  CHECK(allows("https://mybox", "Host: mybox\r\n"));  // TLS ended before the server
  CHECK(allows("http://[2001:db8::1]", "Host: [2001:DB8:0::1]:80\r\n"));
  CHECK_FALSE(allows("http://mybox", "Host: mybox:443\r\n"));
  CHECK_FALSE(allows("https://mybox", "Host: mybox:80\r\n"));
}

TEST_CASE("a proxy that says for whom it serves is believed, and a browser that knows") {
  const std::string host = "Host: 127.0.0.1:8088\r\n";
  CHECK_FALSE(allows("http://mybox", host));
  CHECK(allows("http://mybox", host + "X-Forwarded-Host: mybox\r\n"));
  CHECK(allows("http://mybox:81", host + "X-Forwarded-Host: mybox:81, inner\r\n"));
  CHECK_FALSE(allows("http://mybox:81", host + "X-Forwarded-Host: inner, mybox:81\r\n"));
  CHECK(allows("http://mybox", host + "Sec-Fetch-Site: same-origin\r\n"));
  // Of a page whose referrer policy is no-referrer, in the mode no-cors (Fetch 3.2).
  CHECK(allows("null", host + "Sec-Fetch-Site: same-origin\r\n"));
  for (const char* site : {"same-site", "cross-site", "none", "Same-Origin"}) {
    CAPTURE(site);
    CHECK_FALSE(allows("http://mybox", host + "Sec-Fetch-Site: " + site + "\r\n"));
    CHECK_FALSE(allows("null", host + "Sec-Fetch-Site: " + site + "\r\n"));
  }
}

TEST_CASE("a name that the server is not known by is refused, with the name and the option") {
  const OriginPolicy policy({"https://docs.example", "http://play.example:81"}, {"MyBox"});
  const auto answer = [&](std::string_view host) {
    const std::string fields = "Host: " + std::string(host) + "\r\n";
    Reply reply;
    const bool known = policy.knows_host({.method = "GET", .target = "/", .fields = fields}, reply);
    CHECK(known == (reply.status == 200));
    return known ? "" : reply.body;
  };
  for (const char* known :
       {"", "127.0.0.1", "10.0.0.1:8088", "[::1]", "[2001:DB8::1]:80", "localhost", "LocalHost:1",
        "localhost.", "docs.localhost:9", "mybox", "mybox:8088", "mybox.local:8088", "docs.example",
        "play.example", "play.example:8088", "PLAY.example.:1"}) {
    CAPTURE(known);
    CHECK(answer(known).empty());
  }
  for (const char* foreign : {"evil.example", "evil.example:8088", "localhost.evil.example",
                              "127.0.0.1.evil.example", "evillocalhost", "evil.local",
                              "mybox.evil.example", "x.docs.example", "a,b", "[::1", "a:b"}) {
    CAPTURE(foreign);
    const std::string refusal = answer(foreign);
    CHECK(refusal.find(foreign) != std::string::npos);
    CHECK(refusal.find("--public-origin") != std::string::npos);
  }
}

TEST_CASE("pages from one of the server's ports may use the others") {
  OriginPolicy policy({});
  policy.set_ports(8088, std::array<std::uint16_t, 2>{9001, 9002});
  const auto lets = [&](std::string_view origin, std::string_view host) {
    const std::string fields = "Host: " + std::string(host) + "\r\n";
    return policy.allows(origin, {.method = "POST", .target = "/", .fields = fields});
  };
  CHECK(lets("http://10.0.0.7:8088", "10.0.0.7:9001"));
  CHECK(lets("http://10.0.0.7:9002", "10.0.0.7:9001"));
  CHECK(lets("http://[fd00::7]:8088", "[fd00::7]:9002"));
  CHECK_FALSE(lets("http://10.0.0.7:9003", "10.0.0.7:9001"));
  CHECK_FALSE(lets("http://10.0.0.7:8088", "10.0.0.7:9003"));
  CHECK_FALSE(lets("http://10.0.0.8:8088", "10.0.0.7:9001"));
  CHECK_FALSE(lets("https://10.0.0.7:8088", "10.0.0.7:9001"));
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

TEST_CASE("a refused page learns what arrived, and what would mend it") {
  const std::string body =
      apply("POST", "http://mybox", "X-Forwarded-Host: yourbox\r\n").reply.body;
  for (const char* part : {"http://mybox", "play.example", "yourbox", "X-Forwarded-Host",
                           "--public-origin", "--allow-origin"}) {
    CAPTURE(part);
    CHECK(body.find(part) != std::string::npos);
  }
}

TEST_CASE("an allowed origin is named in the answer, which depends on it") {
  const Applied allowed = apply("POST", "http://localhost:1");
  CHECK(allowed.allowed);
  CHECK(find_field(allowed.reply.fields, "Access-Control-Allow-Origin") == "http://localhost:1");
  CHECK(find_field(allowed.reply.fields, "Vary") == "Origin");
}

}  // namespace
}  // namespace playground::server
