#include "core/measure/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace playground::measure {
namespace {

constexpr std::uint64_t kStepsPerGroup = std::uint64_t{1} << Histogram::kPrecisionBits;

// The first group holds 0 to 2^bits - 1, a step each; group g > 0 the values whose highest bit is
// bit (bits + g - 1), in steps of 2^(g-1).
std::size_t step_of(std::uint64_t value) {
  if (value < kStepsPerGroup) return static_cast<std::size_t>(value);
  const auto shift =
      static_cast<std::uint64_t>(std::bit_width(value)) - Histogram::kPrecisionBits - 1;
  return static_cast<std::size_t>((shift + 1) * kStepsPerGroup + (value >> shift) - kStepsPerGroup);
}

std::int64_t last_value_of(std::size_t step) {
  const std::uint64_t group = step / kStepsPerGroup;
  if (group == 0) return static_cast<std::int64_t>(step);
  const std::uint64_t shift = group - 1;
  const std::uint64_t first = (kStepsPerGroup + step % kStepsPerGroup) << shift;
  return static_cast<std::int64_t>(first + (std::uint64_t{1} << shift) - 1);
}

}  // namespace

Histogram::Histogram() : steps_(step_of(kLargest) + 1) {}

void Histogram::record(std::int64_t value) {
  value = std::clamp<std::int64_t>(value, 0, kLargest);
  ++steps_[step_of(static_cast<std::uint64_t>(value))];
  ++count_;
  max_ = std::max(max_, value);
}

std::int64_t Histogram::percentile(double percent) const {
  if (count_ == 0) return 0;
  const double wanted =
      std::ceil(std::clamp(percent, 0.0, 100.0) / 100 * static_cast<double>(count_));
  const auto rank = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(wanted));
  std::uint64_t seen = 0;
  for (std::size_t step = 0; step < steps_.size(); ++step) {
    seen += steps_[step];
    if (seen >= rank) return std::min(last_value_of(step), max_);
  }
  return max_;
}

std::vector<Histogram::Part> Histogram::parts() const {
  constexpr std::size_t kStepsPerPart = kStepsPerGroup / 8;
  std::vector<Part> parts;
  const std::size_t end = count_ == 0 ? 0 : step_of(static_cast<std::uint64_t>(max_)) + 1;
  std::size_t step = 0;
  while (step < end) {
    // In the first group, which holds several powers of two, each is divided by itself.
    const std::size_t wide = step < 16               ? 1
                             : step < kStepsPerGroup ? std::bit_floor(step) / 8
                                                     : kStepsPerPart;
    std::uint64_t count = 0;
    for (std::size_t i = step; i < std::min(step + wide, end); ++i) count += steps_[i];
    step += wide;
    if (count > 0) parts.push_back({last_value_of(step - 1), count});
  }
  return parts;
}

void Histogram::reset() { *this = Histogram(); }

}  // namespace playground::measure
