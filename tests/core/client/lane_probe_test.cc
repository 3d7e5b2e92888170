// Up the ladder again: probes beside the transport that runs, and the hand-over.
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "core/client/decision_words.h"
#include "tests/support/lane_scene.h"

namespace playground::client {
namespace {

using enum TransportId;

// A WebSocket lane that runs over long polling or whatever the ladder has next, and delivers.
struct Fallen : LaneScene {
  explicit Fallen(const std::vector<TransportId>& ladder = {kWebSocket, kLongPoll})
      : LaneScene(ladder) {
    start();
    fall_once();
    REQUIRE(lane.running() == ladder.at(1));
    fell_at = decisions.at(decisions.size() - 1).at;
    open_and_greet();
    say(1);
    until_asked();
    REQUIRE(lane.state() == LaneState::kLive);
  }
  // Time passes, with a message every half second.
  void pass(Micros time) {
    for (const Micros end = host.now + time; host.now < end;) {
      host.advance(std::min<Micros>(500 * kMillisecond, end - host.now));
      if (host.has_open(voice().path())) say(++seq);
      if (!voice().is_poll()) continue;
    }
  }
  void until_probing() {
    for (int i = 0; i < 2000 && lane.state() != LaneState::kProbing; ++i) {
      if (i % 10 == 0 && host.has_open(voice().path())) say(++seq);
      host.advance(50 * kMillisecond);
    }
    REQUIRE(lane.state() == LaneState::kProbing);
  }
  ServerVoice probe() { return voice(*lane.probing()); }

