#include "core/http_date.h"

#include <cstdint>

#include <catch2/catch_test_macros.hpp>

namespace playground {
namespace {

TEST_CASE("a date is written in the preferred format, and read", "[RFC 9110 5.6.7]") {
  constexpr std::int64_t kSecond = 1'000'000;
  const struct {
    std::int64_t us;
    const char* text;
  } rows[] = {
      {0, "Thu, 01 Jan 1970 00:00:00 GMT"},
      {784'111'777 * kSecond, "Sun, 06 Nov 1994 08:49:37 GMT"},
      {1'709'251'199 * kSecond, "Thu, 29 Feb 2024 23:59:59 GMT"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(http_date(row.us) == row.text);
    CHECK(http_date(row.us + kSecond - 1) == row.text);
    CHECK(parse_http_date(row.text) == row.us);
  }
}

TEST_CASE("what is no date is nothing", "[RFC 9110 5.6.7]") {
  for (const char* text : {"", "120", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
                           "Mon, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET",
                           "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
                           "Sun, 06 nov 1994 08:49:37 GMT", "Sun, -6 Nov 1994 08:49:37 GMT"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_http_date(text));
  }
}

}  // namespace
}  // namespace playground
