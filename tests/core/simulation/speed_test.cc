// How fast virtual time passes; not run unless asked for: core_tests "[speed]".
#include <cstdlib>

#include <catch2/catch_test_macros.hpp>

#include "tests/core/simulation/scene.h"

namespace playground::simulation {
namespace {

std::uint64_t hours() {
  const char* text = std::getenv("SIMULATION_HOURS");
  return text == nullptr ? 100 : std::strtoull(text, nullptr, 10);
}

// A message every ten seconds. The run asks for its wire counts besides: every second for as long
// as anything passes, every five seconds otherwise.
TEST_CASE("seeded hours of a run with one lane", "[.][speed]") {
  for (std::uint64_t seed = 1; seed <= hours(); ++seed) {
    Scene scene({TransportId::kSse}, {}, seed, R"({"rate":0.1})");
    scene.pass(3600 * client::kSecond);
    REQUIRE(scene.lane(0).ledger().delivered() >= 359);
  }
}

}  // namespace
}  // namespace playground::simulation
