#include "core/client/host.h"

#include <optional>
#include <string>

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>

#include "core/simulation/world.h"
#include "tests/support/host_scenes.h"
#include "tests/support/virtual_server.h"

namespace playground::client {
namespace {

struct Simulated {
  Dispatcher& dispatcher() { return world.dispatcher(); }
  void pass() { world.advance(world.now() + kMillisecond); }

  simulation::World world{{}, 1};
  std::string server = "http://localhost:8088";
  std::string nobody = "http://localhost:1";
};

struct Virtual {
  Dispatcher& dispatcher() { return host.dispatcher; }
  void pass() { server_.pass(); }

  VirtualHost host;
  VirtualServer server_{host};
  std::string server = "http://server";
  std::string nobody = "http://nobody";
};

// What the scene says is wrong; a host that never ends it is wrong as well.
template <typename World>
std::string play(World& world, void (*scene)(HostStage&)) {
  std::optional<std::string> problems;
  HostStage stage(world.dispatcher(), world.server, world.nobody,
                  [&](std::string found) { problems = std::move(found); });
  stage.play(scene);
  for (int i = 0; i < 120'000 && !problems; ++i) world.pass();
  return problems.value_or("it does not come to an end");
}

TEMPLATE_TEST_CASE("a host keeps to its contract", "[host]", Simulated, Virtual) {
  for (const HostScene& scene : host_scenes()) {
    DYNAMIC_SECTION(scene.name) {
      TestType world;
      CHECK(play(world, scene.play) == "");
    }
  }
}

TEST_CASE("a host that breaks its contract is found out", "[host]") {
  const auto scene = [](HostStage& stage) {
    const auto stream = stage.open(ConnectionKind::kStream, stage.server + "/stream");
    stage.when("an opening", [=] { return stream->open || stream->over; });
    stage.set_timer(0, "once");
    stage.rest(100 * kMillisecond);
  };
  VirtualHost host;
  std::optional<std::string> problems;
  HostStage stage(host.dispatcher, "http://server", "http://nobody",
                  [&](std::string found) { problems = std::move(found); });
  stage.play(scene);
  const ConnectionId id = host.find("/stream");
  const auto over = [&] {
    host.advance(200 * kMillisecond);
    return problems.value_or("");
  };
  SECTION("by bytes before the head") {
    host.tell(id, Chunk{"early"});
    host.tell(id, Opened{200, kFields});
    CHECK(over().find("chunk early must not come now") != std::string::npos);
  }
  SECTION("by an event of another kind") {
    host.tell(id, Opened{200, kFields});
    host.tell(id, Frame{"text"});
    CHECK(over().find("frame text must not come now") != std::string::npos);
  }
  SECTION("by an event after the end") {
    host.tell(id, Opened{200, kFields});
    host.tell(id, Closed{});
    host.tell(id, Failed{"late"});
    CHECK(over().find("something came for what was closed") != std::string::npos);
  }
  SECTION("by a clock that goes back") {
    host.tell(id, Opened{200, kFields});
    host.now -= kMillisecond;
    host.tell(id, Chunk{"bytes"});
    CHECK(over().find("the clock goes back") != std::string::npos);
  }
  SECTION("or is not, where it does not") {
    host.tell(id, Opened{200, kFields});
    CHECK(over() == "");
    CHECK(problems);
  }
}

}  // namespace
}  // namespace playground::client
