// Time that passes when told to: an ordered list of what is due, played from moment to moment.
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/server/schedule.h"

namespace playground::simulation {

// Microseconds, as everywhere.
using Micros = std::int64_t;

// Its reading is the server's: microseconds since the Unix epoch.
class VirtualTime final : public server::Clock {
 public:
  explicit VirtualTime(Micros start) : now_us_(start) {}
  VirtualTime(const VirtualTime&) = delete;
  VirtualTime& operator=(const VirtualTime&) = delete;

  std::int64_t now_us() const override { return now_us_; }
  server::Schedule& schedule() { return schedule_; }

  // Plays what is due up to and including `until`, each at its moment. What is due at the same
  // moment comes in the order in which it was set. Not to be called from within.
  void advance(Micros until) {
    for (auto next = schedule_.next_us(); next && *next <= until; next = schedule_.next_us()) {
      now_us_ = std::max(now_us_, *next);
      schedule_.run_due();
    }
    now_us_ = std::max(now_us_, until);
  }

 private:
  Micros now_us_;
  server::Schedule schedule_{*this};
};

}  // namespace playground::simulation
