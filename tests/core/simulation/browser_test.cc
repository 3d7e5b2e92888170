// What a browser does with connections: limits, queues, reuse, and an EventSource of its own.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "core/simulation/event_source.h"
#include "core/simulation/origin.h"
#include "core/simulation/world.h"

namespace playground::simulation {
namespace {

using client::kSecond;
constexpr std::uint16_t kPort = 8088;

struct Reader final : ExchangeEvents {
  void on_head(int code, std::string_view) override { status = code; }
  void on_body(std::string_view bytes) override { body += bytes; }
  void on_exchange_end(bool is_whole) override {
    ended = true;
    whole = is_whole;
  }
  std::unique_ptr<HttpExchange> exchange;
  int status = 0;
  std::string body;
  bool ended = false;
  bool whole = false;
};

struct BrowserScene {
  explicit BrowserScene(HttpVersion version = HttpVersion::kHttp1,
                        BrowserKind browser = BrowserKind::kChromium)
      : pool(profile(browser), network, version) {
    const std::string body = origin.ask("POST", "/api/channels", R"({"rate":1})").body;
    channel = "/api/channels/" + body.substr(7, 32);
  }
  std::unique_ptr<Reader> get(const std::string& target) {
    auto reader = std::make_unique<Reader>();
    reader->exchange = std::make_unique<HttpExchange>(
        pool, kPort, "GET " + target + " HTTP/1.1\r\nHost: localhost:8088\r\n\r\n", *reader);
    return reader;
  }
  void pass(Micros us) { time.advance(time.now_us() + us); }

