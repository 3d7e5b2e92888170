// Who wants to be called when. No timer of its own: whoever has one asks next() and calls
// run_due(), so a test walks through an hour in a millisecond.
#ifndef PLAYGROUND_CORE_SERVER_SCHEDULE_H_
#define PLAYGROUND_CORE_SERVER_SCHEDULE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>

#include "core/server/clock.h"

namespace playground::server {

class Alarm;

class Schedule {
 public:
  // `clock` must outlive the schedule.
  explicit Schedule(const Clock& clock) : clock_(clock) {}
  Schedule(const Schedule&) = delete;
  Schedule& operator=(const Schedule&) = delete;

  std::int64_t now_us() const { return clock_.now_us(); }

  // When run_due() should be called next.
  std::optional<std::int64_t> next_us() const;

  // Calls what was due when the call began, in order of time. What is set meanwhile waits for the
  // next call, so that an alarm set for the past cannot keep everything else waiting.
  void run_due();

 private:
  friend class Alarm;
  using Entries = std::multimap<std::int64_t, Alarm*>;

  const Clock& clock_;
  Entries entries_;
};

// One call at one time. Not set at first; setting it again replaces the time.
class Alarm {
 public:
  // `schedule` must outlive the alarm. `callback` may set and cancel any alarm, but not destroy
  // this one.
  Alarm(Schedule& schedule, std::function<void()> callback);
  ~Alarm() { cancel(); }
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

  void set(std::int64_t due_us);
  void cancel();

 private:
  friend class Schedule;

  Schedule& schedule_;
  std::function<void()> callback_;
  std::optional<Schedule::Entries::iterator> entry_;
};

}  // namespace playground::server

#endif  // PLAYGROUND_CORE_SERVER_SCHEDULE_H_
