// A histogram of durations with a stated precision, after HdrHistogram's scheme: values are grouped
// by their power of two, and each group is cut into the same number of equal steps.
#pragma once

#include <cstdint>
#include <vector>

namespace playground::measure {

class Histogram {
 public:
  // A value read back is at most 1/128 (0.8 %) above the one recorded.
  static constexpr int kPrecisionBits = 7;
  // Larger values are recorded as this one: an hour in microseconds.
  static constexpr std::int64_t kLargest = 3'600'000'000;

  Histogram();

  // Negative values are recorded as 0.
  void record(std::int64_t value);

  std::uint64_t count() const { return count_; }
  // The largest value, exactly; 0 where there is none.
  std::int64_t max() const { return max_; }
  // The value at or below which `percent` (0 to 100) of all values are, rounded up to the end of
  // its step and never above max(); 0 where there is none.
  std::int64_t percentile(double percent) const;

  // How many values lie in each eighth of a power of two, empty ones left out, ascending: few
  // enough to draw. The difference between two moments is the values of that time. (Below 16 the
  // values themselves: there is nothing to divide.)
  struct Part {
    std::int64_t largest;  // that the part can hold
    std::uint64_t count;
  };
  std::vector<Part> parts() const;

  void reset();

 private:
  std::vector<std::uint32_t> steps_;
  std::uint64_t count_ = 0;
  std::int64_t max_ = 0;
};

}  // namespace playground::measure
