#include "core/json.h"

#include <cmath>
#include <iterator>
#include <string>
#include <string_view>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "core/random.h"
#include "tests/support/json.h"

namespace playground {
namespace {

bool same(const Json& ours, const nlohmann::json& theirs) {
  if (const auto* members = ours.members()) {
    if (!theirs.is_object() || members->size() != theirs.size()) return false;
    for (const auto& [name, value] : *members) {
      if (!theirs.contains(name) || !same(value, theirs.at(name))) return false;
    }
    return true;
  }
  if (const auto* elements = ours.elements()) {
    if (!theirs.is_array() || elements->size() != theirs.size()) return false;
    for (std::size_t i = 0; i < elements->size(); ++i) {
      if (!same((*elements)[i], theirs.at(i))) return false;
    }
    return true;
  }
  if (ours.text() != nullptr) return theirs == *ours.text();
  if (ours.truth() != nullptr) return theirs == *ours.truth();
  if (ours.count()) return theirs.is_number_unsigned() && theirs == *ours.count();
  if (ours.whole()) {
    return theirs.is_number_integer() && !theirs.is_number_unsigned() && theirs == *ours.whole();
  }
  if (ours.number()) return theirs.is_number_float() && theirs.get<double>() == *ours.number();
  return theirs.is_null() || theirs.is_discarded();
}

constexpr std::string_view kTexts[] = {
    "",
    " ",
    "null",
    "nul",
    "nulll",
    "true",
    "false",
    " \t\r\n true \n",
    "true false",
    "0",
    "-0",
    "01",
    "-",
    "+1",
    ".5",
    "5.",
    "5.e1",
    "1e",
    "1e+",
    "1e5",
    "1E-5",
    "-2.5e+3",
    "18446744073709551615",
    "18446744073709551616",
    "-9223372036854775808",
    "-9223372036854775809",
    "9007199254740993",
    "0.1",
    "0.30000000000000004",
    "123456789.123456789",
    "0.000001",
    "2.2250738585072014",
    "1e400",
    "-1e400",
    "1e-400",
    "1e999999999999",
    "0e999999999999",
    "5000000000000000000000000000000e-30",
    R"("")",
    R"("a)",
    R"("a"b)",
    R"("\"\\\/\b\f\n\r\t")",
    R"("\u0000\u007f\u0080\u07ff\u0800\uffff")",
    R"("\ud83d\ude00")",
    R"("\ud83d")",
    R"("\ud83dx")",
    R"("\ude00")",
    R"("\ud83d\ud83d")",
    R"("\u12")",
    R"("\u12g4")",
    R"("\x")",
    "\"\\",
    "\"\n\"",
    "\"\x1f\"",
    "\"\x7f\"",
    "\"é€😀\"",
    "\"\x80\"",
    "\"\xed\xa0\x80\"",
    "\"\xf5\"",
    "[]",
    "[ ]",
    "[1]",
    "[1,]",
    "[,1]",
    "[1 2]",
    "[1",
    "[1}",
    "{}",
    "{ }",
    R"({"a":1})",
    R"({"a" : 1 , "b" : [ { } , [ ] ] })",
    R"({"a":1,"a":2})",
    R"({"a":[1,2],"a":{"b":3}})",
    R"({"a":1,})",
    R"({"a"})",
    R"({"a":})",
    R"({a:1})",
    R"({"a":1)",
    "// no\n1",
};

TEST_CASE("both readers read what nlohmann/json reads, and nothing else") {
  for (const std::string_view text : kTexts) {
    CAPTURE(text);
    CHECK(same(parse_json(text), read_json(text)));
    CHECK(same(parse_small_json(text), read_json(text)));
  }
}

