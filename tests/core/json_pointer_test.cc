#include "core/json_pointer.h"

#include <string>

#include <catch2/catch_test_macros.hpp>

namespace playground {
namespace {

// RFC 6901 5, whose example this is.
const char* const kDocument =
    R"({"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8})";

TEST_CASE("a JSON Pointer finds what the standard's example says", "[json]") {
  const Json json = parse_json(kDocument);
  const struct {
    const char* pointer;
    const char* value;
  } rows[] = {{"", nullptr},         {"/foo", R"(["bar","baz"])"},
              {"/foo/0", "\"bar\""}, {"/", "0"},
              {"/a~1b", "1"},        {"/c%d", "2"},
              {"/e^f", "3"},         {"/g|h", "4"},
              {"/i\\j", "5"},        {"/k\"l", "6"},
              {"/ ", "7"},           {"/m~0n", "8"}};
  for (const auto& [pointer, value] : rows) {
    CAPTURE(pointer);
    const Json* found = find_at(json, pointer);
    REQUIRE(found != nullptr);
    if (value != nullptr) CHECK(json_text(*found) == value);
  }
  CHECK(find_at(json, "") == &json);
}

TEST_CASE("a JSON Pointer to nothing finds nothing", "[json]") {
  const Json json = parse_json(R"({"a":[1,{"b":null}],"c":"text"})");
  for (const char* pointer : {"/x", "/a/2", "/a/01", "/a/-", "/a/-1", "/a/+1", "/a/1x", "/a/",
                              "/c/0", "/a/99999999999999999999", "/a/1/b/c"}) {
    CAPTURE(pointer);
    CHECK(is_json_pointer(pointer));
    CHECK(find_at(json, pointer) == nullptr);
  }
  REQUIRE(find_at(json, "/a/1/b") != nullptr);
}

TEST_CASE("what is no JSON Pointer is told apart", "[json]") {
  for (const char* text : {"ts", "a/b", "/~", "/a~2", "/a/~b", "#/a"}) {
    CAPTURE(text);
    CHECK_FALSE(is_json_pointer(text));
    CHECK(find_at(parse_json(R"({"ts":1})"), text) == nullptr);
  }
  CHECK(is_json_pointer("/~0~1"));
}

}  // namespace
}  // namespace playground
