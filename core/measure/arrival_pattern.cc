#include "core/measure/arrival_pattern.h"

#include <algorithm>
#include <cmath>

namespace playground::measure {
namespace {

constexpr std::size_t kLeastLumps = 3;
constexpr std::uint64_t kLeastInLump = 3;
// Shorter lumps than this a busy machine makes as well.
constexpr std::int64_t kBusyUs = 250'000;

// Numbers in order, at most one for each arrival.
class Sorted {
 public:
  void add(std::int64_t number) {
    std::size_t at = size_++;
    for (; at > 0 && numbers_[at - 1] > number; --at) numbers_[at] = numbers_[at - 1];
    numbers_[at] = number;
  }
  std::size_t size() const { return size_; }
  // The one that so many tenths of them come before.
  std::int64_t after_tenths(std::size_t tenths) const { return numbers_[size_ * tenths / 10]; }
  std::int64_t median() const { return after_tenths(5); }

 private:
  std::array<std::int64_t, ArrivalPattern::kWindow> numbers_;
  std::size_t size_ = 0;
};

}  // namespace

std::optional<ArrivalPattern::Finding> ArrivalPattern::arrived(std::int64_t sent_us,
                                                               std::int64_t at_us,
                                                               std::int64_t path_us) {
  arrivals_[size_++] = {sent_us, at_us};
  if (size_ < kWindow) return std::nullopt;
  const auto finding = look(path_us);
  size_ = 0;
  return finding;
}

std::optional<ArrivalPattern::Finding> ArrivalPattern::look(std::int64_t path_us) const {
  if (const auto found = lumps()) return found;
  if (one_behind(path_us)) return Finding{Kind::kOneBehind};
  // What a connection brings at once, because it was sent before it, was not held back by it.
  const Arrival& first = arrivals_.front();
  const Arrival& last = arrivals_.back();
  if (last.at_us - first.at_us < (last.sent_us - first.sent_us) / 2) return std::nullopt;
  Sorted delays;
  for (const Arrival& each : arrivals_) delays.add(each.at_us - each.sent_us - path_us);
  const std::int64_t least = delays.after_tenths(1);
  const std::int64_t most = delays.after_tenths(9);
  // All of them alike: a line that is slow at times is something else.
  if (least < kLeastHeldUs || most - least > least / 2) return std::nullopt;
  return Finding{Kind::kHeld, delays.median()};
}

std::optional<ArrivalPattern::Finding> ArrivalPattern::lumps() const {
  Sorted sizes;
  Sorted between;
  Sorted delays;  // of the last one of each
  // The first and the last may be cut off by the window.
  std::optional<std::size_t> begin;
  for (std::size_t i = 1; i < kWindow; ++i) {
    if (arrivals_[i].at_us - arrivals_[i - 1].at_us <= kTogetherUs) continue;
    if (begin) {
      sizes.add(static_cast<std::int64_t>(i - *begin));
      between.add(arrivals_[i].at_us - arrivals_[*begin].at_us);
      delays.add(arrivals_[i - 1].at_us - arrivals_[i - 1].sent_us);
      // They were sent apart.
      const std::int64_t span = arrivals_[i - 1].sent_us - arrivals_[*begin].sent_us;
      if (span < kLeastHeldUs) return std::nullopt;
    }
    begin = i;
  }
  if (sizes.size() < kLeastLumps) return std::nullopt;
  const auto size = static_cast<std::uint64_t>(sizes.median());
  if (size < kLeastInLump) return std::nullopt;
  const std::int64_t every = between.median();
  // What waits until enough are together lets the last one pass at once: these delays are alike.
  const bool alike = delays.after_tenths(7) - delays.after_tenths(0) <= kTogetherUs;
  if (every < kBusyUs && !alike) return std::nullopt;
  return Finding{Kind::kLumps, every, size};
}

bool ArrivalPattern::one_behind(std::int64_t path_us) const {
  std::size_t like_that = 0;
  for (std::size_t i = 0; i + 1 < kWindow; ++i) {
    const std::int64_t gap = arrivals_[i + 1].sent_us - arrivals_[i].sent_us;
    const std::int64_t late = arrivals_[i].at_us - arrivals_[i + 1].sent_us - path_us;
    like_that += gap >= kLeastHeldUs && std::abs(late) <= std::max(kTogetherUs, gap / 10);
  }
  return like_that >= (kWindow - 1) * 9 / 10;
}

}  // namespace playground::measure
