#include "core/server/publisher.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace playground::server {

// Everyone else has a turn after so many.
constexpr int kMessagesPerTurn = 500;
// Of those that were published before.
constexpr int kSkippedPerTurn = 100'000;

constexpr double kBurstEvery = 5;  // seconds, where the rate makes a burst of it

SendTimes::SendTimes(const Scenario& scenario)
    : pattern_(scenario.pattern),
      rate_(scenario.rate),
      burst_(std::max<std::uint64_t>(2, static_cast<std::uint64_t>(rate_ * kBurstEvery))),
      random_(scenario.seed) {}

void SendTimes::advance() {
  ++index_;
  due_us_ = std::llround(seconds() * 1e6);
}

double SendTimes::seconds() {
  switch (pattern_) {
    case Pattern::kSteady:
      break;
    case Pattern::kBursty: {
      const auto bursts = static_cast<double>(index_ / burst_ * burst_) / rate_;
      return bursts + static_cast<double>(index_ % burst_) / (rate_ * kBurstEvery);
    }
    case Pattern::kPoisson:
      // The time between two events of a Poisson process is exponentially distributed.
      return chance_s_ -= std::log1p(-random_.unit()) / rate_;
  }
  return static_cast<double>(index_) / rate_;
}

Publisher::Publisher(const Scenario& scenario, Schedule& schedule, const Begun& begun,
                     std::function<void(std::int64_t due_us)> publish,
                     std::function<void()> turn_over)
    : count_(scenario.count),
      schedule_(schedule),
      start_us_(begun.at_us),
      published_(begun.published),
      send_times_(scenario),
      publish_(std::move(publish)),
      turn_over_(std::move(turn_over)),
      alarm_(schedule, [this] { take_turn(); }) {
  alarm_.set(std::max(start_us_, schedule.now_us()));
}

bool Publisher::catch_up() {
  for (int i = 0; i < kSkippedPerTurn && has_more() && send_times_.index() < published_; ++i) {
    send_times_.advance();
  }
  return send_times_.index() >= published_;
}

void Publisher::take_turn() {
  const std::int64_t now = schedule_.now_us();
  if (!catch_up()) return has_more() ? alarm_.set(now) : void();
  for (int i = 0; i < kMessagesPerTurn && has_more() && due_us() <= now; ++i) {
    publish_(due_us());
    send_times_.advance();
  }
  if (has_more()) alarm_.set(due_us());
  turn_over_();
}

}  // namespace playground::server
