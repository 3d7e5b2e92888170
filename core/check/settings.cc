#include "core/check/settings.h"

#include <cmath>
#include <string>
#include <utility>

#include "core/json.h"

namespace playground::check {
namespace {

constexpr double kMaxSpeed = 1000;

class Reader {
 public:
  // Nothing, and an error, where it is not a number from `least` to `most`.
  std::optional<double> number(std::string_view name, const Json& value, double least,
                               double most) {
    const auto number = value.number();
    if (number && *number >= least && *number <= most) return number;
    fail(std::string(name) + " must be a number from " + std::to_string(std::lround(least)) +
         " to " + std::to_string(std::lround(most)));
    return std::nullopt;
  }
  void fail(std::string sentence) {
    if (!error_) error_ = InputError{std::move(sentence)};
  }
  const std::optional<InputError>& error() const { return error_; }

 private:
  std::optional<InputError> error_;
};

void take_simulated(const Json& json, Reader& read, SimulatedPath& path) {
  if (!json.members()) return read.fail("simulated must be an object");
  for (const auto& [name, value] : *json.members()) {
    if (name == "faults") {
      if (!value.elements() || value.elements()->size() > kMaxFaults) {
        return read.fail("faults must be an array of 100 faults or less");
      }
      for (const Json& each : *value.elements()) {
        auto fault = parse_fault(each);
        if (!fault) return read.fail(fault.error().message);
        path.faults.push_back(std::move(*fault));
      }
    } else if (name == "round_trip_ms") {
      if (const auto ms = read.number(name, value, 0, 10'000))
        path.round_trip = client::micros(*ms / 1000);
    } else if (name == "speed") {
      if (const auto speed = read.number(name, value, 0, kMaxSpeed)) path.speed = *speed;
    } else {
      read.fail("simulated has no member " + name);
    }
  }
}

}  // namespace

Result<PageSettings> parse_check_settings(std::string_view text) {
  const Json json = parse_json(text);
  if (!json.members()) return InputError{"a check's settings must be a JSON object"};
  PageSettings settings;
  Reader read;
  for (const auto& [name, value] : *json.members()) {
    if (name == "server") {
      const std::string* server = value.text();
      const bool http =
          server && (server->starts_with("http://") || server->starts_with("https://"));
      if (!http || server->ends_with('/') || server->find_first_of("?#") != server->npos) {
        read.fail(
            "server must be an address such as https://example.org, without a slash at the end");
      } else {
        settings.check.server = *server;
      }
    } else if (name == "channel") {
      if (!value.text()) read.fail("channel must be a channel's id");
      if (value.text()) settings.check.channel = *value.text();
    } else if (name == "quick") {
      if (!value.truth()) read.fail("quick must be true or false");
      if (value.truth()) settings.check.quick = *value.truth();
    } else if (name == "longest_silence_s") {
      const double most = static_cast<double>(kMostSilence / client::kSecond);
      if (const auto seconds = read.number(name, value, 0, most)) {
        settings.check.longest_silence = client::micros(*seconds);
      }
    } else if (name == "simulated") {
      take_simulated(value, read, settings.simulated.emplace());
    } else {
      read.fail("a check's settings have no member " + name);
    }
  }
  if (settings.check.quick && !json.find("longest_silence_s")) settings.check.longest_silence = 0;
  if (settings.check.server.empty() && !settings.simulated) read.fail("server is missing");
  if (read.error()) return *read.error();
  return settings;
}

}  // namespace playground::check
