#include "core/client/settings.h"

#include <algorithm>
#include <optional>

#include <nlohmann/json.hpp>

namespace playground::client {
namespace {

using Json = nlohmann::json;
using Problem = std::optional<InputError>;

std::string quote(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace).substr(0, 80);
}

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

// Each name of the array, found by `find`, goes to `target`; none may stand twice.
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
  auto scenario = parse_scenario(value.dump(-1, ' ', false, Json::error_handler_t::replace));
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

Problem take_member(std::string_view member, const Json& value, Settings& settings) {
  if (member == "server") return take_server(value, settings);
  if (member == "lanes") return take_names(value, member, find_transport, settings.lanes);
  if (member == "ladder")
    return take_names(value, member, find_transport, settings.ladder.emplace());
  if (member == "without") return take_names(value, member, find_feature, settings.without);
  if (member == "scenario") return take_scenario(value, settings);
  if (member == "shortPollMs") return take_short_poll(value, settings);
  return InputError{quote(std::string(member)) + " is not a setting"};
}

}  // namespace

Result<Settings> parse_settings(std::string_view text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return InputError{"settings must be a JSON object"};
  Settings settings;
  for (const auto& [member, value] : json.items()) {
    if (Problem problem = take_member(member, value, settings)) return std::move(*problem);
  }
  if (settings.server.empty()) return InputError{"server is missing"};
  if (settings.lanes.empty()) return InputError{"lanes names no transport"};
  return settings;
}

}  // namespace playground::client
