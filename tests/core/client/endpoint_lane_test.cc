// Lanes of a run that follow endpoints of other people's servers, which the test plays.
#include "core/client/endpoint_lane.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <nlohmann/json.hpp>

#include "core/client/decision_words.h"
#include "core/client/run.h"
#include "core/client/snapshot.h"
#include "core/json_text.h"
#include "tests/support/decisions.h"
#include "tests/support/json.h"
#include "tests/support/run_scene.h"
#include "tests/support/virtual_host.h"

namespace playground::client {
namespace {

constexpr std::string_view kStream = "Content-Type: text/event-stream\r\nServer: them\r\n";

// A run with nothing but endpoints, of a page on another origin.
struct EndpointScene {
  explicit EndpointScene(const std::string& endpoints, std::string origin = "http://page") {
    host.around = {std::move(origin)};
    auto settings = parse_settings(R"({"lanes":[],"endpoints":)" + endpoints + "}");
    REQUIRE(settings);
    run = std::make_unique<Run>(std::move(*settings), host.dispatcher, 1);
    run->start(host.now);
  }
  nlohmann::json snapshot() { return read_json(snapshot_json(*run, host.now)); }
  nlohmann::json endpoint(std::size_t index = 0) { return snapshot()["endpoints"][index]; }
  // The kinds of what was kept, with what belongs to each.
  std::string told() {
    std::string all;
    const auto entries = endpoint()["entries"];
    for (const auto& each : entries) {
      all += std::string(each["kind"]) + " " + std::string(each["event"]) + "#" +
             std::string(each["id"]) + " " + std::string(each["text"]) + "|";
    }
    return all;
  }
  bool decided(Reason reason) const { return times_decided(run->decisions(), reason) > 0; }
  std::string sentence_of(Reason reason) const {
    return sentence(newest(run->decisions(), reason));
  }
  // The newest connection to this place.
  ConnectionId newest_to(std::string_view part) const {
    ConnectionId found = 0;
    for (const auto& [id, request] : host.open_now) {
      if (request.url.find(part) != std::string::npos) found = id;
    }
    REQUIRE(found != 0);
    return found;
  }
  // Until the lane has asked again.
  void until_asked(std::string_view part) {
    for (int i = 0; i < 2000 && !host.has_open(part); ++i) host.advance(10 * kMillisecond);
    REQUIRE(host.has_open(part));
  }

