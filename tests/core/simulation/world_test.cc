#include "core/simulation/world.h"

#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "core/client/snapshot.h"
#include "tests/core/simulation/scene.h"

namespace playground::simulation {
namespace {

using enum TransportId;
using client::kSecond;

// A line for everything that the client asks for and is told, with its moment.
class Journal final : public HostWatcher {
 public:
  void on_open(client::ConnectionId id, const client::Request& request) override {
    line("open", id, request.method + " " + request.url + " " + request.body);
  }
  void on_call(std::string_view what, std::uint32_t id, std::string_view text,
               Micros delay) override {
    line(what, id, std::string(text) + " " + std::to_string(delay));
  }
  void on_told(client::ConnectionId id, const client::HostEvent& event) override {
    line("told", id, std::visit(Words(), event));
  }

  World* world = nullptr;
  std::string all;

 private:
  struct Words {
    std::string operator()(const client::Opened& opened) const {
      return "opened " + std::to_string(opened.status);
    }
    std::string operator()(const client::Chunk& chunk) const {
      return "chunk " + std::string(chunk.bytes);
    }
    std::string operator()(const client::ServerEvent& each) const {
      return "event " + std::string(each.name) + " " + std::string(each.last_event_id) + " " +
             std::string(each.data);
    }
    std::string operator()(const client::Frame& frame) const {
      return (frame.binary ? "bytes " : "frame ") + std::string(frame.data);
    }
    std::string operator()(const client::Answered& answered) const {
      return "answered " + std::to_string(answered.status) + " " + std::string(answered.body);
    }
    std::string operator()(const client::Closed& closed) const {
      return "closed " + std::to_string(closed.code) + " " + std::string(closed.reason);
    }
    std::string operator()(const client::Failed& failed) const {
      return "failed " + std::string(failed.reason);
    }
    std::string operator()(const client::Interrupted&) const { return "interrupted"; }
  };

  void line(std::string_view what, std::uint32_t id, std::string_view text) {
    all.append(std::to_string(world->now())).append(" ").append(what).append(" ");
    all.append(std::to_string(id)).append(" ").append(text).append("\n");
  }
};

std::string everything(std::uint64_t seed) {
  Journal journal;  // outlives the scene
  WorldSettings settings;
  settings.link = {80'000, 30'000, 200'000, 50'000, 0.02, true};
  Scene scene({kSse, kSseFetch, kNdjson, kWebSocket, kLongPoll, kShortPoll}, settings, seed,
              R"({"rate":20,"payload_bytes":200,"seed":7,"faults":[)"
              R"({"kind":"delay","milliseconds":100,"jitter_ms":90,"after_s":3,"for_s":5},)"
              R"({"kind":"cut","after_s":12},{"kind":"stall","after_s":20,"for_s":30}]})");
  journal.world = &scene.world;
  scene.world.watch(journal);
  scene.pass(90 * kSecond);
  return journal.all + client::snapshot_json(*scene.run, scene.world.now());
}

TEST_CASE("the same seed gives the same run to the byte, another seed another", "[simulation]") {
  const std::string first = everything(1);
  CHECK(first.size() > 500'000);
  CHECK(first == everything(1));
  CHECK(first != everything(2));
}

TEST_CASE("in an undisturbed world every transport delivers everything once, in order",
          "[simulation]") {
  Scene scene({kSse, kSseFetch, kNdjson, kWebSocket, kLongPoll, kShortPoll}, {}, 1,
              R"({"rate":10,"count":100})");
  scene.pass(20 * kSecond);
  REQUIRE(scene.run->state() == client::RunState::kRunning);
  for (const client::ObservedLane& each : scene.run->lanes()) {
    CAPTURE(each.lane().asked());
    CHECK(each.lane().running() == each.lane().asked());
    CHECK(each.ledger().delivered() == 100);
    CHECK(each.ledger().missing() == 0);
    CHECK(each.ledger().duplicate() == 0);
    CHECK(each.wire().known());
  }
}

TEST_CASE("a message takes half a round trip, by the server's clock as the client measured it",
          "[simulation]") {
  WorldSettings settings;
  settings.link.round_trip = 60'000;
  settings.page.clock_error = -3 * kSecond;
  Scene scene({kWebSocket}, settings, 1, R"({"rate":10})");
  scene.pass(20 * kSecond);
  CHECK(scene.run->clock_difference() == 3 * kSecond);
  const auto& delay = scene.observed(0).delay_us();
  CHECK(delay.percentile(50) >= 30'000);
  CHECK(delay.percentile(50) <= 30'300);
}

TEST_CASE("a browser without EventSource falls to the next transport", "[simulation]") {
  WorldSettings settings;
  settings.page.without = {Feature::kEventSource};
  Scene scene({kSse}, settings);
  scene.pass(5 * kSecond);
  CHECK(scene.lane(0).running() == kSseFetch);
  CHECK(scene.observed(0).ledger().delivered() > 10);
}

TEST_CASE("after a deployment everyone is back on a new channel", "[simulation]") {
  Scene scene({kSse, kNdjson, kWebSocket, kLongPoll, kShortPoll});
  scene.pass(10 * kSecond);
  scene.world.origin().stop();
  scene.pass(5 * kSecond);
  CHECK_FALSE(scene.run->error().empty());
  scene.world.origin().start();
  scene.pass(30 * kSecond);
  CHECK(scene.run->error().empty());
  for (const client::ObservedLane& each : scene.run->lanes()) {
    CAPTURE(each.lane().asked());
    CHECK(each.lane().running() == each.lane().asked());
    CHECK(each.lane().state() == client::LaneState::kLive);
    CHECK(each.ledger().missing() == 0);
    CHECK(each.ledger().highest() > 50);
  }
}

TEST_CASE("what was sent while the device was offline comes when it is back", "[simulation]") {
  Scene scene({kSse, kNdjson, kWebSocket, kLongPoll, kShortPoll});
  scene.pass(10 * kSecond);
  scene.world.set_online(false);
  scene.pass(20 * kSecond);
  scene.world.set_online(true);
  scene.pass(90 * kSecond);
  for (const client::ObservedLane& each : scene.run->lanes()) {
    CAPTURE(each.lane().asked());
    CHECK(each.lane().state() == client::LaneState::kLive);
    CHECK(each.ledger().missing() == 0);
    CHECK(each.ledger().highest() + 20 > scene.run->sent_count());
  }
}

TEST_CASE("an hour is played in no time, and a stopped run leaves nothing behind", "[simulation]") {
  Scene scene({kSse, kWebSocket}, {}, 1, R"({"rate":1})");
  scene.pass(3600 * kSecond);
  CHECK(scene.observed(0).ledger().delivered() >= 3599);
  CHECK(scene.observed(0).reconnects() == 0);
  scene.run->stop(scene.world.now());
  scene.pass(400 * kSecond);
  CHECK(scene.world.origin().connections() == 0);
  CHECK(scene.world.network().connections() == 0);
}

}  // namespace
}  // namespace playground::simulation
