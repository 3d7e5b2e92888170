#include "native_client/host/native_host.h"

#include <optional>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "tests/native_server/support/running_server.h"
#include "tests/support/host_scenes.h"

namespace playground::native {
namespace {

TEST_CASE("sockets as a host keep to the contract", "[host]") {
  const server::RunningServer server;
  for (const client::HostScene& scene : client::host_scenes()) {
    DYNAMIC_SECTION(scene.name) {
      EventLoop loop;
      NativeHost host(loop, {});
      std::optional<std::string> problems;
      client::HostStage stage(
          host.dispatcher(), "http://127.0.0.1:" + std::to_string(server.port()),
          "http://127.0.0.1:1", [&](std::string found) { problems = std::move(found); });
      stage.play(scene.play);
      while (!problems) loop.turn();
      CHECK(*problems == "");
      while (!host.idle()) loop.turn();
    }
  }
}

}  // namespace
}  // namespace playground::native
