#include "core/json_text.h"

#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "core/random.h"
#include "tests/support/json.h"

namespace playground {
namespace {

std::string text_of(double number) {
  std::string text;
  append_number(number, text);
  return text;
}

std::string text_of(std::string_view string) {
  std::string text;
  append_json_string(string, text);
  return text;
}

TEST_CASE("a number has as few digits behind the point as say which number it is") {
  CHECK(text_of(0.0) == "0");
  CHECK(text_of(5) == "5");
  CHECK(text_of(-5) == "-5");
  CHECK(text_of(0.1) == "0.1");
  CHECK(text_of(0.1 + 0.2) == "0.30000000000000004");
  CHECK(text_of(1.0 / 3) == "0.3333333333333333");
  CHECK(text_of(2.0 / 3) == "0.6666666666666666");
  CHECK(text_of(1234567.891) == "1234567.891");
  CHECK(text_of(0.9999999999999999) == "0.9999999999999999");
  CHECK(text_of(0.000001) == "0.000001");
  CHECK(text_of(9007199254740993.0) == "9007199254740992");
  CHECK(text_of(1e19) == "10000000000000000000");
}

TEST_CASE("a number that JSON does not have is null") {
  CHECK(text_of(std::numeric_limits<double>::infinity()) == "null");
  CHECK(text_of(std::nan("")) == "null");
}

TEST_CASE("a number is read as it was written") {
  Random random(7);
  for (int i = 0; i < 20'000; ++i) {
    // Any 53 bits, from 2^-70 to 2^64; every tenth a power of two.
    const double significand = i % 10 == 0 ? 0.5 : 0.5 + random.unit() / 2;
    const double number = std::ldexp(significand, static_cast<int>(random.next() % 134) - 69);
    const std::string text = text_of(number);
    CAPTURE(text);
    REQUIRE(read_json(text).get<double>() == number);
  }
}

TEST_CASE("a number of any size is read nearly as it was written") {
  for (const double number : {1e-300, 4.9e-324, 1.7e308, -3.25e100, 1e-25}) {
    const double again = read_json(text_of(number)).get<double>();
    CAPTURE(number, again);
    CHECK(std::abs(again - number) <= std::abs(number) * 1e-12);
  }
}

TEST_CASE("thousandths are written as they are counted") {
  for (std::int64_t thousandths = 0; thousandths < 5000; ++thousandths) {
    const auto text = text_of(static_cast<double>(thousandths) / 1000);
    std::string wanted = std::to_string(thousandths / 1000);
    std::string fraction = std::to_string(1000 + thousandths % 1000);
    fraction[0] = '.';
    while (fraction.ends_with('0')) fraction.pop_back();
    if (fraction != ".") wanted += fraction;
    REQUIRE(text == wanted);
  }
}

TEST_CASE("a string is written as nlohmann/json writes it") {
  Random random(11);
  const std::string_view pieces[] = {
      "a", "\"",   "\\",   "\n",       "\x01",         "\x7f", "é",       "€",
      "😀", "\x80", "\xc3", "\xe2\x82", "\xf0\x9f\x98", "\xff", "\xed\xa0"};
  for (int i = 0; i < 5000; ++i) {
    std::string string;
    for (auto count = random.next() % 6; count > 0; --count) {
      string += pieces[random.next() % std::size(pieces)];
    }
    const auto wanted =
        nlohmann::json(string).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    REQUIRE(text_of(string) == wanted);
  }
}

TEST_CASE("objects and arrays are written member by member") {
  std::string text;
  {
    JsonObject object(text);
    object.add("text", "[{").add("number", 1.5).add("count", 2u).add("none", nullptr);
    object.add("truth", true).add("nothing", std::optional<int>());
    JsonArray array(object.value("array"));
    append_number(1, array.next());
    JsonObject(array.next()).add("a", std::optional(1));
    JsonArray(array.next());
  }
  CHECK(text == R"({"text":"[{","number":1.5,"count":2,"none":null,"truth":true,"nothing":null,)"
                R"("array":[1,{"a":1},[]]})");
}

}  // namespace
}  // namespace playground
