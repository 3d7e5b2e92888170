// Each fault through the whole client: what it sees, does and says.
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "tests/core/simulation/scene.h"

namespace playground::simulation {
namespace {

using enum TransportId;
using client::kSecond;

std::string with(const std::string& fault) { return R"({"faults":[{)" + fault + "}]}"; }

// A run of one lane, a while after the fault began.
struct Faulty : Scene {
  Faulty(TransportId id, const std::string& fault, Micros time = 30 * kSecond,
         const WorldSettings& settings = {})
      : Scene({id}, settings, 1, with(fault)) {
    pass(time);
    CHECK(observed(0).ledger().missing() == 0);
  }
};

constexpr TransportId kStreams[] = {kSse, kSseFetch, kNdjson, kWebSocket};

TEST_CASE("delay and bandwidth make messages late", "[simulation]") {
  for (const TransportId id : kStreams) {
    const Faulty delayed(id, R"("kind":"delay","milliseconds":700)");
    CHECK(delayed.lane(0).running() == id);
    CHECK(delayed.observed(0).delay_us().percentile(50) >= 700'000);
    const Faulty slow(id, R"("kind":"bandwidth","bytes_per_s":400)");
    CHECK(slow.observed(0).delay_us().max() > 2 * kSecond);
  }
}

TEST_CASE("a stalled stream is found dead by its silence", "[simulation]") {
  for (const TransportId id : kStreams) {
    const Faulty faulty(id, R"("kind":"stall","after_s":5,"for_s":22)", 60 * kSecond);
    CHECK(faulty.decided(client::Reason::kSilent));
    CHECK(faulty.delivers(0));
  }
}

TEST_CASE("a buffered stream gives way to polling", "[simulation]") {
  for (const TransportId id : kStreams) {
    const Faulty faulty(id, R"("kind":"buffer")");
    CHECK(faulty.lane(0).running() == kLongPoll);
    CHECK(faulty.parameters(client::Reason::kFellBack).cause == client::Cause::kBuffered);
  }
}

TEST_CASE("one behind is late by a message, and nothing is lost", "[simulation]") {
  for (const TransportId id : kStreams) {
    const Faulty faulty(id, R"("kind":"one-behind")");
    CHECK(faulty.lane(0).running() == id);
    CHECK(faulty.observed(0).delay_us().percentile(50) >= 200'000);
  }
}

TEST_CASE("a cut stream and one that was closed in order go on where they were", "[simulation]") {
  for (const TransportId id : kStreams) {
    for (const char* fault : {R"("kind":"cut","after_s":5)", R"("kind":"close","after_s":5)",
                              R"("kind":"cut","reset":true,"after_s":5)"}) {
      const Faulty faulty(id, fault);
      CHECK(faulty.observed(0).reconnects() == 1);
      CHECK(faulty.delivers(0));
      CHECK(faulty.decided(client::Reason::kBack));
    }
  }
  const Faulty closed(kWebSocket, R"("kind":"close","after_s":5)");
  const client::End& end = *closed.parameters(client::Reason::kLost).end;
  CHECK(end.cause == client::EndCause::kClosedByServer);
  CHECK(end.detail.find("1001 Going Away") != std::string::npos);
}

TEST_CASE("an EventSource that is left alone comes back after its browser's own time",
          "[simulation]") {
  const Faulty faulty(kSseNative, R"("kind":"cut","after_s":5)");
  CHECK(faulty.delivers(0));
  CHECK(faulty.observed(0).delay_us().max() >= 29 * kSecond / 10);
  CHECK(faulty.observed(0).delay_us().max() <= 4 * kSecond);
}

TEST_CASE("an idle connection is cut, one with heartbeats in time is not", "[simulation]") {
  WorldSettings settings;
  Scene cut({kSse}, settings, 1, R"({"count":1,"faults":[{"kind":"idle-cut","seconds":10}]})");
  cut.pass(60 * kSecond);
  CHECK(cut.observed(0).reconnects() >= 3);
  Scene kept({kSse}, settings, 1, R"({"count":1,"faults":[{"kind":"idle-cut","seconds":20}]})");
  kept.pass(60 * kSecond);
  CHECK(kept.observed(0).reconnects() == 0);
}

TEST_CASE("a status that is no stream leads to the next transport", "[simulation]") {
  for (const char* status : {"204", "401", "503"}) {
    const Faulty faulty(
        kWebSocket, R"("kind":"status","transport":"websocket","status":)" + std::string(status));
    CHECK(faulty.lane(0).running() == kSse);
  }
}

TEST_CASE("an Upgrade that is refused, hangs, is swallowed or poisons leads away from WebSocket",
          "[simulation]") {
  for (const char* kind :
       {"\"upgrade-refused\"", "\"upgrade-hang\"", "\"upgrade-swallow\"",
        "\"upgrade-poison\",\"seconds\":5", "\"upgrade-poison\",\"seconds\":60"}) {
    CAPTURE(kind);
    const Faulty faulty(kWebSocket, R"("kind":)" + std::string(kind), 180 * kSecond);
    CHECK(faulty.lane(0).running() != kWebSocket);
    CHECK(faulty.delivers(0));
  }
}

TEST_CASE("an Upgrade fault is nothing to a stream that is not upgraded", "[simulation]") {
  for (const char* kind :
       {"upgrade-refused", "upgrade-hang", "upgrade-swallow", "upgrade-flap", "upgrade-poison"}) {
    CAPTURE(kind);
    const Faulty faulty(kNdjson, R"("after_s":3,"kind":")" + std::string(kind) + "\"");
    CHECK(faulty.lane(0).running() == kNdjson);
    CHECK(faulty.observed(0).reconnects() == 0);
  }
}

TEST_CASE("a history that was forgotten is a gap that is announced", "[simulation]") {
  Scene scene(
      {kSse}, {}, 1,
      R"({"faults":[{"kind":"stall","after_s":5,"for_s":22},{"kind":"evict","after_s":20}]})");
  scene.pass(60 * kSecond);
  CHECK(scene.parameters(client::Reason::kGap).count > 20);
  CHECK(scene.observed(0).ledger().missing() > 20);
}

TEST_CASE("an id on a control event moves no cursor of ours", "[simulation]") {
  Scene scene({kSse}, {}, 1,
              R"({"rate":0.2,"faults":[{"kind":"control-id"},{"kind":"cut","after_s":40}]})");
  scene.pass(100 * kSecond);
  CHECK(scene.observed(0).reconnects() == 1);
  CHECK(scene.observed(0).ledger().missing() == 0);
  CHECK(scene.observed(0).ledger().delivered() >= 19);
}

TEST_CASE("what is replayed is counted as a duplicate", "[simulation]") {
  Scene scene({kNdjson}, {}, 1,
              R"({"faults":[{"kind":"replay","messages":3},{"kind":"cut","after_s":5}]})");
  scene.pass(20 * kSecond);
  CHECK(scene.observed(0).ledger().duplicate() == 3);
  CHECK(scene.observed(0).ledger().missing() == 0);
}

TEST_CASE("without ports of their own the seventh connection of a page never gets an answer",
          "[simulation]") {
  WorldSettings settings;
  settings.lane_ports = 0;
  World world(settings, 1);
  const std::string body = world.origin().ask("POST", "/api/channels", "{}").body;
  client::Request stream;
  stream.kind = client::ConnectionKind::kEventSource;
  stream.url = "http://localhost:8088/api/channels/" + body.substr(7, 32) + "/sse?after=0";
  for (int i = 0; i < 6; ++i)
    world.dispatcher().open(stream, [](const client::HostEvent&, Micros) {});
  int told = 0;
  world.dispatcher().open(stream, [&](const client::HostEvent&, Micros) { ++told; });
  world.advance(world.now() + 300 * kSecond);
  CHECK(told == 0);
}

TEST_CASE("over HTTP/2 every lane flows over one origin, streams and polls", "[simulation]") {
  WorldSettings settings;
  settings.lane_ports = 0;
  settings.page.http = HttpVersion::kHttp2;
  Scene scene({kSse, kSseFetch, kNdjson, kWebSocket, kLongPoll, kShortPoll}, settings);
  scene.pass(20 * kSecond);
  for (const client::ObservedLane& each : scene.run->lanes()) {
    CHECK(each.lane().running() == each.lane().asked());
    CHECK(each.ledger().delivered() > 80);
  }
}

TEST_CASE("a hidden page polls late and loses nothing", "[simulation]") {
  Scene scene({kShortPoll, kWebSocket});
  scene.pass(10 * kSecond);
  scene.world.set_visible(false);
  scene.pass(600 * kSecond);
  CHECK(scene.observed(1).ledger().highest() + 1 >= scene.run->sent_count());
  CHECK(scene.observed(0).delay_us().max() > 20 * kSecond);
  scene.world.set_visible(true);
  scene.pass(5 * kSecond);
  CHECK(scene.observed(0).ledger().missing() == 0);
  CHECK(scene.observed(0).ledger().highest() + 10 > scene.run->sent_count());
}

TEST_CASE("one fault is lifted on the server, and the others are played on", "[simulation]") {
  Scene scene({kSse}, {}, 1, R"({"faults":[{"kind":"delay"},{"kind":"idle-cut"}]})");
  scene.pass(5 * kSecond);
  scene.run->add_fault({.kind = FaultKind::kOneBehind}, scene.world.now());
  scene.pass(5 * kSecond);
  const auto on_server = [&] {
    return scene.world.origin()
        .ask("GET", "/api/channels/" + scene.run->channel() + "/faults")
        .body;
  };
  const auto planned = scene.run->faults().entries();
  REQUIRE(planned.size() == 3);
  const auto lift = [&](std::uint64_t number) {
    CHECK(scene.run->lift_fault(number, scene.world.now()));
    scene.pass(kSecond);
  };
  lift(planned.begin()->first);
  CHECK(on_server().find("delay") == std::string::npos);
  CHECK(on_server().find("idle-cut") != std::string::npos);
  CHECK(scene.parameters(client::Reason::kFaultLifted).fault->kind == FaultKind::kDelay);
  lift(planned.rbegin()->first);
  CHECK(on_server().find("one-behind") == std::string::npos);
  CHECK(on_server().find("idle-cut") != std::string::npos);
}

}  // namespace
}  // namespace playground::simulation
