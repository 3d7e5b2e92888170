#include "core/event_stream/utf16_length.h"

#include <string>

#include <catch2/catch_test_macros.hpp>

namespace playground::event_stream {
namespace {

TEST_CASE("text has one unit a character, and two above the basic plane", "[encoding-8.1.1]") {
  CHECK(utf16_length("") == 0);
  CHECK(utf16_length("plain") == 5);
  CHECK(utf16_length("\xc3\xa9l\xc3\xa8ve") == 5);
  CHECK(utf16_length("\xe2\x82\xac") == 1);
  CHECK(utf16_length("\xf0\x9f\x98\x80") == 2);
  CHECK(utf16_length("\xf4\x8f\xbf\xbf") == 2);
  CHECK(utf16_length("\xef\xbb\xbf") == 1);
}

TEST_CASE("bytes that begin no character are replaced one by one", "[encoding-8.1.1]") {
  CHECK(utf16_length("\x80") == 1);
  CHECK(utf16_length("\xc0\xaf") == 2);
  CHECK(utf16_length("\xc1\x80") == 2);
  CHECK(utf16_length("\xf5\x80\x80\x80") == 4);
  CHECK(utf16_length("\xff\xfe") == 2);
}

TEST_CASE("the longest piece of a character is replaced once", "[encoding-8.1.1]") {
  CHECK(utf16_length("\xe2\x82") == 1);
  CHECK(utf16_length("\xe2\x82x") == 2);
  CHECK(utf16_length("\xf0\x9f\x98") == 1);
  CHECK(utf16_length("\xf0\x9f\x98x") == 2);
  CHECK(utf16_length("\xc3\xc3\xa9") == 2);
  CHECK(utf16_length("\xf0\x9f\xe2\x82\xac") == 2);
}

TEST_CASE("overlong forms, surrogates and what is over U+10FFFF have no longer piece",
          "[encoding-8.1.1]") {
  CHECK(utf16_length("\xe0\x80\x80") == 3);
  CHECK(utf16_length("\xed\xa0\x80") == 3);
  CHECK(utf16_length("\xf0\x80\x80\x80") == 4);
  CHECK(utf16_length("\xf4\x90\x80\x80") == 4);
  CHECK(utf16_length("\xe0\xa0\x80") == 1);
  CHECK(utf16_length("\xed\x9f\xbf") == 1);
  CHECK(utf16_length("\xf0\x90\x80\x80") == 2);
}

TEST_CASE("where in a text a character stands makes no difference") {
  for (std::size_t before = 0; before < 20; ++before) {
    for (std::size_t after = 0; after < 20; ++after) {
      const std::string text =
          std::string(before, 'a') + "\xe2\x82\xac\xf0\x9f\x98\x80\xff" + std::string(after, 'z');
      CAPTURE(before, after);
      CHECK(utf16_length(text) == before + 4 + after);
    }
  }
}

}  // namespace
}  // namespace playground::event_stream
