// Memory that a heavy run has left with the allocator: it goes back to the system when the last
// channel has been gone for a while. Only glibc is asked; its allocator gives back by itself no
// more than the end of its heap.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/server/schedule.h"

namespace playground::server {

class SpareMemory {
 public:
  // How long there must have been no channel: a page that starts its next run needs the memory.
  static constexpr std::int64_t kUnusedUs = 5 * kSecondUs;

  // `schedule` must outlive it.
  explicit SpareMemory(Schedule& schedule);

  // How many channels there are, after each turn of the loop.
  void look(std::size_t channels);

 private:
  Schedule& schedule_;
  Alarm unused_;
  bool in_use_ = false;
};

}  // namespace playground::server
