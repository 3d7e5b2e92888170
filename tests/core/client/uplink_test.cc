#include "core/client/uplink.h"

#include <string>

#include <catch2/catch_test_macros.hpp>

#include "core/client/snapshot.h"
#include "core/simulation/simulated_run.h"

namespace playground::client {
namespace {

using simulation::SimulatedRun;
using enum TransportId;

// A line of 80 ms there and back, on which each lane says something every two seconds.
SimulatedRun both_ways(const std::string& lanes, const std::string& more = "",
                       const std::string& simulated = "\"roundTripMs\":80") {
  const auto settings = parse_settings(
      "{\"lanes\":[" + lanes + "],\"backRate\":0.5,\"simulated\":{" + simulated + "}" + more + "}");
  if (!settings) FAIL(settings.error().message);
  return SimulatedRun(*settings);
}

void pass(SimulatedRun& run, Micros duration) {
  for (Micros passed = 0; passed < duration; passed += 100'000) run.pass(100'000);
}

const ObservedLane& observed(const SimulatedRun& run, std::size_t index = 0) {
  return run.run().lanes().at(index);
}

TEST_CASE("what each lane says comes down on every lane, and ends its own round trip") {
  SimulatedRun run =
      both_ways(R"("short-poll","long-poll","sse","sse-native","sse-fetch","ndjson","websocket")");
  pass(run, 61 * kSecond);
  std::uint64_t said = 0;
  for (std::size_t i = 0; i < run.run().lanes().size(); ++i) {
    const ObservedLane& each = observed(run, i);
    CAPTURE(each.lane().asked());
    said += each.uplink().said();
    CHECK(each.uplink().said() >= 29);
    // The newest may be on its way.
    CHECK(each.uplink().heard() + 1 >= each.uplink().said());
    CHECK(each.ledger().missing() == 0);
    CHECK(each.ledger().duplicate() == 0);
    CHECK_FALSE(each.track().said().empty());
  }
  CHECK(run.run().sent_count() >= said - 7 + 300);
}

TEST_CASE("a frame goes up on the WebSocket's own connection, everything else is a POST") {
  SimulatedRun run = both_ways(R"("sse","websocket")");
  pass(run, 20 * kSecond);
  const ObservedLane& sse = observed(run, 0);
  const ObservedLane& websocket = observed(run, 1);
  CHECK(sse.uplink().requests() == sse.uplink().said());
  CHECK(websocket.uplink().requests() == 0);
  CHECK(websocket.requests() == 1);
  // A frame is a round trip; so is a POST on a connection that is there, give or take its heads.
  CHECK(websocket.uplink().round_trip_us().percentile(50) >= 80 * kMillisecond);
  CHECK(websocket.uplink().round_trip_us().percentile(50) < 85 * kMillisecond);
  CHECK(sse.uplink().round_trip_us().percentile(50) >= 80 * kMillisecond);
}

TEST_CASE("what is said on a polling lane comes down with its next poll") {
  SimulatedRun run = both_ways(R"("short-poll","websocket")", R"(,"shortPollMs":5000)");
  pass(run, 120 * kSecond);
  CHECK(observed(run, 0).uplink().round_trip_us().percentile(50) > kSecond);
  CHECK(observed(run, 1).uplink().round_trip_us().percentile(99) < 100 * kMillisecond);
}

TEST_CASE("a WebSocket lane that has fallen back says it by POST") {
  SimulatedRun run =
      both_ways("\"websocket\"", R"(,"scenario":{"faults":[{"kind":"upgrade-refused"}]})");
  pass(run, 30 * kSecond);
  CHECK(observed(run).lane().running() == kSse);
  CHECK(observed(run).uplink().requests() > 5);
  CHECK(observed(run).uplink().heard() + 1 >= observed(run).uplink().said());
}

TEST_CASE("a POST that fails is made again, and what waited follows") {
  SimulatedRun run =
      both_ways("\"sse\"", R"(,"scenario":{"faults":[{"kind":"status","after_s":5,"for_s":10}]})");
  pass(run, 14 * kSecond);
  const auto said = observed(run).uplink().said();
  CHECK(observed(run).uplink().heard() < said - 2);
  CHECK(observed(run).uplink().requests() > said);
  pass(run, 20 * kSecond);
  CHECK(observed(run).uplink().heard() + 1 >= observed(run).uplink().said());
  CHECK(observed(run).uplink().round_trip_us().max() > 5 * kSecond);
}

TEST_CASE("a frame that went into a dead connection is not heard again, and nobody says so") {
  SimulatedRun run = both_ways(
      "\"websocket\"",
      R"(,"scenario":{"faults":[{"kind":"stall","transport":"websocket","after_s":5,"for_s":3},
                                 {"kind":"cut","after_s":8,"reset":true}]})");
  pass(run, 40 * kSecond);
  CHECK(observed(run).uplink().heard() < observed(run).uplink().said());
  CHECK(observed(run).uplink().heard() + 4 >= observed(run).uplink().said());
  CHECK(observed(run).ledger().missing() == 0);
}

TEST_CASE("what others publish is never taken for the lane's own") {
  SimulatedRun run = both_ways("\"sse\",\"sse-fetch\"");
  pass(run, 10 * kSecond);
  CHECK(observed(run, 0).uplink().heard() <= observed(run, 0).uplink().said());
  CHECK(observed(run, 1).uplink().heard() <= observed(run, 1).uplink().said());
  CHECK(observed(run, 0).ledger().delivered() > 50);
}

TEST_CASE("one way is the default, and a rate out of range is named") {
  const auto settings = parse_settings(R"({"lanes":["sse"],"simulated":{}})");
  REQUIRE(settings);
  SimulatedRun run(*settings);
  pass(run, 10 * kSecond);
  CHECK(observed(run).uplink().said() == 0);
  CHECK(snapshot_json(run.run(), run.now()).find("\"back\":null") != std::string::npos);
  for (const char* rate : {"-1", "0.05", "11", "\"1\"", "null"}) {
    CAPTURE(rate);
    const auto refused =
        parse_settings(std::string(R"({"lanes":["sse"],"simulated":{},"backRate":)") + rate + "}");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message.find("backRate") != std::string::npos);
  }
}

}  // namespace
}  // namespace playground::client
