// Time that passes when the test says so.
#pragma once

#include <cstdint>

#include "core/server/schedule.h"

namespace playground::server {

class ManualClock final : public Clock {
 public:
  std::int64_t now_us() const override { return us; }

  std::int64_t us = 0;
};

// Lets time pass up to `until_us`, from alarm to alarm.
inline void pass_time(ManualClock& clock, Schedule& schedule, std::int64_t until_us) {
  while (schedule.next_us() && *schedule.next_us() <= until_us) {
    if (*schedule.next_us() > clock.us) clock.us = *schedule.next_us();
    schedule.run_due();
  }
  clock.us = until_us;
}

}  // namespace playground::server
