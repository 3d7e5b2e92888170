// The lane's table has something to say of every pair of a state and an event.
#include <set>
#include <utility>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/lane_scene.h"

namespace playground::client {
namespace {

using enum TransportId;
using S = LaneState;
using E = LaneEvent;
using Listed = Lane::Listed;

// What cannot be, state by state; everything else has a row or is ignored.
const std::pair<S, std::set<E>> kNowhere[] = {
    {S::kIdle,
     {E::kDelivered, E::kEnded, E::kDeadline, E::kDue, E::kInterrupted, E::kRefused, E::kSuspect,
      E::kSign, E::kProbeDue, E::kProbeDelivered, E::kProbeEnded, E::kProbeDeadline,
      E::kProbeHeld}},
    {S::kConnecting,
     {E::kStart, E::kUnusable, E::kDue, E::kProbeDue, E::kProbeDelivered, E::kProbeEnded,
      E::kProbeDeadline, E::kProbeHeld}},
    {S::kLive,
     {E::kStart, E::kUnusable, E::kDue, E::kProbeDelivered, E::kProbeEnded, E::kProbeDeadline,
      E::kProbeHeld}},
    {S::kProbing, {E::kStart, E::kUnusable, E::kDue, E::kOnline, E::kProbeDue, E::kProbeHeld}},
    {S::kTrial, {E::kStart, E::kUnusable, E::kDue, E::kOnline, E::kProbeDue, E::kProbeDeadline}},
    {S::kChecking,
     {E::kStart, E::kUnusable, E::kDelivered, E::kDeadline, E::kDue, E::kSuspect, E::kProbeDue,
      E::kProbeHeld}},
    {S::kWaiting,
     {E::kStart, E::kUnusable, E::kDelivered, E::kEnded, E::kDeadline, E::kInterrupted, E::kRefused,
      E::kSuspect, E::kSign, E::kProbeDue, E::kProbeDelivered, E::kProbeEnded, E::kProbeDeadline,
      E::kProbeHeld}},
    {S::kClosed,
     {E::kStart, E::kUnusable, E::kDelivered, E::kEnded, E::kDeadline, E::kDue, E::kInterrupted,
      E::kRefused, E::kSuspect, E::kSign, E::kProbeDue, E::kProbeDelivered, E::kProbeEnded,
      E::kProbeDeadline, E::kProbeHeld}},
};

TEST_CASE("every pair of a state and an event has a row, or is ignored, or cannot be") {
  REQUIRE(std::size(kNowhere) == kLaneStateCount);
  std::size_t listed = 0;
  for (const auto& [state, nowhere] : kNowhere) {
    for (std::size_t i = 0; i < kLaneEventCount; ++i) {
      const auto event = static_cast<E>(i);
      CAPTURE(state, event);
      const bool cannot_be = Lane::listed(state, event) == Listed::kNowhere;
      CHECK(cannot_be == nowhere.contains(event));
      if (!cannot_be) ++listed;
    }
  }
  // Each once: no pair has two rows, and none that has a row is ignored.
  CHECK(Lane::pairs_listed() == listed);
}

TEST_CASE("what cannot be is told, and changes nothing") {
  LaneScene scene(kSse);
  scene.live();
  scene.missteps = 1;
  scene.start();
  CHECK(scene.lane.state() == S::kLive);
  CHECK(scene.host.requests.size() == 1);
  scene.say(2);
  CHECK(scene.observed.ledger().delivered() == 2);
}

TEST_CASE("a probe does not outlive the browser's own reconnection of what it was tried beside") {
  // WebSocket fails, and EventSource, which was missing, takes over from long polling.
  LaneScene scene({kWebSocket, kSseNative, kLongPoll});
  scene.host.missing = {Feature::kEventSource};
  scene.start();
  scene.fall_once();
  REQUIRE(scene.lane.running() == kLongPoll);
  scene.host.missing = {};
  scene.say(1);
  scene.host.advance(kMillisecond);
  REQUIRE(scene.lane.probing() == kSseNative);
  scene.voice(kSseNative).open();
  scene.voice(kSseNative).greet();
  scene.host.advance(kSecond);
  REQUIRE(scene.lane.running() == kSseNative);
  for (int i = 0; i < 400 && scene.lane.state() != S::kProbing; ++i) {
    scene.host.advance(50 * kMillisecond);
  }
  REQUIRE(scene.lane.probing() == kWebSocket);
  SECTION("interrupted, the lane waits for its browser") {
    scene.voice().interrupt();
    CHECK(scene.lane.state() == S::kConnecting);
    CHECK_FALSE(scene.host.has_open("/websocket?"));
    CHECK(scene.host.timers.empty());
  }
  SECTION("given up by the browser, it is closed") {
    scene.voice().cut();
    CHECK(scene.lane.state() == S::kClosed);
    CHECK(scene.host.open_now.empty());
    CHECK(scene.host.timers.empty());
  }
  SECTION("where the better one delivers already, it takes over") {
    scene.voice(kWebSocket).open();
    scene.voice(kWebSocket).greet();
    scene.voice().interrupt();
    CHECK(scene.lane.state() == S::kLive);
    CHECK(scene.lane.running() == kWebSocket);
    CHECK_FALSE(scene.host.has_open("/sse?"));
  }
}

TEST_CASE("a probe that is interrupted has failed, whatever its browser goes on to do") {
  LaneScene scene({kSseNative, kLongPoll});
  scene.host.missing = {Feature::kEventSource};
  scene.start();
  scene.say(1);
  scene.host.missing = {};
  scene.until_asked();
  scene.voice().cut();
  scene.until_asked();
  scene.say(2);
  for (int i = 0; i < 400 && scene.lane.state() != S::kProbing; ++i) {
    scene.host.advance(50 * kMillisecond);
    if (scene.host.has_open("/long-poll?") && i % 20 == 0)
      scene.say(static_cast<std::uint64_t>(3 + i));
  }
  REQUIRE(scene.lane.state() == S::kProbing);
  scene.voice(kSseNative).interrupt();
  CHECK(scene.lane.state() == S::kLive);
  CHECK(scene.lane.running() == kLongPoll);
  CHECK(scene.parameters(Reason::kStillFails).cause == Cause::kNoAnswer);
  CHECK_FALSE(scene.host.has_open("/sse?"));
}

}  // namespace
}  // namespace playground::client
