#include "core/server/schedule.h"

#include <iterator>
#include <utility>

namespace playground::server {

std::optional<std::int64_t> Schedule::next_us() const {
  if (entries_.empty()) return std::nullopt;
  return entries_.begin()->first;
}

void Schedule::run_due() {
  const std::int64_t now = now_us();
  auto due = std::distance(entries_.begin(), entries_.upper_bound(now));
  for (; due > 0 && !entries_.empty() && entries_.begin()->first <= now; --due) {
    Alarm& alarm = *entries_.begin()->second;
    alarm.cancel();
    alarm.callback_();
  }
}

Alarm::Alarm(Schedule& schedule, std::function<void()> callback)
    : schedule_(schedule), callback_(std::move(callback)) {}

void Alarm::set(std::int64_t due_us) {
  cancel();
  entry_ = schedule_.entries_.emplace(due_us, this);
}

void Alarm::cancel() {
  if (!entry_) return;
  schedule_.entries_.erase(*entry_);
  entry_.reset();
}

}  // namespace playground::server
