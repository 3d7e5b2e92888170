#include "core/simulation/page_timers.h"

#include <algorithm>

namespace playground::simulation {
namespace {

constexpr Micros kMillisecond = 1000;

Micros round_up(Micros value, Micros step) { return (value + step - 1) / step * step; }

}  // namespace

PageTimers::PageTimers(const BrowserProfile& browser, server::Schedule& schedule, Micros zero,
                       OnDue on_due)
    : browser_(browser),
      schedule_(schedule),
      zero_(zero),
      on_due_(std::move(on_due)),
      alarm_(schedule, [this] { ring(); }) {}

void PageTimers::set(std::uint32_t id, Micros delay) {
  const Micros due = schedule_.now_us() + round_up(delay, kMillisecond);
  // After those with the same moment, which have lower numbers.
  const auto behind = std::find_if(pending_.rbegin(), pending_.rend(),
                                   [due](const Pending& each) { return each.due > due; });
  const bool first = behind == pending_.rbegin();
  pending_.insert(behind.base(), {due, id});
  newest_ = id;
  if (first) rearm();
}

void PageTimers::cancel(std::uint32_t id) {
  const auto found = std::find_if(pending_.begin(), pending_.end(),
                                  [id](const Pending& each) { return each.id == id; });
  if (found != pending_.end()) pending_.erase(found);
}

void PageTimers::set_visible(bool visible) {
  if (visible == visible_) return;
  visible_ = visible;
  hidden_since_ = schedule_.now_us();
  rearm();
}

void PageTimers::set_asleep(bool asleep) {
  asleep_ = asleep;
  rearm();
}

// Those that were due together fire together; what is meanwhile set waits for its own turn.
void PageTimers::ring() {
  if (asleep_) return;
  const Micros now = schedule_.now_us();
  const std::uint32_t newest = newest_;
  while (!pending_.empty()) {
    const auto [due, id] = pending_.back();
    if (fires_at(due) > now || id > newest) break;
    pending_.pop_back();
    on_due_(id);
  }
  rearm();
}

void PageTimers::rearm() {
  if (pending_.empty() || asleep_) return alarm_.cancel();
  alarm_.set(std::max(schedule_.now_us(), fires_at(pending_.back().due)));
}

Micros PageTimers::fires_at(Micros due) const {
  if (visible_ || browser_.hidden_step == 0) return due;
  const bool long_hidden =
      browser_.hidden_long_step > 0 && due - hidden_since_ > browser_.hidden_long;
  const Micros step = long_hidden ? browser_.hidden_long_step : browser_.hidden_step;
  return zero_ + round_up(due - zero_, step);
}

}  // namespace playground::simulation
