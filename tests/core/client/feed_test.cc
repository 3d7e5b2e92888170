#include "core/client/feed.h"

#include <string>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/support/lane_scene.h"

namespace playground::client {
namespace {

using enum TransportId;

std::string field(const Request& request, std::string_view name) {
  for (const HeaderField& each : request.header_fields) {
    if (each.name == name) return each.value;
  }
  return {};
}

// A feed by itself on somebody's endpoint, and all that it tells.
struct PlainScene final : private FeedEvents {
  explicit PlainScene(TransportId transport, Cursor cursor = {}, Endpoint endpoint = {}) {
    endpoint.http = "http://elsewhere/stream?topic=a";
    endpoint.websocket = "ws://elsewhere/socket";
    FeedEvents& events = *this;
    feed = make_feed({transport, endpoint, CodecId::kPlain}, cursor, host.dispatcher, events);
    feed->start(host.now);
    id = host.open_now.begin()->first;
  }

  void tell(const HostEvent& event) { host.tell(id, event); }
  const Request& request() const { return host.requests.back(); }

  VirtualHost host;
  ConnectionId id = 0;
  std::vector<std::string> items;  // "name #id data", "bytes data"
  std::vector<std::string> told;
  std::string end;
  Micros retry = 0;
  std::unique_ptr<Feed> feed;

