// What a run is started with; JSON of `Settings` in web/src/contract/core-module.ts.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/client/endpoint_settings.h"
#include "core/client/environments.h"
#include "core/client/host.h"
#include "core/result.h"
#include "core/scenario.h"
#include "core/transport.h"

namespace playground::client {

// What happens to the device in a simulated run.
struct Happening {
  enum class Kind : std::uint8_t {
    kOffline,  // it has no network, and says so
    kHidden,   // nobody is looking at the page
    kAsleep,   // the machine sleeps: nothing runs and nothing arrives
    kRestart,  // the server is gone, and comes back without its channels
    kStopOne,  // of two servers the first is gone
    kStopTwo,
  };
  Kind kind;
  Micros after;   // the start of the run
  Micros length;  // more than 0
};

// A run in the core's simulated world. The same settings give the same run.
struct Simulated {
  std::uint32_t seed = 1;
  Micros round_trip = 40 * kMillisecond;
  Micros jitter = 0;
  double bytes_per_s = 0;  // down the line; 0: no limit
  double loss = 0;         // of segments, 0 to 0.5
  bool tls = false;
  bool firefox = false;  // whose limits and request heads; Chromium's otherwise
  bool http2 = false;
  std::size_t servers = 1;  // two share their channels, behind a balancer
  std::vector<Happening> happenings = {};
};

inline constexpr std::size_t kMaxHappenings = 100;
inline constexpr double kMinBackRate = 0.1;
inline constexpr double kMaxBackRate = 10;

// Whether this program has simulated runs alone. One that has leaves out what only the endpoints of
// other people's servers need: wasm/simulated_only.cc says so in place of full.cc.
extern const bool kSimulatedOnly;
// Whether each of its runs has a single server, which has no name. Of such a program the same file
// leaves out what only several servers need.
extern const bool kOneServer;

struct Settings {
  // "http://localhost:8088", without a slash at the end; a simulated run has its own. Nobody asks
  // it where there are no lanes.
  std::string server;
  std::vector<TransportId> lanes;  // that follow a channel of the server
  Endpoints endpoints;             // and those that follow somebody's endpoint
  Scenario scenario;
  std::vector<Feature> without;
  Micros short_poll_interval = kSecond;
  double back_rate = 0;  // messages/s that each lane says (Uplink), or 0: one way only
  // Whether lanes may go to the server's lane ports, past whatever stands before its own address.
  bool lane_ports = true;
  // Whether streams leave out what they say to those on their way (docs/api.md, plain_headers).
  bool plain_headers = false;
  // What a lane falls back to, best first (ladder_for); if absent, each transport's own ladder.
  std::optional<std::vector<TransportId>> ladder;
  // What it lacks is in `without` as well, and what goes wrong in it in `scenario`.
  const EnvironmentInfo* environment = nullptr;
  std::optional<Simulated> simulated;
};

// The server of a simulated run.
inline constexpr std::string_view kSimulatedServer = "http://localhost:8088";

// Unknown members, wrong types and values out of range are errors that name the member.
Result<Settings> parse_settings(std::string_view json);

}  // namespace playground::client
