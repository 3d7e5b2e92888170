#include "core/check/check.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "core/check/findings.h"
#include "core/check/report.h"
#include "core/check/words.h"
#include "core/server/check/check_api.h"
#include "core/simulation/world.h"

namespace playground::check {
namespace {

using client::kSecond;

// A check through a simulated line, on which what a proxy does is a channel's faults.
class SimulatedCheck {
 public:
  explicit SimulatedCheck(std::string_view faults = {}, CheckSettings settings = {})
      : world_({.link = {.round_trip = 20'000}, .check = server::make_check_api}, 7) {
    settings.server = "http://localhost:8088";
    if (!faults.empty()) {
      const auto made = world_.origin().ask(
          "PUT", "/api/channels/path", R"({"rate":0.1,"faults":[)" + std::string(faults) + "]}");
      REQUIRE(made.status == 201);
      settings.channel = "path";
    }
    check_.emplace(settings, world_.dispatcher(), 1);
    check_->start(world_.now());
    for (int i = 0; i < 2000 && !check_->over(); ++i) world_.advance(world_.now() + kSecond);
  }

  const Check& check() const { return *check_; }
  Micros now() const { return world_.now(); }
  std::vector<std::string> trouble() const {
    std::vector<std::string> out;
    for (const Finding& each : find(check_->observations(), true)) {
      if (each.severity == Severity::kTrouble) out.push_back(title(each));
    }
    return out;
  }

 private:
  simulation::World world_;
  std::optional<Check> check_;
};

using Titles = std::vector<std::string>;

TEST_CASE("a check of a path with nothing in the way finds nothing") {
  const SimulatedCheck all;
  CHECK(all.check().error().empty());
  REQUIRE(all.check().over());
  CHECK(all.trouble() == Titles{});
  const Report whole = report(all.check().observations(), true);
  CHECK(whole.verdict == "Nothing is in the way: every transport works here.");
  CHECK(whole.ladder.size() == 5);
  // Whatever was asked came to its end.
  for (const Observation& each : all.check().observations().all) {
    CAPTURE(name(each.probe.kind), info(each.probe.transport).name);
    CHECK((each.over() && each.outcome != Outcome::kTimedOut && each.seen));
  }
}

struct OnThePath {
  const char* fault;
  Titles trouble;
  const char* verdict;
};

const OnThePath kPaths[] = {
    {R"({"kind":"buffer"})",
     {"WebSocket is held back until it ends", "SSE is held back until it ends",
      "NDJSON stream is held back until it ends"},
     "Use long polling here. Something on the way holds event streams back."},
    {R"({"kind":"buffer","transport":"sse","bytes":4096})",
     {"SSE is held back until it ends"},
     "Use WebSocket here. Something on the way holds event streams back."},
    {R"({"kind":"one-behind","transport":"stream"})",
     {"NDJSON stream is always one write behind"},
     "Use WebSocket here. Something on the way holds event streams back."},
    {R"({"kind":"idle-cut","seconds":20})",
     {"WebSocket is cut after 20 s of silence", "SSE is cut after 20 s of silence",
      "NDJSON stream is cut after 20 s of silence", "A poll that is held is ended after 20 s"},
     "Use WebSocket here, with a heartbeat under 20 s. Something on the way cuts silence after "
     "20 s."},
    {R"({"kind":"upgrade-refused","status":403})",
     {"WebSocket does not work"},
     "Use SSE here. Something on the way lets no WebSocket through."},
    {R"({"kind":"upgrade-hang"})",
     {"WebSocket does not work"},
     "Use SSE here. Something on the way lets no WebSocket through."},
    {R"({"kind":"upgrade-swallow"})",
     {"WebSocket does not work"},
     "Use SSE here. Something on the way lets no WebSocket through."},
    {R"({"kind":"upgrade-flap","milliseconds":200})",
     {"WebSocket is ended after 0.2 s, whatever passes"},
     "Use SSE here. Something on the way ends connections after 0.2 s."},
    {R"({"kind":"upgrade-poison","seconds":2})",
     {"WebSocket does not work", "Where a WebSocket has failed, other requests fail"},
     "Use SSE here. Something on the way lets no WebSocket through."},
    {R"({"kind":"status","transport":"stream","status":502})",
     {"NDJSON stream does not work"},
     "Use WebSocket here. Not everything passes: see below."},
    {R"({"kind":"stall"})",
     {"WebSocket does not work", "SSE does not work", "NDJSON stream does not work",
      "Long polling does not work", "Short polling does not work"},
     "Nothing gets through: no transport works here."},
    // A slow line is no fault of anybody's.
    {R"({"kind":"delay","milliseconds":500})",
     {},
     "Nothing is in the way: every transport works here."},
    {R"({"kind":"bandwidth","bytes_per_s":20000})",
     {},
     "Nothing is in the way: every transport works here."},
};

TEST_CASE("a check finds what is on the path, and nothing else") {
  for (const OnThePath& path : kPaths) {
    CAPTURE(path.fault);
    const SimulatedCheck all(path.fault);
    REQUIRE(all.check().over());
    CHECK(all.trouble() == path.trouble);
    CHECK(report(all.check().observations(), true).verdict == path.verdict);
  }
}

}  // namespace
}  // namespace playground::check
