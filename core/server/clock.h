// The one clock of the server: microseconds since the Unix epoch that never jump.
#ifndef PLAYGROUND_CORE_SERVER_CLOCK_H_
#define PLAYGROUND_CORE_SERVER_CLOCK_H_

#include <cstdint>

namespace playground::server {

inline constexpr std::int64_t kSecondUs = 1'000'000;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual std::int64_t now_us() const = 0;
};

}  // namespace playground::server

#endif  // PLAYGROUND_CORE_SERVER_CLOCK_H_
