#include <cmath>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "core/server/publisher.h"

namespace playground::server {
namespace {

// The moments of the first messages, in milliseconds.
std::vector<double> moments(const Scenario& scenario, std::size_t count) {
  std::vector<double> all;
  for (SendTimes times(scenario); times.index() < count; times.advance()) {
    all.push_back(static_cast<double>(times.due_us()) / 1000);
  }
  return all;
}

TEST_CASE("a steady stream sends evenly, and never drifts") {
  CHECK(moments({.rate = 4}, 4) == std::vector<double>{0, 250, 500, 750});
  SendTimes thirds({.rate = 3});
  while (thirds.index() < 3'000'000) thirds.advance();
  CHECK(thirds.due_us() == 1'000'000'000'000);
}

TEST_CASE("a burst is five seconds' worth of messages within one second") {
  CHECK(moments({.rate = 1, .pattern = Pattern::kBursty}, 7) ==
        std::vector<double>{0, 200, 400, 600, 800, 5000, 5200});
}

TEST_CASE("a slow stream's burst has two messages") {
  CHECK(moments({.rate = 0.1, .pattern = Pattern::kBursty}, 4) ==
        std::vector<double>{0, 2000, 20'000, 22'000});
}

TEST_CASE("bursts keep the mean rate") {
  for (const double rate : {0.1, 0.7, 5.0, 333.0, 5000.0}) {
    CAPTURE(rate);
    SendTimes times({.rate = rate, .pattern = Pattern::kBursty});
    const auto many = static_cast<std::uint64_t>(rate * 1000);
    while (times.index() < many) times.advance();
    const double seconds = static_cast<double>(times.due_us()) / 1e6;
    CHECK(seconds > 980);
    CHECK(seconds < 1020);
  }
}

TEST_CASE("chance keeps the mean rate, and does not look back") {
  const Scenario scenario{.rate = 100, .seed = 7, .pattern = Pattern::kPoisson};
  const auto all = moments(scenario, 100'001);
  CHECK(all.back() > 990'000);
  CHECK(all.back() < 1'010'000);
  // Of an exponential distribution a share of 1/e is longer than the mean, and as many of those
  // that follow a long one are.
  int gaps = 0;
  int long_gaps = 0;
  int after_long = 0;
  int both_long = 0;
  bool was_long = false;
  for (std::size_t i = 1; i < all.size(); ++i) {
    const bool is_long = all[i] - all[i - 1] > 10;
    ++gaps;
    long_gaps += is_long;
    after_long += was_long;
    both_long += was_long && is_long;
    was_long = is_long;
  }
  CHECK(std::abs(static_cast<double>(long_gaps) / gaps - 0.368) < 0.01);
  CHECK(std::abs(static_cast<double>(both_long) / after_long - 0.368) < 0.02);
}

TEST_CASE("the same seed has the same chances, another has others") {
  Scenario scenario{.rate = 10, .seed = 1, .pattern = Pattern::kPoisson};
  const auto first = moments(scenario, 50);
  CHECK(moments(scenario, 50) == first);
  scenario.seed = 2;
  CHECK(moments(scenario, 50) != first);
}

}  // namespace
}  // namespace playground::server
