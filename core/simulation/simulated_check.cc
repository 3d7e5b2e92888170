#include "core/simulation/simulated_check.h"

#include <string>
#include <utility>

#include "core/client/settings.h"
#include "core/scenario.h"
#include "core/server/check/check_api.h"
#include "core/simulation/simulated_run.h"

namespace playground::simulation {

SimulatedCheck::SimulatedCheck(check::CheckSettings settings, const check::SimulatedPath& path,
                               std::uint64_t seed)
    : speed_(path.speed),
      world_({.page = {.server = std::string(client::kSimulatedServer)},
              .link = {.round_trip = path.round_trip},
              .check = server::make_check_api},
             seed) {
  settings.server = client::kSimulatedServer;
  if (!path.faults.empty()) {
    settings.channel = "path";
    world_.origin().ask("PUT", "/api/channels/path",
                        to_json(Scenario{.rate = 0.1, .faults = path.faults}));
  }
  check_.emplace(std::move(settings), world_.dispatcher(), seed);
  check_->start(world_.now());
}

void SimulatedCheck::pass(Micros real) {
  const double passed = static_cast<double>(std::min(real, SimulatedRun::kLongestStep)) * speed_;
  world_.advance(world_.now() + static_cast<Micros>(passed));
}

}  // namespace playground::simulation
