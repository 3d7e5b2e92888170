// Faults and their times: which there are, which are in force, and when one begins or ends. The
// server's board plays faults by it, and a run reports them by it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "core/fault.h"

namespace playground {

// Of a fault's member in seconds.
std::int64_t microseconds(double seconds);

// What happens to a fault; it is lifted before its end by whoever removes it.
enum class FaultChange { kBegins, kEnds, kLifted };

class FaultTimes {
 public:
  using OnChange = std::function<void(const Fault&, FaultChange)>;

  struct Entry {
    Fault fault;
    std::int64_t begin_us;
    std::optional<std::int64_t> end_us;  // none: until it is lifted
    bool begun = false;
  };

  // Its times count from `now_us`, on the clock that step() is given. Returns the fault's number,
  // or nothing where there are kMaxFaults already.
  std::optional<std::uint64_t> add(const Fault& fault, std::int64_t now_us);
  // The same under a number that somebody else gives. False where there are kMaxFaults already, or
  // one of that number or of a later one was added before.
  bool add_as(std::uint64_t number, const Fault& fault, std::int64_t now_us);
  // Removes it, begun or not. Returns what it was, or nothing where there is none.
  std::optional<Entry> remove(std::uint64_t number);
  void clear() { entries_.clear(); }

  // Reports what has changed up to `now_us`, in the order of the numbers: first what begins, then
  // what ends, which is removed. What happens once only begins. `on_change` must not add or remove.
  void step(std::int64_t now_us, const OnChange& on_change);
  // When step() will have something to report.
  std::optional<std::int64_t> next() const;

  // By number, begun or not.
  const std::map<std::uint64_t, Entry>& entries() const { return entries_; }
  // Those that had begun at the last step().
  std::vector<Fault> active() const;

 private:
  std::map<std::uint64_t, Entry> entries_;
  std::uint64_t last_number_ = 0;
};

}  // namespace playground
