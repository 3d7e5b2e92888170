// When a scenario's messages are due.
#pragma once

#include <cstdint>

#include "core/random.h"
#include "core/scenario.h"

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

}  // namespace playground::server
