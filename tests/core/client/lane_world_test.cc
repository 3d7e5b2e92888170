// What happens around a lane: dead connections, sleep, hidden pages, no network, a server's wishes.
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "core/client/decision_words.h"
#include "tests/support/lane_scene.h"

namespace playground::client {
namespace {

using enum TransportId;

constexpr Environment kOnline{true, true};
constexpr Environment kOffline{false, true};
constexpr Environment kHidden{true, false};

Micros silence_allowed(TransportId id) {
  if (id == kShortPoll) return 5 * kSecond;
  return id == kLongPoll ? 25 * kSecond : 20 * kSecond;
}

TEST_CASE("a half-open connection is found on every transport") {
  const TransportId id = every_transport();
  LaneScene scene(id);
  scene.live();
  // From here on the server is silent, and nobody says that the connection is gone.
  const Micros since = scene.host.now;
  scene.host.advance(silence_allowed(id) - 1);
  CHECK(scene.observed.reconnects() == 0);
  scene.host.advance(1);
  CHECK(scene.observed.reconnects() == 1);
  const Decision& found = scene.decision(Reason::kSilent);
  CHECK(found.parameters.duration == silence_allowed(id));
  CHECK(found.parameters.after == 1);
  CHECK(found.at == since + silence_allowed(id));
  CHECK(info(found.reason).trouble);
  CHECK(scene.host.open_now.size() == 1);
  CHECK(scene.host.requests.back().url.find("after=1") != std::string::npos);
  scene.open_and_greet();
  scene.say(2);
  CHECK(scene.lane.running() == id);
  CHECK(scene.observed.ledger().delivered() == 2);
  CHECK(scene.observed.ledger().missing() == 0);
}

TEST_CASE("a short poll that the page is too slow to ask is not a dead one") {
  LaneScene scene(kShortPoll);
  scene.start();
  scene.say(1);
  scene.environment(kHidden);
  // The timers of a hidden page run once a minute.
  for (std::uint64_t seq = 2; seq < 6; ++seq) {
    scene.host.sleep(60 * kSecond);
    REQUIRE(scene.host.has_open("/poll?"));
    scene.say(seq);
  }
  CHECK(scene.observed.reconnects() == 0);
  CHECK(scene.lane.state() == LaneState::kLive);
}

TEST_CASE("a connection that greets and ends within a moment, three times in a row, is flapping") {
  const TransportId id = every_stream();
  LaneScene scene(id);
  scene.start();
  for (int i = 0; i < 3; ++i) {
    CHECK(scene.lane.running() == id);
    scene.until_asked();
    scene.open_and_greet();
    scene.host.advance(200 * kMillisecond);
    scene.voice().cut();
  }
  CHECK(scene.lane.running() != id);
  CHECK(tag_text(scene.lane) == "flapping");
  const Decision& fell = scene.decision(Reason::kFellBack);
  CHECK(fell.at == scene.host.now);
  CHECK(fell.parameters.cause == Cause::kEndsSoon);
  CHECK(fell.parameters.end->detail == "cut");
}

TEST_CASE("a connection that holds for a while between its ends is not flapping") {
  const TransportId id = every_stream();
  LaneScene scene(id);
  scene.start();
  for (int i = 0; i < 10; ++i) {
    scene.until_asked();
    scene.open_and_greet();
    scene.host.advance(6 * kSecond);
    scene.voice().cut();
  }
  CHECK(scene.lane.running() == id);
  CHECK(scene.observed.reconnects() == 10);
}

TEST_CASE("a lane without another transport does not come back faster and faster") {
  LaneScene scene(std::vector{kWebSocket});
  scene.start();
  for (int i = 0; i < 60; ++i) {
    for (int j = 0; j < 500 && !scene.host.has_open("/websocket?"); ++j) {
      scene.host.advance(100 * kMillisecond);
    }
    scene.open_and_greet();
    scene.voice().cut();
  }
  // Sixty attempts with a pause of five seconds on average, and not sixty in a few seconds.
  CHECK(scene.host.now > 150 * kSecond);
}

TEST_CASE("after a sleep a connection is suspect, and checked at once beside a new one") {
  const TransportId id = every_stream();
  LaneScene scene(id);
  scene.live();
  const auto old = scene.voice().connection();
  scene.host.advance(3 * kSecond);
  scene.host.sleep(3600 * kSecond);
  CHECK(scene.lane.state() == LaneState::kChecking);
  CHECK(scene.decision(Reason::kSuspect).at == scene.host.now);
  CHECK(scene.parameters(Reason::kSuspect).duration == 3603 * kSecond);
  REQUIRE(scene.host.open_now.size() == 2);
  const auto fresh = scene.host.open_now.rbegin()->first;
  CHECK(scene.host.open_now.at(fresh).url.find("after=1") != std::string::npos);

  SECTION("where the new one delivers, the lane goes on over it") {
    ServerVoice voice(scene.host, id, fresh);
    voice.open();
    voice.greet(9);
    CHECK(scene.lane.state() == LaneState::kLive);
    CHECK(scene.host.open_now.size() == 1);
    CHECK(scene.host.open_now.contains(fresh));
    CHECK(scene.parameters(Reason::kRenewed).after == 1);
    CHECK(scene.observed.reconnects() == 1);
    for (std::uint64_t seq = 2; seq < 10; ++seq) voice.say(scene.message(seq));
    CHECK(scene.observed.ledger().delivered() == 9);
    CHECK(scene.observed.ledger().missing() == 0);
  }
  SECTION("where the old one shows life, it stays") {
    ServerVoice(scene.host, id, old).say(scene.message(2));
    CHECK(scene.lane.state() == LaneState::kLive);
    CHECK(scene.host.open_now.size() == 1);
    CHECK(scene.host.open_now.contains(old));
    CHECK(scene.decided(Reason::kShowsLife));
    CHECK(scene.observed.reconnects() == 0);
    CHECK(scene.observed.ledger().delivered() == 2);
  }
  SECTION("where neither does, it is dead") {
    scene.host.advance(2 * kSecond);
    CHECK(scene.observed.reconnects() == 1);
    CHECK(scene.decided(Reason::kSilent));
    CHECK(scene.host.open_now.size() == 1);
    CHECK_FALSE(scene.host.open_now.contains(old));
    CHECK(scene.lane.running() == id);
  }
  SECTION("where the old one ends, it is opened again after a pause") {
    ServerVoice(scene.host, id, old).cut();
    CHECK(scene.lane.state() == LaneState::kWaiting);
    CHECK(scene.host.open_now.empty());
  }
}

TEST_CASE("a poll that was out when the machine slept is asked anew") {
  LaneScene scene(kLongPoll);
  scene.live();
  scene.host.sleep(3600 * kSecond);
  CHECK(scene.lane.state() == LaneState::kChecking);
  const auto fresh = scene.host.open_now.rbegin()->first;
  ServerVoice(scene.host, kLongPoll, fresh).say(scene.message(2));
  CHECK(scene.lane.state() == LaneState::kLive);
  CHECK(scene.host.open_now.size() == 1);
  CHECK(scene.observed.ledger().delivered() == 2);
}

TEST_CASE("a sleep in the middle of an attempt is no fault of the transport") {
  const TransportId id = every_transport();
  LaneScene scene(id);
  scene.start();
  scene.voice().open();
  scene.host.sleep(600 * kSecond);
  CHECK(scene.lane.running() == id);
  CHECK(scene.lane.state() == LaneState::kConnecting);
  CHECK(scene.parameters(Reason::kClockJumped).transport == id);
  CHECK(scene.host.open_now.size() == 1);
  CHECK(scene.host.requests.size() == 2);
}

TEST_CASE("a sleep that the host notices is not waited out by a timer") {
  LaneScene scene(kWebSocket);
  scene.live();
  scene.host.now += 3600 * kSecond;  // the timers stood still as well
  scene.environment(kOnline);
  CHECK(scene.lane.state() == LaneState::kChecking);
}

TEST_CASE("late timers of a hidden page are no sign of sleep while the stream is in time") {
  LaneScene scene(kSse);
  scene.live();
  scene.environment(kHidden);
  for (int minute = 0; minute < 10; ++minute) {
    for (int i = 0; i < 4; ++i) {
      scene.host.now += 14 * kSecond;
      scene.voice().say(Heartbeat{});
    }
    scene.host.sleep(4 * kSecond);
  }
  CHECK(scene.lane.state() == LaneState::kLive);
  CHECK(scene.host.requests.size() == 1);
}

TEST_CASE("a page that is shown again tries what is due, once, and nothing else") {
  LaneScene scene(kSse);
  scene.live();
  scene.environment(kHidden);
  scene.voice().cut();
  scene.host.now += 300 * kSecond;  // no timer has run
  scene.environment(kOnline);
  CHECK(scene.lane.state() == LaneState::kConnecting);
  CHECK(scene.host.requests.size() == 2);
  scene.host.advance(0);
  scene.environment(kHidden);
  scene.environment(kOnline);
  CHECK(scene.host.requests.size() == 2);
  scene.open_and_greet();
  for (int i = 0; i < 20; ++i) {
    scene.environment(kHidden);
    scene.environment(kOnline);
  }
  CHECK(scene.host.requests.size() == 2);
}

TEST_CASE("while the browser is offline nothing is tried, and at once when it is online again") {
  const TransportId id = every_transport();
  LaneScene scene(id);
  scene.live();
  scene.environment(kOffline);
  CHECK(scene.lane.state() == LaneState::kLive);  // as long as it lives
  scene.voice().cut();
  CHECK(scene.parameters(Reason::kLostOffline).end->detail == "cut");
  CHECK(state_text(scene.lane, scene.host.now) == "offline, waiting");
  const auto requests = scene.host.requests.size();
  scene.host.advance(3600 * kSecond);
  scene.environment({false, false});
  scene.environment(kOffline);
  CHECK(scene.host.requests.size() == requests);
  CHECK(scene.host.timers.empty());
  scene.environment(kOnline);
  CHECK(scene.host.requests.size() == requests + 1);
  CHECK(scene.host.requests.back().url.find("after=1") != std::string::npos);
  const Decision& back = scene.decision(Reason::kTriedAtOnce);
  CHECK(back.at == scene.host.now);
  CHECK(back.parameters.transport == id);
  CHECK(back.parameters.after == 1);
  scene.open_and_greet();
  scene.say(2);
  CHECK(scene.observed.ledger().delivered() == 2);
  CHECK(scene.lane.running() == id);
}

TEST_CASE("going offline in the middle of an attempt or a pause blames no transport") {
  const TransportId id = every_stream();
  LaneScene scene(id);
  scene.start();
  if (GENERATE(false, true)) scene.voice().cut();
  scene.environment(kOffline);
  CHECK(scene.host.open_now.empty());
  CHECK(scene.host.timers.empty());
  CHECK(scene.parameters(Reason::kWaitsOffline).transport == id);
  for (int i = 0; i < 5; ++i) {
    scene.environment(kOnline);
    CHECK(scene.host.open_now.size() == 1);
    scene.environment(kOffline);
  }
  CHECK(scene.lane.running() == id);
}

TEST_CASE("online again, a pause between attempts is cut short") {
  LaneScene scene(std::vector{kWebSocket});
  scene.reachable = false;
  scene.start();
  for (int i = 0; i < 8; ++i) {
    scene.until_asked();
    scene.voice().cut();
  }
  scene.environment(kOffline);
  const auto requests = scene.host.requests.size();
  scene.environment(kOnline);
  CHECK(scene.host.requests.size() == requests + 1);
}

TEST_CASE("a connection that outlived the offline time is checked when the network is back") {
  LaneScene scene(kWebSocket);
  scene.live();
  scene.environment(kOffline);
  scene.host.advance(3 * kSecond);
  scene.environment(kOnline);
  CHECK(scene.lane.state() == LaneState::kChecking);
  const auto fresh = scene.host.open_now.rbegin()->first;
  ServerVoice voice(scene.host, kWebSocket, fresh);
  voice.open();
  voice.greet();
  CHECK(scene.lane.state() == LaneState::kLive);
  CHECK(scene.host.open_now.size() == 1);
}

TEST_CASE("a probe is left while the browser is offline, and comes again after it") {
  LaneScene scene(std::vector{kWebSocket, kSse});
  scene.start();
  scene.fall_once();
  scene.open_and_greet();
  for (int i = 0; i < 400 && scene.lane.state() != LaneState::kProbing; ++i) {
    scene.host.advance(50 * kMillisecond);
  }
  REQUIRE(scene.lane.state() == LaneState::kProbing);
  scene.environment(kOffline);
  CHECK(scene.lane.state() == LaneState::kLive);
  CHECK(scene.host.open_now.size() == 1);
  for (int i = 0; i < 60; ++i) {
    scene.host.advance(10 * kSecond);
    scene.voice().say(Heartbeat{});
  }
  CHECK(scene.host.open_now.size() == 1);
  const auto running = scene.voice().connection();
  scene.environment(kOnline);
  CHECK(scene.lane.state() == LaneState::kChecking);
  ServerVoice(scene.host, kSse, running).say(Heartbeat{});
  scene.host.advance(kMillisecond);
  CHECK(scene.lane.state() == LaneState::kProbing);
}

TEST_CASE("the reconnection time of a stream is kept, with jitter on top") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    LaneScene scene(ladder_for(kSseFetch, std::nullopt), seed);
    scene.start();
    scene.voice().open();
    scene.host.tell(scene.voice().connection(), Chunk{"retry: 4000\n\n"});
    scene.voice().greet();
    CHECK(scene.parameters(Reason::kToldToWait).pause == 4 * kSecond);
    scene.host.advance(6 * kSecond);
    scene.voice().cut();
    const Micros cut_at = scene.host.now;
    for (int i = 0; i < 1000 && scene.host.open_now.empty(); ++i) {
      scene.host.advance(10 * kMillisecond);
    }
    CHECK(scene.host.now - cut_at >= 4 * kSecond);
    CHECK(scene.host.now - cut_at <= 4510 * kMillisecond);
  }
}

