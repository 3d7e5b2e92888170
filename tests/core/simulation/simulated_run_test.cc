#include "core/simulation/simulated_run.h"

#include <set>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "core/client/decision_words.h"
#include "core/client/snapshot.h"
#include "tests/support/decisions.h"

namespace playground::simulation {
namespace {

using client::kSecond;
using enum TransportId;

constexpr const char* kFive =
    R"("lanes":["short-poll","long-poll","sse","ndjson","websocket"],"scenario":{"rate":20})";

SimulatedRun run_of(const std::string& members) {
  auto settings = client::parse_settings("{" + members + "}");
  if (!settings) FAIL(settings.error().message);
  return SimulatedRun(*settings);
}

void pass(SimulatedRun& run, Micros duration) {
  constexpr Micros kFrame = 100'000;
  for (Micros passed = 0; passed < duration; passed += kFrame) run.pass(kFrame);
}

const client::ObservedLane& observed(const SimulatedRun& run, TransportId asked) {
  for (const client::ObservedLane& each : run.run().lanes()) {
    if (each.lane().asked() == asked) return each;
  }
  FAIL("no such lane");
  throw 0;
}

const client::Lane& lane(const SimulatedRun& run, TransportId asked) {
  return observed(run, asked).lane();
}

bool decided(const SimulatedRun& run, client::Reason reason) {
  return client::times_decided(run.run().decisions(), reason) > 0;
}

// Which one it was about, the last time.
const Fault& fault_of(const SimulatedRun& run, client::Reason reason) {
  return *newest(run.run().decisions(), reason).parameters.fault;
}

TEST_CASE("a simulated run needs no server") {
  SimulatedRun run = run_of(std::string(kFive) + R"(,"simulated":{})");
  pass(run, 20 * kSecond);
  CHECK(run.run().state() == client::RunState::kRunning);
  CHECK(run.run().simulated());
  for (const client::ObservedLane& each : run.run().lanes()) {
    CAPTURE(each.lane().asked());
    CHECK(each.ledger().delivered() > 300);
    CHECK(each.ledger().missing() == 0);
    CHECK(each.wire().known());
  }
}

TEST_CASE("the same settings give the same run, and another seed another one") {
  const auto play = [](int seed) {
    SimulatedRun run = run_of(std::string(kFive) +
                              R"(,"simulated":{"jitterMs":30,"lossPercent":5,)"
                              "\"seed\":" +
                              std::to_string(seed) + "}");
    pass(run, 10 * kSecond);
    return client::snapshot_json(run.run(), run.now());
  };
  const std::string first = play(7);
  CHECK(first == play(7));
  CHECK(first != play(8));
}

TEST_CASE("a fault that is added begins, is told, and is lifted") {
  SimulatedRun run = run_of(std::string(kFive) + R"(,"simulated":{})");
  pass(run, 3 * kSecond);
  run.run().add_fault({.kind = FaultKind::kBuffer, .transport = "sse"}, run.now());
  CHECK(run.run().faults().active().size() == 1);
  CHECK(fault_of(run, client::Reason::kFaultBegins).kind == FaultKind::kBuffer);
  pass(run, 30 * kSecond);
  CHECK(lane(run, kSse).running() == kLongPoll);
  CHECK(observed(run, kSse).ledger().missing() == 0);
  CHECK(lane(run, kWebSocket).running() == kWebSocket);
  run.run().lift_faults(run.now());
  CHECK(run.run().faults().active().empty());
  pass(run, 120 * kSecond);
  CHECK(lane(run, kSse).running() == kSse);
  CHECK(observed(run, kSse).ledger().missing() == 0);
  CHECK(observed(run, kSse).ledger().duplicate() == 0);
}

TEST_CASE("a fault with a length ends by itself, and one added at once is not lost") {
  SimulatedRun run = run_of(std::string(kFive) + R"(,"simulated":{})");
  run.run().add_fault({.kind = FaultKind::kDelay, .for_s = 2, .milliseconds = 500}, run.now());
  CHECK(run.run().state() == client::RunState::kConnecting);
  pass(run, 2 * kSecond);
  CHECK(run.run().faults().active().size() == 1);
  CHECK(observed(run, kSse).delay_us().max() > 500'000);
  pass(run, 2 * kSecond);
  CHECK(run.run().faults().active().empty());
  CHECK(fault_of(run, client::Reason::kFaultEnds).milliseconds == 500);
}

TEST_CASE("a fault past a hundred is refused with a sentence, while connecting and later") {
  SimulatedRun run = run_of(std::string(kFive) + R"(,"simulated":{})");
  for (int i = 0; i < 100; ++i) {
    run.run().add_fault({.kind = FaultKind::kDelay, .lane = "nobody"}, run.now());
  }
  CHECK_FALSE(decided(run, client::Reason::kTooManyFaults));
  run.run().add_fault({.kind = FaultKind::kCut}, run.now());
  CHECK(fault_of(run, client::Reason::kTooManyFaults).kind == FaultKind::kCut);
  CHECK(newest(run.run().decisions(), client::Reason::kTooManyFaults).parameters.count == 100);
  pass(run, 2 * kSecond);
  CHECK(run.run().faults().active().size() == 100);
  run.run().add_fault({.kind = FaultKind::kClose}, run.now());
  CHECK(fault_of(run, client::Reason::kTooManyFaults).kind == FaultKind::kClose);
  run.run().lift_faults(run.now());
  run.run().add_fault({.kind = FaultKind::kClose}, run.now());
  pass(run, 2 * kSecond);
  CHECK(fault_of(run, client::Reason::kFaultBegins).kind == FaultKind::kClose);
}

TEST_CASE("seven tabs of one site leave only WebSocket a connection") {
  SimulatedRun run =
      run_of(std::string(kFive) + R"(,"environment":"six-connections","simulated":{})");
  pass(run, 30 * kSecond);
  CHECK(run.run().state() == client::RunState::kRunning);
  CHECK(run.run().error().empty());
  CHECK(observed(run, kWebSocket).ledger().delivered() > 400);
  for (const auto id : {kShortPoll, kLongPoll, kSse, kNdjson}) {
    CHECK(observed(run, id).ledger().delivered() == 0);
  }
  std::set<TransportId> told;
  for (const client::Decision& each : run.run().decisions()) {
    if (each.reason != client::Reason::kFoundOut) continue;
    CAPTURE(client::sentence(each));
    CHECK(each.parameters.cause == client::Cause::kNoConnectionLeft);
    told.insert(*each.lane);
  }
  CHECK(told == std::set{kShortPoll, kLongPoll, kSse, kNdjson});
}

TEST_CASE("over HTTP/2 seven tabs share one connection, and nobody waits") {
  SimulatedRun run =
      run_of(std::string(kFive) + R"(,"environment":"six-connections","simulated":{"http":2})");
  pass(run, 10 * kSecond);
  for (const client::ObservedLane& each : run.run().lanes()) {
    CHECK(each.ledger().delivered() > 100);
  }
}

TEST_CASE("a snapshot says which version of HTTP each lane's origin speaks") {
  const auto versions = [](const std::string& simulated) {
    SimulatedRun run = run_of(R"("lanes":["sse","websocket"],"simulated":)" + simulated);
    pass(run, 2 * kSecond);
    const std::string json = client::snapshot_json(run.run(), run.now());
    std::string all;
    constexpr std::string_view kMember = R"("httpVersion":)";
    for (auto at = json.find(kMember); at != json.npos; at = json.find(kMember, at + 1)) {
      all += json.substr(at + kMember.size(), json.find(',', at) - at - kMember.size());
    }
    return all;
  };
  CHECK(versions("{}") == R"("http/1.1""http/1.1")");
  // A WebSocket has a connection of its own.
  CHECK(versions(R"({"http":2})") == R"("h2""http/1.1")");
}

TEST_CASE("in a hidden tab short polls come once a second and streams go on") {
  SimulatedRun run = run_of(R"("lanes":["short-poll","sse"],"shortPollMs":250,)"
                            R"("environment":"hidden-tab","simulated":{})");
  pass(run, 30 * kSecond);
  CHECK(observed(run, kShortPoll).requests() < 40);
  CHECK(observed(run, kSse).delay_us().percentile(50) < 100'000);
}

TEST_CASE("what happens to the device and the server passes, and nothing is lost") {
  for (const std::string kind : {"offline", "asleep", "hidden"}) {
    CAPTURE(kind);
    SimulatedRun run = run_of(std::string(kFive) + R"(,"simulated":{"happenings":[{"kind":")" +
                              kind + R"(","afterS":5,"forS":60}]})");
    pass(run, 150 * kSecond);
    for (const client::ObservedLane& each : run.run().lanes()) {
      CAPTURE(each.lane().asked());
      CHECK(each.ledger().delivered() > 2800);
      CHECK(each.ledger().missing() == 0);
      CHECK(each.ledger().duplicate() == 0);
    }
  }
}

