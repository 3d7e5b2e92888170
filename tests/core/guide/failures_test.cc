// What happens when a connection fails, is held up, or is silent.
#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "core/simulation/event_source.h"
#include "core/simulation/origin.h"
#include "core/simulation/world.h"
#include "tests/core/guide/figures.h"
#include "tests/core/guide/play.h"

namespace playground::guide {
namespace {

using enum TransportId;
using client::Reason;
using simulation::BrowserKind;

TEST_CASE("a proxy that holds a stream back leaves it open and silent", "[guide]") {
  Play play(R"({"lanes":["sse-native","sse","long-poll"],"environment":"buffering-proxy"})");
  play.pass_seconds(60);
  CHECK(play.lane(kSseNative).ledger().delivered() == 0);
  CHECK_FALSE(play.decided(Reason::kBrowserGaveUp));
  note("buffered.seconds", 60);
  note("buffered.sent", static_cast<double>(play.run().sent_count()));
  note("buffered.delivered", static_cast<double>(play.lane(kSseNative).ledger().delivered()));
  const client::Decision& fell = client::newest(play.run().decisions(), Reason::kFellBack);
  CHECK(fell.parameters.cause == client::Cause::kBuffered);
  CHECK(play.lane(kSse).lane().running() == kLongPoll);
  play.whole(kSse);
  play.whole(kLongPoll);
  note("buffered.firstS", seconds(*play.lane(kSse).first_message_after()));
}

TEST_CASE("behind a filter that is one behind, each message waits for the next", "[guide]") {
  Play play(R"({"lanes":["sse-native","websocket"],"environment":"one-behind",)"
            R"("scenario":{"rate":0.5}})");
  play.pass_seconds(120);
  CHECK(play.median_ms(kSseNative) > 1900);
  CHECK(play.median_ms(kSseNative) < 2200);
  note("oneBehind.everyS", 2);
  note("oneBehind.medianMs", play.median_ms(kSseNative));
  note("oneBehind.socketMs", play.median_ms(kWebSocket));
}

TEST_CASE("a proxy that refuses Upgrade leaves everything but WebSocket alone", "[guide]") {
  Play play(R"({"lanes":["sse","websocket"],"environment":"no-upgrade"})");
  play.pass_seconds(60);
  CHECK(play.lane(kSse).lane().running() == kSse);
  CHECK(play.lane(kWebSocket).lane().running() == kSse);
  play.whole(kWebSocket);
  note("noUpgrade.firstS", seconds(*play.lane(kWebSocket).first_message_after()));
}

// One message, and silence after it.
std::string quiet(int idle_cut) {
  return R"({"lanes":["sse","websocket"],"scenario":{"count":1,"faults":[{"kind":"idle-cut","seconds":)" +
         std::to_string(idle_cut) + "}]}}";
}

TEST_CASE("a heartbeat keeps a quiet stream alive where it comes sooner than the idle limit",
          "[guide]") {
  Play kept(quiet(30));
  kept.pass_seconds(600);
  Play cut(quiet(10));
  cut.pass_seconds(600);
  for (const TransportId each : {kSse, kWebSocket}) {
    CHECK(kept.lane(each).reconnects() == 0);
    CHECK(cut.lane(each).reconnects() > 30);
  }
  CHECK(cut.decided(Reason::kCutWhenSilent));
  note("idle.minutes", 10);
  note("idle.heartbeatS", 15);
  note("idle.aboveS", 30);
  note("idle.belowS", 10);
  note("idle.aboveReconnects", static_cast<double>(kept.lane(kSse).reconnects()));
  note("idle.belowReconnects", static_cast<double>(cut.lane(kSse).reconnects()));
}

TEST_CASE("a connection that is half-open says nothing: only a missing heartbeat does", "[guide]") {
  Play play(R"({"lanes":["sse-native","sse"],"scenario":{"faults":[)"
            R"({"kind":"stall","after_s":5,"for_s":300}]}})");
  play.pass_seconds(280);
  const client::Decision* silent = nullptr;
  for (const client::Decision& each : play.run().decisions()) {
    if (silent == nullptr && each.reason == Reason::kSilent) silent = &each;
    if (each.lane == kSseNative) CHECK(each.reason == Reason::kDelivers);
  }
  REQUIRE(silent != nullptr);
  CHECK(silent->lane == kSse);
  CHECK(silent->parameters.duration < 21 * kSecond);
  note("halfOpen.noticedAfterS", seconds(silent->parameters.duration));
  note("halfOpen.playedS", 275);
}

TEST_CASE("after a cut every lane that names its last message misses none", "[guide]") {
  Play play(R"({"lanes":["sse-native","sse","websocket","long-poll"],"scenario":{"faults":[)"
            R"({"kind":"cut","after_s":5}]}})");
  play.pass_seconds(60);
  for (const TransportId each : {kSseNative, kSse, kWebSocket, kLongPoll}) play.whole(each);
  CHECK(play.longest_ms(kSseNative) > 3000);
  CHECK(play.longest_ms(kSseNative) < 3300);
  CHECK(play.longest_ms(kSse) < 1500);
  note("cut.nativeS", play.longest_ms(kSseNative) / 1000);
  note("cut.missing", static_cast<double>(play.lane(kSseNative).ledger().missing()));
}

TEST_CASE("what the server has forgotten is a gap of known size", "[guide]") {
  Play play(R"({"lanes":["sse","websocket"],"scenario":{"faults":[)"
            R"({"kind":"stall","after_s":5,"for_s":40},{"kind":"evict","after_s":30}]}})");
  play.pass_seconds(120);
  CHECK(play.decided(Reason::kGap));
  const client::Parameters& gap = play.parameters(Reason::kGap);
  CHECK(gap.count > 50);
  note("gap.messages", static_cast<double>(gap.count));
}

TEST_CASE("an EventSource that gets another status than 200 is closed for good", "[guide]") {
  Play play(R"({"lanes":["sse-native","sse"],"scenario":{"faults":[)"
            R"({"kind":"cut","after_s":5},{"kind":"status","after_s":5,"for_s":6}]}})");
  play.pass_seconds(120);
  CHECK(play.decided(Reason::kBrowserGaveUp));
  const std::uint64_t native = play.lane(kSseNative).ledger().delivered();
  CHECK(native < 30);
  CHECK(play.lane(kSse).ledger().delivered() > 550);
  play.whole(kSse);
  note("status.faultS", 6);
  note("status.playedS", 120);
  note("status.native", static_cast<double>(native));
  note("status.ours", static_cast<double>(play.lane(kSse).ledger().delivered()));
}

TEST_CASE("a sleeping machine hears of nothing, and fetches it all when it wakes", "[guide]") {
  Play play(R"({"lanes":["short-poll","long-poll","sse","websocket"],"simulated":{"happenings":[)"
            R"({"kind":"asleep","afterS":5,"forS":60}]}})");
  play.pass_seconds(180);
  for (const TransportId each : {kShortPoll, kLongPoll, kSse, kWebSocket}) {
    play.whole(each);
    CHECK(play.longest_ms(each) > 55'000);
  }
  note("sleep.forS", 60);
  note("sleep.missing", static_cast<double>(play.lane(kSse).ledger().missing()));
}

TEST_CASE("Internet Explorer's reader gets the same messages by long polling", "[guide]") {
  Play play(R"({"lanes":["sse"],"environment":"ie11"})");
  play.pass_seconds(60);
  CHECK(play.lane(kSse).lane().running() == kLongPoll);
  play.whole(kSse);
  note("ie.messages", static_cast<double>(play.lane(kSse).ledger().delivered()));
  note("ie.firstMs", milliseconds(*play.lane(kSse).first_message_after()));
}

// Browsers of their own, each with an EventSource, and one server.
constexpr std::uint16_t kPort = 8088;

struct Reader final : simulation::EventSourceEvents {
  void on_open() override {}
  void on_event(const event_stream::Event&) override { ++events; }
  void on_error(bool) override {}
  std::unique_ptr<simulation::HttpPool> pool;
  std::unique_ptr<simulation::EventSource> source;
  std::vector<Micros> requests;
  int events = 0;
};

struct Town {
  Town() {
    const std::string body = origin.ask("POST", "/api/channels", R"({"rate":1})").body;
    channel = "/api/channels/" + body.substr(7, 32);
  }
  Reader& move_in(BrowserKind browser) {
    readers.push_back(std::make_unique<Reader>());
    Reader& reader = *readers.back();
    reader.pool = std::make_unique<simulation::HttpPool>(simulation::profile(browser), network,
                                                         simulation::HttpVersion::kHttp1);
    reader.source = std::make_unique<simulation::EventSource>(
        simulation::profile(browser), *reader.pool, time.schedule(), kPort,
        [this, &reader](std::string_view) {
          reader.requests.push_back(time.now_us());
          return "GET " + channel + "/sse HTTP/1.1\r\nHost: localhost:8088\r\n\r\n";
        },
        reader);
    return reader;
  }
  void pass(Micros us) { time.advance(time.now_us() + us); }

  simulation::VirtualTime time{1'790'000'000'000'000};
  simulation::Link link{{.round_trip = 40'000}, 1};
  simulation::Network network{link, time.schedule()};
  simulation::Origin origin{{kPort, 0, {}}, network, 1};
  std::string channel;
  std::vector<std::unique_ptr<Reader>> readers;
};

TEST_CASE("a browser asks again after the same time, however often it has failed", "[guide]") {
  for (const BrowserKind browser : {BrowserKind::kChromium, BrowserKind::kFirefox}) {
    Town town;
    Reader& reader = town.move_in(browser);
    town.pass(10 * kSecond);
    CHECK(reader.events > 5);
    town.origin.stop();
    town.pass(60 * kSecond);
    std::vector<Micros> pauses;
    for (std::size_t i = 2; i < reader.requests.size(); ++i) {
      pauses.push_back(reader.requests[i] - reader.requests[i - 1]);
    }
    REQUIRE(pauses.size() > 5);
    const auto [least, most] = std::minmax_element(pauses.begin(), pauses.end());
    CHECK(*most - *least < kMillisecond);
    const std::string name = browser == BrowserKind::kChromium ? "chromium" : "firefox";
    note("retry." + name + "S", seconds(simulation::profile(browser).reconnection_time));
    note("retry." + name + "Attempts", static_cast<double>(reader.requests.size() - 1));
  }
  note("retry.awayS", 60);
}

TEST_CASE("browsers that are cut at one moment come back at one moment; random pauses spread them",
          "[guide]") {
  Town town;
  for (int i = 0; i < 200; ++i) town.move_in(BrowserKind::kChromium);
  town.pass(10 * kSecond);
  town.origin.ask("POST", town.channel + "/faults", R"({"kind":"cut"})");
  town.pass(10 * kSecond);
  std::vector<Micros> back;
  for (const auto& reader : town.readers) {
    REQUIRE(reader->requests.size() == 2);
    back.push_back(reader->requests[1]);
  }
  const auto [first, last] = std::minmax_element(back.begin(), back.end());
  CHECK(*last - *first < 50 * kMillisecond);
  note("herd.readers", 200);
  note("herd.nativeMs", milliseconds(*last - *first));

  std::vector<Micros> pauses;
  for (int seed = 1; seed <= 200; ++seed) {
    Play play(R"({"lanes":["sse"],"simulated":{"seed":)" + std::to_string(seed) +
              R"(},"scenario":{"faults":[{"kind":"cut","after_s":5}]}})");
    play.pass_seconds(6);
    pauses.push_back(play.parameters(Reason::kLost).pause);
  }
  const auto [least, most] = std::minmax_element(pauses.begin(), pauses.end());
  CHECK(*most - *least > 300 * kMillisecond);
  note("herd.spreadMs", milliseconds(*most - *least));
}

}  // namespace
}  // namespace playground::guide
