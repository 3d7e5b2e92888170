// What the client owes its reader wherever the page is: every transport against every fault in
// every environment, set up as a simulated run of the page sets it up. SIMULATION_SEEDS=100 plays
// more of them.
#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "core/client/decision_words.h"
#include "core/client/environments.h"
#include "core/client/settings.h"
#include "core/simulation/simulated_run.h"
#include "tests/core/simulation/owed.h"
#include "tests/support/decisions.h"
#include "tests/support/json.h"

namespace playground::simulation {
namespace {

using client::EnvironmentInfo;
using client::kSecond;
using Json = nlohmann::json;

struct Case {
  const EnvironmentInfo& environment;
  TransportId transport;
  FaultKind kind;
  std::uint64_t seed;
};

void each_case(std::uint64_t salt, void (*play)(const Case& each)) {
  for (std::uint64_t round = 0; round < seeds(); ++round) {
    std::uint64_t seed = salt + 10'000 * round;
    for (const EnvironmentInfo& environment : client::environments()) {
      for (const TransportInfo& transport : transports()) {
        if (transport.id == TransportId::kSseNative) continue;  // see property_test.cc
        for (std::size_t i = 0; i < kFaultKindCount; ++i) {
          const auto kind = static_cast<FaultKind>(i);
          ++seed;
          CAPTURE(environment.id, transport.name, name(kind), seed);
          play({environment, transport.id, kind, seed});
        }
      }
    }
  }
}

// A line, a browser, and what happens to the device besides.
Json some_world(Random& random, std::uint64_t seed) {
  static constexpr std::array<std::string_view, 4> kLines{
      R"({"roundTripMs":2})", R"({"roundTripMs":40,"jitterMs":10,"tls":true})",
      R"({"roundTripMs":150,"jitterMs":80,"bytesPerS":200000,"lossPercent":1,"tls":true})",
      R"({"roundTripMs":300,"jitterMs":200,"bytesPerS":60000,"lossPercent":3,"tls":true})"};
  static constexpr std::array<std::string_view, 3> kHappenings{"offline", "hidden", "asleep"};
  Json world = read_json(kLines[random.next() % kLines.size()]);
  world["seed"] = static_cast<std::uint32_t>(seed);
  world["browser"] = random.unit() < 0.5 ? "chromium" : "firefox";
  world["http"] = random.unit() < 0.5 ? 1 : 2;
  if (random.unit() < 0.25) {
    world["happenings"] = {{{"kind", kHappenings[random.next() % kHappenings.size()]},
                            {"afterS", std::floor(random.unit() * 100)},
                            {"forS", 1 + std::floor(random.unit() * 25)}}};
  }
  return world;
}

// The ladder of the transport's own, none, or one that has everything.
Json some_ladder(Random& random) {
  switch (random.next() % 4) {
    case 0:
      return Json::array();
    case 1:
      return {"websocket", "sse", "sse-fetch", "ndjson", "long-poll", "short-poll"};
    default:
      return nullptr;
  }
}

struct Played {
  explicit Played(const client::Settings& its) : settings(its), run(settings) {
    run.set_speed(SimulatedRun::kMaxSpeed);
    for (Micros left = 300 * kSecond; left > 0; left -= kSecond) run.pass(kSecond / 1000);
  }

  const client::ObservedLane& observed() const { return run.run().lanes().front(); }
  const client::Lane& lane() const { return observed().lane(); }
  bool delivers() const {
    const client::LaneState state = lane().state();
    return state == client::LaneState::kLive || state == client::LaneState::kProbing ||
           state == client::LaneState::kTrial || state == client::LaneState::kChecking;
  }
  bool decided(client::Reason reason) const {
    return client::times_decided(run.run().decisions(), reason) > 0;
  }
  // For whoever reads of a failure.
  std::string story() const {
    std::string story;
    for (const client::Decision& each : run.run().decisions()) {
      story += std::to_string(each.at / 1000) + " ms " + sentence(each) + "\n";
    }
    return story + state_text(lane(), run.now());
  }