TEST_CASE("a server that is restarted is found again") {
  SimulatedRun run =
      run_of(std::string(kFive) +
             R"(,"simulated":{"happenings":[{"kind":"restart","afterS":5,"forS":3}]})");
  pass(run, 30 * kSecond);
  CHECK(decided(run, client::Reason::kChannelLost));
  for (const client::ObservedLane& each : run.run().lanes()) {
    CHECK(run.now() - each.track().arrivals().back().arrived < 2 * kSecond);
    CHECK(each.lane().open());
  }
}

TEST_CASE("time stands still at speed 0, and goes on step by step") {
  SimulatedRun run = run_of(std::string(kFive) + R"(,"simulated":{})");
  run.set_speed(0);
  const Micros before = run.now();
  pass(run, kSecond);
  CHECK(run.now() == before);
  Micros last = before;
  for (int i = 0; i < 100; ++i) {
    run.step();
    CHECK(run.now() >= last);
    last = run.now();
  }
  CHECK(last > before);
  run.set_speed(0.001);
  run.pass(1'000'000);
  CHECK(run.now() == last + 1000);
  run.set_speed(10);
  run.pass(1'000'000);
  CHECK(run.now() == last + 1000 + 10'000'000);
}

TEST_CASE("what nobody saw is left out, and a clock that goes back moves nothing") {
  SimulatedRun run = run_of(std::string(kFive) + R"(,"simulated":{})");
  const Micros before = run.now();
  run.pass(3600 * kSecond);
  CHECK(run.now() == before + SimulatedRun::kLongestStep);
  run.pass(-5);
  CHECK(run.now() == before + SimulatedRun::kLongestStep);
}

TEST_CASE("a run that is stopped keeps its figures and stays stopped") {
  SimulatedRun run = run_of(std::string(kFive) + R"(,"simulated":{})");
  pass(run, 5 * kSecond);
  run.run().stop(run.now());
  const auto delivered = observed(run, kSse).ledger().delivered();
  pass(run, 5 * kSecond);
  CHECK(run.run().state() == client::RunState::kStopped);
  CHECK(observed(run, kSse).ledger().delivered() == delivered);
}

}  // namespace
}  // namespace playground::simulation
