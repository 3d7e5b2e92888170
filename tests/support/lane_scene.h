// A lane with everything around it, for tests that play the server and the clock.
#ifndef PLAYGROUND_TESTS_SUPPORT_LANE_SCENE_H_
#define PLAYGROUND_TESTS_SUPPORT_LANE_SCENE_H_

#include <string>
#include <string_view>
#include <vector>

#include "core/client/lane.h"
#include "tests/support/virtual_host.h"

namespace playground::client {

struct LaneScene : private LaneContext {
  static constexpr Micros kClockOffset = VirtualHost::kEpoch + 5 * kSecond;

  struct Decided {
    Micros at;
    std::string text;
    bool trouble;
  };

  explicit LaneScene(TransportId id, std::uint64_t seed = 1)
      : LaneScene(ladder_for(id, std::nullopt), seed) {}
  explicit LaneScene(const std::vector<TransportId>& ladder, std::uint64_t seed = 1)
      : lane(ladder, host.wiring, context(), seed) {}

  void start() {
    Target target;
    target.http = "http://server/api/channels/c";
    target.websocket = "ws://server/api/channels/c";
    target.lane = "lane";
    lane.start(target, host.now);
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

  // The newest decision that has `words` in it; one of long ago where there is none.
  Decided decision(std::string_view words) const {
    for (auto each = decisions.rbegin(); each != decisions.rend(); ++each) {
      if (each->text.find(words) != std::string::npos) return *each;
    }
    return {-1, "", false};
  }
  bool said(std::string_view words) const { return decision(words).at >= 0; }
  std::size_t times_said(std::string_view words) const {
    std::size_t times = 0;
    for (const Decided& each : decisions) {
      if (each.text.find(words) != std::string::npos) ++times;
    }
    return times;
  }

  VirtualHost host;
  bool reachable = true;
  Micros round_trip_time = 10 * kMillisecond;
  int failures = 0;
  std::vector<Decided> decisions;
  std::uint32_t epoch_seen = 0;
  Lane lane;

 private:
  LaneContext& context() { return *this; }
  bool has(Feature feature) const override { return host.has(feature); }
  Micros server_offset() const override { return kClockOffset; }
  Micros round_trip() const override { return round_trip_time; }
  bool server_reachable() const override { return reachable; }
  void lane_failed(Micros) override { ++failures; }
  void wire_used() override {}
  void message_seen(std::uint32_t epoch, std::uint64_t, Micros) override { epoch_seen = epoch; }
  void decided(TransportId, std::string text, bool trouble, Micros now) override {
    decisions.push_back({now, std::move(text), trouble});
  }
};

}  // namespace playground::client

#endif  // PLAYGROUND_TESTS_SUPPORT_LANE_SCENE_H_
