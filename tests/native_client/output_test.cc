#include "native_client/output.h"

#include <string>

#include <catch2/catch_test_macros.hpp>

namespace playground::native {
namespace {

TEST_CASE("what others wrote stays in its line, and cannot speak to a terminal", "[output]") {
  CHECK(escaped("plain é €", 100) == "plain é €");
  CHECK(escaped("a\nb\r\tc\\d", 100) == "a\\nb\\r\\tc\\\\d");
  CHECK(escaped("\x1b[2J\x7f", 100) == "\\x1b[2J\\x7f");
  CHECK(escaped("\xc2\x9b"
                "1m",
                100) == "\\xc2\\x9b1m");
  CHECK(escaped("\xff\xc3(", 100) == "\\xff\\xc3(");
}

TEST_CASE("it is cut between characters", "[output]") {
  CHECK(escaped("abcdef", 3) == "abc…");
  CHECK(escaped("abc", 3) == "abc");
  CHECK(escaped("aé", 2) == "a…");
  CHECK(escaped("a\n", 2) == "a…");
}

TEST_CASE("prose is wrapped between words, by columns", "[output]") {
  CHECK(wrapped("one two three", 7, 0) == "one two\nthree\n");
  CHECK(wrapped("one two", 5, 2) == "  one\n  two\n");
  CHECK(wrapped("é € é", 5, 0) == "é € é\n");
  CHECK(wrapped("averylongword b", 4, 0) == "averylongword\nb\n");
  CHECK(wrapped("a\nb  c", 9, 0) == "a\nb c\n");
  CHECK(wrapped("", 9, 0) == "");
}

TEST_CASE("in a file there is nothing but lines", "[output]") {
  std::FILE* file = std::tmpfile();
  REQUIRE(file != nullptr);
  Output output(file);
  CHECK_FALSE(output.is_terminal());
  output.line("one");
  output.show("never seen\n");
  output.line("two");
  std::rewind(file);
  char text[64] = {};
  CHECK(std::fread(text, 1, sizeof text, file) == 8);
  CHECK(std::string(text) == "one\ntwo\n");
  std::fclose(file);
}

}  // namespace
}  // namespace playground::native