 private:
  void on_request(Micros) override { told.emplace_back("request"); }
  void on_open(Micros) override { told.emplace_back("open"); }
  void on_bytes(Micros) override {}
  void on_delivered(const Delivered& delivered, Micros) override {
    const auto& item = std::get<Item>(delivered);
    CHECK_FALSE(item.seq);
    CHECK_FALSE(item.sent_us);
    std::string text(item.binary ? "bytes" : item.event);
    if (!item.id.empty()) text += " #" + std::string(item.id);
    items.push_back((text.empty() ? "" : text + " ") + std::string(item.data));
  }
  void on_answer(Micros) override { told.emplace_back("answer"); }
  void on_retry(Micros time, Micros) override { retry = time; }
  void on_interrupted(Micros) override { told.emplace_back("interrupted"); }
  void on_end(const End& ended, Micros) override { end = ended.detail; }
};

TEST_CASE("a plain feed asks for the address as it is", "[feed]") {
  const auto transport = GENERATE(kShortPoll, kSse, kSseNative, kSseFetch, kNdjson);
  PlainScene scene(transport);
  CHECK(scene.request().url == "http://elsewhere/stream?topic=a");
  CHECK(scene.request().method == "GET");
  const bool events = transport != kShortPoll && transport != kNdjson;
  CHECK(field(scene.request(), "Accept") == (events ? "text/event-stream" : ""));
  CHECK(scene.request().header_fields.size() == (events ? 1 : 0));
}

TEST_CASE("a plain feed sends what the endpoint asks for", "[feed]") {
  Endpoint endpoint;
  endpoint.method = "POST";
  endpoint.body = "{}";
  endpoint.content_type = "application/json";
  endpoint.header_fields = {{"Authorization", "Bearer token"}};
  endpoint.subprotocols = {"chat"};
  endpoint.event_names = {"tick"};
  PlainScene stream(kSseFetch, {}, endpoint);
  CHECK(stream.request().method == "POST");
  CHECK(stream.request().body == "{}");
  CHECK(stream.request().content_type == "application/json");
  CHECK(field(stream.request(), "Authorization") == "Bearer token");
  PlainScene socket(kWebSocket, {}, endpoint);
  CHECK(socket.request().url == "ws://elsewhere/socket");
  CHECK(socket.request().subprotocols == std::vector<std::string>{"chat"});
  PlainScene source(kSseNative, {}, endpoint);
  CHECK(source.request().event_names == std::vector<std::string>{"tick"});
  CHECK(source.request().reconnects_itself);
}

constexpr std::string_view kEventStream = "content-type: text/event-stream;charset=UTF-8\r\n";

TEST_CASE("a plain event stream has any data, names and ids", "[feed]") {
  PlainScene scene(kSseFetch);
  scene.tell(Opened{200, kEventStream});
  scene.tell(
      Chunk{": comment\nretry: 1500\nid: a\ndata: one\n\nevent: tick\ndata: two\ndata: 2\n\n"});
  CHECK(scene.items == std::vector<std::string>{"message #a one", "tick #a two\n2"});
  CHECK(scene.retry == 1500 * kMillisecond);
  // An id counts without an event.
  scene.tell(Chunk{"id: b\n\n"});
  CHECK(scene.feed->cursor().last_event_id == "b");
  scene.tell(Chunk{"id\n\n"});
  CHECK(scene.feed->cursor().last_event_id.empty());
  scene.tell(Closed{});
  CHECK(scene.end == "end of the response");
}

TEST_CASE("what is no event stream by its type is none, whoever sends it", "[WHATWG HTML 9.2.2]") {
  for (const char* type : {"text/html", "application/json", "text/event-streams", ""}) {
    CAPTURE(type);
    PlainScene scene(kSseFetch);
    const std::string fields = "Content-Type: " + std::string(type) + "\r\n";
    scene.tell(Opened{200, fields});
    CHECK(scene.end.ends_with(" in place of text/event-stream"));
  }
}

TEST_CASE("a plain event stream goes on after the last event id", "[feed]") {
  Cursor cursor;
  cursor.last_event_id = "a";
  PlainScene scene(kSseFetch, cursor);
  CHECK(field(scene.request(), "Last-Event-ID") == "a");
  scene.tell(Opened{200, kEventStream});
  scene.tell(Chunk{"data: next\n\n"});
  CHECK(scene.items == std::vector<std::string>{"message #a next"});
  CHECK(scene.feed->cursor().last_event_id == "a");
}

TEST_CASE("a browser's EventSource tells names and ids", "[feed]") {
  PlainScene scene(kSseNative);
  scene.tell(Opened{});
  scene.tell(ServerEvent{"tick", "one", "7"});
  scene.tell(Interrupted{});
  scene.tell(Opened{});
  scene.tell(ServerEvent{"message", "{\"no\":\"record\"}", "8"});
  CHECK(scene.items == std::vector<std::string>{"tick #7 one", "message #8 {\"no\":\"record\"}"});
  CHECK(scene.feed->cursor().last_event_id == "8");
  CHECK(scene.end.empty());
}

TEST_CASE("a plain WebSocket has texts and bytes", "[feed]") {
  PlainScene scene(kWebSocket);
  scene.tell(Opened{});
  scene.tell(Frame{"hello"});
  scene.tell(Frame{std::string_view("\0\xff", 2), true});
  scene.feed->send("back");
  CHECK(scene.host.sent == std::vector<std::string>{"back"});
  CHECK(scene.items == std::vector<std::string>{"hello", "bytes " + std::string("\0\xff", 2)});
  scene.tell(Closed{4000, "enough"});
  CHECK(scene.end.starts_with("code 4000"));
}

TEST_CASE("lines may be any text, and the last needs no end", "[feed]") {
  PlainScene scene(kNdjson);
  scene.tell(Opened{200});
  scene.tell(Chunk{"{\"a\":1}\r\n\nplain te"});
  scene.tell(Chunk{"xt\nlast"});
  CHECK(scene.items == std::vector<std::string>{"{\"a\":1}", "plain text"});
  scene.tell(Closed{});
  CHECK(scene.items.back() == "last");
  CHECK(scene.end == "end of the response");
}

TEST_CASE("a line that was cut is not an item", "[feed]") {
  PlainScene scene(kNdjson);
  scene.tell(Opened{200});
  scene.tell(Chunk{"half a li"});
  scene.tell(Failed{"cut"});
  CHECK(scene.items.empty());
  CHECK(scene.end == "cut");
}

TEST_CASE("an address that is polled gives an item an answer, at its interval", "[feed]") {
  Endpoint endpoint;
  endpoint.short_poll_interval = 2 * kSecond;
  PlainScene scene(kShortPoll, {}, endpoint);
  scene.tell(Answered{200, "first"});
  CHECK(scene.host.open_now.empty());
  scene.host.advance(2 * kSecond);
  REQUIRE(scene.host.open_now.size() == 1);
  scene.host.tell(scene.host.open_now.begin()->first, Answered{200, "second"});
  CHECK(scene.items == std::vector<std::string>{"first", "second"});
}

TEST_CASE("a status that is no stream ends a plain feed", "[feed]") {
  PlainScene scene(kSseFetch);
  scene.tell(Opened{503});
  CHECK(scene.end == "status 503");
}

// A lane on it: one transport, and nothing that the other side promises.
LaneScene& start_plain(LaneScene& scene) {
  FeedSpec spec{.transport = scene.lane.asked(), .codec = CodecId::kPlain};
  spec.endpoint.http = "http://elsewhere/sse?";
  spec.endpoint.websocket = "ws://elsewhere/websocket?";
  scene.observed.start(spec, {}, scene.host.now);
  return scene;
}

TEST_CASE("a plain stream is live when it is open, and may be silent for ever", "[feed]") {
  const auto transport = GENERATE(kSse, kSseFetch, kWebSocket);
  LaneScene scene(std::vector<TransportId>{transport});
  start_plain(scene);
  scene.voice().open();
  CHECK(scene.lane.state() == LaneState::kLive);
  scene.host.advance(3600 * kSecond);
  CHECK(scene.lane.state() == LaneState::kLive);
  CHECK(scene.host.requests.size() == 1);
}

TEST_CASE("a plain stream that does not open is tried again", "[feed]") {
  LaneScene scene(std::vector<TransportId>{kSseFetch});
  start_plain(scene);
  scene.host.advance(Lane::kPlainOpening - kSecond);
  CHECK(scene.host.requests.size() == 1);
  scene.host.advance(12 * kSecond);
  CHECK(scene.host.requests.size() == 2);
  scene.until_asked();
  scene.voice().open();
  CHECK(scene.lane.state() == LaneState::kLive);
}

TEST_CASE("a lane on a plain event stream goes on after the last event id", "[feed]") {
  LaneScene scene(std::vector<TransportId>{kSseFetch});
  start_plain(scene);
  scene.voice().open();
  const auto id = scene.voice().connection();
  scene.host.tell(id, Chunk{"id: first\ndata: 1\n\nid: second\ndata: 2\n\n"});
  CHECK(scene.observed.ledger().delivered() == 2);
  CHECK(scene.observed.delay_us().count() == 0);
  scene.voice().cut();
  scene.until_asked();
  CHECK(field(scene.host.requests.back(), "Last-Event-ID") == "second");
  scene.voice().open();
  CHECK(scene.lane.state() == LaneState::kLive);
  CHECK(scene.decided(Reason::kBack));
}

// Where a channel tells its epoch, a cursor has it.
TEST_CASE("a cursor is an epoch and an offset", "[feed]") {
  LaneScene scene(kSseFetch);
  scene.start();
  scene.voice().open();
  scene.voice().say(Greeting{0, 15, "a1b2c3"});
  scene.say(1);
  scene.say(2);
  scene.voice().cut();
  scene.until_asked();
  CHECK(scene.host.requests.back().url.find("after=2-a1b2c3&") != std::string::npos);

  SECTION("another epoch numbers anew, wherever its numbers have got to") {
    scene.voice().open();
    scene.voice().say(Greeting{9, 15, "d4e5f6"});
    scene.voice().say(Reset{1, 9});
    for (std::uint64_t seq = 1; seq <= 9; ++seq) scene.say(seq);
    CHECK(scene.decided(Reason::kNumberedAnew));
    CHECK(scene.observed.ledger().delivered() == 11);
    CHECK(scene.observed.ledger().duplicate() == 0);
    scene.voice().cut();
    scene.until_asked();
    CHECK(scene.host.requests.back().url.find("after=9-d4e5f6&") != std::string::npos);
  }
  SECTION("the same one goes on") {
    scene.voice().open();
    scene.voice().say(Greeting{3, 15, "a1b2c3"});
    scene.say(3);
    CHECK_FALSE(scene.decided(Reason::kNumberedAnew));
    CHECK(scene.observed.ledger().delivered() == 3);
  }
}

TEST_CASE("a batch of another epoch numbers anew", "[feed]") {
  LaneScene scene(kShortPoll);
  scene.start();
  const auto answer = [&](const std::string& body) {
    scene.until_asked();
    scene.host.tell(scene.voice().connection(), Answered{200, body, scene.voice().fields()});
  };
  answer(R"({"messages":[{"seq":1,"sent_us":1,"payload":""}],"last":1,"epoch":"a1b2c3"})");
  answer(R"({"messages":[{"seq":1,"sent_us":1,"payload":""},{"seq":2,"sent_us":1,"payload":""}],)"
         R"("last":2,"reset":{"first":1,"last":2},"epoch":"d4e5f6"})");
  CHECK(scene.decided(Reason::kNumberedAnew));
  CHECK(scene.observed.ledger().delivered() == 3);
  scene.until_asked();
  CHECK(scene.host.requests.back().url.find("after=2-d4e5f6&") != std::string::npos);
}

}  // namespace
}  // namespace playground::client
