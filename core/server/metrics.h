// What the server counts about itself. Showing it is not its job.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>

#include "core/transport.h"

namespace playground::server {

// Durations counted between bounds that do not change, so that several can be added up.
class DurationCounts {
 public:
  // Microseconds; a duration counts for the first bound that is not below it.
  static constexpr std::array<std::int64_t, 14> kBoundsUs{
      100,    250,    500,     1'000,   2'500,     5'000,     10'000,
      25'000, 50'000, 100'000, 250'000, 1'000'000, 2'500'000, 10'000'000};

  // Less than 0 counts as 0.
  void record(std::int64_t us) {
    const auto bound = std::lower_bound(kBoundsUs.begin(), kBoundsUs.end(), us);
    ++counts_[static_cast<std::size_t>(bound - kBoundsUs.begin())];
    sum_us_ += static_cast<std::uint64_t>(std::max<std::int64_t>(us, 0));
  }

  // How many were counted for kBoundsUs[i], and beyond the last bound.
  std::uint64_t count(std::size_t i) const { return counts_[i]; }
  std::uint64_t sum_us() const { return sum_us_; }

 private:
  std::array<std::uint64_t, kBoundsUs.size() + 1> counts_{};
  std::uint64_t sum_us_ = 0;
};

// One number for each of Served.
using ByServed = std::array<std::size_t, kServedCount>;

struct Metrics {
  struct ByTransport {
    std::uint64_t messages = 0;  // handed to the kernel, or to what plays a fault
    std::uint64_t dropped = 0;   // had left the log when their reader came to them
    DurationCounts delay;        // from the scheduled send to there
  };

  std::array<ByTransport, kServedCount> transports;
  ByServed readers{};                                  // streams and held polls there are
  std::map<int, std::uint64_t> requests;               // by status
  std::map<std::string_view, std::uint64_t> refusals;  // by the limit that was reached
  std::map<std::string_view, std::uint64_t> closings;  // of connections by the server, by why
  std::uint64_t connections_accepted = 0;
  std::uint64_t received_bytes = 0;
  std::uint64_t sent_bytes = 0;
  std::uint64_t published = 0;
  std::uint64_t log_lines_dropped = 0;
  DurationCounts lag;  // of the event loop: how late what was due ran

  ByTransport& of(Served served) { return transports[static_cast<std::size_t>(served)]; }
  std::size_t& readers_of(Served served) { return readers[static_cast<std::size_t>(served)]; }
};

}  // namespace playground::server
