#include "core/client/settings.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/json_text.h"

namespace playground::client {
namespace {

using Json = nlohmann::json;
using Problem = std::optional<InputError>;

std::string quote(const Json& value) { return json_text(value).substr(0, 80); }

Problem take_server(const Json& value, Settings& settings) {
  if (!value.is_string()) return InputError{"server must be an address like http://localhost:8088"};
  settings.server = value.get<std::string>();
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
  if (!value.is_array()) return InputError{std::string(member) + " must be an array of names"};
  for (const Json& each : value) {
    std::optional<T> found;
    if (each.is_string()) found = find(each.get_ref<const std::string&>());
    if (!found) return InputError{quote(each) + " in " + std::string(member) + " is not known"};
    if (std::find(target.begin(), target.end(), *found) != target.end()) {
      return InputError{quote(each) + " stands twice in " + std::string(member)};
    }
    target.push_back(*found);
  }
  return std::nullopt;
}

Problem take_scenario(const Json& value, Settings& settings) {
  if (!value.is_object()) return InputError{"scenario must be an object"};
  auto scenario = parse_scenario(json_text(value));
  if (!scenario) return scenario.error();
  settings.scenario = *scenario;
  return std::nullopt;
}

Problem take_short_poll(const Json& value, Settings& settings) {
  const double milliseconds = value.is_number() ? value.get<double>() : 0;
  if (!(milliseconds >= 50 && milliseconds <= 60'000)) {
    return InputError{"shortPollMs must be a number from 50 to 60000 (milliseconds)"};
  }
  settings.short_poll_interval = static_cast<Micros>(milliseconds * kMillisecond);
  return std::nullopt;
}

Problem take_switch(const Json& value, std::string_view member, bool& target) {
  if (!value.is_boolean()) return InputError{std::string(member) + " must be true or false"};
  target = value.get<bool>();
  return std::nullopt;
}

Problem take_back_rate(const Json& value, Settings& settings) {
  settings.back_rate = value.is_number() ? value.get<double>() : -1;
  const double rate = settings.back_rate;
  if (rate == 0 || (rate >= kMinBackRate && rate <= kMaxBackRate)) return std::nullopt;
  return InputError{"backRate must be 0, or a number from 0.1 to 10 (messages/s of each lane)"};
}

Problem take_environment(const Json& value, Settings& settings) {
  if (value.is_string()) {
    settings.environment = find_environment(value.get_ref<const std::string&>());
  }
  if (settings.environment != nullptr) return std::nullopt;
  std::string known;
  for (const EnvironmentInfo& each : environments()) {
    known.append(known.empty() ? "" : ", ").append(each.id);
  }
  return InputError{"it must be one of " + known + ", not " + quote(value)};
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
    {"offline", Happening::Kind::kOffline},
    {"hidden", Happening::Kind::kHidden},
    {"asleep", Happening::Kind::kAsleep},
    {"restart", Happening::Kind::kRestart},
};

// `seconds` of a happening, from 0 or more up to a day.
std::optional<Micros> seconds_in(const Json& object, const char* member, double minimum) {
  const auto found = object.find(member);
  const double seconds = found != object.end() && found->is_number() ? found->get<double>() : -1;
  if (!(seconds >= minimum && seconds <= 86'400)) return std::nullopt;
  return micros(seconds);
}

Problem take_happening(const Json& value, Simulated& simulated) {
  const auto named = [&](const auto& each) {
    return value.is_object() && value.contains("kind") && value["kind"] == each.first;
  };
  const auto kind = std::find_if(std::begin(kHappenings), std::end(kHappenings), named);
  if (kind == std::end(kHappenings)) {
    return InputError{"a happening's kind must be offline, hidden, asleep or restart, not " +
                      quote(value)};
  }
  const auto after = seconds_in(value, "afterS", 0);
  const auto length = seconds_in(value, "forS", 0.001);
  if (!after || !length || value.size() != 3) {
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
    const double number = value.is_number() ? value.get<double>() : -1;
    if (!(number >= 0 && number <= field.maximum)) {
      return InputError{std::string(member) + " must be a number from 0 to " +
                        json_text(Json(field.maximum)) + ", not " + quote(value)};
    }
    field.set(simulated, number);
    return std::nullopt;
  }
  if (member == "tls") return take_switch(value, member, simulated.tls);
  if (member == "browser") {
    if (value != "chromium" && value != "firefox") {
      return InputError{"browser must be chromium or firefox, not " + quote(value)};
    }
    simulated.firefox = value == "firefox";
    return std::nullopt;
  }
  if (member == "http") {
    if (value != 1 && value != 2) return InputError{"http must be 1 or 2, not " + quote(value)};
    simulated.http2 = value == 2;
    return std::nullopt;
  }
  if (member == "happenings") {
    if (!value.is_array() || value.size() > kMaxHappenings) {
      return InputError{"happenings must be an array of at most 100"};
    }
    for (const Json& each : value) {
      if (Problem problem = take_happening(each, simulated)) return problem;
    }
    return std::nullopt;
  }
  return InputError{quote(std::string(member)) + " is not a member of simulated"};
}

Problem take_simulated(const Json& value, Settings& settings) {
  if (!value.is_object()) return InputError{"simulated must be an object"};
  Simulated& simulated = settings.simulated.emplace();
  for (const auto& [member, each] : value.items()) {
    if (Problem problem = take_simulated_member(member, each, simulated)) return problem;
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
  return InputError{quote(std::string(member)) + " is not a setting"};
}

}  // namespace

Result<Settings> parse_settings(std::string_view text) {
  const Json json = parse_json(text);
  if (!json.is_object()) return InputError{"settings must be a JSON object"};
  Settings settings;
  for (const auto& [member, value] : json.items()) {
    if (const Problem problem = take_member(member, value, settings)) {
      return InputError{member + ": " + problem->message};
    }
  }
  if (settings.simulated) settings.server = kSimulatedServer;
  if (settings.server.empty()) return InputError{"server is missing"};
  if (settings.lanes.empty()) return InputError{"lanes names no transport"};
  if (settings.environment != nullptr) {
    if (const Problem problem = apply_environment(settings)) {
      return InputError{"scenario: " + problem->message};
    }
  }
  return settings;
}

}  // namespace playground::client
