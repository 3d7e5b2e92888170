// When the messages of a scenario are published.
#pragma once

#include <cstdint>
#include <functional>

#include "core/scenario.h"
#include "core/server/schedule.h"
#include "core/server/send_times.h"

namespace playground::server {

class Publisher {
 public:
  // From construction on, calls `publish` with the moment at which each message was due, as
  // SendTimes says, whatever happened to those before it; and `turn_over` behind those that were
  // due together. After a stall everything missed is published, but not all in one turn. `schedule`
  // must outlive the publisher.
  Publisher(const Scenario& scenario, Schedule& schedule,
            std::function<void(std::int64_t due_us)> publish, std::function<void()> turn_over);

  void stop() { alarm_.cancel(); }

 private:
  std::int64_t due_us() const { return start_us_ + send_times_.due_us(); }
  bool has_more() const { return count_ == 0 || send_times_.index() < count_; }
  void take_turn();

  const std::uint64_t count_;  // 0: without end
  Schedule& schedule_;
  const std::int64_t start_us_;
  SendTimes send_times_;  // of the next message
  std::function<void(std::int64_t due_us)> publish_;
  std::function<void()> turn_over_;
  Alarm alarm_;
};

}  // namespace playground::server
