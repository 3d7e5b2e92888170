// Who wants to be called when. It has no timer: whoever has one asks next_us() and calls run_due(),
// so a test walks through an hour in a millisecond.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace playground::server {

inline constexpr std::int64_t kSecondUs = 1'000'000;

// The one clock of the server: microseconds since the Unix epoch that never jump.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual std::int64_t now_us() const = 0;
};

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

  // Calls what was due when the call began, in order of time, and of setting where times are the
  // same. What is set meanwhile waits for the next call, so that an alarm set for the past cannot
  // keep everything else waiting.
  void run_due();

 private:
  friend class Alarm;
  struct Entry {
    std::int64_t due_us;
    std::uint64_t order;  // of setting
    Alarm* alarm;

    bool before(const Entry& other) const {
      return due_us != other.due_us ? due_us < other.due_us : order < other.order;
    }
  };

  void add(std::int64_t due_us, Alarm& alarm);
  void remove(std::size_t place);
  // Brings an entry to its place, up or down from `place`, which is free.
  void settle(std::size_t place, const Entry& entry);
  void put(std::size_t place, const Entry& entry);

  const Clock& clock_;
  // A binary heap: setting and cancelling, which connections do all the time, allocates nothing.
  std::vector<Entry> heap_;
  std::uint64_t sets_ = 0;
  std::optional<std::int64_t> running_us_;  // while run_due() is at work
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
  static constexpr std::size_t kNowhere = ~std::size_t{0};

  Schedule& schedule_;
  std::function<void()> callback_;
  std::size_t place_ = kNowhere;  // in the schedule's heap
};

}  // namespace playground::server
