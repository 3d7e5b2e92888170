#include "core/scenario.h"

#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/json_text.h"

namespace playground {
namespace {

using Json = nlohmann::json;

struct FieldAccess {
  ScenarioField field;
  double (*get)(const Scenario&);
  void (*set)(Scenario&, double);
};

template <auto Member>
FieldAccess access(std::string_view name, std::string_view unit, double minimum, double maximum) {
  using Value = std::remove_reference_t<decltype(Scenario{}.*Member)>;
  return {{name, unit, minimum, maximum, static_cast<double>(Scenario{}.*Member),
           std::is_integral_v<Value>},
          [](const Scenario& scenario) { return static_cast<double>(scenario.*Member); },
          [](Scenario& scenario, double value) { scenario.*Member = static_cast<Value>(value); }};
}

const std::array kFields{
    access<&Scenario::rate>("rate", "messages/s", 0.1, 5000),
    access<&Scenario::payload_bytes>("payload_bytes", "bytes", 16, 65536),
    access<&Scenario::count>("count", "messages", 0, 1e9),
    access<&Scenario::history>("history", "messages", 1, 100'000),
    access<&Scenario::seed>("seed", "a number", 0, 4'294'967'295.0),
};

std::string number_text(double value) {
  // The shortest form: 0.1, 65536, 1000000000.
  return json_text(value == std::floor(value) ? Json(static_cast<std::int64_t>(value))
                                              : Json(value));
}

InputError out_of_range(const ScenarioField& field) {
  return {std::string(field.name) + " must be a " + (field.whole ? "whole number" : "number") +
          " from " + number_text(field.minimum) + " to " + number_text(field.maximum) + " (" +
          std::string(field.unit) + ")"};
}

constexpr std::pair<std::string_view, Pattern> kPatterns[] = {
    {"steady", Pattern::kSteady},
    {"bursty", Pattern::kBursty},
    {"poisson", Pattern::kPoisson},
};

std::optional<InputError> take_pattern(const Json& value, Scenario& scenario) {
  for (const auto& [name, pattern] : kPatterns) {
    if (value != name) continue;
    scenario.pattern = pattern;
    return std::nullopt;
  }
  return InputError{"pattern must be steady, bursty or poisson"};
}

std::optional<InputError> take_faults(const Json& value, Scenario& scenario) {
  if (!value.is_array() || value.size() > kMaxFaults) {
    return InputError{"faults must be an array of at most " + std::to_string(kMaxFaults) +
                      " faults"};
  }
  for (const Json& each : value) {
    auto fault = parse_fault(each);
    if (!fault) return InputError{"faults: " + fault.error().message};
    scenario.faults.push_back(std::move(*fault));
  }
  return std::nullopt;
}

const FieldAccess* find_field(std::string_view name) {
  for (const auto& entry : kFields) {
    if (entry.field.name == name) return &entry;
  }
  return nullptr;
}

}  // namespace

std::string_view name(Pattern pattern) {
  return kPatterns[static_cast<std::size_t>(pattern)].first;
}

std::span<const ScenarioField> scenario_fields() {
  static const auto table = [] {
    std::array<ScenarioField, kFields.size()> fields{};
    for (std::size_t i = 0; i < kFields.size(); ++i) fields[i] = kFields[i].field;
    return fields;
  }();
  return table;
}

Result<Scenario> parse_scenario(std::string_view text) {
  Scenario scenario;
  if (text.empty()) return scenario;
  const Json json = parse_json(text);
  if (!json.is_object()) return InputError{"a scenario must be a JSON object"};
  for (const auto& [name, value] : json.items()) {
    if (name == "faults") {
      if (auto problem = take_faults(value, scenario)) return std::move(*problem);
      continue;
    }
    if (name == "pattern") {
      if (auto problem = take_pattern(value, scenario)) return std::move(*problem);
      continue;
    }
    const FieldAccess* entry = find_field(name);
    if (entry == nullptr) {
      // The name comes from outside: quoted, and cut so that it cannot fill a log.
      std::string quoted;
      append_json_string(std::string_view(name).substr(0, 64), quoted);
      return InputError{quoted + " is not a field of a scenario"};
    }
    if (!value.is_number()) return out_of_range(entry->field);
    const auto number = value.get<double>();
    const bool whole = number == std::floor(number);
    if (!(number >= entry->field.minimum && number <= entry->field.maximum) ||
        (entry->field.whole && !whole)) {
      return out_of_range(entry->field);
    }
    entry->set(scenario, number);
  }
  return scenario;
}

std::string to_json(const Scenario& scenario) {
  std::string out = "{";
  for (const auto& entry : kFields) {
    if (out.size() > 1) out += ',';
    append_json_string(entry.field.name, out);
    out += ':';
    out += number_text(entry.get(scenario));
  }
  out += ",\"pattern\":";
  append_json_string(name(scenario.pattern), out);
  if (!scenario.faults.empty()) {
    auto faults = Json::array();
    for (const Fault& fault : scenario.faults) faults.push_back(to_json(fault));
    out += ",\"faults\":" + json_text(faults);
  }
  return out + '}';
}

void append_payload(const Scenario& scenario, std::uint64_t seq, std::string& out) {
  const std::size_t end = out.size() + scenario.payload_bytes;
  out += '#';
  append_number(seq, out);
  out += ' ';
  // The letters go round, so that a byte lost or moved shows.
  static constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz";
  while (out.size() < end) out += kLetters.substr(0, end - out.size());
  out.resize(end);
}

}  // namespace playground
