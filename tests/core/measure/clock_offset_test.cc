#include "core/measure/clock_offset.h"

#include <catch2/catch_test_macros.hpp>

#include "core/random.h"

namespace playground::measure {
namespace {

TEST_CASE("the offset is the server's time less the middle of the exchange", "[rfc-5905]") {
  ClockOffset clock;
  CHECK_FALSE(clock.known());
  clock.record(1000, 50'000, 3000);
  CHECK(clock.known());
  CHECK(clock.offset_us() == 48'000);
  CHECK(clock.error_us() == 1000);
  CHECK(clock.round_trip_us() == 2000);
}

TEST_CASE("the exchange with the shortest round trip is believed") {
  ClockOffset clock;
  clock.record(0, 100'000, 10'000);
  clock.record(20'000, 120'500, 21'000);
  clock.record(30'000, 199'999, 50'000);
  CHECK(clock.offset_us() == 100'000);
  CHECK(clock.error_us() == 500);
  CHECK(clock.samples() == 3);
}

TEST_CASE("an old exchange loses its weight as clocks may drift") {
  ClockOffset clock;
  clock.record(0, 0, 100);
  clock.record(600'000'000, 600'020'000, 600'000'400);  // ten minutes later, four times the delay
  CHECK(clock.error_us() == 200);
}

TEST_CASE("an exchange that runs backwards is ignored") {
  ClockOffset clock;
  clock.record(10, 0, 5);
  CHECK_FALSE(clock.known());
}

TEST_CASE("the true offset lies within the error, whatever way the delay is shared") {
  Random random(3);
  for (int round = 0; round < 1000; ++round) {
    const auto offset = static_cast<std::int64_t>(random.next() % 1'000'000) - 500'000;
    ClockOffset clock;
    std::int64_t now = 0;
    for (int i = 0; i < 8; ++i) {
      const auto out = static_cast<std::int64_t>(random.next() % 20'000);
      const auto back = static_cast<std::int64_t>(random.next() % 20'000);
      clock.record(now, now + out + offset, now + out + back);
      now += out + back + 1000;
    }
    const std::int64_t miss = clock.offset_us() - offset;
    REQUIRE((miss < 0 ? -miss : miss) <= clock.error_us());
  }
}

}  // namespace
}  // namespace playground::measure