  Micros fell_at = 0;
  std::uint64_t seq = 1;
};

TEST_CASE("a better transport is tried again when the memory of its failure expires") {
  Fallen scene;
  REQUIRE(scene.lane.next_probe_at());
  const Micros due = *scene.lane.next_probe_at();
  scene.until_probing();
  const Decision& trying = scene.decision(Reason::kProbes);
  CHECK(trying.parameters.transport == kLongPoll);
  CHECK(trying.parameters.other == kWebSocket);
  CHECK(trying.at == due);
  CHECK(trying.at - scene.fell_at > 4 * kSecond);
  CHECK(trying.at - scene.fell_at < 12 * kSecond);
  CHECK(scene.lane.running() == kLongPoll);
  CHECK(scene.lane.probing() == kWebSocket);
  CHECK(state_text(scene.lane, scene.host.now).find("trying WebSocket") != std::string::npos);
  // The transport that runs goes on delivering meanwhile.
  const auto before = scene.observed.ledger().delivered();
  scene.say(++scene.seq);
  CHECK(scene.observed.ledger().delivered() == before + 1);
}

TEST_CASE("a timer that comes a little early tries what it was set for") {
  Fallen scene;
  REQUIRE(scene.lane.next_probe_at());
  const auto timer = scene.host.timers.find(*scene.lane.next_probe_at());
  REQUIRE(timer != scene.host.timers.end());
  const auto [due, id] = *timer;
  scene.host.timers.erase(timer);
  scene.host.now = due - 700;
  scene.host.dispatcher.due(id, scene.host.now);
  CHECK(scene.lane.probing() == kWebSocket);
}

TEST_CASE("a probe that only opens does not take over") {
  Fallen scene;
  scene.until_probing();
  scene.probe().open();
  scene.host.advance(1900 * kMillisecond);
  CHECK(scene.lane.state() == LaneState::kProbing);
  scene.host.advance(200 * kMillisecond);
  CHECK(scene.lane.state() == LaneState::kLive);
  CHECK(scene.lane.running() == kLongPoll);
  const Parameters& failed = scene.parameters(Reason::kStillFails);
  CHECK(failed.transport == kLongPoll);
  CHECK(failed.other == kWebSocket);
  CHECK(failed.cause == Cause::kBuffered);
  CHECK_FALSE(scene.host.has_open("/websocket?"));
}

TEST_CASE(
    "a probe that delivers and holds takes over after the last message, and nothing is lost") {
  Fallen scene(GENERATE(std::vector{kWebSocket, kSse, kLongPoll},
                        std::vector{kWebSocket, kLongPoll}, std::vector{kSse, kShortPoll},
                        std::vector{kNdjson, kSseFetch}));
  const TransportId best = scene.lane.asked();
  const TransportId lower = scene.lane.running();
  scene.until_probing();
  const std::uint64_t after = scene.seq;
  CHECK(scene.host.requests.back().url.find("after=" + std::to_string(after)) != std::string::npos);
  ServerVoice probe = scene.probe();
  probe.open();
  probe.greet(after);
  CHECK(scene.lane.state() == LaneState::kTrial);
  CHECK(scene.lane.running() == lower);

  // Both deliver now, each the same messages: sometimes one is ahead, sometimes the other.
  std::uint64_t fast = after;
  std::uint64_t slow = after;
  std::uint64_t both = 0;
  while (scene.lane.state() == LaneState::kTrial) {
    scene.host.advance(100 * kMillisecond);
    if (scene.lane.state() != LaneState::kTrial) break;
    for (int i = 0; i < 2; ++i) probe.say(scene.message(++fast));
    if (slow < fast && scene.host.has_open(scene.voice().path())) {
      scene.say(++slow);
      ++both;
    }
  }
  CHECK(scene.lane.state() == LaneState::kLive);
  CHECK(scene.lane.running() == best);
  CHECK(scene.lane.tag().cause == Cause::kNone);
  CHECK(scene.host.open_now.size() == 1);
  for (int i = 0; i < 5; ++i) probe.say(scene.message(++fast));
  CHECK(scene.observed.ledger().delivered() == fast);
  CHECK(scene.observed.ledger().missing() == 0);
  CHECK(scene.observed.ledger().duplicate() == 0);
  CHECK(scene.observed.track().arrivals().size() == fast);
  CHECK(scene.observed.overlap() == both);
  const Parameters& handed = scene.parameters(Reason::kTookOver);
  CHECK(handed.transport == best);
  CHECK(handed.other == lower);
  CHECK(handed.after > after);
  CHECK(handed.count == both);
  CHECK_FALSE(handed.end);
  CHECK_FALSE(info(Reason::kTookOver).trouble);
}

TEST_CASE("a probe that lags behind leaves no gap when it takes over") {
  Fallen scene({kWebSocket, kSse});
  scene.until_probing();
  const std::uint64_t after = scene.seq;
  ServerVoice probe = scene.probe();
  probe.open();
  probe.greet(after);
  for (std::uint64_t seq = after + 1; seq <= after + 10; ++seq) scene.say(seq);
  probe.say(scene.message(after + 1));
  scene.host.advance(kSecond);
  REQUIRE(scene.lane.running() == kWebSocket);
  for (std::uint64_t seq = after + 2; seq <= after + 12; ++seq) probe.say(scene.message(seq));
  CHECK(scene.observed.ledger().delivered() == after + 12);
  CHECK(scene.observed.ledger().missing() == 0);
  CHECK(scene.observed.ledger().duplicate() == 0);
  CHECK(scene.observed.overlap() == 10);
  // A repetition by the server is one still.
  probe.say(scene.message(after + 12));
  CHECK(scene.observed.ledger().duplicate() == 1);
}

TEST_CASE("a failed probe waits longer, up to a limit, and leaves the lane in peace") {
  Fallen scene;
  std::vector<Micros> pauses;
  Micros last = scene.fell_at;
  for (int i = 0; i < 9; ++i) {
    for (int j = 0; j < 5000 && scene.lane.state() != LaneState::kProbing; ++j) {
      scene.host.advance(100 * kMillisecond);
      if (j % 20 == 0 && scene.host.has_open("/long-poll?")) scene.say(++scene.seq);
    }
    REQUIRE(scene.lane.state() == LaneState::kProbing);
    pauses.push_back(scene.host.now - last);
    last = scene.host.now;
    scene.probe().cut();
    CHECK(scene.lane.state() == LaneState::kLive);
    CHECK(scene.lane.running() == kLongPoll);
  }
  Micros bound = 10 * kSecond;
  for (const Micros pause : pauses) {
    CAPTURE(pause, bound);
    CHECK(pause >= bound / 2 - kSecond);
    CHECK(pause <= bound + kSecond);
    bound = std::min(300 * kSecond, 2 * bound);
  }
  CHECK(scene.observed.reconnects() == 0);
  CHECK(times_decided(scene.decisions, Reason::kStillFails) == 9);
  const Parameters& failed = scene.parameters(Reason::kStillFails);
  CHECK(failed.end->detail == "cut");
  CHECK(failed.pause >= 150 * kSecond);
}

TEST_CASE("a transport that ends soon after it took over is left again at once, for longer") {
  Fallen scene;
  scene.until_probing();
  ServerVoice probe = scene.probe();
  probe.open();
  probe.greet();
  scene.host.advance(1100 * kMillisecond);
  REQUIRE(scene.lane.running() == kWebSocket);
  scene.host.advance(kSecond);
  scene.voice().cut();
  CHECK(scene.lane.running() == kLongPoll);
  CHECK(tag_text(scene.lane) == "flapping");
  const Decision& left = scene.decision(Reason::kFellBack);
  CHECK(left.at == scene.host.now);
  CHECK(left.parameters.cause == Cause::kDoesNotHold);
  CHECK(left.parameters.duration == 1100 * kMillisecond);
  CHECK(left.parameters.pause >= 10 * kSecond);
  CHECK(left.parameters.pause < 20 * kSecond);
  scene.until_asked();
  CHECK(scene.host.requests.back().url.find("after=") != std::string::npos);
}

TEST_CASE("when the running transport ends in the middle of a trial, the better one takes over") {
  Fallen scene;
  scene.until_probing();
  scene.probe().open();
  scene.probe().greet();
  scene.voice().cut();
  CHECK(scene.lane.state() == LaneState::kLive);
  CHECK(scene.lane.running() == kWebSocket);
  const Parameters& handed = scene.parameters(Reason::kTookOver);
  CHECK(handed.other == kLongPoll);
  CHECK(handed.end->detail == "cut");
  CHECK(handed.after > 0);
}

TEST_CASE("when the running transport ends before a probe delivers, it is opened again") {
  Fallen scene;
  scene.until_probing();
  scene.voice().cut();
  CHECK(scene.lane.state() == LaneState::kWaiting);
  CHECK(scene.host.open_now.empty());
  scene.host.advance(kSecond);
  CHECK(scene.lane.running() == kLongPoll);
  CHECK(scene.lane.state() == LaneState::kConnecting);
}

TEST_CASE("from two rungs down each better transport is tried, the best one first") {
  Fallen scene({kWebSocket, kSse, kLongPoll});
  scene.fall_once();  // from SSE as well
  REQUIRE(scene.lane.running() == kLongPoll);
  scene.open_and_greet();
  scene.until_asked();
  std::set<TransportId> tried;
  for (int i = 0; i < 2; ++i) {
    scene.until_probing();
    tried.insert(*scene.lane.probing());
    scene.probe().cut();
  }
  CHECK(tried == std::set{kWebSocket, kSse});
  // Half way up is better than nothing, and the top stays to be tried.
  while (scene.lane.running() != kSse) {
    scene.until_probing();
    if (scene.lane.probing() == kWebSocket) {
      scene.probe().cut();
      continue;
    }
    scene.probe().open();
    scene.probe().greet();
    scene.host.advance(kSecond);
  }
  CHECK(scene.lane.tag().cause == Cause::kRefused);
  REQUIRE(scene.lane.next_probe_at());
  scene.until_probing();
  CHECK(scene.lane.probing() == kWebSocket);
}

TEST_CASE("what the browser lacks is not tried again") {
  LaneScene scene(kSse);
  scene.host.missing = {Feature::kEventSource, Feature::kFetch};
  scene.live();
  CHECK(scene.lane.running() == kLongPoll);
  CHECK_FALSE(scene.lane.next_probe_at());
}

TEST_CASE("at the top of the ladder nothing is tried") {
  LaneScene scene(kSse);
  scene.live();
  CHECK_FALSE(scene.lane.next_probe_at());
}

TEST_CASE("a stopped lane leaves no probe behind") {
  Fallen scene;
  scene.until_probing();
  if (GENERATE(false, true)) {
    scene.probe().open();
    scene.probe().greet();
    CHECK(scene.lane.state() == LaneState::kTrial);
  }
  scene.observed.stop(scene.host.now);
  CHECK(scene.host.open_now.empty());
  CHECK(scene.host.timers.empty());
}

}  // namespace
}  // namespace playground::client
