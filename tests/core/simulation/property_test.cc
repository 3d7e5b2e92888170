// What the client owes its reader, whatever goes wrong: every transport against every fault, over
// lines and histories of many kinds, in virtual time. SIMULATION_SEEDS=100 plays more of them.
#include <array>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "core/fault.h"
#include "tests/core/simulation/owed.h"
#include "tests/core/simulation/scene.h"

namespace playground::simulation {
namespace {

using client::kSecond;

// Lines from a data centre's to a train's.
LinkSettings some_link(Random& random) {
  static constexpr std::array<LinkSettings, 4> kLines{{
      {2'000, 0, 0, 0, 0, false},
      {40'000, 10'000, 0, 0, 0, true},
      {150'000, 80'000, 30'000, 200'000, 0.01, true},
      {300'000, 200'000, 20'000, 60'000, 0.03, true},
  }};
  return kLines[random.next() % kLines.size()];
}

std::string scenario_with(const Fault& fault, std::uint32_t history, std::uint64_t seed) {
  Scenario scenario;
  scenario.rate = 2;
  scenario.count = kMessages;
  scenario.history = history;
  scenario.seed = static_cast<std::uint32_t>(seed);
  scenario.faults.push_back(fault);
  return to_json(scenario);
}

void each_case(std::uint64_t salt, void (*play)(TransportId, FaultKind, std::uint64_t seed)) {
  for (std::uint64_t round = 0; round < seeds(); ++round) {
    for (const TransportInfo& transport : transports()) {
      for (std::size_t kind = 0; kind < kFaultKindCount; ++kind) {
        // A plain page has no ladder, and believes whatever id it was given.
        if (transport.id == TransportId::kSseNative) continue;
        const std::uint64_t seed =
            salt + 1000 * round + 17 * kind + static_cast<std::uint64_t>(transport.id);
        CAPTURE(transport.name, name(static_cast<FaultKind>(kind)), seed);
        play(transport.id, static_cast<FaultKind>(kind), seed);
      }
    }
  }
}

TEST_CASE("a fault that passes costs nothing the log still has, and every gap is announced",
          "[simulation][property]") {
  each_case(1, [](TransportId transport, FaultKind kind, std::uint64_t seed) {
    Random random(seed);
    WorldSettings settings;
    settings.link = some_link(random);
    settings.page.browser = random.unit() < 0.5 ? BrowserKind::kChromium : BrowserKind::kFirefox;
    settings.page.http = random.unit() < 0.5 ? HttpVersion::kHttp1 : HttpVersion::kHttp2;
    const std::uint32_t history = random.unit() < 0.5 ? 4 : 10'000;
    Fault fault = some_fault(kind, random);
    if (random.unit() < 0.5) fault.transport = path_of(transport);
    Scene scene({transport}, settings, seed, scenario_with(fault, history, seed));
    scene.pass(260 * kSecond);
    check_what_is_owed(*scene.run);
    CHECK(scene.delivers(0));
    if (history > 4 && kind != FaultKind::kEvict) CHECK(scene.lane(0).ledger().missing() == 0);
  });
}

TEST_CASE("a fault that stays leads the ladder to a transport that works",
          "[simulation][property]") {
  each_case(500, [](TransportId transport, FaultKind kind, std::uint64_t seed) {
    if (is_moment(kind) || transport == TransportId::kShortPoll) return;
    Random random(seed);
    Fault fault = some_fault(kind, random);
    fault.for_s = 0;
    if (is_at_the_door(kind)) fault.after_s = 0;
    fault.bytes = 0;
    fault.transport = path_of(transport);
    WorldSettings settings;
    settings.link = some_link(random);
    Scene scene({transport}, settings, seed, scenario_with(fault, 10'000, seed));
    scene.pass(260 * kSecond);
    check_what_is_owed(*scene.run);
    CHECK(scene.lane(0).ledger().missing() == 0);
    if (!ends_connections(kind)) CHECK(scene.delivers(0));
    if (defeats(kind, transport)) {
      CHECK(path_of(scene.lane(0).running()) != path_of(transport));
    }
  });
}

}  // namespace
}  // namespace playground::simulation
