#include "core/check/settings.h"

#include <string>

#include <catch2/catch_test_macros.hpp>

namespace playground::check {
namespace {

TEST_CASE("a check's settings are read") {
  const auto settings = parse_check_settings(
      R"({"server":"https://example.org/p","quick":true,"longest_silence_s":9,"channel":"c"})");
  REQUIRE(settings.ok());
  CHECK(settings->check.server == "https://example.org/p");
  CHECK(settings->check.quick);
  CHECK(settings->check.longest_silence == 9'000'000);
  CHECK(settings->check.channel == "c");
  CHECK_FALSE(settings->simulated);
}

TEST_CASE("a quick check waits for no silence, unless it is told to") {
  CHECK(parse_check_settings(R"({"server":"http://a","quick":true})")->check.longest_silence == 0);
  CHECK(parse_check_settings(R"({"server":"http://a"})")->check.longest_silence == 65'000'000);
}

TEST_CASE("a simulated path has faults, a round trip and a pace") {
  const auto settings = parse_check_settings(
      R"({"simulated":{"faults":[{"kind":"buffer"}],"round_trip_ms":5,"speed":100}})");
  REQUIRE(settings.ok());
  REQUIRE(settings->simulated);
  CHECK(settings->simulated->faults.size() == 1);
  CHECK(settings->simulated->round_trip == 5000);
}

TEST_CASE("what is wrong with a check's settings is named") {
  struct {
    const char* json;
    const char* says;
  } const kWrong[] = {
      {"", "must be a JSON object"},
      {"[]", "must be a JSON object"},
      {"{}", "server is missing"},
      {R"({"server":"example.org"})", "server must be an address"},
      {R"({"server":"http://a/"})", "server must be an address"},
      {R"({"server":"http://a?b"})", "server must be an address"},
      {R"({"server":1})", "server must be an address"},
      {R"({"server":"http://a","quick":1})", "quick must be true or false"},
      {R"({"server":"http://a","longest_silence_s":301})", "longest_silence_s must be a number"},
      {R"({"server":"http://a","longest_silence_s":"9"})", "longest_silence_s must be a number"},
      {R"({"server":"http://a","channel":1})", "channel must be"},
      {R"({"server":"http://a","colour":1})", "no member colour"},
      {R"({"simulated":1})", "simulated must be an object"},
      {R"({"simulated":{"faults":{}}})", "faults must be an array"},
      {R"({"simulated":{"faults":[{"kind":"x"}]}})", "kind"},
      {R"({"simulated":{"speed":-1}})", "speed must be a number"},
      {R"({"simulated":{"colour":1}})", "no member colour"},
  };
  for (const auto& [json, says] : kWrong) {
    CAPTURE(json);
    const auto settings = parse_check_settings(json);
    REQUIRE_FALSE(settings.ok());
    CHECK(settings.error().message.find(says) != std::string::npos);
  }
}

}  // namespace
}  // namespace playground::check
