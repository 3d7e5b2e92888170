// The faults of a channel: what is wrong now, what will be, and for whom.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/fault_times.h"
#include "core/server/faults/response_path.h"
#include "core/server/schedule.h"

namespace playground::server {

class FaultBoard {
 public:
  // `evict` makes the channel's log forget what it holds. `schedule` must outlive the board.
  FaultBoard(Schedule& schedule, std::uint64_t seed, std::function<void()> evict);

  // The path of a lane (empty: of readers who named none) on a transport (ServedInfo::path). Shared
  // with the connections, which may outlive the board.
  std::shared_ptr<ResponsePath> path(std::string_view lane, std::string_view transport);

  // Puts a fault on the board. Returns its number, or nothing where there are kMaxFaults already.
  std::optional<std::uint64_t> add(const Fault& fault) { return add(fault, schedule_.now_us()); }
  // One whose times count from `since_us`; and under a number that is given (FaultTimes).
  std::optional<std::uint64_t> add(const Fault& fault, std::int64_t since_us);
  void add_as(std::uint64_t number, const Fault& fault, std::int64_t since_us);
  bool has(std::uint64_t number) const { return times_.entries().contains(number); }
  bool has_room() const { return times_.entries().size() < kMaxFaults; }
  std::vector<std::uint64_t> numbers() const;
  // Removes it, begun or not. False where there is none.
  bool lift(std::uint64_t number);
  void lift_all();

  // JSON: {"faults":[{"id":…,"active":…,"kind":…, …}]}
  std::string to_json() const;

  // After an Upgrade was refused: `lane`'s other requests fail for a while.
  void poison(const std::string& lane, std::int64_t us);
  bool poisoned(const std::string& lane) const;

 private:
  // Begins what is due, removes what is over, and sets the alarm for what comes next.
  void step();
  void happen(const Fault& moment);
  void spread();
  Effects effects_for(const ResponsePath& path) const;

  Schedule& schedule_;
  Random random_;
  std::function<void()> evict_;
  FaultTimes times_;
  std::map<std::pair<std::string, std::string>, std::shared_ptr<ResponsePath>> paths_;
  std::map<std::string, std::int64_t> poisoned_until_us_;
  Alarm alarm_;
};

}  // namespace playground::server
