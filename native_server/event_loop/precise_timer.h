// Drives a Schedule from the loop with the kernel's own resolution. libuv's timers count
// milliseconds, which is too coarse for a thousand messages a second.
#pragma once

#include <cstdint>
#include <optional>

#include <uv.h>

#include "core/server/metrics.h"
#include "core/server/schedule.h"
#include "native_server/clock.h"
#include "native_server/event_loop/handle.h"

namespace playground::server {

class PreciseTimer {
 public:
  // All must outlive the timer; `lag` counts how late it was each time.
  PreciseTimer(uv_loop_t* loop, const SystemClock& clock, Schedule& schedule, DurationCounts& lag);
  ~PreciseTimer();
  PreciseTimer(const PreciseTimer&) = delete;
  PreciseTimer& operator=(const PreciseTimer&) = delete;

  // Call this before the loop waits: it asks the schedule for its next moment.
  void arm();

 private:
  void on_expired() noexcept;  // called from C

  const SystemClock& clock_;
  Schedule& schedule_;
  DurationCounts& lag_;
  int descriptor_;
  std::optional<std::int64_t> armed_us_;
  HandlePtr<uv_poll_t> poll_;
};

}  // namespace playground::server