TEST_CASE("a text that is cut or changed anywhere is read as nlohmann/json reads it") {
  const std::string whole =
      R"({"lanes":["sse",{"a":-1.25e2,"b":[true,false,null]},"\u00e9\n"],"x":{"y":[[12]]}} )";
  constexpr std::string_view kOthers = "\"\\{}[],:0-.eu \n\x80";
  for (std::size_t at = 0; at < whole.size(); ++at) {
    const std::string cut = whole.substr(0, at);
    CAPTURE(cut);
    CHECK(same(parse_small_json(cut), read_json(cut)));
    for (const char other : kOthers) {
      std::string changed = whole;
      changed[at] = other;
      CAPTURE(changed);
      CHECK(same(parse_small_json(changed), read_json(changed)));
    }
  }
}

TEST_CASE("a browser reads a text with any byte put anywhere as a server does") {
  constexpr std::string_view kWhole = "\xef\xbb\xbf {\"a\":[1.5,\"\\u00e9\"]} ";
  for (std::size_t at = 0; at <= kWhole.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string text(kWhole);
      text.insert(at, 1, static_cast<char>(byte));
      CAPTURE(at, byte);
      REQUIRE(json_text(parse_json(text)) == json_text(parse_small_json(text)));
    }
  }
  CHECK(parse_json(kWhole).members() != nullptr);
  CHECK(parse_json(std::string_view("{}\0{}", 5)).members() == nullptr);
}

TEST_CASE("a number of up to nineteen digits is the nearest there is") {
  Random random(3);
  for (int i = 0; i < 20'000; ++i) {
    std::string text = std::to_string(random.next() >> (1 + random.next() % 63));
    const auto point = static_cast<std::size_t>(random.next() % (text.size() + 1));
    text = point == 0 ? "0." + text : text.insert(point, point < text.size() ? "." : "");
    CAPTURE(text);
    REQUIRE(same(parse_small_json(text), read_json(text)));
  }
}

TEST_CASE("a number with an exponent is nearly the nearest there is") {
  Random random(5);
  for (int i = 0; i < 5'000; ++i) {
    const std::string text = std::to_string(random.next() >> 1) + "e" +
                             std::to_string(static_cast<int>(random.next() % 560) - 280);
    CAPTURE(text);
    const double wanted = read_json(text).get<double>();
    REQUIRE(std::abs(*parse_small_json(text).number() - wanted) <= 1e-13 * wanted);
  }
}

TEST_CASE("what is nested too deeply is not read") {
  for (const std::size_t depth : {kMaxJsonDepth, kMaxJsonDepth + 1, std::size_t{1'000'000}}) {
    const std::string text = std::string(depth, '[') + std::string(depth, ']');
    CAPTURE(depth);
    CHECK((parse_json(text).elements() != nullptr) == (depth <= kMaxJsonDepth));
    CHECK((parse_small_json(text).elements() != nullptr) == (depth <= kMaxJsonDepth));
  }
}

TEST_CASE("a value is written as it was read") {
  const std::string text =
      R"({"a":[],"b":[1,-2,2.5,"x",null,true,false,{}],"c":{"d":{"e\n":"\"\u0001"}}})";
  CHECK(json_text(parse_json(text)) == text);
  CHECK(json_text(parse_small_json(text)) == text);
}

TEST_CASE("a value has what it is, and nothing else") {
  const Json json = parse_small_json(R"({"text":"a","count":1,"below":-1,"half":0.5,"list":[2]})");
  CHECK(*text_in(json, "text") == "a");
  CHECK(member_in(json, "text")->is("a"));
  CHECK(count_in(json, "count") == 1);
  CHECK(array_in(json, "list")->at(0).count() == 2);
  CHECK_FALSE(count_in(json, "below"));
  CHECK_FALSE(count_in(json, "half"));
  CHECK(member_in(json, "below")->whole() == -1);
  CHECK(member_in(json, "half")->number() == 0.5);
  CHECK(text_in(json, "count") == nullptr);
  CHECK(array_in(json, "text") == nullptr);
  CHECK(member_in(json, "none") == nullptr);
  CHECK(member_in(*member_in(json, "list"), "none") == nullptr);
  CHECK_FALSE(parse_small_json("18446744073709551615").whole());
}

}  // namespace
}  // namespace playground
