#include "core/fault.h"

#include <string>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "core/json_text.h"

namespace playground {
namespace {

using Json = nlohmann::json;

Result<Fault> parsed(std::string_view text) { return parse_fault(parse_json(text)); }

TEST_CASE("a fault of every kind comes back from its JSON as it was") {
  for (std::size_t i = 0; i < kFaultKindCount; ++i) {
    Fault fault;
    fault.kind = static_cast<FaultKind>(i);
    CAPTURE(name(fault.kind));
    fault.lane = "sse";
    fault.transport = "sse";
    fault.after_s = 1.5;
    const auto again = parsed(to_json(fault));
    REQUIRE(again);
    CHECK(*again == fault);
  }
}

TEST_CASE("what a fault does not say has its default") {
  const auto fault = parsed(R"({"kind":"delay","jitter_ms":20})");
  REQUIRE(fault);
  CHECK(fault->milliseconds == 200);
  CHECK(fault->jitter_ms == 20);
  CHECK(fault->lane.empty());
  CHECK(fault->for_s == 0);
}

TEST_CASE(
    "what is too little to matter in a fault is nothing, so that it is written as it was read") {
  const auto fault = parse_fault(parse_json(R"({"kind":"delay","jitter_ms":1e-91})"));
  REQUIRE(fault.ok());
  CHECK(fault->jitter_ms == 0);
  CHECK(*parse_fault(parse_json(to_json(*fault))) == *fault);
}

TEST_CASE("what is wrong with a fault is said with the name of the member") {
  const struct {
    const char* json;
    const char* named;
  } rows[] = {
      {"7", "JSON object"},
      {"{}", "kind"},
      {R"({"kind":"gremlins"})", "kind"},
      {R"({"kind":3})", "kind"},
      {R"({"kind":"delay","milliseconds":-1})", "milliseconds"},
      {R"({"kind":"delay","milliseconds":"1"})", "milliseconds"},
      {R"({"kind":"delay","bytes":1})", "bytes"},
      {R"({"kind":"cut","reset":1})", "reset"},
      {R"({"kind":"cut","for_s":1})", "for_s"},
      {R"({"kind":"stall","transport":"pigeon"})", "transport"},
      {R"({"kind":"stall","lane":5})", "lane"},
      {R"({"kind":"status","status":100})", "status"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.json);
    const auto fault = parsed(row.json);
    REQUIRE_FALSE(fault);
    CHECK(fault.error().message.find(row.named) != std::string::npos);
  }
}

}  // namespace
}  // namespace playground
