#include "core/utf8.h"

#include <algorithm>
#include <cstdint>
#include <string>
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

// As the first UTF-8 was meant (RFC 2279): any number of up to 31 bits, in 2 to 6 bytes or one,
// whether it needs them or not.
std::string in_bytes(std::uint32_t number, std::size_t bytes) {
  if (bytes == 1) return std::string(1, static_cast<char>(number));
  std::string out(bytes, '\0');
  for (std::size_t i = bytes - 1; i > 0; --i, number >>= 6) {
    out[i] = static_cast<char>(0x80 | (number & 0x3f));
  }
  out[0] = static_cast<char>((0xff00 >> bytes & 0xff) | number);
  return out;
}

std::size_t bytes_needed(std::uint32_t number) {
  if (number < 0x80) return 1;
  std::size_t bytes = 2;
  while (number >> (5 * bytes + 1) != 0) ++bytes;
  return bytes;
}

TEST_CASE("every character is UTF-8 in its shortest form only, and no other number is any",
          "[rfc-3629]") {
  for (std::uint32_t number = 0; number <= 0x10ffff; ++number) {
    const bool surrogate = number >= 0xd800 && number <= 0xdfff;
    const std::size_t needed = bytes_needed(number);
    const bool shortest = is_utf8(in_bytes(number, needed));
    if (shortest == surrogate) FAIL(number);
    // Of the longer forms every 61st, and those at both ends of a length.
    const bool at_an_end = (number & (number + 1)) == 0 || (number & (number - 1)) == 0;
    if (number % 61 != 0 && !at_an_end) continue;
    for (std::size_t bytes = std::max<std::size_t>(needed + 1, 2); bytes <= 6; ++bytes) {
      if (is_utf8(in_bytes(number, bytes))) FAIL(number << " in " << bytes << " bytes");
    }
  }
  for (std::uint32_t number = 0x110000; number < 0x7fff0000; number += 0x7fff) {
    if (is_utf8(in_bytes(number, bytes_needed(number)))) FAIL(number);
  }
}

TEST_CASE("what lacks its last byte, and bytes without a first, are not UTF-8", "[rfc-3629]") {
  for (int byte = 0x80; byte <= 0xff; ++byte) {
    const std::string alone(1, static_cast<char>(byte));
    CAPTURE(byte);
    CHECK_FALSE(is_utf8(alone));
    CHECK_FALSE(is_utf8(alone + " "));
    CHECK_FALSE(is_utf8("a" + alone + alone));
  }
  for (const std::uint32_t number : {0x80u, 0x7ffu, 0x800u, 0xffffu, 0x10000u, 0x10ffffu}) {
    const std::string whole = in_bytes(number, bytes_needed(number));
    for (std::size_t size = 1; size < whole.size(); ++size) {
      CHECK_FALSE(is_utf8(whole.substr(0, size)));
      CHECK_FALSE(is_utf8(whole.substr(0, size) + whole));
    }
    CHECK_FALSE(is_utf8(whole + "\x80"));
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
