#include "native_server/spare_memory.h"

#include <utility>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace playground::server {
namespace {

void give_back() {
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
}

}  // namespace

SpareMemory::SpareMemory(Schedule& schedule)
    : schedule_(schedule), unused_(schedule, [] { give_back(); }) {}

void SpareMemory::look(std::size_t channels) {
  const bool was_in_use = std::exchange(in_use_, channels > 0);
  if (in_use_ == was_in_use) return;
  if (in_use_) return unused_.cancel();
  unused_.set(schedule_.now_us() + kUnusedUs);
}

}  // namespace playground::server
