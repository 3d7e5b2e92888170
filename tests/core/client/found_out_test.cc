// Why a transport failed is known to the server: what it has seen of it.
#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/run_scene.h"

namespace playground::client {
namespace {

// A lane whose attempts fail as `fail` says, while the server's counts are `arrived` for each.
Cause found_out(
    const std::string& lane, const std::function<void(RunScene&, ConnectionId)>& fail,
    const std::function<std::string(int attempts)>& arrived,
    const std::function<void(RunScene&)>& prepare = [](RunScene&) {}) {
  RunScene scene("[\"" + lane + "\"]");
  prepare(scene);
  const auto transport = *find_transport(lane);
  int attempts = 0;
  std::set<ConnectionId> failed;
  const auto found = [&] {
    const auto& decisions = scene.run->decisions();
    return std::find_if(decisions.begin(), decisions.end(), [&](const Decision& each) {
      return each.reason == Reason::kFoundOut && each.parameters.transport == transport;
    });
  };
  for (int i = 0; i < 900 && found() == scene.run->decisions().end(); ++i) {
    const std::string path = "/" + std::string(info(transport).path()) + "?";
    for (const auto& [id, request] : std::map(scene.host.open_now)) {
      if (request.url.find(path) == request.url.npos || !failed.insert(id).second) continue;
      ++attempts;
      fail(scene, id);
    }
    scene.wire = R"({"lanes":[{"lane":")" + lane +
                 R"(","bytes_in":1,"bytes_out":1,"requests":1,"connections":1,"arrived":)" +
                 arrived(attempts) + "}]}";
    scene.pass(10 * kMillisecond);
  }
  return found() == scene.run->decisions().end() ? Cause::kNone : found()->parameters.cause;
}

std::string count(const std::string& name, int number) {
  return "\"" + name + "\":" + std::to_string(number);
}

void cut(RunScene& scene, ConnectionId id) { scene.host.tell(id, Closed{1006}); }
void leave_waiting(RunScene&, ConnectionId) {}

TEST_CASE("a WebSocket whose Upgrade was dropped on the way") {
  CHECK(found_out("websocket", cut, [](int attempts) {
          return "{" + count("websocket", attempts) + "," + count("not_upgraded", attempts) + "}";
        }) == Cause::kNotUpgraded);
}

TEST_CASE("a WebSocket that was answered 101, which did not come back") {
  CHECK(found_out("websocket", leave_waiting, [](int attempts) {
          return "{" + count("websocket", attempts) + "," + count("upgraded", attempts) + "}";
        }) == Cause::kSwallowed);
}

TEST_CASE("a WebSocket that was stopped before it arrived") {
  CHECK(found_out("websocket", cut, [](int) { return "{}"; }) == Cause::kStopped);
}

TEST_CASE("a stream whose head is held back, though the server has answered") {
  CHECK(found_out("sse-fetch", leave_waiting, [](int attempts) {
          return "{" + count("sse", attempts) + "}";
        }) == Cause::kHeldBack);
}

TEST_CASE("a stream that was stopped before it arrived") {
  CHECK(found_out("ndjson", leave_waiting, [](int) { return "{}"; }) == Cause::kStopped);
}

TEST_CASE("a request that waits for a connection that others hold is not stopped by anybody") {
  const auto nothing_arrives = [](int) { return "{}"; };
  const auto taken = [](bool answers_apart) {
    return [answers_apart](RunScene& scene) {
      scene.lane_ports = "[9001]";
      scene.held = ":9001/api/channels";
      scene.answers_apart = answers_apart;
    };
  };
  for (const char* lane : {"sse", "sse-fetch", "ndjson", "long-poll", "short-poll"}) {
    CAPTURE(lane);
    CHECK(found_out(lane, leave_waiting, nothing_arrives, taken(true)) == Cause::kNoConnectionLeft);
    // Nothing answers there at all.
    CHECK(found_out(lane, leave_waiting, nothing_arrives, taken(false)) == Cause::kStopped);
  }
}

TEST_CASE("what the server itself refused needs no other explanation") {
  CHECK(found_out("websocket", cut, [](int attempts) {
          return "{" + count("websocket", attempts) + "}";
        }) == Cause::kNone);
}

}  // namespace
}  // namespace playground::client