TEST_CASE("a reconnection time of centuries is an hour") {
  LaneScene scene(kSseFetch);
  scene.start();
  scene.voice().open();
  scene.host.tell(scene.voice().connection(), Chunk{"retry: 18446744073709551615\n\n"});
  CHECK(scene.parameters(Reason::kToldToWait).pause == 3600 * kSecond);
}

TEST_CASE("a gap is known by its size as soon as the server tells of it, on every transport") {
  LaneScene scene(every_transport());
  scene.live();
  scene.voice().say(Reset{5, 9});
  CHECK(scene.observed.ledger().missing() == 3);
  const Parameters& gap = scene.parameters(Reason::kGap);
  CHECK(gap.kept_first == 5);
  CHECK(gap.kept_last == 9);
  CHECK(gap.first == 2);
  CHECK(gap.last == 4);
  CHECK(gap.count == 3);
}

TEST_CASE("a log that was emptied is a gap up to its newest message") {
  LaneScene scene(every_stream());
  scene.live();
  scene.voice().say(Reset{8, 7});
  CHECK(scene.observed.ledger().missing() == 6);
  const Parameters& gap = scene.parameters(Reason::kGap);
  CHECK(gap.kept_first > gap.kept_last);
  CHECK(gap.first == 2);
  CHECK(gap.last == 7);
  scene.say(8);
  CHECK(scene.observed.ledger().missing() == 6);
  CHECK(scene.observed.ledger().delivered() == 2);
}

