// A scenario: what a channel plays. One table of fields serves the server's API, the page's link
// and the element's attributes, so that each name, range and default is in one place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/fault.h"
#include "core/result.h"

namespace playground {

// How messages are spread over time; `rate` is the mean of each.
enum class Pattern : std::uint8_t {
  kSteady,   // one after another, evenly
  kBursty,   // five seconds' worth within one second (two at least), then nothing for four
  kPoisson,  // each at a random time, whatever the others did; the same for the same seed
};

inline constexpr std::size_t kPatternCount = 3;

std::string_view name(Pattern pattern);

struct Scenario {
  double rate = 5;                   // messages/s
  std::uint32_t payload_bytes = 64;  // bytes of payload in each message
  std::uint32_t count = 0;           // messages in all; 0 means no end
  std::uint32_t history = 10'000;    // messages the log keeps at most
  std::uint32_t seed = 1;            // for what is random, such as jitter
  Pattern pattern = Pattern::kSteady;
  std::vector<Fault> faults = {};  // what goes wrong, from the channel's beginning on

  bool operator==(const Scenario&) const = default;
};

// The fields that are numbers; `pattern` and `faults` are not.
struct ScenarioField {
  std::string_view name;
  std::string_view unit;
  double minimum;
  double maximum;
  double default_value;
  bool whole;  // whole numbers only
  double (*get)(const Scenario& scenario);
  void (*set)(Scenario& scenario, double value);
};

std::span<const ScenarioField> scenario_fields();

// From a JSON object; an empty text is the default scenario. An unknown field, a wrong type or a
// value out of range is an error that names the field.
Result<Scenario> parse_scenario(std::string_view json);
Result<Scenario> scenario_from(const Json& json);

std::string to_json(const Scenario& scenario);

// The payload of message `seq`: `payload_bytes` printable ASCII bytes, none of which JSON escapes,
// beginning with the sequence number so that two messages differ.
void append_payload(const Scenario& scenario, std::uint64_t seq, std::string& out);

}  // namespace playground
