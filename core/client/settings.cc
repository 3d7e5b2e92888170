#include "core/client/settings.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/json.h"
#include "core/json_text.h"

namespace playground::client {
namespace {

using Problem = std::optional<InputError>;

std::string quote(const Json& value) { return json_text(value).substr(0, 80); }

std::string quote(std::string_view text) {
  std::string quoted;
  append_json_string(text, quoted);
  return quoted.substr(0, 80);
}

Problem take_server(const Json& value, Settings& settings) {
  if (value.text() == nullptr) {
    return InputError{"server must be an address like http://localhost:8088"};
  }
  settings.server = *value.text();
  while (settings.server.ends_with('/')) settings.server.pop_back();
  const std::string_view server = settings.server;
  const std::size_t scheme = server.starts_with("https://")  ? 8
                             : server.starts_with("http://") ? 7
                                                             : 0;
  if (scheme == 0 || server.size() == scheme || server.find_first_of(" ?#\"<>") != server.npos) {
    return InputError{"server must be an address like http://localhost:8088, not " + quote(value)};
  }
  return std::nullopt;
}

// Each name of the array, found by `find`, goes to `target`; none may occur twice.
template <typename T, typename Find>
Problem take_names(const Json& value, std::string_view member, Find find, std::vector<T>& target) {
  if (value.elements() == nullptr) {
    return InputError{std::string(member) + " must be an array of names"};
  }
  for (const Json& each : *value.elements()) {
    std::optional<T> found;
    if (each.text() != nullptr) found = find(*each.text());
    if (!found) return InputError{quote(each) + " in " + std::string(member) + " is not known"};
    if (std::find(target.begin(), target.end(), *found) != target.end()) {
      return InputError{quote(each) + " stands twice in " + std::string(member)};
    }
    target.push_back(*found);
  }
  return std::nullopt;
}

Problem take_scenario(const Json& value, Settings& settings) {
  if (value.members() == nullptr) return InputError{"scenario must be an object"};
  auto scenario = scenario_from(value);
  if (!scenario) return scenario.error();
  settings.scenario = *scenario;
  return std::nullopt;
}

Problem take_short_poll(const Json& value, Settings& settings) {
  const double milliseconds = value.number().value_or(0);
  if (!(milliseconds >= 50 && milliseconds <= 60'000)) {
    return InputError{"shortPollMs must be a number from 50 to 60000 (milliseconds)"};
  }
  settings.short_poll_interval = static_cast<Micros>(milliseconds * kMillisecond);
  return std::nullopt;
}

Problem take_switch(const Json& value, std::string_view member, bool& target) {
  if (value.truth() == nullptr) return InputError{std::string(member) + " must be true or false"};
  target = *value.truth();
  return std::nullopt;
}

Problem take_back_rate(const Json& value, Settings& settings) {
  settings.back_rate = value.number().value_or(-1);
  const double rate = settings.back_rate;
  if (rate == 0 || (rate >= kMinBackRate && rate <= kMaxBackRate)) return std::nullopt;
  return InputError{"backRate must be 0, or a number from 0.1 to 10 (messages/s of each lane)"};
}

Problem take_environment(const Json& value, Settings& settings) {
  if (value.text() != nullptr) settings.environment = find_environment(*value.text());
  if (settings.environment != nullptr) return std::nullopt;
  std::string known;
  for (const EnvironmentInfo& each : environments()) {
    known.append(known.empty() ? "" : ", ").append(each.id);
  }
  return InputError{"it must be one of " + known + ", not " + quote(value)};
}

constexpr std::string_view kNoServersButItsOwn = "a simulated run has no servers but its own";

Problem take_endpoint_list(const Json& value, Settings& settings) {
  if (!kSimulatedOnly) return take_endpoints(value, settings.endpoints);
  const bool none = value.elements() != nullptr && value.elements()->empty();
  return none ? Problem() : InputError{std::string(kNoServersButItsOwn)};
}

struct SimulatedField {
  std::string_view name;
  double maximum;
  void (*set)(Simulated& simulated, double value);
};

constexpr SimulatedField kSimulatedFields[] = {
    {"seed", 4294967295.0,
     [](Simulated& simulated, double value) {
       simulated.seed = static_cast<std::uint32_t>(value);
     }},
    {"roundTripMs", 60'000,
     [](Simulated& simulated, double value) {
       simulated.round_trip = static_cast<Micros>(value * kMillisecond);
     }},
    {"jitterMs", 60'000,
     [](Simulated& simulated, double value) {
       simulated.jitter = static_cast<Micros>(value * kMillisecond);
     }},
    {"bytesPerS", 1e12, [](Simulated& simulated, double value) { simulated.bytes_per_s = value; }},
    {"lossPercent", 50, [](Simulated& simulated, double value) { simulated.loss = value / 100; }},
};

constexpr std::pair<std::string_view, Happening::Kind> kHappenings[] = {
    {"offline", Happening::Kind::kOffline}, {"hidden", Happening::Kind::kHidden},
    {"asleep", Happening::Kind::kAsleep},   {"restart", Happening::Kind::kRestart},
    {"stop-1", Happening::Kind::kStopOne},  {"stop-2", Happening::Kind::kStopTwo},
};

// `seconds` of a happening, from 0 or more up to a day.
std::optional<Micros> seconds_in(const Json& object, std::string_view member, double minimum) {
  const Json* found = object.find(member);
  const double seconds = found != nullptr ? found->number().value_or(-1) : -1;
  if (!(seconds >= minimum && seconds <= 86'400)) return std::nullopt;
  return micros(seconds);
}

Problem take_happening(const Json& value, Simulated& simulated) {
  const Json* given = value.find("kind");
  const auto named = [&](const auto& each) { return given != nullptr && given->is(each.first); };
  const auto kind = std::find_if(std::begin(kHappenings), std::end(kHappenings), named);
  if (kind == std::end(kHappenings)) {
    return InputError{
        "a happening's kind must be offline, hidden, asleep, restart, stop-1 or stop-2, not " +
        quote(value)};
  }
  const auto after = seconds_in(value, "afterS", 0);
  const auto length = seconds_in(value, "forS", 0.001);
  if (!after || !length || value.members()->size() != 3) {
    return InputError{
        "a happening must have kind, afterS (seconds, 0 to 86400) and forS (0.001 to "
        "86400), and nothing else: " +
        quote(value)};
  }
  simulated.happenings.push_back({kind->second, *after, *length});
  return std::nullopt;
}

Problem take_simulated_member(std::string_view member, const Json& value, Simulated& simulated) {
  for (const SimulatedField& field : kSimulatedFields) {
    if (field.name != member) continue;
    const double number = value.number().value_or(-1);
    if (!(number >= 0 && number <= field.maximum)) {
      std::string text(member);
      append_number(field.maximum, text += " must be a number from 0 to ");
      return InputError{text + ", not " + quote(value)};
    }
    field.set(simulated, number);
    return std::nullopt;
  }
  if (member == "tls") return take_switch(value, member, simulated.tls);
  if (member == "browser") {
    simulated.firefox = value.is("firefox");
    if (!simulated.firefox && !value.is("chromium")) {
      return InputError{"browser must be chromium or firefox, not " + quote(value)};
    }
    return std::nullopt;
  }
  if (member == "http") {
    simulated.http2 = value.number() == 2;
    if (!simulated.http2 && value.number() != 1) {
      return InputError{"http must be 1 or 2, not " + quote(value)};
    }
    return std::nullopt;
  }
  if (!kOneServer && member == "servers") {
    const double servers = value.number().value_or(0);
    simulated.servers = servers == 2 ? 2 : 1;
    if (servers == 1 || servers == 2) return std::nullopt;
    return InputError{"servers must be 1 or 2, not " + quote(value)};
  }
  if (member == "happenings") {
    if (value.elements() == nullptr || value.elements()->size() > kMaxHappenings) {
      return InputError{"happenings must be an array of at most 100"};
    }
    for (const Json& each : *value.elements()) {
      if (Problem problem = take_happening(each, simulated)) return problem;
    }
    return std::nullopt;
  }
  return InputError{quote(member) + " is not a member of simulated"};
}

Problem take_simulated(const Json& value, Settings& settings) {
  if (value.members() == nullptr) return InputError{"simulated must be an object"};
  Simulated& simulated = settings.simulated.emplace();
  for (const auto& [member, each] : *value.members()) {
    if (Problem problem = take_simulated_member(member, each, simulated)) return problem;
  }
  for (const Happening& each : simulated.happenings) {
    if (each.kind >= Happening::Kind::kStopOne && simulated.servers == 1) {
      return InputError{"stop-1 and stop-2 need servers: 2"};
    }
  }
  return std::nullopt;
}

// What the environment lacks, and what goes wrong in it, is added to what was asked for.
Problem apply_environment(Settings& settings) {
  const EnvironmentInfo& environment = *settings.environment;
  for (const Feature feature : environment.without) {
    auto& without = settings.without;
    if (std::find(without.begin(), without.end(), feature) == without.end()) {
      without.push_back(feature);
    }
  }
  const auto scenario = parse_scenario("{\"faults\":" + std::string(environment.faults) + "}");
  if (!scenario) return scenario.error();
  auto& faults = settings.scenario.faults;
  faults.insert(faults.end(), scenario->faults.begin(), scenario->faults.end());
  if (faults.size() > kMaxFaults) {
    return InputError{"faults: the environment's come on top, and that is more than 100"};
  }
  return std::nullopt;
}

Problem take_member(std::string_view member, const Json& value, Settings& settings) {
  if (member == "server") return take_server(value, settings);
  if (member == "lanes") return take_names(value, member, find_transport, settings.lanes);
  if (member == "endpoints") return take_endpoint_list(value, settings);
  if (member == "ladder")
    return take_names(value, member, find_transport, settings.ladder.emplace());
  if (member == "without") return take_names(value, member, find_feature, settings.without);
  if (member == "scenario") return take_scenario(value, settings);
  if (member == "shortPollMs") return take_short_poll(value, settings);
  if (member == "backRate") return take_back_rate(value, settings);
  if (member == "lanePorts") return take_switch(value, member, settings.lane_ports);
  if (member == "plainHeaders") return take_switch(value, member, settings.plain_headers);
  if (member == "environment") return take_environment(value, settings);
  if (member == "simulated") return take_simulated(value, settings);
  return InputError{quote(member) + " is not a setting"};
}

}  // namespace

Result<Settings> parse_settings(std::string_view text) {
  const Json json = parse_json(text);
  if (json.members() == nullptr) return InputError{"settings must be a JSON object"};
  Settings settings;
  for (const auto& [member, value] : *json.members()) {
    if (const Problem problem = take_member(member, value, settings)) {
      return InputError{member + ": " + problem->message};
    }
  }
  if (settings.simulated) settings.server = kSimulatedServer;
  const bool alone = settings.lanes.empty() && !settings.endpoints.empty();
  if (settings.simulated && !settings.endpoints.empty()) {
    return InputError{"endpoints: " + std::string(kNoServersButItsOwn)};
  }
  if (settings.server.empty() && !alone) return InputError{"server is missing"};
  if (settings.lanes.empty() && !alone) return InputError{"lanes names no transport"};
  if (settings.environment != nullptr) {
    if (const Problem problem = apply_environment(settings)) {
      return InputError{"scenario: " + problem->message};
    }
  }
  return settings;
}

}  // namespace playground::client
