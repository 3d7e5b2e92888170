#include "core/event_stream/utf16_offsets.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include <catch2/catch_test_macros.hpp>

namespace playground::event_stream {
namespace {

std::uint32_t units(const std::string& text) {
  Utf16Offsets offsets;
  offsets.set_text(text);
  return offsets.at(static_cast<std::uint32_t>(text.size()));
}

TEST_CASE("text has one unit a character, and two above the basic plane") {
  CHECK(units("") == 0);
  CHECK(units("plain") == 5);
  CHECK(units("\xc3\xa9l\xc3\xa8ve") == 5);
  CHECK(units("\xe2\x82\xac") == 1);
  CHECK(units("\xf0\x9f\x98\x80") == 2);
  CHECK(units("\xf4\x8f\xbf\xbf") == 2);
  CHECK(units("\xef\xbb\xbf") == 1);
}

TEST_CASE("where in a text a character stands makes no difference") {
  for (std::size_t before = 0; before < 40; ++before) {
    for (std::size_t after = 0; after < 40; ++after) {
      const std::string text =
          std::string(before, 'a') + "\xe2\x82\xac\xf0\x9f\x98\x80" + std::string(after, 'z');
      CAPTURE(before, after);
      Utf16Offsets offsets;
      offsets.set_text(text);
      const auto at = static_cast<std::uint32_t>(before);
      CHECK(offsets.at(at) == before);
      CHECK(offsets.at(at + 3) == before + 1);
      CHECK(offsets.at(at + 7) == before + 3);
      CHECK(offsets.at(static_cast<std::uint32_t>(text.size())) == before + 3 + after);
    }
  }
}

TEST_CASE("a text may follow a longer one") {
  Utf16Offsets offsets;
  offsets.set_text("\xc3\xa9 and then more than a block");
  offsets.set_text("\xc3\xa9!");
  CHECK(offsets.at(2) == 1);
  CHECK(offsets.at(3) == 2);
}

}  // namespace
}  // namespace playground::event_stream
