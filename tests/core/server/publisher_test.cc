#include "core/server/publisher.h"

#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/manual_clock.h"

namespace playground::server {
namespace {

constexpr std::int64_t kBegin = 1'790'000'000'000'000;

struct PublisherScene {
  explicit PublisherScene(const Scenario& with) : scenario(with) {}

  ManualClock clock = [] {
    ManualClock begun;
    begun.us = kBegin;
    return begun;
  }();
  Schedule schedule{clock};
  Scenario scenario;
  std::vector<std::int64_t> due;  // from the start
  int turns = 0;
  Publisher publisher{scenario,
                      schedule,
                      {schedule.now_us()},
                      [this](std::int64_t us) { due.push_back(us - kBegin); },
                      [this] { ++turns; }};
};

TEST_CASE("a message is published when it is due, the first at once, and each in a turn") {
  PublisherScene f({.rate = 4, .count = 0});
  pass_time(f.clock, f.schedule, kBegin + kSecondUs);
  CHECK(f.due == std::vector<std::int64_t>{0, 250'000, 500'000, 750'000, 1'000'000});
  CHECK(f.turns == 5);
}

TEST_CASE("what was missed in a stall comes with its own moments, in turns that end") {
  PublisherScene f({.rate = 1000, .count = 0});
  f.clock.us += 20 * kSecondUs;
  f.schedule.run_due();
  CHECK(f.turns == 1);
  CHECK(f.due.size() <= 500);
  pass_time(f.clock, f.schedule, f.clock.us);
  CHECK(f.due.size() == 20'001);
  CHECK(f.due.back() == 20 * kSecondUs);
  CHECK(f.turns > 1);
}

TEST_CASE("nothing follows the last message, nor the end") {
  PublisherScene counted({.rate = 10, .count = 3});
  pass_time(counted.clock, counted.schedule, kBegin + kSecondUs);
  CHECK(counted.due.size() == 3);
  CHECK_FALSE(counted.schedule.next_us());
  PublisherScene stopped({.rate = 10, .count = 0});
  stopped.publisher.stop();
  CHECK_FALSE(stopped.schedule.next_us());
}

}  // namespace
}  // namespace playground::server
