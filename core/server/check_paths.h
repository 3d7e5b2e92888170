// The paths under /api/check/, as the rest of the API sees them: a server may have them or not.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

#include "core/server/exchange.h"
#include "core/server/limits.h"
#include "core/server/metrics.h"
#include "core/server/schedule.h"

namespace playground::server {

class CheckPaths {
 public:
  virtual ~CheckPaths() = default;
  // `path` is what follows "/api/check/". A reply of the form kUpgrade has a session, and no head.
  virtual void answer(std::string_view path, const Request& request, Reply& reply) = 0;
  // Streams, held polls and WebSockets.
  virtual std::size_t readers() const = 0;
  // Ends them.
  virtual void end() = 0;
};

// All must outlive what it makes.
using MakeCheckPaths = std::unique_ptr<CheckPaths>(Schedule& schedule, const Limits& limits,
                                                   Metrics& metrics);

}  // namespace playground::server
