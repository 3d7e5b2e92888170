#include "core/server/publisher.h"

#include <utility>

namespace playground::server {
namespace {

// Everyone else has a turn after so many.
constexpr int kMessagesPerTurn = 5000;

}  // namespace

Publisher::Publisher(const Scenario& scenario, Schedule& schedule,
                     std::function<void(std::int64_t due_us)> publish,
                     std::function<void()> turn_over)
    : count_(scenario.count),
      schedule_(schedule),
      start_us_(schedule.now_us()),
      send_times_(scenario),
      publish_(std::move(publish)),
      turn_over_(std::move(turn_over)),
      alarm_(schedule, [this] { take_turn(); }) {
  alarm_.set(start_us_);
}

void Publisher::take_turn() {
  const std::int64_t now = schedule_.now_us();
  for (int i = 0; i < kMessagesPerTurn && has_more() && due_us() <= now; ++i) {
    publish_(due_us());
    send_times_.advance();
  }
  if (has_more()) alarm_.set(due_us());
  turn_over_();
}

}  // namespace playground::server
