#include "native_client/net/event_loop.h"

#include <algorithm>
#include <ctime>
#include <utility>

namespace playground::native {
namespace {

// A shorter sleep is none: the two clocks are not read at the same moment.
constexpr std::int64_t kSleepUs = 2 * server::kSecondUs;

std::int64_t read_us(clockid_t id) {
  timespec time{};
  clock_gettime(id, &time);
  return time.tv_sec * server::kSecondUs + time.tv_nsec / 1000;
}

}  // namespace

SleeplessClock::SleeplessClock() : offset_us_(read_us(CLOCK_REALTIME) - read_us(CLOCK_BOOTTIME)) {}

std::int64_t SleeplessClock::now_us() const { return read_us(CLOCK_BOOTTIME) + offset_us_; }

std::int64_t SleeplessClock::slept_us() {
  return read_us(CLOCK_BOOTTIME) - read_us(CLOCK_MONOTONIC);
}

EventLoop::EventLoop() : slept_us_(SleeplessClock::slept_us()) {
  server::check_uv(uv_loop_init(&loop_), "begin an event loop");
  timer_ = server::make_handle<uv_timer_t>(
      this, "make a timer", [&](uv_timer_t* handle) { return uv_timer_init(&loop_, handle); });
  prepare_ = server::make_handle<uv_prepare_t>(this, "watch the loop", [&](uv_prepare_t* handle) {
    return uv_prepare_init(&loop_, handle);
  });
  uv_prepare_start(prepare_.get(), [](uv_prepare_t* handle) {
    static_cast<EventLoop*>(handle->data)->before_waiting();
  });
}

EventLoop::~EventLoop() {
  on_wake_ = {};
  sweep();
  prepare_.reset();
  timer_.reset();
  uv_run(&loop_, UV_RUN_DEFAULT);
  uv_loop_close(&loop_);
}

// What is retired may close handles, and retire more.
void EventLoop::sweep() {
  while (!retired_.empty()) std::exchange(retired_, {}).clear();
}

void EventLoop::before_waiting() {
  const std::int64_t slept_us = SleeplessClock::slept_us();
  if (slept_us - slept_us_ > kSleepUs) {
    slept_us_ = slept_us;
    if (on_wake_) on_wake_();
  }
  sweep();
  const auto next_us = schedule_.next_us();
  if (!next_us) {
    uv_timer_stop(timer_.get());
    return;
  }
  // libuv's timers count milliseconds from when the loop last looked at the clock.
  uv_update_time(&loop_);
  const std::int64_t wait_us = std::max<std::int64_t>(*next_us - now_us(), 0);
  uv_timer_start(
      timer_.get(),
      [](uv_timer_t* handle) { static_cast<EventLoop*>(handle->data)->schedule_.run_due(); },
      static_cast<std::uint64_t>((wait_us + 999) / 1000), 0);
}

}  // namespace playground::native