  VirtualTime time{1'790'000'000'000'000};
  Link link{{}, 1};
  Network network{link, time.schedule()};
  Origin origin{{kPort, 0, {}}, network, 1};
  HttpPool pool;
  std::string channel;
};

TEST_CASE("a seventh request over HTTP/1.1 waits, with no answer and no error, for one to end",
          "[simulation]") {
  BrowserScene scene;
  std::vector<std::unique_ptr<Reader>> readers;
  for (int i = 0; i < 6; ++i) readers.push_back(scene.get(scene.channel + "/sse"));
  const auto seventh = scene.get("/api/time");
  scene.pass(600 * kSecond);
  for (const auto& reader : readers) CHECK(reader->body.size() > 600);
  CHECK(seventh->status == 0);
  CHECK_FALSE(seventh->ended);
  CHECK(scene.pool.open() == 6);
  CHECK(scene.pool.waiting() == 1);
  readers.pop_back();
  scene.pass(kSecond);
  CHECK(seventh->status == 200);
}

TEST_CASE("over HTTP/2 no request waits for another", "[simulation]") {
  BrowserScene scene(HttpVersion::kHttp2);
  std::vector<std::unique_ptr<Reader>> readers;
  for (int i = 0; i < 20; ++i) readers.push_back(scene.get(scene.channel + "/sse"));
  scene.pass(10 * kSecond);
  for (const auto& reader : readers) CHECK(reader->body.size() > 600);
}

TEST_CASE("requests one after another use one connection again", "[simulation]") {
  BrowserScene scene;
  for (int i = 0; i < 5; ++i) {
    const auto reader = scene.get(scene.channel + "/poll?lane=a");
    scene.pass(kSecond);
    CHECK(reader->whole);
  }
  CHECK(scene.origin.ask("GET", scene.channel + "/wire?lane=a")
            .body.find(R"("requests":5,"connections":1)") != std::string::npos);
  CHECK(scene.pool.open() == 1);
  // The server ends what is idle for a minute.
  scene.pass(61 * kSecond);
  CHECK(scene.pool.open() == 0);
}

TEST_CASE("a request that crossed with the end of its used connection is made again",
          "[simulation]") {
  BrowserScene scene;
  const auto first = scene.get("/api/time");
  scene.pass(kSecond);
  REQUIRE(first->whole);
  scene.origin.stop();  // its end is on its way
  scene.origin.start();
  const auto second = scene.get("/api/time");
  scene.pass(kSecond);
  CHECK(second->whole);
}

TEST_CASE("a request to nobody fails", "[simulation]") {
  BrowserScene scene;
  scene.origin.stop();
  const auto reader = scene.get("/api/time");
  scene.pass(kSecond);
  CHECK(reader->ended);
  CHECK_FALSE(reader->whole);
}

struct Listener final : EventSourceEvents {
  void on_open() override { ++opens; }
  void on_event(const event_stream::Event& event) override {
    if (event.type == "message") ++messages;
    last_event_id = event.last_event_id;
  }
  void on_error(bool is_closed) override {
    ++errors;
    closed = is_closed;
  }
  int opens = 0;
  int messages = 0;
  int errors = 0;
  bool closed = false;
  std::string last_event_id;
};

struct Source {
  explicit Source(BrowserScene& scene, BrowserKind browser = BrowserKind::kChromium)
      : source(
            profile(browser), scene.pool, scene.time.schedule(), kPort,
            [this, target = scene.channel + "/sse"](std::string_view id) {
              requests.emplace_back(id);
              return "GET " + target + " HTTP/1.1\r\nHost: a\r\n" +
                     (id.empty() ? "" : "Last-Event-ID: " + std::string(id) + "\r\n") + "\r\n";
            },
            listener) {}
  std::vector<std::string> requests;  // their last event ids
  Listener listener;
  EventSource source;
};

TEST_CASE("an EventSource reconnects by itself after its browser's time, with the last id",
          "[simulation]") {
  for (const BrowserKind browser : {BrowserKind::kChromium, BrowserKind::kFirefox}) {
    BrowserScene scene(HttpVersion::kHttp1, browser);
    Source source(scene, browser);
    scene.pass(10 * kSecond + kSecond / 2);
    CHECK(source.listener.messages == 11);
    scene.origin.ask("POST", scene.channel + "/faults", R"({"kind":"cut"})");
    const Micros wait = profile(browser).reconnection_time;
    CHECK(wait == (browser == BrowserKind::kChromium ? 3 : 5) * kSecond);
    scene.pass(wait);
    CHECK(source.listener.errors == 1);
    CHECK_FALSE(source.listener.closed);
    CHECK(source.requests.size() == 1);
    scene.pass(kSecond);
    const std::string id = scene.channel.substr(scene.channel.rfind('/') + 1);
    const std::string last = "11-" + scene.origin.hub().find(id)->epoch();
    CHECK(source.requests == std::vector<std::string>{"", last});
    CHECK(source.listener.opens == 2);
    scene.pass(3 * kSecond);
    CHECK(source.listener.messages >= 15);
  }
}

TEST_CASE("an EventSource that is answered 204 or an error is closed for good", "[simulation]") {
  for (const char* status : {"204", "503"}) {
    BrowserScene scene;
    scene.origin.ask("POST", scene.channel + "/faults",
                     std::string(R"({"kind":"status","status":)") + status + "}");
    Source source(scene);
    scene.pass(60 * kSecond);
    CHECK(source.listener.closed);
    CHECK(source.listener.opens == 0);
    CHECK(source.requests.size() == 1);
  }
}

// A client of a host that counts what it is told.
TEST_CASE("no more WebSockets than the browser allows: the next fails at once", "[simulation]") {
  WorldSettings settings;
  settings.page.browser = BrowserKind::kFirefox;
  World world(settings, 1);
  const std::string body = world.origin().ask("POST", "/api/channels", "{}").body;
  client::Request request;
  request.kind = client::ConnectionKind::kWebSocket;
  request.url = "ws://localhost:8088/api/channels/" + body.substr(7, 32) + "/websocket?after=0";
  int opened = 0;
  int failed = 0;
  for (int i = 0; i < 205; ++i) {
    world.dispatcher().open(request, [&](const client::HostEvent& event, Micros) {
      if (std::holds_alternative<client::Opened>(event)) ++opened;
      if (std::holds_alternative<client::Closed>(event)) ++failed;
    });
  }
  world.advance(world.now() + 60 * kSecond);
  CHECK(opened == 200);
  CHECK(failed == 5);
}

TEST_CASE("request heads are those that the browsers send", "[simulation]") {
  const std::string head =
      request_head(profile(BrowserKind::kFirefox), client::ConnectionKind::kEventSource,
                   {.target = "/other-sse",
                    .host = "localhost:40545",
                    .page_origin = "http://localhost:39605",
                    .own_origin = "http://localhost:40545",
                    .referrer = true});
  CHECK(head ==
        "GET /other-sse HTTP/1.1\r\nHost: localhost:40545\r\n"
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0\r\n"
        "Accept: text/event-stream\r\nAccept-Language: en-US,en;q=0.9\r\n"
        "Accept-Encoding: gzip, deflate, br, zstd\r\nOrigin: http://localhost:39605\r\n"
        "Connection: keep-alive\r\nReferer: http://localhost:39605/\r\nSec-Fetch-Dest: empty\r\n"
        "Sec-Fetch-Mode: cors\r\nSec-Fetch-Site: same-site\r\nPriority: u=4\r\n"
        "Pragma: no-cache\r\nCache-Control: no-cache\r\n\r\n");
}

}  // namespace
}  // namespace playground::simulation
