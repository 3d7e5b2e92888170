#include "core/measure/delivery_ledger.h"

#include <iterator>

namespace playground::measure {

Arrival DeliveryLedger::record(std::uint64_t seq) {
  if (seq > highest_) {
    if (seq > highest_ + 1) {
      missing_ += seq - highest_ - 1;
      open_gap(highest_ + 1, seq - 1);
    }
    highest_ = seq;
    ++delivered_;
    return Arrival::kInOrder;
  }
  if (has(seq)) {
    ++duplicate_;
    return Arrival::kDuplicate;
  }
  const auto gap = std::prev(gaps_.upper_bound(seq));
  const auto [first, last] = *gap;
  gaps_.erase(gap);
  if (first < seq) open_gap(first, seq - 1);
  if (seq < last) open_gap(seq + 1, last);
  --missing_;
  ++reordered_;
  ++delivered_;
  return Arrival::kReordered;
}

void DeliveryLedger::skip_to(std::uint64_t seq) {
  if (seq <= highest_) return;
  missing_ += seq - highest_;
  open_gap(highest_ + 1, seq);
  highest_ = seq;
}

bool DeliveryLedger::has(std::uint64_t seq) const {
  if (seq > highest_) return false;
  const auto gap = gaps_.upper_bound(seq);
  return gap == gaps_.begin() || std::prev(gap)->second < seq;
}

void DeliveryLedger::open_gap(std::uint64_t first, std::uint64_t last) {
  gaps_.emplace(first, last);
  if (gaps_.size() > kMaxGaps) gaps_.erase(gaps_.begin());
}

void DeliveryLedger::begin_epoch() {
  gaps_.clear();
  highest_ = 0;
}

}  // namespace playground::measure
