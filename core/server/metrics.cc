#include "core/server/metrics.h"

#include <algorithm>

namespace playground::server {

void DurationCounts::record(std::int64_t us) {
  const auto* const bound = std::lower_bound(kBoundsUs.begin(), kBoundsUs.end(), us);
  ++counts_[static_cast<std::size_t>(bound - kBoundsUs.begin())];
  sum_us_ += static_cast<std::uint64_t>(std::max<std::int64_t>(us, 0));
}

}  // namespace playground::server
