// Two servers of a world share their channels, and one of them dies: every reader goes on at the
// other, whatever it reads over.
#include "core/simulation/cluster.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "core/client/snapshot.h"
#include "core/simulation/simulated_run.h"
#include "tests/core/simulation/scene.h"
#include "tests/support/decisions.h"

namespace playground::simulation {
namespace {

using client::kSecond;
using client::Reason;
using enum TransportId;

const std::vector<TransportId> kAll{kShortPoll, kLongPoll, kSse,      kSseNative,
                                    kSseFetch,  kNdjson,   kWebSocket};

WorldSettings two() {
  WorldSettings settings;
  settings.servers = 2;
  return settings;
}

// All lanes, at two servers. One of them plays the scenario.
struct Town : Scene {
  explicit Town(std::string_view scenario = R"({"rate":20})", std::uint64_t seed = 1)
      : Scene(kAll, two(), seed, scenario) {
    pass(3 * kSecond);
  }

  std::string server_of(std::size_t lane) const { return observed(lane).lane().server(); }
  std::size_t readers_at(const std::string& server) const {
    std::size_t readers = 0;
    for (std::size_t i = 0; i < kAll.size(); ++i) readers += server_of(i) == server;
    return readers;
  }
  // The server that the store says plays the scenario, from 0.
  std::size_t player() {
    const std::string& process = world.cluster()->store().channels.at(run->channel()).player;
    return process.starts_with("1-") ? 0 : 1;
  }
  void nothing_is_lost() {
    for (std::size_t i = 0; i < kAll.size(); ++i) {
      CAPTURE(kAll[i]);
      CHECK(delivers(i));
      CHECK(lane(i).running() == kAll[i]);
      CHECK(observed(i).ledger().missing() == 0);
      CHECK(observed(i).ledger().duplicate() == 0);
      CHECK(observed(i).ledger().reordered() == 0);
      CHECK(observed(i).ledger().highest() + 25 > run->sent_count());
      CHECK(lane(i).epoch() == 0);
    }
    CHECK_FALSE(decided(Reason::kChannelLost));
    CHECK_FALSE(decided(Reason::kGap));
  }
  // When the messages of a lane that is served at once arrived, in order.
  Micros longest_silence(std::size_t lane, Micros since) const {
    Micros longest = 0;
    Micros before = since;
    for (const view::Arrival& each : observed(lane).track().arrivals()) {
      if (each.arrived < since) continue;
      longest = std::max(longest, each.arrived - before);
      before = each.arrived;
    }
    return longest;
  }
};

constexpr std::size_t kNdjsonLane = 5;

TEST_CASE("readers of every transport are spread over two servers, and lose nothing", "[cluster]") {
  Town town;
  town.pass(10 * kSecond);
  CHECK(town.readers_at("1") > 0);
  CHECK(town.readers_at("2") > 0);
  CHECK(town.readers_at("1") + town.readers_at("2") == kAll.size());
  town.nothing_is_lost();
  CHECK(town.run->sent_count() > 250);
}

TEST_CASE("when a server dies, its readers go on at the other one, and nothing is lost",
          "[cluster]") {
  const std::uint64_t seed = GENERATE(1u, 2u, 3u, 4u);
  const bool plays = GENERATE(false, true);
  CAPTURE(seed, plays);
  Town town(R"({"rate":20})", seed);
  town.pass(static_cast<Micros>(seed) * 700'000);
  const std::size_t player = town.player();
  const std::size_t dies = plays ? player : 1 - player;
  const std::string dead = std::to_string(dies + 1);
  const std::string other = std::to_string(2 - dies);
  REQUIRE(town.readers_at(dead) > 0);
  const Micros at = town.world.now();
  town.world.cluster()->stop(dies);
  town.pass(8 * kSecond);
  CHECK(town.readers_at(other) == kAll.size());
  CHECK(town.player() == 1 - dies);
  town.nothing_is_lost();
  for (std::size_t i = 0; i < kAll.size(); ++i) {
    CAPTURE(kAll[i]);
    // EventSource waits for as long as the browser likes.
    if (kAll[i] != kSseNative) CHECK(town.longest_silence(i, at) <= 3 * kSecond + 500'000);
  }
  // The scenario has gone on as planned: by the server's clock each message is due 50 ms after the
  // one before.
  const auto& sent = town.run->sent();
  for (std::size_t i = 1; i < sent.size(); ++i) {
    REQUIRE(sent[i].seq == sent[i - 1].seq + 1);
    REQUIRE(sent[i].sent - sent[i - 1].sent == 50'000);
  }
  REQUIRE(town.decided(Reason::kOtherServer));
  CHECK(town.parameters(Reason::kOtherServer).server == other);

  town.world.cluster()->start(dies);
  town.pass(5 * kSecond);
  town.world.cluster()->stop(1 - dies);
  town.pass(8 * kSecond);
  CHECK(town.readers_at(dead) == kAll.size());
  CHECK(town.player() == dies);
  town.nothing_is_lost();
}

TEST_CASE("another server plays a scenario within three seconds of its player's death",
          "[cluster]") {
  for (Micros phase = 0; phase < 2 * kSecond; phase += 130'000) {
    CAPTURE(phase);
    Town town;
    town.pass(phase);
    const std::size_t dies = town.player();
    const Micros at = town.world.now();
    town.world.cluster()->stop(dies);
    while (town.player() == dies) {
      town.pass(50'000);
      REQUIRE(town.world.now() - at <= 3 * kSecond);
    }
  }
}

TEST_CASE("while both servers are stopped nothing comes, and all of it comes after that",
          "[cluster]") {
  Town town;
  town.world.cluster()->stop(0);
  town.world.cluster()->stop(1);
  town.pass(5 * kSecond);
  CHECK_FALSE(town.run->error().empty());
  town.world.cluster()->start(1);
  town.pass(20 * kSecond);
  CHECK(town.run->error().empty());
  town.nothing_is_lost();
  CHECK(town.run->sent_count() > 20 * 20);
}

TEST_CASE("a channel of servers that stay away for longer than the store keeps it is lost",
          "[cluster]") {
  Town town;
  town.world.cluster()->stop(0);
  town.world.cluster()->stop(1);
  town.pass(50 * kSecond);
  town.world.cluster()->start(0);
  town.pass(40 * kSecond);
  CHECK(town.decided(Reason::kChannelLost));
  CHECK(town.delivers(kNdjsonLane));
}

TEST_CASE("a fault that is asked of one server is played by both", "[cluster]") {
  Town town;
  town.run->add_fault({.kind = FaultKind::kDelay, .milliseconds = 700}, town.world.now());
  town.pass(5 * kSecond);
  for (std::size_t i = 3; i < kAll.size(); ++i) {
    CAPTURE(kAll[i]);
    CHECK(town.observed(i).delay_us().max() > 650'000);
  }
}

// As a page sees it.

SimulatedRun servers_run(const std::string& simulated) {
  auto settings = client::parse_settings(
      R"({"lanes":["sse","ndjson","websocket"],"scenario":{"rate":20},"simulated":)" + simulated +
      "}");
  if (!settings) FAIL(settings.error().message);
  return SimulatedRun(*settings);
}

void run_for(SimulatedRun& run, Micros duration) {
  for (Micros passed = 0; passed < duration; passed += kSecond) run.pass(kSecond);
}

TEST_CASE("a page stops a server and starts it again, and sees which server each lane is at",
          "[cluster]") {
  SimulatedRun run = servers_run(R"({"servers":2})");
  run_for(run, 3 * kSecond);
  const auto snapshot = [&] { return client::snapshot_json(run.run(), run.now(), run.servers()); };
  CHECK(snapshot().find(R"("server":"1")") != std::string::npos);
  CHECK(snapshot().find(R"("server":"2")") != std::string::npos);
  CHECK(snapshot().find(R"("servers":[true,true])") != std::string::npos);
  run.set_server(1, false);
  CHECK(snapshot().find(R"("servers":[false,true])") != std::string::npos);
  run_for(run, 6 * kSecond);
  CHECK(snapshot().find(R"("server":"1","tag")") == std::string::npos);
  CHECK(client::times_decided(run.run().decisions(), Reason::kOtherServer) > 0);
  std::string marks;
  for (const auto& each : run.run().lanes()) {
    CHECK(each.lane().server() == "2");
    for (const view::Mark& mark : each.track().marks()) marks.append(mark.text).append("|");
  }
  CHECK(marks.find("server 2|") != std::string::npos);
  run.set_server(1, true);
  run.set_server(2, false);
  run_for(run, 6 * kSecond);
  for (const auto& each : run.run().lanes()) {
    CHECK(each.lane().server() == "1");
    CHECK(each.ledger().missing() == 0);
    CHECK(each.ledger().duplicate() == 0);
  }
}

TEST_CASE(
    "what is planned for a server happens, and the bytes of a message are found on whichever "
    "had it",
    "[cluster]") {
  SimulatedRun run =
      servers_run(R"({"servers":2,"happenings":[{"kind":"stop-1","afterS":5,"forS":4}]})");
  run_for(run, 4 * kSecond);
  const auto all_at = [&](const std::string& server) {
    return std::all_of(run.run().lanes().begin(), run.run().lanes().end(),
                       [&](const auto& each) { return each.lane().server() == server; });
  };
  CHECK_FALSE(all_at("2"));
  run_for(run, 5 * kSecond);
  CHECK(all_at("2"));
  run_for(run, 3 * kSecond);
  for (std::size_t lane = 0; lane < 3; ++lane) {
    CAPTURE(lane);
    int found = 0;
    run.ask_wire(lane, run.run().lanes()[lane].ledger().highest(),
                 [&](int status, std::string_view) { found = status; });
    CHECK(found == 200);
  }
}

TEST_CASE("one server has no name, and no other to be stopped", "[cluster]") {
  SimulatedRun run = servers_run("{}");
  run_for(run, 2 * kSecond);
  for (const auto& each : run.run().lanes()) CHECK(each.lane().server().empty());
  CHECK(run.servers().empty());
  run.set_server(2, false);
  run_for(run, 2 * kSecond);
  for (const auto& each : run.run().lanes()) CHECK(each.lane().open());
}

}  // namespace
}  // namespace playground::simulation
