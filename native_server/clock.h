// The machine's clock as the server's.
#pragma once

#include <cstdint>

#include "core/server/clock.h"

namespace playground::server {

// The wall clock's reading at construction, carried on by the monotonic clock: two readings differ
// by the time that passed, whatever happens to the wall clock in between.
class SystemClock final : public Clock {
 public:
  SystemClock();
  std::int64_t now_us() const override;
  // What to add to the monotonic clock to get this one's reading.
  std::int64_t offset_us() const { return offset_us_; }

 private:
  std::int64_t offset_us_;
};

}  // namespace playground::server
