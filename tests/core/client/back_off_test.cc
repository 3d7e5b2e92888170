#include "core/client/back_off.h"

#include <algorithm>
#include <vector>

#include <catch2/catch_test_macros.hpp>

namespace playground::client {
namespace {

TEST_CASE("the bound of a wait doubles up to its cap, and chance takes any part of it") {
  Micros bound = BackOff::kReconnection.first;
  for (std::uint64_t round = 0; round < 12; ++round) {
    Micros least = BackOff::kReconnection.cap;
    Micros most = 0;
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
      BackOff back_off(seed);
      for (std::uint64_t i = 0; i < round; ++i) back_off.next();
      const Micros wait = back_off.next();
      least = std::min(least, wait);
      most = std::max(most, wait);
    }
    CAPTURE(round, bound);
    CHECK(most <= bound);
    CHECK(most > bound * 9 / 10);
    CHECK(least < bound / 10);
    bound = std::min(BackOff::kReconnection.cap, 2 * bound);
  }
}

TEST_CASE("success brings the bound down again") {
  BackOff back_off(7);
  for (int i = 0; i < 10; ++i) back_off.next();
  back_off.succeeded();
  CHECK(back_off.next() <= BackOff::kReconnection.first);
}

TEST_CASE("the same seed waits the same, another one does not") {
  BackOff one(1), again(1), other(2);
  bool differs = false;
  for (int i = 0; i < 5; ++i) {
    const Micros wait = one.next();
    CHECK(wait == again.next());
    differs |= wait != other.next();
  }
  CHECK(differs);
}

TEST_CASE("a share of a wait can be kept from chance") {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    BackOff back_off(seed, {10 * kSecond, 40 * kSecond, 0.5});
    for (const Micros bound : {10 * kSecond, 20 * kSecond, 40 * kSecond, 40 * kSecond}) {
      const Micros wait = back_off.next();
      CHECK(wait >= bound / 2);
      CHECK(wait <= bound);
    }
  }
}

}  // namespace
}  // namespace playground::client
