#include "core/lines/line_parser.h"

#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/splits.h"

namespace playground::lines {
namespace {

TEST_CASE("lines come whole however the bytes are cut") {
  for_each_split("{\"a\":1}\n\n{\"b\":2}\r\n3\nhalf", [](const auto& pieces) {
    LineParser parser;
    std::vector<std::string> lines;
    for (const std::string_view piece : pieces) {
      REQUIRE(parser.feed(piece, [&](std::string_view line) { lines.emplace_back(line); }));
    }
    CHECK(lines == std::vector<std::string>{"{\"a\":1}", "{\"b\":2}", "3"});
  });
}

TEST_CASE("a line over the limit is a lasting error until reset") {
  LineParser parser;
  int lines = 0;
  const auto count = [&](std::string_view) { ++lines; };
  const std::string longest(LineParser::kMaxLineBytes, 'x');
  CHECK(parser.feed(longest + "\n", count));
  CHECK(lines == 1);
  CHECK(parser.feed(longest, count));
  CHECK_FALSE(parser.feed("x", count));
  CHECK_FALSE(parser.feed("\n1\n", count));
  CHECK(lines == 1);
  parser.reset();
  CHECK_FALSE(parser.feed(longest + "x\n", count));
  parser.reset();
  CHECK(parser.feed("1\n", count));
  CHECK(lines == 2);
}

}  // namespace
}  // namespace playground::lines
