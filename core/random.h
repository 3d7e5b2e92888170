// A small seeded generator (SplitMix64: Steele, Lea and Flood, OOPSLA 2014), so that a run can be
// repeated exactly. Not for secrets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace playground {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  // `count` of them, in hexadecimal.
  std::string digits(std::size_t count) {
    std::string digits;
    while (digits.size() < count) digits += "0123456789abcdef"[next() >> 60];
    return digits;
  }

  // From 0 up to, but not including, 1.
  double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

 private:
  std::uint64_t state_;
};

}  // namespace playground
