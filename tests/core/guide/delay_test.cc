// How late messages come, over which transport.
#include <array>
#include <cmath>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "tests/core/guide/figures.h"
#include "tests/core/guide/play.h"

namespace playground::guide {
namespace {

using enum TransportId;

constexpr std::array kStreams{kSse, kNdjson, kWebSocket};
const std::string kAll = R"("lanes":["short-poll","long-poll","sse","ndjson","websocket"])";

TEST_CASE(
    "a stream is as late as the line, a long poll too while messages are rare, and a short "
    "poll by up to its interval",
    "[guide]") {
  Play play("{" + kAll +
            R"(,"simulated":{"roundTripMs":40},"scenario":{"rate":1,"pattern":"poisson"}})");
  play.pass_seconds(600);
  note("delay.roundTripMs", 40);
  for (const TransportId each : kStreams) {
    CAPTURE(each);
    CHECK(play.median_ms(each) >= 20);
    CHECK(play.p99_ms(each) < 21);
  }
  note("delay.streamMs", play.median_ms(kSse));
  CHECK(play.median_ms(kLongPoll) < 21);
  CHECK(play.p99_ms(kLongPoll) < 61);
  note("delay.longPollMs", play.median_ms(kLongPoll));
  CHECK(play.median_ms(kShortPoll) > 400);
  CHECK(play.median_ms(kShortPoll) < 600);
  CHECK(play.longest_ms(kShortPoll) < 1100);
  note("delay.shortPollMs", play.median_ms(kShortPoll));
  note("delay.shortPollLongestMs", play.longest_ms(kShortPoll));
  for (const client::ObservedLane& each : play.run().lanes()) play.whole(each.lane().asked());
}

TEST_CASE("a WebSocket's messages are no faster than an event stream's", "[guide]") {
  for (const char* rate : {"1", "50"}) {
    Play play(R"({"lanes":["sse","websocket"],"scenario":{"rate":)" + std::string(rate) + "}}");
    play.pass_seconds(120);
    CHECK(std::abs(play.median_ms(kSse) - play.median_ms(kWebSocket)) < 0.5);
  }
}

TEST_CASE("while a long poll is on its way back, a message waits for a round trip more",
          "[guide]") {
  Play play(R"({"lanes":["sse","long-poll"],"simulated":{"roundTripMs":100},)"
            R"("scenario":{"rate":20,"pattern":"poisson"}})");
  play.pass_seconds(60);
  const measure::WireCount wire = play.lane(kLongPoll).wire().total();
  CHECK(wire.connections == 1);
  CHECK(play.lane(kLongPoll).reconnects() == 0);
  CHECK(play.p99_ms(kLongPoll) < 152);
  CHECK(play.p99_ms(kLongPoll) > 100);
  play.whole(kLongPoll);
  note("longPoll.roundTripMs", 100);
  note("longPoll.rate", 20);
  note("longPoll.connections", static_cast<double>(wire.connections));
  note("longPoll.medianMs", play.median_ms(kLongPoll));
  note("longPoll.p99Ms", play.p99_ms(kLongPoll));
  note("longPoll.streamMs", play.median_ms(kSse));
}

TEST_CASE("a long poll that asks for what comes after its last message keeps their order",
          "[guide]") {
  Play play(R"({"lanes":["long-poll"],"scenario":{"rate":20},)"
            R"("simulated":{"roundTripMs":80,"jitterMs":60,"lossPercent":3}})");
  play.pass_seconds(300);
  play.whole(kLongPoll);
  note("order.lossPercent", 3);
  note("order.messages", static_cast<double>(play.lane(kLongPoll).ledger().delivered()));
  note("order.reordered", static_cast<double>(play.lane(kLongPoll).ledger().reordered()));
}

TEST_CASE("what the page says goes up as a POST, or as a frame on the open connection", "[guide]") {
  Play play(R"({"lanes":["sse","websocket"],"backRate":0.5,"scenario":{"rate":0.5}})");
  play.pass_seconds(600);
  for (const TransportId each : {kSse, kWebSocket}) {
    CHECK(play.lane(each).uplink().heard() + 1 >= play.lane(each).uplink().said());
  }
  const auto round_trip = [&](TransportId each) {
    return milliseconds(play.lane(each).uplink().round_trip_us().percentile(50));
  };
  CHECK(play.lane(kWebSocket).uplink().requests() == 0);
  CHECK(play.lane(kSse).uplink().requests() == play.lane(kSse).uplink().said());
  CHECK(std::abs(round_trip(kSse) - round_trip(kWebSocket)) < 1);
  note("chat.roundTripMs", round_trip(kWebSocket));
  note("chat.roundTripPostMs", round_trip(kSse));
  note("chat.said", static_cast<double>(play.lane(kSse).uplink().said()));
  note("chat.posts", static_cast<double>(play.lane(kSse).uplink().requests()));
  const auto up_bytes = [&](TransportId each) {
    return static_cast<double>(play.lane(each).wire().total().bytes_in) /
           static_cast<double>(play.lane(each).uplink().said());
  };
  CHECK(up_bytes(kSse) > 5 * up_bytes(kWebSocket));
  note("chat.postBytes", up_bytes(kSse));
  note("chat.frameBytes", up_bytes(kWebSocket));
}

TEST_CASE("a hidden page's timers slow down short polling, and no stream", "[guide]") {
  Play play(R"({"lanes":["short-poll","sse","websocket"],)"
            R"("scenario":{"rate":1,"pattern":"poisson"},)"
            R"("simulated":{"happenings":[{"kind":"hidden","afterS":20,"forS":1200}]}})");
  play.pass_seconds(300);
  const double before = play.longest_ms(kShortPoll);
  CHECK(before < 2100);
  note("hidden.firstMinutesMs", before);
  play.pass_seconds(900);
  CHECK(play.longest_ms(kShortPoll) > 50'000);
  CHECK(play.longest_ms(kShortPoll) < 62'000);
  note("hidden.laterS", play.longest_ms(kShortPoll) / 1000);
  for (const TransportId each : {kSse, kWebSocket}) CHECK(play.p99_ms(each) < 21);
  note("hidden.streamMs", play.p99_ms(kSse));
}

TEST_CASE("a line that is too slow makes everything later and later: no transport drops it",
          "[guide]") {
  const auto play_for = [](int seconds) {
    Play play(R"({"lanes":["sse","websocket","long-poll"],"scenario":{"rate":100,"faults":[)"
              R"({"kind":"bandwidth","bytes_per_s":5000}]}})");
    play.pass_seconds(seconds);
    return play.longest_ms(kSse) / 1000;
  };
  const double soon = play_for(10);
  const double later = play_for(60);
  CHECK(later > 3 * soon);
  note("slow.rate", 100);
  note("slow.bytesPerS", 5000);
  note("slow.after10S", soon);
  note("slow.after60S", later);
}

TEST_CASE("a slow reader who falls out of the log is told what is missing", "[guide]") {
  Play play(R"({"lanes":["long-poll"],"scenario":{"rate":100,"history":500,"faults":[)"
            R"({"kind":"bandwidth","bytes_per_s":5000}]}})");
  play.pass_seconds(60);
  CHECK(play.decided(client::Reason::kGap));
  CHECK(play.lane(kLongPoll).ledger().missing() > 0);
  CHECK(play.longest_ms(kLongPoll) < 30'000);
  note("slow.history", 500);
  note("slow.skipped", static_cast<double>(play.lane(kLongPoll).ledger().missing()));
  note("slow.skippingS", play.longest_ms(kLongPoll) / 1000);
}

}  // namespace
}  // namespace playground::guide
