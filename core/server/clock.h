// The one clock of the server: microseconds since the Unix epoch that never jump.
#pragma once

#include <cstdint>

namespace playground::server {

inline constexpr std::int64_t kSecondUs = 1'000'000;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual std::int64_t now_us() const = 0;
};

}  // namespace playground::server