TEST_CASE("a server that has begun numbering anew is followed from where it is") {
  const TransportId id = every_transport();
  LaneScene scene(id);
  scene.live();
  for (std::uint64_t seq = 2; seq <= 40; ++seq) {
    scene.until_asked();
    scene.say(seq);
  }
  scene.until_asked();
  scene.voice().cut();
  scene.until_asked();
  CHECK(scene.host.requests.back().url.find("after=40") != std::string::npos);
  scene.voice().open();
  const bool evicted = GENERATE(false, true);
  scene.voice().say(evicted ? Reset{3, 6} : Reset{1, 6});
  const Parameters& anew = scene.parameters(Reason::kNumberedAnew);
  CHECK(anew.after == 40);
  CHECK(anew.first == 1);
  CHECK(anew.last == (evicted ? 2U : 0U));
  CHECK(anew.count == (evicted ? 2U : 0U));
  CHECK(scene.observed.ledger().missing() == (evicted ? 2U : 0U));
  for (std::uint64_t seq = evicted ? 3 : 1; seq <= 8; ++seq) {
    scene.until_asked();
    scene.say(seq);
  }
  CHECK(scene.observed.ledger().delivered() == (evicted ? 46U : 48U));
  CHECK(scene.observed.ledger().duplicate() == 0);
  CHECK(scene.lane.epoch() == 1);
  CHECK(scene.epoch_seen == 1);
  scene.until_asked();
  scene.voice().cut();
  scene.until_asked();
  CHECK(scene.host.requests.back().url.find("after=8") != std::string::npos);
}

}  // namespace
}  // namespace playground::client
