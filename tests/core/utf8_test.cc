#include "core/utf8.h"

#include <string_view>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/splits.h"

namespace playground {
namespace {

TEST_CASE("text is UTF-8 or not however it is cut", "[rfc-3629]") {
  using namespace std::string_view_literals;
  const struct {
    std::string_view text;
    bool valid;
  } rows[] = {
      {""sv, true},
      {"plain\0"sv, true},
      {"\xc2\x80 \xdf\xbf \xe0\xa0\x80 \xef\xbf\xbf \xf0\x90\x80\x80 \xf4\x8f\xbf\xbf"sv, true},
      {"\xed\x9f\xbf \xee\x80\x80"sv, true},
      {"\x80"sv, false},
      {"\xc0\x80"sv, false},          // overlong
      {"\xc1\xbf"sv, false},          // overlong
      {"\xe0\x9f\xbf"sv, false},      // overlong
      {"\xf0\x8f\xbf\xbf"sv, false},  // overlong
      {"\xed\xa0\x80"sv, false},      // surrogate
      {"\xf4\x90\x80\x80"sv, false},  // over U+10FFFF
      {"\xf5\x80\x80\x80"sv, false},
      {"\xff"sv, false},
      {"\xe2\x82"sv, false},  // ends inside a character
      {"\xe2\x82 "sv, false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    for_each_split(row.text, [&](const std::vector<std::string_view>& pieces) {
      Utf8Validator validator;
      for (const std::string_view piece : pieces) validator.feed(piece);
      CHECK(validator.complete() == row.valid);
    });
  }
}

TEST_CASE("a fault is told at the first byte that makes it") {
  Utf8Validator validator;
  CHECK(validator.feed("\xed"));
  CHECK_FALSE(validator.feed("\xa0"));
  CHECK_FALSE(validator.feed("a"));
  validator.reset();
  CHECK(validator.feed("a"));
}

}  // namespace
}  // namespace playground
