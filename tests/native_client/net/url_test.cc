#include "native_client/net/url.h"

#include <string>

#include <catch2/catch_test_macros.hpp>

namespace playground::native {
namespace {

std::string text(std::string_view address) {
  const auto url = parse_url(address);
  return url ? url->text() : url.error().message;
}

std::string resolved(std::string_view base, std::string_view reference) {
  const auto url = resolve_reference(*parse_url(base), reference);
  return url ? url->text() : url.error().message;
}

TEST_CASE("an address is taken apart", "[url]") {
  const auto url = parse_url("HTTPS://us%65r:p%40ss@Example.ORG:8443/a/b?c=d#e");
  REQUIRE(url);
  CHECK(url->scheme == "https");
  CHECK(url->host == "example.org");
  CHECK(url->port == 8443);
  CHECK(url->target == "/a/b?c=d");
  CHECK(url->userinfo == "user:p@ss");
  CHECK(url->authority() == "example.org:8443");
  CHECK(url->origin() == "https://example.org:8443");
  CHECK(url->secure());
}

TEST_CASE("what an address leaves out has its default", "[url]") {
  CHECK(text("http://a") == "http://a/");
  CHECK(text("http://a?b") == "http://a/?b");
  CHECK(text("https://a:443/") == "https://a/");
  CHECK(text("ws://a:80") == "ws://a/");
  CHECK(parse_url("wss://a")->port == 443);
  CHECK(parse_url("wss://a")->origin() == "https://a");
  CHECK(text("http://[::1]:8088/x") == "http://[::1]:8088/x");
  CHECK(parse_url("http://[::1]")->host == "::1");
}

TEST_CASE("dots are taken out of a path, and what cannot be sent is encoded", "[url]") {
  CHECK(text("http://a/b/./c/../d") == "http://a/b/d");
  CHECK(text("http://a/../..") == "http://a/");
  CHECK(text("http://a/b/..") == "http://a/");
  CHECK(text("http://a/b c/\xc3\xa9?q=\"x\"") == "http://a/b%20c/%C3%A9?q=%22x%22");
}

TEST_CASE("what is no address says why", "[url]") {
  CHECK(text("a.example") == "\"a.example\" must begin with http://, https://, ws:// or wss://");
  CHECK(text("ftp://a") == "\"ftp://a\" must begin with http://, https://, ws:// or wss://");
  CHECK(text("http://") == "\"http://\" names no host");
  CHECK(text("http://a:port/") ==
        "\"http://a:port/\" has a port that is no number from 1 to 65535");
  CHECK(text("http://a:0/") == "\"http://a:0/\" has a port that is no number from 1 to 65535");
  CHECK(text("http://a:65536/").find("no number from 1 to 65535") != std::string::npos);
  CHECK(text("http://[").find("bracket does not close") != std::string::npos);
  CHECK(text("http://[::g]/").find("no IPv6 address") != std::string::npos);
  CHECK(text("https://no address/").find("a character that no name has") != std::string::npos);
  CHECK(text("http://\xc3\xa9.example/").find("punycode") != std::string::npos);
  CHECK(text("http://a/\r\nX: y").find("control character") != std::string::npos);
}

TEST_CASE("a redirect's location counts from where it was asked", "[url][rfc3986-5.4]") {
  const std::string_view base = "http://a:81/b/c?d";
  CHECK(resolved(base, "/x") == "http://a:81/x");
  CHECK(resolved(base, "x") == "http://a:81/b/x");
  CHECK(resolved(base, "../x?y#z") == "http://a:81/x?y");
  CHECK(resolved(base, "?y") == "http://a:81/b/c?y");
  CHECK(resolved(base, "//e/x") == "http://e/x");
  CHECK(resolved(base, "https://e/x") == "https://e/x");
  CHECK(resolved(base, "x/a:b") == "http://a:81/b/x/a:b");
  CHECK(resolved(base, "mailto:a@b").find("must begin with http://") != std::string::npos);
}

TEST_CASE("base64 is padded", "[url][rfc4648-10]") {
  CHECK(base64("") == "");
  CHECK(base64("f") == "Zg==");
  CHECK(base64("fo") == "Zm8=");
  CHECK(base64("foo") == "Zm9v");
  CHECK(base64("foobar") == "Zm9vYmFy");
  CHECK(base64("\xff\xfe\xfd") == "//79");
}

}  // namespace
}  // namespace playground::native
