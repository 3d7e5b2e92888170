#include "core/fault_times.h"

#include <cmath>

namespace playground {

std::int64_t microseconds(double seconds) { return std::llround(seconds * 1e6); }

std::optional<std::uint64_t> FaultTimes::add(const Fault& fault, std::int64_t now_us) {
  if (!add_as(last_number_ + 1, fault, now_us)) return std::nullopt;
  return last_number_;
}

bool FaultTimes::add_as(std::uint64_t number, const Fault& fault, std::int64_t now_us) {
  if (entries_.size() >= kMaxFaults || number <= last_number_) return false;
  Entry entry{fault, now_us + microseconds(fault.after_s), std::nullopt};
  if (is_moment(fault.kind)) {
    entry.end_us = entry.begin_us;
  } else if (fault.for_s > 0) {
    entry.end_us = entry.begin_us + microseconds(fault.for_s);
  }
  entries_.emplace(last_number_ = number, std::move(entry));
  return true;
}

std::optional<FaultTimes::Entry> FaultTimes::remove(std::uint64_t number) {
  auto node = entries_.extract(number);
  if (node.empty()) return std::nullopt;
  return std::move(node.mapped());
}

void FaultTimes::step(std::int64_t now_us, const OnChange& on_change) {
  for (auto& [number, entry] : entries_) {
    if (entry.begun || entry.begin_us > now_us) continue;
    entry.begun = true;
    on_change(entry.fault, FaultChange::kBegins);
  }
  for (auto each = entries_.begin(); each != entries_.end();) {
    const Entry& entry = each->second;
    const bool over = entry.end_us && *entry.end_us <= now_us;
    if (over && !is_moment(entry.fault.kind)) on_change(entry.fault, FaultChange::kEnds);
    each = over ? entries_.erase(each) : std::next(each);
  }
}

std::optional<std::int64_t> FaultTimes::next() const {
  std::optional<std::int64_t> next;
  for (const auto& [number, entry] : entries_) {
    const auto due = entry.begun ? entry.end_us : std::optional(entry.begin_us);
    if (due && (!next || *due < *next)) next = due;
  }
  return next;
}

std::vector<Fault> FaultTimes::active() const {
  std::vector<Fault> active;
  for (const auto& [number, entry] : entries_) {
    if (entry.begun) active.push_back(entry.fault);
  }
  return active;
}

}  // namespace playground
