#include "core/client/session.h"

#include <string>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/run_scene.h"

namespace playground::client {
namespace {

const Fault kDelay{.kind = FaultKind::kDelay};
const Fault kStall{.kind = FaultKind::kStall};

// The newest fault's number.
std::uint64_t newest(const RunScene& scene) {
  return scene.run->faults().entries().rbegin()->first;
}

struct RunningScene : RunScene {
  using RunScene::RunScene;
  RunningScene() { pass(100 * kMillisecond); }
};

// Time limits

TEST_CASE("every question to the server has a time limit") {
  for (const char* part : {"/api/config", ":9001/api/time", "8088/api/time", "/api/channels?",
                           "/wire", "/faults", "/wire/log", "/messages"}) {
    CAPTURE(part);
    RunScene scene(R"(["sse"])", R"(,"backRate":1)");
    scene.lane_ports = "[9001]";
    scene.held = part;
    scene.pass_until_asked(part, 1200 * kMillisecond);
    if (scene.run->state() == RunState::kRunning) {
      scene.run->add_fault(kDelay, scene.host.now);
      scene.run->ask_wire(0, 1, [](int, std::string_view) {});
      for (const auto& [id, request] : std::map(scene.host.open_now)) {
        if (request.url.find("/messages") != std::string::npos && scene.held != "/messages") {
          scene.host.tell(id, Answered{201, "{}"});
        }
      }
    }
    REQUIRE(scene.host.has_open(part));
    const auto stale = scene.host.open_now.rbegin()->first;
    scene.pass(11 * kSecond);
    for (const auto& [id, request] : scene.host.open_now) {
      CAPTURE(request.url);
      CHECK((id > stale || request.kind == ConnectionKind::kEventSource));
    }
  }
}

TEST_CASE("a fault whose question gets no answer is not in force, and the next one is asked") {
  RunningScene scene;
  scene.held = "/faults";
  scene.run->add_fault(kDelay, scene.host.now);
  scene.run->add_fault(kStall, scene.host.now);
  scene.pass(kAnswerTimeout + 10 * kMillisecond);
  REQUIRE(scene.run->faults().active().size() == 1);
  CHECK(scene.run->faults().active()[0].kind == FaultKind::kStall);
  scene.held.clear();
  scene.pass(100 * kMillisecond);
  CHECK(scene.run->faults().active().size() == 1);
  CHECK(scene.times_asked("POST", "/faults") == 2);
}

// One fault is lifted

TEST_CASE("one fault is lifted by the id that the server gave it, and the others stay") {
  RunningScene scene;
  scene.fault_answer = R"({"id":7})";
  scene.run->add_fault(kDelay, scene.host.now);
  scene.pass(100 * kMillisecond);
  const std::uint64_t delay = newest(scene);
  scene.fault_answer = R"({"id":9})";
  scene.run->add_fault(kStall, scene.host.now);
  scene.pass(100 * kMillisecond);

  CHECK(scene.run->lift_fault(delay, scene.host.now));
  REQUIRE(scene.run->faults().active().size() == 1);
  CHECK(scene.run->faults().active()[0].kind == FaultKind::kStall);
  scene.pass(100 * kMillisecond);
  CHECK(scene.times_asked("DELETE", "/channels/c1/faults/7") == 1);
  CHECK(scene.times_asked("DELETE", "/faults/9") == 0);
  CHECK(scene.times_asked("DELETE", "/faults") == 0);
  CHECK_FALSE(scene.run->lift_fault(delay, scene.host.now));
}

TEST_CASE("a fault that is lifted before the server has answered for it is lifted there as well") {
  RunningScene scene;
  scene.held = "/faults";
  scene.run->add_fault(kDelay, scene.host.now);
  CHECK(scene.run->lift_fault(newest(scene), scene.host.now));
  CHECK(scene.run->faults().entries().empty());
  SECTION("with the id of the answer") {
    scene.fault_answer = R"({"id":4})";
    scene.held.clear();
    scene.pass(100 * kMillisecond);
    CHECK(scene.times_asked("DELETE", "/faults/4") == 1);
  }
  SECTION("unless it was refused: there is nothing to lift") {
    scene.fault_status = 503;
    scene.held.clear();
    scene.pass(100 * kMillisecond);
    CHECK(scene.times_asked("POST", "/faults") == 1);
    for (const Request& each : scene.host.requests) CHECK(each.method != "DELETE");
  }
}

TEST_CASE("a scenario's faults have the server's ids from 1 on") {
  RunScene scene(R"(["sse"])", R"(,"scenario":{"faults":[{"kind":"delay"},{"kind":"stall"}]})");
  scene.pass(100 * kMillisecond);
  CHECK(scene.run->lift_fault(newest(scene), scene.host.now));
  scene.pass(100 * kMillisecond);
  CHECK(scene.times_asked("DELETE", "/faults/2") == 1);
  CHECK(scene.snapshot()["faults"].size() == 1);
}

TEST_CASE("the snapshot numbers what is in force and what is to come") {
  RunningScene scene;
  scene.run->add_fault(kDelay, scene.host.now);
  scene.run->add_fault({.kind = FaultKind::kStall, .after_s = 60}, scene.host.now);
  const auto planned = scene.snapshot()["plannedFaults"];
  REQUIRE(planned.size() == 2);
  CHECK(planned[0]["inForce"] == true);
  CHECK(planned[0]["fault"]["kind"] == "delay");
  CHECK(planned[1]["inForce"] == false);
  CHECK(planned[1]["number"] == newest(scene));
  scene.run->lift_fault(newest(scene), scene.host.now);
  CHECK(scene.snapshot()["plannedFaults"].size() == 1);
}

TEST_CASE("faults that change while the channel is being created are changed on it") {
  RunScene scene(R"(["sse"])", R"(,"scenario":{"faults":[{"kind":"delay"}]})");
  scene.held = "/api/channels?";
  scene.pass(100 * kMillisecond);
  REQUIRE(scene.host.has_open("/api/channels?"));
  SECTION("one more is asked for when it is there") {
    scene.run->add_fault(kStall, scene.host.now);
    scene.held.clear();
    scene.pass(100 * kMillisecond);
    CHECK(scene.times_asked("POST", "/c1/faults") == 1);
    CHECK(scene.run->faults().active().size() == 2);
  }
  SECTION("those that were sent with it are lifted") {
    scene.run->lift_faults(scene.host.now);
    scene.run->add_fault(kStall, scene.host.now);
    scene.held.clear();
    scene.pass(100 * kMillisecond);
    CHECK(scene.times_asked("DELETE", "/c1/faults") == 1);
    CHECK(scene.times_asked("POST", "/c1/faults") == 1);
    REQUIRE(scene.run->faults().active().size() == 1);
    CHECK(scene.run->faults().active()[0].kind == FaultKind::kStall);
  }
}

// A channel that is not followed any more is deleted

TEST_CASE("a channel that is lost is deleted where it may still be") {
  RunningScene scene;
  scene.wire_status = 404;
  scene.channel_answer = R"({"id":"c2"})";
  scene.pass(1500 * kMillisecond);
  scene.wire_status = 200;
  CHECK(scene.run->channel() == "c2");
  CHECK(scene.times_asked("DELETE", "/channels/c1") == 1);
  CHECK(scene.times_asked("DELETE", "/channels/c2") == 0);
}

TEST_CASE("a run that another one replaces deletes its channel") {
  SECTION("at once") {
    RunningScene scene;
    scene.run->leave();
    scene.run.reset();
    CHECK(scene.host.open_now.size() == 1);
    scene.pass(100 * kMillisecond);
    CHECK(scene.times_asked("DELETE", "/channels/c1") == 1);
    CHECK(scene.host.open_now.empty());
    CHECK(scene.host.timers.empty());
  }
  SECTION("when it has been created after all") {
    RunScene scene;
    scene.held = "/api/channels?";
    scene.pass(100 * kMillisecond);
    scene.run->leave();
    scene.run.reset();
    scene.held.clear();
    scene.pass(100 * kMillisecond);
    CHECK(scene.times_asked("DELETE", "/channels/c1") == 1);
    CHECK(scene.host.open_now.empty());
    CHECK(scene.host.timers.empty());
  }
  SECTION("and not twice where it has been stopped before") {
    RunningScene scene;
    scene.run->stop(scene.host.now);
    scene.pass(100 * kMillisecond);
    scene.run->leave();
    CHECK(scene.times_asked("DELETE", "/channels/c1") == 1);
  }
}

TEST_CASE("a run that is stopped while a question is out lets go of the question") {
  for (const char* part : {"/api/config", ":9001/api/time", "8088/api/time", "/api/channels?",
                           "/wire", "/faults", "/wire/log"}) {
    CAPTURE(part);
    RunScene scene(R"(["sse"])");
    scene.lane_ports = "[9001]";
    scene.held = part;
    scene.pass_until_asked(part, 1200 * kMillisecond);
    const bool runs = scene.run->state() == RunState::kRunning;
    bool explained = false;
    if (runs) {
      scene.run->add_fault(kDelay, scene.host.now);
      scene.run->ask_wire(0, 1, [&](int, std::string_view) { explained = true; });
    }
    REQUIRE(scene.host.has_open(part));
    const auto late = scene.host.open_now;
    scene.run->stop(scene.host.now);
    for (const auto& [id, request] : late) scene.host.tell(id, Answered{200, R"({"id":1})"});
    scene.pass(2 * kAnswerTimeout);
    CHECK(scene.host.open_now.empty());
    CHECK(scene.host.timers.empty());
    CHECK(scene.run->state() == RunState::kStopped);
    CHECK_FALSE(explained);
    CHECK(scene.times_asked("DELETE", "/channels/c1") == (runs ? 1 : 0));
  }
}

TEST_CASE("a channel is deleted where the server answers nothing before the end") {
  RunningScene scene;
  SECTION("and was silent before it") {
    scene.gone = true;
    scene.pass(3 * kSecond);
    scene.run->stop(scene.host.now);
  }
  SECTION("and falls silent with it") {
    scene.held = "/wire";
    scene.run->stop(scene.host.now);
    scene.pass(kAnswerTimeout);
  }
  CHECK(scene.times_asked("DELETE", "/channels/c1") == 1);
  scene.pass(2 * kAnswerTimeout);
  CHECK(scene.host.open_now.empty());
}

TEST_CASE("a browser that goes offline while the channel is created leaves none behind") {
  RunScene scene;
  scene.held = "/api/channels?";
  scene.pass(100 * kMillisecond);
  scene.host.become({false, true});
  CHECK(scene.host.has_open("/api/channels?"));
  scene.held.clear();
  scene.pass(100 * kMillisecond);
  CHECK(scene.times_asked("POST", "/api/channels?wire_log=1") == 2);
  CHECK(scene.times_asked("DELETE", "/channels/c1") == 1);
}

}  // namespace
}  // namespace playground::client
