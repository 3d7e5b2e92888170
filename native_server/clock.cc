#include "native_server/clock.h"

#include <ctime>

namespace playground::server {
namespace {

std::int64_t read_us(clockid_t id) {
  timespec time{};
  clock_gettime(id, &time);
  return time.tv_sec * kSecondUs + time.tv_nsec / 1000;
}

}  // namespace

SystemClock::SystemClock() : offset_us_(read_us(CLOCK_REALTIME) - read_us(CLOCK_MONOTONIC)) {}

std::int64_t SystemClock::now_us() const { return read_us(CLOCK_MONOTONIC) + offset_us_; }

}  // namespace playground::server
