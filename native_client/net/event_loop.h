// A libuv loop with a schedule on it, and a clock that goes on while the machine sleeps.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include <uv.h>

#include "core/server/schedule.h"
#include "native_server/event_loop/handle.h"

namespace playground::native {

using server::HandlePtr;

// Microseconds since the Unix epoch as the wall clock had it at construction, carried on by a clock
// that never jumps.
class SleeplessClock final : public server::Clock {
 public:
  SleeplessClock();
  std::int64_t now_us() const override;
  // How long the machine has slept since it was started, in microseconds.
  static std::int64_t slept_us();

 private:
  std::int64_t offset_us_;
};

class EventLoop {
 public:
  EventLoop();
  // Runs until everything on it is closed; a name that is being looked up holds that up
  // (lookups()).
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  uv_loop_t* get() { return &loop_; }
  server::Schedule& schedule() { return schedule_; }
  std::int64_t now_us() const { return clock_.now_us(); }

  // What is due, and one wait for more: at most until the schedule's next alarm.
  void turn() { uv_run(&loop_, UV_RUN_ONCE); }

  // Destroys it when no callback is running: whoever is called may let go of the caller.
  template <typename T>
  void retire(std::unique_ptr<T> object) {
    if (object) retired_.emplace_back(std::move(object));
  }

  // Destroys all that now; not from inside a callback.
  void sweep();

  // Called after the machine has slept for seconds.
  void on_wake(std::function<void()> listener) { on_wake_ = std::move(listener); }

  // Names that are being looked up, in threads that cannot be interrupted.
  int& lookups() { return lookups_; }

 private:
  void before_waiting();

  uv_loop_t loop_;
  SleeplessClock clock_;
  server::Schedule schedule_{clock_};
  HandlePtr<uv_timer_t> timer_;
  HandlePtr<uv_prepare_t> prepare_;
  std::vector<std::shared_ptr<void>> retired_;
  std::function<void()> on_wake_;
  std::int64_t slept_us_;
  int lookups_ = 0;
};

}  // namespace playground::native
