#include "core/server/schedule.h"

#include <algorithm>
#include <utility>

namespace playground::server {

std::optional<std::int64_t> Schedule::next_us() const {
  if (heap_.empty()) return std::nullopt;
  return heap_.front().due_us;
}

// What is set meanwhile for the past is given this moment, and so comes after all that waits.
void Schedule::run_due() {
  const std::int64_t now = now_us();
  const std::uint64_t sets_before = sets_;
  running_us_ = now;
  while (!heap_.empty() && heap_.front().due_us <= now && heap_.front().order <= sets_before) {
    Alarm& alarm = *heap_.front().alarm;
    alarm.cancel();
    alarm.callback_();
  }
  running_us_.reset();
}

void Schedule::add(std::int64_t due_us, Alarm& alarm) {
  if (running_us_) due_us = std::max(due_us, *running_us_);
  heap_.emplace_back();
  settle(heap_.size() - 1, {due_us, ++sets_, &alarm});
}

void Schedule::remove(std::size_t place) {
  const Entry last = heap_.back();
  heap_.pop_back();
  if (place < heap_.size()) settle(place, last);
}

void Schedule::settle(std::size_t place, const Entry& entry) {
  while (place > 0 && entry.before(heap_[(place - 1) / 2])) {
    put(place, heap_[(place - 1) / 2]);
    place = (place - 1) / 2;
  }
  for (std::size_t child = 2 * place + 1; child < heap_.size(); child = 2 * place + 1) {
    if (child + 1 < heap_.size() && heap_[child + 1].before(heap_[child])) ++child;
    if (!heap_[child].before(entry)) break;
    put(place, heap_[child]);
    place = child;
  }
  put(place, entry);
}

void Schedule::put(std::size_t place, const Entry& entry) {
  heap_[place] = entry;
  entry.alarm->place_ = place;
}

Alarm::Alarm(Schedule& schedule, std::function<void()> callback)
    : schedule_(schedule), callback_(std::move(callback)) {}

void Alarm::set(std::int64_t due_us) {
  cancel();
  schedule_.add(due_us, *this);
}

void Alarm::cancel() {
  if (place_ == kNowhere) return;
  schedule_.remove(std::exchange(place_, kNowhere));
}

}  // namespace playground::server
