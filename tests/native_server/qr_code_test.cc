// That a reader reads them is tests/install/addresses.test.mjs's.
#include "native_server/qr_code.h"

#include <algorithm>
#include <string>

#include <catch2/catch_test_macros.hpp>

namespace playground::server {
namespace {

TEST_CASE("a QR code grows with its text, to 37 modules a side", "[ISO/IEC 18004 table 7]") {
  const struct {
    std::size_t bytes, side;
  } rows[] = {{0, 21},
              {17, 21},
              {18, 25},
              {32, 25},
              {33, 29},
              {53, 29},
              {54, 33},
              {78, 33},
              {79, 37},
              {kMaxQrBytes, 37},
              {kMaxQrBytes + 1, 0}};
  for (const auto& row : rows) {
    CAPTURE(row.bytes);
    const QrCode code = qr_code(std::string(row.bytes, 'x'));
    CHECK(code.size() == row.side);
    CHECK(std::ranges::all_of(code, [&](const std::string& each) {
      return each.size() == row.side && each.find_first_not_of("01") == each.npos;
    }));
  }
}

TEST_CASE("a reader finds three corners, and the beat between them", "[ISO/IEC 18004 6.3]") {
  const QrCode code = qr_code("http://10.0.0.7/");
  REQUIRE(code.size() == 21);
  for (const std::size_t row : {std::size_t{0}, std::size_t{6}}) {
    CHECK(code[row].starts_with("11111110"));
    CHECK(code[row].ends_with("01111111"));
    CHECK(code[row + 14].starts_with("11111110"));
  }
  CHECK(code[6] == "111111101010101111111");
}

TEST_CASE("in a terminal two rows are one line, with a margin around them") {
  const std::string text = for_terminal(qr_code("http://10.0.0.7/"));
  CHECK(std::ranges::count(text, '\n') == (21 + 2 * 4 + 1) / 2);
  CHECK(text.starts_with("\x1b[30;107m" + std::string(29, ' ') + "\x1b[0m\n"));
  CHECK(text.find("█▀▀▀▀▀█") != text.npos);
}

}  // namespace
}  // namespace playground::server
