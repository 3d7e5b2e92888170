// A lane with everything around it, for tests that play the server and the clock.
#pragma once

#include <deque>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "core/client/observed_lane.h"
#include "tests/support/decisions.h"
#include "tests/support/virtual_host.h"

namespace playground::client {

// Each in turn.
inline TransportId every_transport() {
  using enum TransportId;
  return GENERATE(kShortPoll, kLongPoll, kSse, kSseFetch, kNdjson, kWebSocket);
}
inline TransportId every_stream() {
  using enum TransportId;
  return GENERATE(kSse, kSseFetch, kNdjson, kWebSocket);
}

struct LaneScene : private LaneContext, private LaneNews {
  static constexpr Micros kClockOffset = VirtualHost::kEpoch + 5 * kSecond;

  explicit LaneScene(TransportId id, std::uint64_t seed = 1)
      : LaneScene(ladder_for(id, std::nullopt), seed) {}
  explicit LaneScene(const std::vector<TransportId>& ladder, std::uint64_t seed = 1)
      : observed(ladder, host.dispatcher, context(), news(), seed) {}
  ~LaneScene() override { CHECK(observed.missteps() == missteps); }
  LaneScene(const LaneScene&) = delete;
  LaneScene& operator=(const LaneScene&) = delete;

  void start() {
    FeedSpec spec{.transport = lane.asked()};
    spec.endpoint.http = "http://server/api/channels/c";
    spec.endpoint.websocket = "ws://server/api/channels/c";
    spec.endpoint.lane = "lane";
    observed.start(spec, {}, host.now);
  }
  ServerVoice voice() { return {host, lane.running()}; }
  ServerVoice voice(TransportId transport) { return {host, transport}; }
  Message message(std::uint64_t seq) const { return {seq, host.now + kClockOffset, "payload"}; }
  // A message sent just now, on whatever transport runs.
  void say(std::uint64_t seq) { voice().say(message(seq)); }
  void open_and_greet() {
    voice().open();
    voice().greet();
  }
  // A poll asks again before the next message can be given to it.
  void until_asked() {
    for (int i = 0; i < 400 && !host.has_open(voice().path()); ++i) host.advance(50 * kMillisecond);
  }
  // The running transport, by now live for long enough to be thought well of, with a message.
  void live() {
    start();
    open_and_greet();
    say(1);
    until_asked();
  }
  // Nobody answers the running transport until it is given up.
  void fall_once() {
    const TransportId from = lane.running();
    for (int i = 0; i < 10 && lane.running() == from; ++i) {
      if (host.has_open(voice().path())) voice().cut();
      host.advance(kSecond);
    }
  }
  void environment(const Environment& environment) { lane.environment(environment, host.now); }

  bool decided(Reason reason) const { return times_decided(decisions, reason) > 0; }
  // The newest of that reason; there must be one.
  const Decision& decision(Reason reason) const { return newest(decisions, reason); }
  const Parameters& parameters(Reason reason) const { return decision(reason).parameters; }

  VirtualHost host;
  bool reachable = true;
  Micros round_trip_time = 10 * kMillisecond;
  int failures = 0;
  std::deque<Decision> decisions;  // `at` is by the client's clock
  std::uint32_t epoch_seen = 0;
  std::uint64_t missteps = 0;  // that the test provokes
  ObservedLane observed;
  Lane& lane = observed.lane();

 private:
  LaneContext& context() { return *this; }
  LaneNews& news() { return *this; }
  bool has(Feature feature) const override { return host.has(feature); }
  Micros server_offset() const override { return kClockOffset; }
  Micros round_trip() const override { return round_trip_time; }
  bool server_answered_since(Micros) const override { return reachable; }
  void lane_failed(Micros) override { ++failures; }
  void wire_used() override {}
  void message_seen(std::uint32_t epoch, std::uint64_t, Micros) override { epoch_seen = epoch; }
  void decided(Decision decision) override { decisions.push_back(std::move(decision)); }
};

}  // namespace playground::client
