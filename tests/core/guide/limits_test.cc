// How many connections a browser opens, and what the next one gets.
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "core/simulation/http_pool.h"
#include "core/simulation/origin.h"
#include "core/simulation/world.h"
#include "tests/core/guide/figures.h"
#include "tests/core/guide/play.h"

namespace playground::guide {
namespace {

using enum TransportId;
using client::Reason;
using simulation::BrowserKind;
using simulation::HttpVersion;

struct Stream final : simulation::ExchangeEvents {
  void on_head(int code, std::string_view) override { status = code; }
  void on_body(std::string_view) override {}
  void on_exchange_end(bool) override { ended = true; }
  std::unique_ptr<simulation::HttpExchange> exchange;
  int status = 0;
  bool ended = false;
};

// Opens event streams of one origin, and waits for ten minutes.
struct Streams {
  Streams(HttpVersion version, int count)
      : pool(simulation::profile(BrowserKind::kChromium), network, version) {
    const std::string body = origin.ask("POST", "/api/channels", R"({"rate":1})").body;
    const std::string request =
        "GET /api/channels/" + body.substr(7, 32) + "/sse HTTP/1.1\r\nHost: localhost:8088\r\n\r\n";
    for (int i = 0; i < count; ++i) {
      streams.push_back(std::make_unique<Stream>());
      streams.back()->exchange =
          std::make_unique<simulation::HttpExchange>(pool, kPort, request, *streams.back());
    }
    time.advance(time.now_us() + 600 * kSecond);
  }
  int answered() const {
    int count = 0;
    for (const auto& each : streams) count += each->status == 200;
    return count;
  }

  static constexpr std::uint16_t kPort = 8088;
  simulation::VirtualTime time{1'790'000'000'000'000};
  simulation::Link link{{}, 1};
  simulation::Network network{link, time.schedule()};
  simulation::Origin origin{{kPort, 0, {}}, network, 1};
  simulation::HttpPool pool;
  std::vector<std::unique_ptr<Stream>> streams;
};

TEST_CASE("over HTTP/1.1 six streams to an origin run, and the seventh waits without a word",
          "[guide]") {
  const Streams seven(HttpVersion::kHttp1, 7);
  CHECK(seven.answered() == 6);
  CHECK(seven.streams.back()->status == 0);
  CHECK_FALSE(seven.streams.back()->ended);
  note("streams.http1", seven.answered());
  note("streams.waitedMinutes", 10);
}

TEST_CASE("over HTTP/2 as many streams run as the server allows: a hundred, commonly", "[guide]") {
  const Streams many(HttpVersion::kHttp2, 101);
  CHECK(many.answered() == 100);
  CHECK(many.pool.waiting() == 1);
  CHECK_FALSE(many.streams.back()->ended);
  note("streams.http2", many.answered());
}

TEST_CASE("a seventh tab's stream waits, and its WebSocket does not", "[guide]") {
  for (const int http : {1, 2}) {
    Play play(R"({"lanes":["sse-native","websocket"],"environment":"six-connections",)"
              R"("simulated":{"http":)" +
              std::to_string(http) + "}}");
    play.pass_seconds(60);
    const std::uint64_t delivered = play.lane(kSseNative).ledger().delivered();
    CHECK(play.lane(kWebSocket).ledger().delivered() > 290);
    if (http == 1) {
      CHECK(delivered == 0);
      CHECK_FALSE(play.decided(Reason::kBrowserGaveUp));
      note("tabs.seconds", 60);
      note("tabs.http1", static_cast<double>(delivered));
      note("tabs.socket", static_cast<double>(play.lane(kWebSocket).ledger().delivered()));
    } else {
      CHECK(delivered > 290);
      note("tabs.http2", static_cast<double>(delivered));
    }
  }
}

TEST_CASE("a browser opens so many WebSockets and no more; the next fails at once", "[guide]") {
  for (const BrowserKind browser : {BrowserKind::kChromium, BrowserKind::kFirefox}) {
    simulation::WorldSettings settings;
    settings.page.browser = browser;
    simulation::World world(settings, 1);
    const std::string body = world.origin().ask("POST", "/api/channels", "{}").body;
    client::Request request;
    request.kind = client::ConnectionKind::kWebSocket;
    request.url = "ws://localhost:8088/api/channels/" + body.substr(7, 32) + "/websocket?after=0";
    int opened = 0;
    int failed = 0;
    for (int i = 0; i < 260; ++i) {
      world.dispatcher().open(request, [&](const client::HostEvent& event, Micros) {
        opened += std::holds_alternative<client::Opened>(event);
        failed += std::holds_alternative<client::Closed>(event);
      });
    }
    world.advance(world.now() + 60 * kSecond);
    CHECK(opened == (browser == BrowserKind::kChromium ? 255 : 200));
    CHECK(opened + failed == 260);
    note(browser == BrowserKind::kChromium ? "sockets.chromium" : "sockets.firefox", opened);
  }
}

}  // namespace
}  // namespace playground::guide
