#include "native_server/event_loop/precise_timer.h"

#include <algorithm>
#include <cerrno>
#include <sys/timerfd.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace playground::server {
namespace {

int open_timer() {
  const int descriptor = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), "timerfd_create");
  return descriptor;
}

}  // namespace

PreciseTimer::PreciseTimer(uv_loop_t* loop, const SystemClock& clock, Schedule& schedule,
                           DurationCounts& lag)
    : clock_(clock), schedule_(schedule), lag_(lag), descriptor_(open_timer()) {
  poll_ = make_handle<uv_poll_t>(this, "watch the timer", [&](uv_poll_t* handle) {
    return uv_poll_init(loop, handle, descriptor_);
  });
  uv_poll_start(poll_.get(), UV_READABLE, [](uv_poll_t* handle, int, int) {
    static_cast<PreciseTimer*>(handle->data)->on_expired();
  });
}

PreciseTimer::~PreciseTimer() {
  poll_.reset();
  close(descriptor_);
}

void PreciseTimer::arm() {
  const auto next = schedule_.next_us();
  if (next == armed_us_) return;
  armed_us_ = next;
  itimerspec due{};  // all zero disarms
  if (next) {
    // A time of zero would disarm, so the past is one nanosecond after the clock's start.
    const std::int64_t at_us = std::max<std::int64_t>(*next - clock_.offset_us(), 0);
    due.it_value.tv_sec = at_us / kSecondUs;
    due.it_value.tv_nsec = std::max<std::int64_t>(at_us % kSecondUs * 1000, 1);
  }
  timerfd_settime(descriptor_, TFD_TIMER_ABSTIME, &due, nullptr);
}

void PreciseTimer::on_expired() noexcept {
  std::uint64_t expirations = 0;
  if (read(descriptor_, &expirations, sizeof expirations) < 0) return;
  if (const auto due_us = std::exchange(armed_us_, std::nullopt)) {
    lag_.record(clock_.now_us() - *due_us);
  }
  schedule_.run_due();
}

}  // namespace playground::server
