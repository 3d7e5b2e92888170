// A run of the client in a simulated world.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "core/client/run.h"
#include "core/scenario.h"
#include "core/simulation/world.h"
#include "tests/support/decisions.h"

namespace playground::simulation {

struct Scene {
  explicit Scene(std::vector<TransportId> lanes, const WorldSettings& settings = {},
                 std::uint64_t seed = 1, std::string_view scenario = "{}")
      : world(settings, seed) {
    client::Settings run_settings;
    run_settings.server = settings.page.server;
    run_settings.lanes = std::move(lanes);
    auto parsed = parse_scenario(scenario);
    REQUIRE(parsed);
    run_settings.scenario = std::move(*parsed);
    run = std::make_unique<client::Run>(std::move(run_settings), world.dispatcher(), seed);
    run->start(world.now());
  }

  void pass(Micros time) { world.advance(world.now() + time); }
  const client::ObservedLane& observed(std::size_t index) const { return run->lanes().at(index); }
  const client::Lane& lane(std::size_t index) const { return observed(index).lane(); }
  // Whether the lane has a connection that delivers; a better one may be tried beside it.
  bool delivers(std::size_t index) const {
    const client::LaneState state = lane(index).state();
    return state == client::LaneState::kLive || state == client::LaneState::kProbing ||
           state == client::LaneState::kTrial || state == client::LaneState::kChecking;
  }
  bool decided(client::Reason reason) const {
    return client::times_decided(run->decisions(), reason) > 0;
  }
  const client::Parameters& parameters(client::Reason reason) const {
    return client::newest(run->decisions(), reason).parameters;
  }

  World world;
  std::unique_ptr<client::Run> run;
};

}  // namespace playground::simulation