  client::Settings settings;
  SimulatedRun run;
};

client::Settings settings_for(const Case& each, const Fault& fault, std::uint32_t history,
                              Random& random) {
  Scenario scenario;
  scenario.rate = 2;
  scenario.count = kMessages;
  scenario.history = history;
  scenario.seed = static_cast<std::uint32_t>(each.seed);
  scenario.faults.push_back(fault);
  Json json{{"lanes", {info(each.transport).name}},
            {"environment", each.environment.id},
            {"scenario", read_json(to_json(scenario))},
            {"simulated", some_world(random, each.seed)}};
  if (Json ladder = some_ladder(random); !ladder.is_null()) json["ladder"] = std::move(ladder);
  auto settings = client::parse_settings(json.dump());
  if (!settings) FAIL(settings.error().message);
  return std::move(*settings);
}

// Whether anything is delivered over it where the page is.
bool works(TransportId transport, const client::Settings& settings) {
  const auto& without = settings.without;
  const Feature needs = info(transport).needs;
  if (std::find(without.begin(), without.end(), needs) != without.end()) return false;
  const std::string_view path = path_of(transport);
  const std::string_view id = settings.environment->id;
  if (id == "buffering-proxy") return path != "sse" && path != "stream";
  if (id == "no-upgrade") return path != "websocket";
  // The other tabs hold every connection that HTTP/1.1 may have.
  if (id == "six-connections" && !settings.simulated->http2) return path == "websocket";
  return true;
}

std::vector<TransportId> that_work(const Case& each, const client::Settings& settings) {
  std::vector<TransportId> ladder = client::ladder_for(each.transport, settings.ladder);
  std::erase_if(ladder, [&](TransportId rung) { return !works(rung, settings); });
  return ladder;
}

// The lane says so, or the run says that the server does not answer it either.
void check_nothing_works(const Played& played) {
  // A fault may end what another tab holds, and the lane takes its connection.
  const bool has_other_tabs = played.settings.environment->other_tabs > 0;
  if (has_other_tabs && played.observed().ledger().delivered() > 0) return;
  CHECK_FALSE(played.delivers());
  CHECK((played.decided(client::Reason::kNothingLeft) ||
         played.decided(client::Reason::kNothingToUse) ||
         played.run.run().error().find("does not answer") != std::string::npos));
}

TEST_CASE("wherever the page is, a fault that passes costs nothing the log still has",
          "[simulation][property]") {
  each_case(1, [](const Case& each) {
    Random random(each.seed);
    const std::uint32_t history = random.unit() < 0.3 ? 4 : 10'000;
    Fault fault = some_fault(each.kind, random);
    if (random.unit() < 0.5) fault.transport = path_of(each.transport);
    const Played played(settings_for(each, fault, history, random));
    CAPTURE(played.story());
    if (that_work(each, played.settings).empty()) return check_nothing_works(played);
    check_what_is_owed(played.run.run());
    CHECK(played.delivers());
    if (history > 4 && each.kind != FaultKind::kEvict) {
      CHECK(played.observed().ledger().missing() == 0);
    }
  });
}

TEST_CASE("wherever the page is, the ladder ends on a transport that works if there is one",
          "[simulation][property]") {
  each_case(5000, [](const Case& each) {
    if (is_moment(each.kind)) return;
    Random random(each.seed);
    Fault fault = some_fault(each.kind, random);
    fault.for_s = 0;
    if (is_at_the_door(each.kind)) fault.after_s = 0;
    fault.bytes = 0;
    fault.transport = path_of(each.transport);
    const Played played(settings_for(each, fault, 10'000, random));
    CAPTURE(played.story());
    std::vector<TransportId> left = that_work(each, played.settings);
    std::erase_if(left, [&](TransportId rung) {
      return path_of(rung) == fault.transport && defeats(each.kind, rung);
    });
    // One that works until the fault comes is all there may be.
    if (left.empty() && fault.after_s > 0) return;
    if (left.empty()) return check_nothing_works(played);
    check_what_is_owed(played.run.run());
    CHECK(played.observed().ledger().missing() == 0);
    // An Upgrade that is tried again now and then shuts the door for a while each time.
    if (ends_connections(each.kind) || each.kind == FaultKind::kUpgradePoison) return;
    CHECK(played.delivers());
    CHECK(std::find(left.begin(), left.end(), played.lane().running()) != left.end());
  });
}

}  // namespace
}  // namespace playground::simulation
