// What a run is started with; JSON of `Settings` in web/src/core-module.ts.
#ifndef PLAYGROUND_CORE_CLIENT_SETTINGS_H_
#define PLAYGROUND_CORE_CLIENT_SETTINGS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/client/host.h"
#include "core/client/transport_id.h"
#include "core/result.h"
#include "core/scenario.h"

namespace playground::client {

struct Settings {
  std::string server;  // "http://localhost:8088", without a slash at the end
  std::vector<TransportId> lanes;
  Scenario scenario;
  std::vector<Feature> without;
  Micros short_poll_interval = kSecond;
  // What a lane falls back to, best first (ladder_for); each transport's own ladder without it.
  std::optional<std::vector<TransportId>> ladder;
};

// Unknown members, wrong types and values out of range are errors that name the member.
Result<Settings> parse_settings(std::string_view json);

}  // namespace playground::client

#endif  // PLAYGROUND_CORE_CLIENT_SETTINGS_H_
