// The machine's clock as the server's.
#pragma once

#include <cstdint>
#include <ctime>

#include "core/server/schedule.h"

namespace playground::server {

// The wall clock's reading at construction, carried on by the monotonic clock: two readings differ
// by the time that has passed, whatever happens to the wall clock in between.
class SystemClock final : public Clock {
 public:
  std::int64_t now_us() const override { return read_us(CLOCK_MONOTONIC) + offset_us_; }
  // What to add to the monotonic clock to get this one's reading.
  std::int64_t offset_us() const { return offset_us_; }

 private:
  static std::int64_t read_us(clockid_t id) {
    timespec time{};
    clock_gettime(id, &time);
    return time.tv_sec * kSecondUs + time.tv_nsec / 1000;
  }

  std::int64_t offset_us_ = read_us(CLOCK_REALTIME) - read_us(CLOCK_MONOTONIC);
};

}  // namespace playground::server
