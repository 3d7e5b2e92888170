#include "core/http/request_framing.h"

#include <string>
#include <string_view>

#include <catch2/catch_test_macros.hpp>

#include "core/http/message.h"

namespace playground::http {
namespace {

using server::Limits;

using State = Framing::State;

constexpr Limits kLimits;

std::string get(std::string_view fields) {
  return "GET / HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n";
}

// Whatever part has come, the answer is that of the whole or none yet.
void expect_at_every_split(const std::string& bytes, State state, int status = 0) {
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    CAPTURE(bytes.substr(0, 200), size);
    const Framing part = frame_request(std::string_view(bytes).substr(0, size), kLimits);
    if (part.state == State::kNeedMore && size < bytes.size()) continue;
    REQUIRE(part.state == state);
    REQUIRE(part.status == status);
  }
}

TEST_CASE("a request without a body is whole at its blank line, and not before") {
  const std::string bytes = get("Accept: */*\r\n");
  expect_at_every_split(bytes, State::kComplete);
  const Framing framing = frame_request(bytes + "GET /next", kLimits);
  CHECK(framing.state == State::kComplete);
  CHECK(framing.total_bytes() == bytes.size());
  CHECK(framing.body_bytes == 0);
}

TEST_CASE("a request with a body is whole when Content-Length bytes are there") {
  const std::string bytes = get("Content-Length: 5\r\n") + "hello";
  expect_at_every_split(bytes, State::kComplete);
  const Framing whole = frame_request(bytes + "more", kLimits);
  CHECK(whole.head_bytes == bytes.size() - 5);
  CHECK(whole.body_bytes == 5);
  CHECK(whole.total_bytes() == bytes.size());
  const Framing part = frame_request(bytes.substr(0, bytes.size() - 1), kLimits);
  CHECK(part.head_known());
  CHECK(part.total_bytes() == bytes.size());
}

TEST_CASE("empty lines before a request are passed by", "[RFC 9112 2.2]") {
  const std::string bytes = "\r\n\r\n" + get("");
  expect_at_every_split(bytes, State::kComplete);
  CHECK(frame_request(bytes, kLimits).skipped == 4);
  CHECK(frame_request(bytes, kLimits).total_bytes() == bytes.size());
}

TEST_CASE("a request that can be read in two ways is refused") {
  const struct {
    const char* what;
    std::string bytes;
    int status;
  } rows[] = {
      {"bare LF after the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n", 400},
      {"bare LF after a field", "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n", 400},
      {"bare LF as the blank line", "GET / HTTP/1.1\r\nHost: a\r\n\n", 400},
      {"CR inside a field", get("X: a\rb\r\n"), 400},
      {"NUL inside a field", get(std::string("X: a\0b\r\n", 8)), 400},
      {"folded field", get("X: a\r\n b: c\r\n"), 400},
      {"field without a colon", get("nonsense\r\n"), 400},
      {"space before the colon", get("Host2 : b\r\n"), 400},
      {"empty field name", get(": b\r\n"), 400},
      {"no version", "GET /\r\nHost: a\r\n\r\n", 400},
      {"HTTP/2.0", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
      {"version that is none", "GET / HTTP/1.x\r\nHost: a\r\n\r\n", 400},
      {"unknown method", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
      {"lower-case version", "GET / http/1.1\r\nHost: a\r\n\r\n", 400},
      {"two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"space in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"tab in the target", "GET /a\tb HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"byte over 127 in the target", "GET /\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"method that is no token", "G(T / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"no Host", "GET / HTTP/1.1\r\n\r\n", 400},
      {"two Hosts", get("Host: b\r\n"), 400},
      {"Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
      {"Host with a space", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
      {"two lengths that differ", get("Content-Length: 1\r\nContent-Length: 2\r\n"), 400},
      {"two equal lengths", get("Content-Length: 1\r\nContent-Length: 1\r\n"), 400},
      {"list of lengths", get("Content-Length: 1, 1\r\n"), 400},
      {"negative length", get("Content-Length: -1\r\n"), 400},
      {"length with a sign", get("Content-Length: +1\r\n"), 400},
      {"length in hexadecimal", get("Content-Length: 0x1\r\n"), 400},
      {"empty length", get("Content-Length:\r\n"), 400},
      {"Transfer-Encoding", get("Transfer-Encoding: chunked\r\n"), 411},
      {"both lengths", get("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"), 411},
      {"body too long", get("content-length: 262145\r\n"), 413},
      {"length beyond 64 bits", get("Content-Length: 99999999999999999999\r\n"), 413},
      {"target too long", "GET /" + std::string(17000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414},
      {"unknown expectation", get("Expect: wonders\r\n"), 417},
      {"field too long", get("X: " + std::string(17000, 'a') + "\r\n"), 431},
      {"head too long",
       get("X: " + std::string(8000, 'a') + "\r\nY: " + std::string(8000, 'a') +
           "\r\nZ: " + std::string(800, 'a') + "\r\n"),
       431},
      {"only empty lines",
       [] {
         std::string lines;
         for (int i = 0; i < 9000; ++i) lines += "\r\n";
         return lines;
       }(),
       431},
      {"too many fields",
       [] {
         std::string fields;
         for (int i = 0; i < 3000; ++i) fields += "X: y\r\n";
         return get(fields);
       }(),
       431},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    expect_at_every_split(row.bytes, State::kRefused, row.status);
    CHECK_FALSE(frame_request(row.bytes, kLimits).reason.empty());
  }
}

TEST_CASE("a body at the limit is taken") {
  CHECK(frame_request(get("Content-Length: 262144\r\n"), kLimits).state == State::kNeedMore);
}

TEST_CASE("a field is found by its name, whatever that is and however it is written") {
  constexpr std::string_view kFirst = "aAmMzZ0-!~";
  for (const char first : kFirst) {
    for (std::size_t size = 1; size <= 130; ++size) {
      const std::string name = first + std::string(size - 1, 'x');
      const std::string bytes = get("Before: 1\r\n" + name + ": here\r\nAfter: 2\r\n");
      const Framing framing = frame_request(bytes, kLimits);
      REQUIRE(framing.state == State::kComplete);
      auto request = read_request(bytes);
      request.field_names = framing.field_names;
      std::string asked = name;
      for (char& c : asked)
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : to_lower(c);
      CAPTURE(name);
      REQUIRE(request.field(asked) == "here");
      REQUIRE(request.count_fields(asked) == 1);
      REQUIRE(request.field_has(asked, "HERE"));
      REQUIRE(request.field(asked + "y").empty());
    }
  }
}

TEST_CASE("HTTP/1.0 needs no Host") {
  CHECK(frame_request("GET / HTTP/1.0\r\n\r\n", kLimits).state == State::kComplete);
}

TEST_CASE("an expectation of 100-continue shows as soon as the head is whole",
          "[RFC 9110 10.1.1]") {
  const Framing framing =
      frame_request(get("Content-Length: 5\r\nExpect: 100-Continue\r\n"), kLimits);
  CHECK(framing.state == State::kNeedMore);
  CHECK(framing.expects_continue);
  CHECK_FALSE(frame_request(get("Expect: 100-continue\r\n"), kLimits).expects_continue);
  CHECK_FALSE(
      frame_request("POST / HTTP/1.0\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n", kLimits)
          .expects_continue);
}

}  // namespace
}  // namespace playground::http