  VirtualHost host;
  std::unique_ptr<Run> run;
};

TEST_CASE("a run of endpoints alone runs at once, and asks no playground server", "[endpoint]") {
  EndpointScene scene(R"([{"url":"http://them/a"},{"url":"ws://them/b","name":"mine"}])");
  CHECK(scene.run->state() == RunState::kRunning);
  CHECK(scene.host.requests.size() == 2);
  const auto snapshot = scene.snapshot();
  CHECK(snapshot["state"] == "running");
  CHECK(snapshot["lanes"].empty());
  CHECK(snapshot["endpoints"][0]["title"] == "them");
  CHECK(snapshot["endpoints"][1]["title"] == "mine");
  scene.host.advance(60 * kSecond);
  scene.run->stop(scene.host.now);
  CHECK(scene.host.open_now.empty());
  CHECK(scene.run->state() == RunState::kStopped);
  CHECK(scene.host.requests.size() == 2);
}

TEST_CASE("endpoints beside the playground's own lanes", "[endpoint]") {
  RunScene scene(R"(["sse"])", R"(,"endpoints":[{"url":"ws://them/b"}])");
  CHECK(scene.host.has_open("ws://them/b"));
  scene.pass(100 * kMillisecond);
  CHECK(scene.run->state() == RunState::kRunning);
  CHECK(scene.host.has_open("/sse?"));
  const auto id = scene.host.find("ws://them/b");
  scene.host.tell(id, Opened{});
  scene.host.tell(id, Frame{"hello"});
  const auto snapshot = scene.snapshot();
  CHECK(snapshot["lanes"].size() == 1);
  CHECK(snapshot["lanes"][0]["messages"] == 0);
  CHECK(snapshot["endpoints"][0]["messages"] == 1);
  CHECK(snapshot["sent"] == 0);
  // A channel that is lost is none of the endpoint's.
  scene.wire_status = 404;
  scene.pass(7 * kSecond);
  CHECK(scene.decided(Reason::kChannelLost));
  CHECK(scene.host.find("ws://them/b") == id);
  // Nor are its bytes any of the server's.
  std::string said;
  scene.run->ask_wire(1, std::nullopt, [&](int, std::string_view body) { said = body; });
  CHECK(said == "Only a playground server keeps the bytes that it writes.");
}

TEST_CASE("an event stream over fetch shows all that came", "[endpoint]") {
  EndpointScene scene(R"([{"url":"http://them/a"}])");
  const auto id = scene.host.find("them");
  scene.host.tell(id, Opened{200, kStream});
  scene.host.advance(kSecond);
  scene.host.tell(id, Chunk{": hello\nretry: 250\n\nid: 7\nevent: tick\ndata: one\n\n"});
  scene.host.advance(1500 * kMillisecond);
  scene.host.tell(id, Chunk{"data: two\n\n"});
  scene.host.advance(250 * kMillisecond);
  CHECK(scene.told() ==
        "asked # |head # |comment # hello|retry # |item tick#7 one|item message#7 two|");
  const auto endpoint = scene.endpoint();
  CHECK(endpoint["status"] == 200);
  CHECK(endpoint["fields"] == std::string(kStream));
  CHECK(endpoint["retryMs"] == 250);
  CHECK(endpoint["comments"] == 1);
  CHECK(endpoint["items"] == 2);
  CHECK(endpoint["lastEventId"] == "7");
  CHECK(endpoint["bytes"] == 60);
  CHECK(endpoint["silentMs"] == 250);
  CHECK(endpoint["entries"][4]["size"] == 3);
  CHECK(endpoint["entries"][5]["sinceMs"] == 1500);
  CHECK(endpoint["delay"].is_null());
  // Cut: the next request says what it has seen.
  scene.host.tell(id, Failed{"network error"});
  scene.until_asked("them");
  CHECK(scene.told().ends_with("ended # network error|asked #7 |"));
  CHECK(scene.endpoint()["reconnects"] == 1);
}

TEST_CASE("time and number where the reader says they are", "[endpoint]") {
  EndpointScene scene(R"([{"url":"ws://them/b","time":"/meta/ts","number":"/seq"}])");
  const auto id = scene.host.find("them");
  scene.host.tell(id, Opened{});
  const auto say = [&](const std::string& number, Micros age) {
    std::string text = R"({"seq":)" + number + R"(,"meta":{"ts":)";
    append_number((scene.host.now + VirtualHost::kEpoch - age) / kMillisecond, text);
    scene.host.tell(id, Frame{text + "}}"});
    scene.host.advance(100 * kMillisecond);
  };
  SECTION("missing, repeated and out of order, from whatever number it begins at") {
    for (const char* number : {"5000", "5001", "5004", "5003", "5003", "5005"}) {
      say(number, 40 * kMillisecond);
    }
    const auto endpoint = scene.endpoint();
    CHECK(endpoint["messages"] == 5);
    CHECK(endpoint["missing"] == 1);
    CHECK(endpoint["duplicate"] == 1);
    CHECK(endpoint["reordered"] == 1);
    CHECK(endpoint["delay"]["maxMs"] >= 40);
    CHECK(endpoint["delay"]["maxMs"] < 46);
    CHECK(endpoint["early"] == 0);
  }
  SECTION("numbers from 0, and as text") {
    for (const char* number : {"0", "\"1\"", "3"}) say(number, 0);
    CHECK(scene.endpoint()["messages"] == 3);
    CHECK(scene.endpoint()["missing"] == 1);
  }
  SECTION("what has no number counts for nothing but itself") {
    say("1", 0);
    scene.host.tell(id, Frame{"ping"});
    scene.host.tell(id, Frame{R"({"seq":"x"})"});
    say("2", 0);
    const auto endpoint = scene.endpoint();
    CHECK(endpoint["items"] == 4);
    CHECK(endpoint["messages"] == 2);
    CHECK(endpoint["unnumbered"] == 2);
    CHECK(endpoint["missing"] == 0);
    CHECK(endpoint["duplicate"] == 0);
  }
  SECTION("a clock that is ahead is said, and gives no delay below 0") {
    say("1", -5 * kSecond);
    CHECK(scene.endpoint()["early"] == 1);
    CHECK(scene.endpoint()["delay"]["maxMs"] == 0);
  }
  SECTION("what is held back on the way is not read from clocks that nobody has compared") {
    for (int i = 0; i < 100; ++i) say(std::to_string(i), 2 * kSecond);
    CHECK_FALSE(scene.decided(Reason::kHeldWrites));
  }
}

TEST_CASE("bytes of a WebSocket as hexadecimal digits, and its close", "[endpoint]") {
  EndpointScene scene(R"([{"url":"ws://them/b","subprotocols":["v2"]}])");
  const auto id = scene.host.find("them");
  CHECK(scene.host.requests.front().subprotocols == std::vector<std::string>{"v2"});
  CHECK(scene.run->send_text(0, "early", scene.host.now) == "The WebSocket is not open.");
  scene.host.tell(id, Opened{0, "Sec-WebSocket-Protocol: v2\r\n"});
  scene.host.tell(id, Frame{std::string_view("\0\xff\x80", 3), true});
  CHECK(scene.run->send_text(0, "hello", scene.host.now).empty());
  CHECK(scene.host.sent == std::vector<std::string>{"hello"});
  scene.host.tell(id, Closed{4001, "bye"});
  CHECK(scene.told() == "asked # |head # |item # 00 ff 80|sent # hello|ended # code 4001: bye|");
  CHECK(scene.endpoint()["fields"] == "Sec-WebSocket-Protocol: v2\r\n");
  CHECK(scene.run->send_text(1, "x", scene.host.now) == "There is no such endpoint.");
}

TEST_CASE("a POST beside a stream", "[endpoint]") {
  EndpointScene scene(
      R"([{"url":"http://them/a","headers":{"X-Key":"k"},"sendTo":"http://them/say"},
          {"url":"http://them/b"}])");
  CHECK(scene.run->send_text(0, "hello", scene.host.now).empty());
  const Request& post = scene.host.requests.back();
  CHECK(post.method == "POST");
  CHECK(post.url == "http://them/say");
  CHECK(post.body == "hello");
  CHECK(post.content_type == "text/plain;charset=UTF-8");
  CHECK(post.header_fields.at(0).name == "X-Key");
  CHECK(scene.run->send_text(0, "x", scene.host.now) == "The POST before is not answered yet.");
  scene.host.tell(scene.host.find("say"), Answered{202, "taken"});
  CHECK(scene.told().ends_with("sent # hello|answered # taken|"));
  CHECK(scene.run->send_text(0, "again", scene.host.now).empty());
  scene.host.tell(scene.host.find("say"), Failed{"network error"});
  CHECK(scene.told().ends_with("answered # no answer that the page may read|"));
  CHECK(scene.run->send_text(1, "x", scene.host.now).find("sendTo") != std::string::npos);
}

TEST_CASE("polls are told once for all where they are alike", "[endpoint]") {
  EndpointScene scene(R"([{"url":"http://them/p","transport":"short-poll","pollMs":100}])");
  for (int i = 0; i < 3; ++i) {
    scene.until_asked("them");
    scene.host.tell(scene.host.find("them"), Answered{200, std::to_string(i), "X: y\r\n"});
  }
  CHECK(scene.told() == "head # |item # 0|item # 1|item # 2|");
}

TEST_CASE("the record is bounded, and long texts are cut between characters", "[endpoint]") {
  EndpointScene scene(R"([{"url":"ws://them/b"}])");
  const auto id = scene.host.find("them");
  scene.host.tell(id, Opened{});
  for (int i = 0; i < 100; ++i) scene.host.tell(id, Frame{"x"});
  std::string text(EndpointLane::kMaxText - 1, 'a');
  scene.host.tell(id, Frame{text + "\u20ac and more"});
  const auto entries = scene.endpoint()["entries"];
  CHECK(entries.size() == EndpointLane::kMaxEntries);
  CHECK(entries.back()["text"] == text);
  CHECK(entries.back()["size"] == text.size() + 12);
  CHECK(entries.back()["number"] == 103);
}

// What the browser says when a page asks once more.
struct Again {
  const char* url;
  Reason reason;
  int status;    // of the readable question; 0: it fails
  bool answers;  // to the opaque one
  std::string fields = std::string(kStream);
};

TEST_CASE("not there, not allowed and not an event stream are told apart", "[endpoint]") {
  const auto row = GENERATE(
      Again{"http://them/a", Reason::kEndpointNotThere, 0, false},
      Again{"http://them/a", Reason::kEndpointNotAllowed, 0, true},
      Again{"http://them/a", Reason::kEndpointNotStream, 404, false, "Content-Type: text/html\r\n"},
      Again{"http://them/a", Reason::kEndpointNotStream, 200, false, "Content-Type: text/html\r\n"},
      Again{"ws://them/a", Reason::kEndpointNotThere, 0, false},
      Again{"ws://them/a", Reason::kEndpointNotWebSocket, 0, true},
      Again{"ws://them/a", Reason::kEndpointNotWebSocket, 426, false});
  CAPTURE(row.url, row.status, row.answers);
  const bool socket = std::string_view(row.url).starts_with("ws");
  EndpointScene scene(std::string(R"([{"transport":")") + (socket ? "websocket" : "sse-native") +
                      R"(","url":")" + row.url + "\"}]");
  const auto id = scene.host.find("them");
  scene.host.tell(id, socket ? HostEvent(Closed{1006}) : HostEvent(Failed{"refused"}));
  const auto again = scene.host.find("http://them/a");
  CHECK(scene.host.open_now.at(again).kind == ConnectionKind::kStream);
  if (row.status != 0) {
    scene.host.tell(again, Opened{row.status, row.fields});
  } else {
    scene.host.tell(again, Failed{"network error"});
    const auto opaque = scene.host.find("http://them/a");
    CHECK(scene.host.open_now.at(opaque).opaque);
    scene.host.tell(opaque, row.answers ? HostEvent(Answered{0, {}}) : HostEvent(Failed{"no"}));
  }
  if (row.reason == Reason::kEndpointNotThere) {
    CHECK_FALSE(scene.decided(row.reason));
    scene.host.advance(Diagnosis::kPolicyTold);
  }
  CHECK(scene.decided(row.reason));
  CHECK(scene.endpoint()["found"] == info(row.reason).name);
  CHECK_FALSE(scene.host.has_open("http://them/a"));
}

TEST_CASE("what was found is looked for again after a while", "[endpoint]") {
  EndpointScene scene(R"([{"url":"http://them/a"}])");
  const auto fail_for = [&](Micros time) {
    for (const Micros end = scene.host.now + time; scene.host.now < end;) {
      if (scene.host.has_open("them")) scene.host.tell(scene.newest_to("them"), Failed{"no"});
      scene.host.advance(10 * kMillisecond);
    }
  };
  fail_for(Diagnosis::kRest - kSecond);
  const auto opaque = [&] {
    return std::count_if(scene.host.requests.begin(), scene.host.requests.end(),
                         [](const Request& each) { return each.opaque; });
  };
  CHECK(opaque() == 1);
  CHECK(scene.host.requests.size() > 4);
  fail_for(2 * Lane::kPlainAnswer);
  CHECK(opaque() >= 2);
  CHECK(opaque() <= 4);
  // It is told once.
  CHECK(times_decided(scene.run->decisions(), Reason::kEndpointNotThere) == 1);
}

TEST_CASE("what a head has said needs no second question", "[endpoint]") {
  EndpointScene scene(R"([{"url":"http://them/a"}])");
  scene.host.tell(scene.host.find("them"), Opened{200, "Content-Type: text/html\r\n"});
  CHECK(scene.decided(Reason::kEndpointNotStream));
  CHECK(scene.sentence_of(Reason::kEndpointNotStream).find("status 200, text/html") !=
        std::string::npos);
  scene.until_asked("them");
  scene.host.tell(scene.host.find("them"), Opened{200, kStream});
  CHECK(scene.endpoint()["found"].is_null());
}

TEST_CASE("what the request carries and the server does not allow", "[endpoint]") {
  EndpointScene scene(R"([{"url":"http://them/a","method":"PUT","headers":{"X-Key":"k"},"body":"{}",
                           "contentType":"application/json"}])");
  scene.host.tell(scene.host.find("them"), Failed{"network error"});
  const auto again = scene.host.find("http://them/a");
  CHECK(scene.host.open_now.at(again).header_fields.size() == 1);  // Accept
  scene.host.tell(again, Opened{200, kStream});
  CHECK(scene.run->decisions().back().parameters.said ==
        "`Access-Control-Allow-Headers: X-Key, Content-Type` and "
        "`Access-Control-Allow-Methods: PUT`");
  CHECK(scene.decided(Reason::kEndpointPreflight));
}

TEST_CASE("a reconnection asks for what the first request did not need", "[endpoint]") {
  EndpointScene scene(R"([{"url":"http://them/a"}])");
  auto id = scene.host.find("them");
  scene.host.tell(id, Opened{200, kStream});
  scene.host.tell(id, Chunk{"id: 1\ndata: x\n\n"});
  scene.host.tell(id, Failed{"network error"});
  scene.until_asked("them");
  CHECK_FALSE(scene.decided(Reason::kEndpointPreflight));
  scene.host.tell(scene.host.find("them"), Failed{"network error"});
  scene.host.tell(scene.host.find("them"), Opened{200, kStream});
  CHECK(scene.run->decisions().back().parameters.said ==
        "`Access-Control-Allow-Headers: Last-Event-ID`");
}

TEST_CASE("mixed content is known without asking, but for the machine itself", "[endpoint]") {
  const auto url = GENERATE("http://them/a", "ws://them/a");
  EndpointScene scene(std::string(R"([{"url":")") + url + "\"}]", "https://page");
  const std::size_t asked = scene.host.requests.size();
  const bool socket = std::string_view(url).starts_with("ws");
  scene.host.tell(scene.host.find("them"),
                  socket ? HostEvent(Closed{1006}) : HostEvent(Failed{"no"}));
  CHECK(scene.decided(Reason::kEndpointMixedContent));
  CHECK(scene.host.requests.size() == asked);
  EndpointScene local(R"([{"url":"http://127.0.0.1:8000/a"}])", "https://page");
  local.host.tell(local.host.find("127"), Failed{"no"});
  CHECK_FALSE(local.decided(Reason::kEndpointMixedContent));
}

TEST_CASE("a server that takes its time is waited for, and then asked again", "[endpoint]") {
  EndpointScene scene(R"([{"url":"http://them/a"}])");
  scene.host.advance(Lane::kPlainOpening - kSecond);
  CHECK(scene.host.requests.size() == 1);
  scene.host.advance(2 * kSecond);
  const Decision& decision = newest(scene.run->decisions(), Reason::kCouldNotConnect);
  CHECK(decision.parameters.end->detail == "no answer in time");
}

TEST_CASE("an own origin is not asked whether it allows its own page", "[endpoint]") {
  EndpointScene scene(R"([{"url":"http://page/a"}])");
  scene.host.tell(scene.host.find("page"), Failed{"no"});
  scene.host.tell(scene.host.find("page"), Failed{"no"});
  scene.host.advance(Diagnosis::kPolicyTold);
  CHECK(scene.decided(Reason::kEndpointNotThere));
}

TEST_CASE("a permission that the reader has refused", "[endpoint]") {
  EndpointScene scene(R"([{"url":"http://them/a"}])");
  scene.host.around.local_network_denied = true;
  for (int i = 0; i < 3; ++i) scene.host.tell(scene.host.find("them"), Failed{"no"});
  scene.host.advance(Diagnosis::kPolicyTold);
  CHECK(scene.decided(Reason::kEndpointLocalNetwork));
}

}  // namespace
}  // namespace playground::client
