// When the messages of a scenario are due, and publishing them then.
#pragma once

#include <cstdint>
#include <functional>

#include "core/random.h"
#include "core/scenario.h"
#include "core/server/schedule.h"

namespace playground::server {

// One moment after another, in microseconds from the scenario's beginning: they depend on the
// scenario only, never on how late anything was sent.
class SendTimes {
 public:
  explicit SendTimes(const Scenario& scenario);

  // How many messages were due before this one.
  std::uint64_t index() const { return index_; }
  std::int64_t due_us() const { return due_us_; }
  // On to the next message.
  void advance();

 private:
  double seconds();

  const Pattern pattern_;
  const double rate_;
  const std::uint64_t burst_;  // messages in one
  Random random_;
  double chance_s_ = 0;  // Poisson: where the message before was
  std::uint64_t index_ = 0;
  std::int64_t due_us_ = 0;
};

class Publisher {
 public:
  // When the scenario began, and how many of its messages have been published since.
  struct Begun {
    std::int64_t at_us = 0;
    std::uint64_t published = 0;
  };

  // From construction on, calls `publish` with the moment at which each message was due, as
  // SendTimes says, whatever happened to those before it; and `turn_over` after those that were due
  // together. After a stall everything missed is published, but not all in one turn. `schedule`
  // must outlive the publisher.
  Publisher(const Scenario& scenario, Schedule& schedule, const Begun& begun,
            std::function<void(std::int64_t due_us)> publish, std::function<void()> turn_over);

  void stop() { alarm_.cancel(); }

 private:
  std::int64_t due_us() const { return start_us_ + send_times_.due_us(); }
  bool catch_up();
  bool has_more() const { return count_ == 0 || send_times_.index() < count_; }
  void take_turn();

  const std::uint64_t count_;  // 0: no end
  Schedule& schedule_;
  const std::int64_t start_us_;
  const std::uint64_t published_;
  SendTimes send_times_;  // of the next message
  std::function<void(std::int64_t due_us)> publish_;
  std::function<void()> turn_over_;
  Alarm alarm_;
};

}  // namespace playground::server
