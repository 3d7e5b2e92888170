#include "core/server/schedule.h"

#include <memory>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/manual_clock.h"

namespace playground::server {
namespace {

TEST_CASE("alarms are called in order of time, and only when due") {
  ManualClock clock;
  Schedule schedule(clock);
  std::string called;
  Alarm late(schedule, [&] { called += 'L'; });
  Alarm early(schedule, [&] { called += 'E'; });
  Alarm later(schedule, [&] { called += 'X'; });
  CHECK_FALSE(schedule.next_us());
  late.set(20);
  early.set(10);
  later.set(30);
  CHECK(schedule.next_us() == 10);
  clock.us = 20;
  schedule.run_due();
  CHECK(called == "EL");
  CHECK(schedule.next_us() == 30);
}

TEST_CASE("an alarm set again has only its last time, and a cancelled one has none") {
  ManualClock clock;
  Schedule schedule(clock);
  int calls = 0;
  Alarm alarm(schedule, [&] { ++calls; });
  alarm.set(10);
  alarm.set(50);
  CHECK(schedule.next_us() == 50);
  alarm.cancel();
  clock.us = 100;
  schedule.run_due();
  CHECK(calls == 0);
}

TEST_CASE("an alarm that sets itself for the past waits for the next call") {
  ManualClock clock;
  Schedule schedule(clock);
  int calls = 0;
  Alarm* self = nullptr;
  Alarm alarm(schedule, [&] {
    ++calls;
    self->set(0);
  });
  self = &alarm;
  alarm.set(0);
  schedule.run_due();
  CHECK(calls == 1);
  schedule.run_due();
  CHECK(calls == 2);
}

TEST_CASE("an alarm may cancel and destroy another that is due") {
  ManualClock clock;
  Schedule schedule(clock);
  int calls = 0;
  auto other = std::make_unique<Alarm>(schedule, [&] { ++calls; });
  Alarm alarm(schedule, [&] { other.reset(); });
  alarm.set(1);
  other->set(2);
  clock.us = 5;
  schedule.run_due();
  CHECK(calls == 0);
  CHECK_FALSE(schedule.next_us());
}

}  // namespace
}  // namespace playground::server
