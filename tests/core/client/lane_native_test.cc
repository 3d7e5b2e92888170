// The browser's own reconnection, left alone.
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "core/client/decision_words.h"
#include "tests/support/lane_scene.h"

namespace playground::client {
namespace {

using enum TransportId;

TEST_CASE("a native lane lets the browser reconnect, counts it, and shows how long that took") {
  LaneScene scene(kSseNative);
  scene.live();
  CHECK(scene.host.requests.at(0).reconnects_itself);
  CHECK(scene.host.requests.at(0).url.find("/sse?after=0&lane=lane") != std::string::npos);
  scene.host.advance(kSecond);
  scene.voice().interrupt();
  CHECK(scene.lane.state() == LaneState::kConnecting);
  CHECK_FALSE(scene.lane.open());
  CHECK(scene.decision(Reason::kBrowserReconnects).at == scene.host.now);
  scene.host.advance(2100 * kMillisecond);
  CHECK(state_text(scene.lane, scene.host.now) == "readyState 0 CONNECTING for 2.1 s");
  scene.host.advance(900 * kMillisecond);
  scene.open_and_greet();
  CHECK(scene.lane.state() == LaneState::kLive);
  CHECK(state_text(scene.lane, scene.host.now) == "readyState 1 OPEN");
  const Parameters& back = scene.parameters(Reason::kBack);
  CHECK(back.transport == kSseNative);
  CHECK(back.duration == 3 * kSecond);
  CHECK(back.after == 1);
  CHECK(scene.observed.reconnects() == 1);
  CHECK(scene.observed.requests() == 2);
  // It was one EventSource all the time, and nothing of ours came in between.
  CHECK(scene.host.requests.size() == 1);
  scene.say(2);
  CHECK(scene.observed.ledger().delivered() == 2);
}

TEST_CASE("what the browser replays is counted: the client does not choose where it goes on") {
  LaneScene scene(kSseNative);
  scene.live();
  scene.say(2);
  scene.voice().interrupt();
  scene.host.advance(3 * kSecond);
  scene.open_and_greet();
  scene.say(1);
  scene.say(2);
  scene.say(3);
  CHECK(scene.observed.ledger().duplicate() == 2);
  CHECK(scene.observed.overlap() == 0);
}

TEST_CASE("a native lane has no deadline of ours, and no half-open connection is found") {
  LaneScene scene(kSseNative);
  scene.live();
  scene.host.advance(3600 * kSecond);
  CHECK(scene.lane.state() == LaneState::kLive);
  CHECK(scene.host.requests.size() == 1);
  scene.environment({false, true});
  scene.environment({true, true});
  CHECK(scene.host.requests.size() == 1);
}

TEST_CASE("a browser that cannot connect goes on trying, without a word of ours each time") {
  LaneScene scene(kSseNative);
  scene.start();
  for (int i = 0; i < 5; ++i) {
    scene.host.advance(3 * kSecond);
    scene.voice().interrupt();
  }
  CHECK(scene.lane.state() == LaneState::kConnecting);
  CHECK(times_decided(scene.decisions, Reason::kBrowserConnects) == 1);
  CHECK(scene.observed.reconnects() == 0);
  scene.open_and_greet();
  CHECK(scene.lane.state() == LaneState::kLive);
}

TEST_CASE("where the browser gives up, a native lane stays closed until it starts over") {
  LaneScene scene(kSseNative);
  scene.live();
  scene.voice().cut();
  CHECK(scene.lane.state() == LaneState::kClosed);
  CHECK(state_text(scene.lane, scene.host.now) == "readyState 2 CLOSED");
  CHECK(scene.parameters(Reason::kBrowserGaveUp).end->detail == "cut");
  scene.host.advance(3600 * kSecond);
  CHECK(scene.host.requests.size() == 1);
  CHECK(scene.host.timers.empty());
  FeedSpec spec;
  spec.endpoint.http = "http://server/api/channels/d";
  scene.observed.start_over(spec, {}, scene.host.now);
  scene.open_and_greet();
  CHECK(scene.lane.state() == LaneState::kLive);
}

TEST_CASE("a lane of ours does not let the browser reconnect") {
  LaneScene scene(kSse);
  scene.start();
  CHECK_FALSE(scene.host.requests.at(0).reconnects_itself);
}

}  // namespace
}  // namespace playground::client
