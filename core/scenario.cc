#include "core/scenario.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <type_traits>
#include <utility>

#include "core/json.h"
#include "core/json_text.h"

namespace playground {
namespace {

template <auto Member>
ScenarioField field(std::string_view name, std::string_view unit, double minimum, double maximum) {
  using Value = std::remove_reference_t<decltype(Scenario{}.*Member)>;
  return {name,
          unit,
          minimum,
          maximum,
          static_cast<double>(Scenario{}.*Member),
          std::is_integral_v<Value>,
          [](const Scenario& scenario) { return static_cast<double>(scenario.*Member); },
          [](Scenario& scenario, double value) { scenario.*Member = static_cast<Value>(value); }};
}

const std::array kFields{
    field<&Scenario::rate>("rate", "messages/s", 0.1, 5000),
    field<&Scenario::payload_bytes>("payload_bytes", "bytes", 16, 65536),
    field<&Scenario::count>("count", "messages", 0, 1e9),
    field<&Scenario::history>("history", "messages", 1, 100'000),
    field<&Scenario::seed>("seed", "a number", 0, 4'294'967'295.0),
};

InputError out_of_range(const ScenarioField& field) {
  std::string text(field.name);
  text += field.whole ? " must be a whole number from " : " must be a number from ";
  append_number(field.minimum, text);
  append_number(field.maximum, text += " to ");
  text.append(" (").append(field.unit) += ')';
  return {std::move(text)};
}

constexpr std::pair<std::string_view, Pattern> kPatterns[] = {
    {"steady", Pattern::kSteady},
    {"bursty", Pattern::kBursty},
    {"poisson", Pattern::kPoisson},
};

std::optional<InputError> take_pattern(const Json& value, Scenario& scenario) {
  for (const auto& [name, pattern] : kPatterns) {
    if (!value.is(name)) continue;
    scenario.pattern = pattern;
    return std::nullopt;
  }
  return InputError{"pattern must be steady, bursty or poisson"};
}

std::optional<InputError> take_faults(const Json& value, Scenario& scenario) {
  if (value.elements() == nullptr || value.elements()->size() > kMaxFaults) {
    return InputError{"faults must be an array of at most " + std::to_string(kMaxFaults) +
                      " faults"};
  }
  for (const Json& each : *value.elements()) {
    auto fault = parse_fault(each);
    if (!fault) return InputError{"faults: " + fault.error().message};
    scenario.faults.push_back(std::move(*fault));
  }
  return std::nullopt;
}

}  // namespace

std::string_view name(Pattern pattern) {
  return kPatterns[static_cast<std::size_t>(pattern)].first;
}

std::span<const ScenarioField> scenario_fields() { return kFields; }

Result<Scenario> parse_scenario(std::string_view text) {
  if (text.empty()) return Scenario{};
  return scenario_from(parse_json(text));
}

Result<Scenario> scenario_from(const Json& json) {
  Scenario scenario;
  if (json.members() == nullptr) return InputError{"a scenario must be a JSON object"};
  for (const auto& [name, value] : *json.members()) {
    if (name == "faults") {
      if (auto problem = take_faults(value, scenario)) return std::move(*problem);
      continue;
    }
    if (name == "pattern") {
      if (auto problem = take_pattern(value, scenario)) return std::move(*problem);
      continue;
    }
    const auto field =
        std::find_if(kFields.begin(), kFields.end(),
                     [&wanted = name](const auto& each) { return each.name == wanted; });
    if (field == kFields.end()) {
      // The name comes from outside: quoted, and cut so that it cannot fill a log.
      std::string quoted;
      append_json_string(std::string_view(name).substr(0, 64), quoted);
      return InputError{quoted + " is not a field of a scenario"};
    }
    const double number = value.number().value_or(std::nan(""));
    const bool in_range = number >= field->minimum && number <= field->maximum;
    if (!in_range || (field->whole && number != std::floor(number))) return out_of_range(*field);
    field->set(scenario, number);
  }
  return scenario;
}

std::string to_json(const Scenario& scenario) {
  std::string out;
  {
    JsonObject json(out);
    for (const ScenarioField& field : kFields) json.add(field.name, field.get(scenario));
    json.add("pattern", name(scenario.pattern));
    if (!scenario.faults.empty()) {
      JsonArray faults(json.value("faults"));
      for (const Fault& fault : scenario.faults) {
        JsonObject object(faults.next());
        add_members(fault, object);
      }
    }
  }
  return out;
}

void append_payload(const Scenario& scenario, std::uint64_t seq, std::string& out) {
  const std::size_t end = out.size() + scenario.payload_bytes;
  out += '#';
  append_number(seq, out);
  out += ' ';
  // The letters go round, so that a lost or moved byte shows.
  static constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz";
  while (out.size() < end) out += kLetters.substr(0, end - out.size());
  out.resize(end);
}

}  // namespace playground
