#include "core/client/run.h"

#include <string>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/run_scene.h"

namespace playground::client {
namespace {

TEST_CASE("a run creates its channel with the scenario and starts its lanes") {
  RunScene scene;
  CHECK(scene.run->state() == RunState::kConnecting);
  scene.pass(100 * kMillisecond);
  CHECK(scene.run->state() == RunState::kRunning);
  CHECK(*parse_scenario(scene.scenario) == Scenario{});
  CHECK(scene.host.open_now.at(scene.host.find("/sse?")).url ==
        "http://server:8088/api/channels/c1/sse?after=0&lane=sse");
  CHECK(scene.host.open_now.at(scene.host.find("/websocket?")).url ==
        "ws://server:8088/api/channels/c1/websocket?after=0&lane=websocket");
}

TEST_CASE("the server's clock is known before the first message, with its error") {
  RunScene scene;
  scene.pass(100 * kMillisecond);
  CHECK(scene.run->clock().samples() == 4);
  CHECK(scene.run->clock_difference() == 250'000);
  CHECK(scene.run->clock().error_us() == 1000);
}

TEST_CASE("each HTTP lane has an origin of its own where there are lane ports") {
  RunScene scene(R"(["sse","ndjson","long-poll","websocket"])");
  scene.lane_ports = "[9001,9002]";
  scene.pass(100 * kMillisecond);
  CHECK(scene.host.has_open("http://server:9001/api/channels/c1/sse?"));
  CHECK(scene.host.has_open("http://server:9002/api/channels/c1/stream?"));
  CHECK(scene.host.has_open("http://server:9001/api/channels/c1/long-poll?"));
  CHECK(scene.host.has_open("ws://server:8088/api/channels/c1/websocket?"));
}

TEST_CASE("lanes that go past a proxy without a sign") {
  RunScene scene(R"(["sse","ndjson","websocket"])");
  scene.lane_ports = "[9001,9002]";
  scene.proxied = true;
  CHECK(scene.snapshot()["lanes"][0]["origin"] == "");
  CHECK(scene.snapshot()["lanes"][0]["ownPort"] == false);
  scene.pass(100 * kMillisecond);
  const auto snapshot = scene.snapshot();
  CHECK(snapshot["proxied"] == true);
  const struct {
    const char* origin;
    bool own_port;
  } rows[] = {
      {"http://server:9001", true}, {"http://server:9002", true}, {"http://server:8088", false}};
  for (std::size_t i = 0; i < std::size(rows); ++i) {
    CAPTURE(i);
    CHECK(snapshot["lanes"][i]["origin"] == rows[i].origin);
    CHECK(snapshot["lanes"][i]["ownPort"] == rows[i].own_port);
  }
}

TEST_CASE("without lane ports nothing goes past the server's own address") {
  RunScene scene(R"(["sse","ndjson","long-poll","websocket"])", R"(,"lanePorts":false)");
  scene.lane_ports = "[9001,9002]";
  scene.pass(2 * kSecond);
  CHECK(scene.run->state() == RunState::kRunning);
  for (const Request& each : scene.host.requests) {
    CAPTURE(each.url);
    CHECK(each.url.find("://server:8088/") != std::string::npos);
  }
  const auto snapshot = scene.snapshot();
  for (const auto& lane : snapshot["lanes"]) {
    CHECK(lane["origin"] == "http://server:8088");
    CHECK(lane["ownPort"] == false);
  }
}

TEST_CASE("a server without a word of a proxy has none before it") {
  RunScene scene;
  scene.pass(100 * kMillisecond);
  CHECK(scene.snapshot()["proxied"] == false);
}

TEST_CASE("plain headers are asked for on streams, and only there") {
  RunScene scene(R"(["sse","sse-fetch","ndjson","long-poll","short-poll","websocket"])",
                 R"(,"plainHeaders":true)");
  scene.pass(100 * kMillisecond);
  for (const Request& each : scene.host.requests) {
    CAPTURE(each.url);
    const bool stream = each.url.find("/sse?") != std::string::npos ||
                        each.url.find("/stream?") != std::string::npos;
    CHECK((each.url.find("plain_headers=1") != std::string::npos) == stream);
  }
  CHECK(scene.host.has_open("/sse?"));
  CHECK(scene.host.has_open("/stream?"));
}

TEST_CASE("lane ports that cannot be reached are done without") {
  RunScene scene;
  scene.lane_ports = "[9001,9002]";
  scene.lane_port_status = 502;
  scene.pass(100 * kMillisecond);
  CHECK(scene.host.has_open("http://server:8088/api/channels/c1/sse?"));
}

TEST_CASE("a server that does not answer is said, and asked again until it does") {
  RunScene scene;
  scene.gone = true;
  scene.pass(5 * kSecond);
  CHECK(scene.run->state() == RunState::kConnecting);
  CHECK(scene.run->error().find("http://server:8088 does not answer") != std::string::npos);
  scene.gone = false;
  scene.pass(2 * kSecond);
  CHECK(scene.run->state() == RunState::kRunning);
  CHECK(scene.run->error().empty());
}

TEST_CASE("a server that never answers at all is given up on after five seconds") {
  RunScene scene;
  scene.host.advance(6 * kSecond);
  CHECK(scene.run->error().find("does not answer") != std::string::npos);
}

// From the page `origin` the server cannot be read; `answers` is whether anybody is there.
struct UnreadableScene : RunScene {
  UnreadableScene(std::string origin, bool answers, bool denied = false) {
    host.around = {std::move(origin), denied};
    gone = true;
    while (host.now < 3 * kSecond) {
      if (host.has_open("/api/config")) {
        const ConnectionId id = host.find("/api/config");
        opaque += host.open_now.at(id).opaque;
        if (host.open_now.at(id).opaque && answers) {
          host.tell(id, Answered{0, {}});
        } else {
          host.tell(id, Failed{"network error"});
        }
      }
      host.advance(10 * kMillisecond);
    }
  }
  Reason reason() const { return run->trouble()->reason; }

  int opaque = 0;  // questions in the mode no-cors
};

TEST_CASE("a server that refuses the page is not taken for one that is not there") {
  const struct {
    const char* origin;
    bool answers;
    bool denied;
    Reason reason;
  } rows[] = {
      {"https://example.org", false, false, Reason::kServerNotThere},
      {"https://example.org", true, false, Reason::kPageNotAllowed},
      {"https://example.org", false, true, Reason::kLocalNetworkDenied},
      {"https://example.org", true, true, Reason::kPageNotAllowed},
      {"null", true, false, Reason::kPageWithoutOrigin},
      {"null", false, false, Reason::kServerNotThere},
  };
  for (const auto& row : rows) {
    CAPTURE(row.origin, row.answers, row.denied);
    UnreadableScene scene(row.origin, row.answers, row.denied);
    CHECK(scene.reason() == row.reason);
    CHECK(scene.opaque >= 2);
    CHECK(scene.run->state() == RunState::kConnecting);
    CHECK(times_decided(scene.run->decisions(), row.reason) == 1);
    CHECK(scene.snapshot()["trouble"]["reason"] == info(row.reason).name);
    CHECK(scene.snapshot()["error"] == scene.snapshot()["trouble"]["text"]);

    scene.gone = false;
    scene.pass(2 * kSecond);
    CHECK(scene.run->state() == RunState::kRunning);
    CHECK(scene.snapshot()["trouble"].is_null());
  }
}

TEST_CASE("a page of the server's own origin asks nothing in the mode no-cors") {
  UnreadableScene scene("http://server:8088", true, /*denied=*/true);
  CHECK(scene.opaque == 0);
  CHECK(scene.reason() == Reason::kServerNotThere);
}

// Others hold every connection that the browser opens: requests wait, but for those that have
// connections of their own. Each round is a question without an answer, and whether it answers what
// has its own.
TEST_CASE("a server that answers where a connection is left is not taken for one that is away") {
  const struct {
    std::vector<bool> rounds;
    std::optional<Reason> reason;
  } rows[] = {
      {{true}, std::nullopt},  // it may have come back in between
      {{true, true}, Reason::kNoConnectionLeft},
      {{false}, Reason::kServerNotThere},
      {{true, true, false}, Reason::kServerNotThere},
  };
  for (std::size_t n = 0; n < 2 * std::size(rows); ++n) {
    const auto& row = rows[n / 2];
    const std::string page = n % 2 == 0 ? "http://server:8088" : "https://elsewhere.example";
    CAPTURE(row.rounds.size(), page);
    RunScene scene;
    scene.host.around.origin = page;
    for (const bool answers : row.rounds) {
      scene.host.advance(5 * kSecond);
      const ConnectionId id = scene.host.find("/api/config");
      REQUIRE(scene.host.open_now.at(id).apart);
      if (answers) scene.host.tell(id, Answered{200, {}});
      scene.host.advance((answers ? 1 : 2) * kSecond + 50 * kMillisecond);
    }
    const auto trouble = scene.run->trouble();
    CHECK((trouble ? std::optional(trouble->reason) : std::nullopt) == row.reason);
    scene.host.advance(kSecond);
    scene.pass(kSecond);
    CHECK(scene.run->state() == RunState::kRunning);
  }
}

TEST_CASE("a run can be stopped while it asks whether anybody is there") {
  RunScene scene;
  scene.host.around.origin = "https://example.org";
  scene.host.tell(scene.host.find("/api/config"), Failed{"network error"});
  REQUIRE(scene.host.open_now.at(scene.host.find("/api/config")).opaque);
  scene.run->stop(scene.host.now);
  CHECK(scene.host.open_now.empty());
  scene.pass(5 * kSecond);
  CHECK(scene.host.requests.size() == 2);
}

TEST_CASE("what is there and never answers a no-cors question counts as not there") {
  RunScene scene;
  scene.host.around.origin = "https://example.org";
  scene.host.tell(scene.host.find("/api/config"), Failed{"network error"});
  scene.host.advance(2500 * kMillisecond);
  REQUIRE(scene.run->trouble());
  CHECK(scene.run->trouble()->reason == Reason::kServerNotThere);
}

TEST_CASE("a scenario that the server refuses fails the run with the server's words") {
  RunScene scene;
  scene.channel_status = 400;
  scene.channel_answer = R"({"error":"rate is over the limit"})";
  scene.pass(100 * kMillisecond);
  CHECK(scene.run->state() == RunState::kFailed);
  CHECK(scene.run->error().find("rate is over the limit") != std::string::npos);
  CHECK(scene.host.open_now.empty());
}

TEST_CASE("what answers but is no playground server fails the run") {
  RunScene scene;
  const auto id = scene.host.find("/api/config");
  scene.host.tell(id, Answered{404, "<html>", "Content-Type: text/html\r\n"});
  CHECK(scene.run->state() == RunState::kFailed);
  CHECK(scene.run->error().find("is not a playground server") != std::string::npos);
  CHECK(scene.run->error().find("status 404, text/html") != std::string::npos);
}

TEST_CASE("bytes a message come from the server's counts, with the ratio to the best") {
  RunScene scene;
  scene.pass(100 * kMillisecond);
  for (const auto id : {TransportId::kSse, TransportId::kWebSocket}) {
    ServerVoice voice(scene.host, id);
    voice.open();
    voice.greet();
    for (std::uint64_t seq = 1; seq <= 10; ++seq) {
      voice.say(Message{seq, scene.host.now + VirtualHost::kEpoch + 250'000, ""});
    }
  }
  scene.wire = R"({"lanes":[
    {"lane":"sse","bytes_in":500,"bytes_out":1500,"requests":1,"connections":1},
    {"lane":"websocket","bytes_in":200,"bytes_out":800,"requests":1,"connections":1}]})";
  scene.pass(1100 * kMillisecond);
  const auto lanes = scene.snapshot()["lanes"];
  CHECK(lanes[0]["bytesPerMessage"] == 200);
  CHECK(lanes[0]["bytesRatio"] == 2);
  CHECK(lanes[1]["bytesPerMessage"] == 100);
  CHECK(lanes[1]["bytesRatio"] == 1);
  CHECK(lanes[0]["connections"] == 1);
  CHECK(lanes[0]["wire"]["bytesOut"] == 1500);
  CHECK(lanes[0]["delay"]["medianMs"].get<double>() < 1);
  CHECK(lanes[0]["messages"] == 10);
}

TEST_CASE("the wire counts are asked for every second, and every five while nothing passes") {
  RunScene scene(R"(["sse"])");
  scene.pass(100 * kMillisecond);
  ServerVoice voice(scene.host, TransportId::kSse);
  voice.open();
  voice.greet();
  const auto asked_in = [&](Micros time) {
    const int before = scene.wire_questions;
    scene.pass(time);
    return scene.wire_questions - before;
  };
  CHECK(asked_in(3 * kSecond) == 2);
  CHECK(asked_in(10 * kSecond) == 2);
  SECTION("what a lane receives is counted within a second") {
    voice.say(Message{1, 0, ""});
    scene.wire =
        R"({"lanes":[{"lane":"sse","bytes_in":1,"bytes_out":2,"requests":1,"connections":1}]})";
    CHECK(asked_in(1100 * kMillisecond) == 1);
    CHECK(scene.snapshot()["lanes"][0]["wire"]["bytesOut"] == 2);
  }
  SECTION("counts that moved with no lane knowing are looked at again in a second") {
    scene.wire =
        R"({"lanes":[{"lane":"sse","bytes_in":1,"bytes_out":2,"requests":1,"connections":1}]})";
    CHECK(asked_in(4500 * kMillisecond) == 1);
    CHECK(asked_in(1100 * kMillisecond) == 1);
  }
  SECTION("a lane in trouble asks at once") {
    voice.cut();
    CHECK(asked_in(10 * kMillisecond) == 1);
  }
}

TEST_CASE("a channel that the server has lost is replaced, and the figures go on") {
  RunScene scene;
  scene.pass(100 * kMillisecond);
  ServerVoice voice(scene.host, TransportId::kSse);
  voice.open();
  voice.greet();
  voice.say(Message{1, 0, ""});
  scene.wire =
      R"({"lanes":[{"lane":"sse","bytes_in":100,"bytes_out":100,"requests":1,"connections":1}]})";
  scene.pass(1100 * kMillisecond);

  scene.gone = true;
  voice.cut();
  scene.pass(3 * kSecond);
  CHECK(scene.run->error().find("does not answer") != std::string::npos);
  scene.gone = false;
  scene.wire_status = 404;
  scene.channel_answer = R"({"id":"c2"})";
  scene.pass(1500 * kMillisecond);
  scene.wire_status = 200;
  scene.pass(1500 * kMillisecond);
  CHECK(scene.decided(Reason::kChannelLost));
  CHECK(scene.run->error().empty());
  CHECK(scene.host.has_open("/c2/sse?after=0"));
  voice.open();
  voice.greet();
  voice.say(Message{1, 0, ""});
  scene.pass(1100 * kMillisecond);
  const auto lane = scene.snapshot()["lanes"][0];
  CHECK(lane["messages"] == 2);
  CHECK(lane["duplicate"] == 0);
  CHECK(lane["wire"]["bytesIn"] == 200);
  CHECK(scene.run->sent_count() == 2);
}

TEST_CASE("a server that comes back with other lane ports is asked for them") {
  RunScene scene;
  scene.lane_ports = "[9001]";
  scene.pass(100 * kMillisecond);
  CHECK(scene.host.has_open("http://server:9001/api/channels/c1/sse?"));
  scene.lane_ports = "[9003]";
  scene.channel_answer = R"({"id":"c2"})";
  scene.wire_status = 404;
  scene.pass(1500 * kMillisecond);
  scene.wire_status = 200;
  CHECK(scene.host.has_open("http://server:9003/api/channels/c2/sse?"));
}

TEST_CASE("a stopped run reads the wire once more, deletes its channel and keeps its figures") {
  RunScene scene;
  scene.pass(100 * kMillisecond);
  ServerVoice voice(scene.host, TransportId::kSse);
  voice.open();
  voice.greet();
  voice.say(Message{1, 0, ""});
  scene.wire =
      R"({"lanes":[{"lane":"sse","bytes_in":1,"bytes_out":2,"requests":1,"connections":1}]})";
  scene.run->stop(scene.host.now);
  const Micros elapsed = scene.run->elapsed(scene.host.now);
  scene.pass(5 * kSecond);
  CHECK(scene.deleted);
  CHECK(scene.host.open_now.empty());
  CHECK(scene.host.timers.empty());
  CHECK(scene.run->elapsed(scene.host.now) == elapsed);
  CHECK(scene.snapshot()["lanes"][0]["wire"]["bytesOut"] == 2);
  CHECK(scene.snapshot()["state"] == "stopped");
}

TEST_CASE("a browser that is offline is believed until the server answers all the same") {
  RunScene scene(R"(["sse"])");
  scene.pass(100 * kMillisecond);
  ServerVoice voice(scene.host, TransportId::kSse);
  voice.open();
  voice.greet();
  voice.say(Message{1, 0, ""});

  SECTION("without an answer nothing is tried until it is online") {
    scene.gone = true;
    scene.host.become({false, true});
    CHECK(scene.decided(Reason::kOffline));
    scene.pass(10 * kMillisecond);
    voice.cut();
    scene.pass(60 * kSecond);
    CHECK_FALSE(scene.host.has_open("/sse?"));
    CHECK(scene.snapshot()["lanes"][0]["state"] == "offline, waiting");
    scene.gone = false;
    scene.host.become({true, true});
    CHECK(scene.host.has_open("/sse?after=1"));
    scene.pass(100 * kMillisecond);
    CHECK(scene.decided(Reason::kOnline));
    CHECK(scene.run->error().empty());
  }
  SECTION("a server on the same machine needs no network") {
    scene.host.become({false, true});
    scene.pass(100 * kMillisecond);
    CHECK(scene.decided(Reason::kNetworkNotNeeded));
    voice.cut();
    scene.pass(kSecond);
    CHECK(scene.host.has_open("/sse?after=1"));
    voice.open();
    voice.greet();
    // Until it does not answer.
    scene.gone = true;
    scene.pass(2 * kSecond);
    voice.cut();
    scene.pass(20 * kSecond);
    CHECK_FALSE(scene.host.has_open("/sse?"));
  }
}

TEST_CASE("a run that begins offline starts where the server answers") {
  RunScene scene(R"(["sse"])");
  scene.run.reset();
  scene.host.surroundings = {false, true};
  scene.run =
      std::make_unique<Run>(*parse_settings(R"({"server":"http://server:8088","lanes":["sse"]})"),
                            scene.host.dispatcher, 1);
  scene.run->start(scene.host.now);
  scene.pass(100 * kMillisecond);
  CHECK(scene.run->state() == RunState::kRunning);
  CHECK(scene.host.has_open("/sse?"));
  scene.run.reset();
  scene.host.become({true, true});  // nobody listens any more
}

TEST_CASE("the settings' ladder is the lanes'") {
  RunScene scene(R"(["websocket"])", R"(,"ladder":["websocket","ndjson"])");
  scene.pass(100 * kMillisecond);
  for (int i = 0; i < 50 && !scene.host.has_open("/stream?"); ++i) {
    if (scene.host.has_open("/websocket?")) ServerVoice(scene.host, TransportId::kWebSocket).cut();
    scene.pass(100 * kMillisecond);
  }
  CHECK(scene.host.has_open("/stream?"));
  const auto lane = scene.snapshot()["lanes"][0];
  CHECK(lane["running"] == "ndjson");
  CHECK(lane["title"] == "WebSocket → an NDJSON stream");
  CHECK(lane["tag"] == "refused");
  CHECK(lane["probing"] == nullptr);
  CHECK(lane["nextProbeMs"] == nullptr);
  ServerVoice(scene.host, TransportId::kNdjson).open();
  ServerVoice(scene.host, TransportId::kNdjson).greet();
  const double next = scene.snapshot()["lanes"][0]["nextProbeMs"].get<double>();
  CHECK(next > 3000);
  CHECK(next < 10'000);
  scene.pass(static_cast<Micros>(next) * kMillisecond + 20 * kMillisecond);
  CHECK(scene.snapshot()["lanes"][0]["probing"] == "websocket");
}

TEST_CASE("messages are counted on when a channel's numbering begins anew") {
  RunScene scene;
  scene.pass(100 * kMillisecond);
  ServerVoice sse(scene.host, TransportId::kSse);
  ServerVoice websocket(scene.host, TransportId::kWebSocket);
  for (auto* voice : {&sse, &websocket}) {
    voice->open();
    voice->greet();
    for (std::uint64_t seq = 1; seq <= 10; ++seq) voice->say(Message{seq, 0, ""});
  }
  CHECK(scene.run->sent_count() == 10);
  for (auto* voice : {&sse, &websocket}) {
    voice->say(Reset{1, 2});
    for (std::uint64_t seq = 1; seq <= 3; ++seq) voice->say(Message{seq, 0, ""});
  }
  CHECK(scene.run->sent_count() == 13);
  CHECK(scene.snapshot()["lanes"][0]["messages"] == 13);
  CHECK(scene.snapshot()["lanes"][1]["duplicate"] == 0);
}

TEST_CASE("a fault that was asked of a channel which is lost is let go of with it") {
  RunScene scene;
  scene.pass(100 * kMillisecond);
  scene.held = "/faults";
  scene.run->add_fault({.kind = FaultKind::kDelay}, scene.host.now);
  scene.run->add_fault({.kind = FaultKind::kStall}, scene.host.now);
  const ConnectionId stale = scene.host.find("/channels/c1/faults");
  scene.channel_answer = R"({"id":"c2"})";
  scene.wire_status = 404;
  scene.pass(1500 * kMillisecond);
  scene.wire_status = 200;
  REQUIRE(scene.run->channel() == "c2");
  CHECK_FALSE(scene.host.open_now.contains(stale));
  scene.host.tell(stale, Answered{404, "{}"});
  CHECK(scene.run->faults().active().empty());
  scene.held.clear();
  scene.run->add_fault({.kind = FaultKind::kCut}, scene.host.now);
  CHECK(scene.host.has_open("/channels/c2/faults"));
  scene.pass(100 * kMillisecond);
  CHECK_FALSE(scene.host.has_open("/faults"));
}

TEST_CASE("a fault that the server refuses is not in force, and the reader is told why") {
  RunScene scene;
  scene.pass(100 * kMillisecond);
  scene.run->add_fault({.kind = FaultKind::kStall}, scene.host.now);
  scene.pass(100 * kMillisecond);
  scene.fault_status = 503;
  scene.fault_answer = R"({"error":"the board is full"})";
  scene.run->add_fault({.kind = FaultKind::kDelay}, scene.host.now);
  CHECK(scene.snapshot()["faults"].size() == 2);
  scene.pass(100 * kMillisecond);
  REQUIRE(scene.snapshot()["faults"].size() == 1);
  CHECK(scene.snapshot()["faults"][0]["kind"] == "stall");
  const Parameters& refused = scene.parameters(Reason::kFaultRefused);
  CHECK(refused.said == "the board is full");
  CHECK(refused.fault->kind == FaultKind::kDelay);
  CHECK(refused.fault->milliseconds == 200);
  scene.gone = true;
  scene.run->add_fault({.kind = FaultKind::kOneBehind, .after_s = 60}, scene.host.now);
  scene.pass(100 * kMillisecond);
  CHECK(scene.run->faults().entries().size() == 1);
  CHECK(scene.parameters(Reason::kFaultUnanswered).fault->kind == FaultKind::kOneBehind);
}

TEST_CASE("a run that is stopped has no fault to come") {
  RunScene scene;
  scene.pass(100 * kMillisecond);
  scene.run->add_fault({.kind = FaultKind::kStall, .after_s = 60}, scene.host.now);
  scene.pass(100 * kMillisecond);
  for (const ObservedLane& each : scene.run->lanes()) CHECK(each.track().coming());
  scene.run->stop(scene.host.now);
  for (const ObservedLane& each : scene.run->lanes()) CHECK_FALSE(each.track().coming());
}

TEST_CASE("before the first run a snapshot has the members that it has in one") {
  const RunScene scene;
  const auto idle = read_json(idle_snapshot_json());
  const auto running = read_json(snapshot_json(*scene.run, scene.host.now));
  REQUIRE(idle.is_object());
  CHECK(idle.size() == running.size());
  for (const auto& [name, value] : running.items()) {
    CAPTURE(name);
    CHECK(idle.contains(name));
    if (value.is_object()) CHECK(idle[name].size() == value.size());
  }
}

TEST_CASE("a run can be let go of at any moment") {
  for (const Micros moment : {0, 3, 11, 50, 2000}) {
    RunScene scene;
    scene.pass(moment * kMillisecond);
    scene.run.reset();
    CHECK(scene.host.open_now.empty());
    CHECK(scene.host.timers.empty());
  }
}

}  // namespace
}  // namespace playground::client
