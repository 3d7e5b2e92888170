// The demo everyone knows from a first article on Server-Sent Events: the time, every second, for a
// page of any origin. A page written for a small Express server on port 8088 works unchanged.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <unordered_set>
#include <utility>

#include "core/server/exchange.h"
#include "core/server/limits.h"
#include "core/server/metrics.h"
#include "core/server/schedule.h"

namespace playground::server {

class ClockStream;

class ClassicDemo {
 public:
  // `readers` says how many streams and held polls there are in the whole server. All must outlive
  // the demo.
  ClassicDemo(Schedule& schedule, const Limits& limits, Metrics& metrics,
              std::function<std::size_t()> readers)
      : schedule_(schedule), limits_(limits), metrics_(metrics), readers_(std::move(readers)) {}

  // Answers /sse and /sse/, and nothing else.
  std::optional<Reply> answer(const Request& request);

  std::size_t readers() const { return streams_.size(); }

  // Ends every stream.
  void end();

 private:
  friend class ClockStream;

  Schedule& schedule_;
  const Limits& limits_;
  Metrics& metrics_;
  std::function<std::size_t()> readers_;
  std::unordered_set<ClockStream*> streams_;
};

}  // namespace playground::server
