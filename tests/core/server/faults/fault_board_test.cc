#include "core/server/faults/fault_board.h"

#include <string>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/manual_clock.h"

namespace playground::server {
namespace {

struct Scene {
  void pass(double seconds) {
    pass_time(clock, schedule, clock.us + static_cast<std::int64_t>(seconds * kSecondUs));
  }

  ManualClock clock;
  Schedule schedule{clock};
  int evictions = 0;
  FaultBoard board{schedule, 1, [this] { ++evictions; }};
};

struct Listener final : ResponsePathUser {
  void effects_changed() override { ++changes; }
  void cut(bool reset) override { ++(reset ? resets : cuts); }
  void close_in_order() override { ++closes; }
  int changes = 0;
  int cuts = 0;
  int resets = 0;
  int closes = 0;
};

TEST_CASE("a fault concerns its lane, its transport, or all") {
  Scene scene;
  const auto sse = scene.board.path("a", "sse");
  const auto poll = scene.board.path("a", "poll");
  const auto other = scene.board.path("b", "sse");
  scene.board.add({.kind = FaultKind::kStall, .lane = "a"});
  CHECK(sse->effects().stall);
  CHECK(poll->effects().stall);
  CHECK_FALSE(other->effects().stall);
  scene.board.add({.kind = FaultKind::kOneBehind, .transport = "sse"});
  CHECK(sse->effects().one_behind);
  CHECK_FALSE(poll->effects().one_behind);
  CHECK(other->effects().one_behind);
  CHECK(scene.board.path("c", "sse")->effects().one_behind);
  scene.board.add({.kind = FaultKind::kDelay});
  CHECK(scene.board.path("d", "websocket")->effects().delay_us == 200'000);
}

TEST_CASE("what happens to Upgrades happens to WebSockets only") {
  Scene scene;
  scene.board.add({.kind = FaultKind::kUpgradeSwallow});
  scene.board.add({.kind = FaultKind::kUpgradeFlap});
  CHECK(scene.board.path("a", "websocket")->effects().swallow);
  CHECK(scene.board.path("a", "websocket")->effects().flap_us);
  for (const char* transport : {"sse", "stream", "poll", "long-poll"}) {
    CHECK_FALSE(scene.board.path("a", transport)->effects().on_the_path());
  }
}

TEST_CASE("a fault begins and ends when it says, and users are told") {
  Scene scene;
  Listener listener;
  const auto path = scene.board.path("a", "sse");
  path->join(listener);
  const auto number = scene.board.add({.kind = FaultKind::kStall, .after_s = 2, .for_s = 3});
  REQUIRE(number);
  scene.pass(1.9);
  CHECK_FALSE(path->effects().stall);
  CHECK(scene.board.to_json().find("\"active\":false") != std::string::npos);
  scene.pass(0.2);
  CHECK(path->effects().stall);
  CHECK(listener.changes == 1);
  scene.pass(3);
  CHECK_FALSE(path->effects().stall);
  CHECK(listener.changes == 2);
  CHECK(scene.board.to_json() == R"({"faults":[]})");
  CHECK_FALSE(scene.board.lift(*number));
  path->leave(listener);
}

TEST_CASE("a fault without a length lasts until it is lifted") {
  Scene scene;
  const auto path = scene.board.path("a", "sse");
  const auto number = scene.board.add({.kind = FaultKind::kStall});
  scene.pass(100'000);
  CHECK(path->effects().stall);
  CHECK(scene.board.lift(*number));
  CHECK_FALSE(path->effects().stall);
  scene.board.add({.kind = FaultKind::kStall});
  scene.board.add({.kind = FaultKind::kOneBehind, .after_s = 5});
  scene.board.lift_all();
  scene.pass(10);
  CHECK(path->effects() == Effects{});
}

TEST_CASE("moments happen once, to those they concern") {
  Scene scene;
  Listener a;
  Listener b;
  const auto path_a = scene.board.path("a", "sse");
  const auto path_b = scene.board.path("b", "sse");
  path_a->join(a);
  path_b->join(b);
  scene.board.add({.kind = FaultKind::kCut, .lane = "a"});
  scene.board.add({.kind = FaultKind::kCut, .lane = "b", .reset = true});
  scene.board.add({.kind = FaultKind::kClose, .after_s = 1});
  scene.board.add({.kind = FaultKind::kEvict, .after_s = 2});
  CHECK(a.cuts == 1);
  CHECK(a.resets == 0);
  CHECK(b.resets == 1);
  CHECK(a.closes == 0);
  scene.pass(1.5);
  CHECK(a.closes == 1);
  CHECK(b.closes == 1);
  CHECK(scene.evictions == 0);
  scene.pass(10);
  CHECK(scene.evictions == 1);
  CHECK(a.cuts == 1);
  CHECK(scene.board.to_json() == R"({"faults":[]})");
  path_a->leave(a);
  path_b->leave(b);
}

TEST_CASE("the board is bounded") {
  Scene scene;
  for (std::size_t i = 0; i < kMaxFaults; ++i) {
    REQUIRE(scene.board.add({.kind = FaultKind::kStall}));
  }
  CHECK_FALSE(scene.board.add({.kind = FaultKind::kStall}));
}

}  // namespace
}  // namespace playground::server
