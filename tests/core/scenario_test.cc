#include "core/scenario.h"

#include <string>

#include <catch2/catch_test_macros.hpp>

namespace playground {
namespace {

TEST_CASE("an empty scenario has every default, and its JSON reads back the same") {
  const auto scenario = parse_scenario("{}");
  REQUIRE(scenario);
  CHECK(*scenario == Scenario{});
  CHECK(*parse_scenario("") == Scenario{});
  CHECK(*parse_scenario(to_json(*scenario)) == *scenario);
}

TEST_CASE("every field is read, at both ends of its range") {
  for (const ScenarioField& field : scenario_fields()) {
    for (const double value : {field.minimum, field.maximum, field.default_value}) {
      CAPTURE(field.name, value);
      const auto text =
          std::string("{\"") + std::string(field.name) +
          "\":" + (value == 0.1 ? "0.1" : std::to_string(static_cast<long long>(value))) + "}";
      const auto scenario = parse_scenario(text);
      REQUIRE(scenario);
      CHECK(*parse_scenario(to_json(*scenario)) == *scenario);
    }
  }
  const auto scenario =
      parse_scenario(R"({"rate":20,"payload_bytes":100,"count":7,"history":9,"seed":5})");
  REQUIRE(scenario);
  CHECK(*scenario == Scenario{20, 100, 7, 9, 5});
}

TEST_CASE("a pattern is one of three words") {
  for (const Pattern pattern : {Pattern::kSteady, Pattern::kBursty, Pattern::kPoisson}) {
    const auto scenario = parse_scenario("{\"pattern\":\"" + std::string(name(pattern)) + "\"}");
    REQUIRE(scenario);
    CHECK(scenario->pattern == pattern);
    CHECK(*parse_scenario(to_json(*scenario)) == *scenario);
  }
}

TEST_CASE("faults are a part of a scenario") {
  const auto scenario = parse_scenario(
      R"({"faults":[{"kind":"stall","lane":"sse","after_s":2,"for_s":3},{"kind":"cut"}]})");
  REQUIRE(scenario);
  REQUIRE(scenario->faults.size() == 2);
  CHECK(scenario->faults[0].kind == FaultKind::kStall);
  CHECK(scenario->faults[1].kind == FaultKind::kCut);
  CHECK(*parse_scenario(to_json(*scenario)) == *scenario);
}

TEST_CASE("what is wrong with a scenario is said with the name of the field") {
  const struct {
    const char* json;
    const char* named;
  } rows[] = {
      {"5", "scenario"},
      {"{", "scenario"},
      {R"({"rate":0})", "rate"},
      {R"({"rate":5001})", "rate"},
      {R"({"rate":"5"})", "rate"},
      {R"({"rate":null})", "rate"},
      {R"({"payload_bytes":15})", "payload_bytes"},
      {R"({"payload_bytes":16.5})", "payload_bytes"},
      {R"({"count":-1})", "count"},
      {R"({"history":0})", "history"},
      {R"({"Rate":5})", "Rate"},
      {R"({"pattern":"random"})", "pattern"},
      {R"({"pattern":1})", "pattern"},
      {R"({"faults":{}})", "faults"},
      {R"({"faults":[{"kind":"stall"},{"kind":"cut","reset":3}]})", "reset"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.json);
    const auto scenario = parse_scenario(row.json);
    REQUIRE_FALSE(scenario);
    CHECK(scenario.error().message.find(row.named) != std::string::npos);
  }
}

TEST_CASE("a payload has its length, and that of each message is its own") {
  for (const std::uint32_t size : {16U, 17U, 64U, 65536U}) {
    Scenario scenario;
    scenario.payload_bytes = size;
    std::string first;
    std::string second;
    append_payload(scenario, 1, first);
    append_payload(scenario, 18446744073709551615U, second);
    CHECK(first.size() == size);
    CHECK(second.size() == size);
    CHECK(first != second);
    CHECK(first.find_first_of("\"\\") == std::string::npos);
  }
}

}  // namespace
}  // namespace playground
