// `GET /metrics`: the metrics as Prometheus reads them (text exposition format 0.0.4).
#pragma once

#include <cstddef>
#include <string>

#include "core/server/metrics.h"
#include "native_server/redis/redis_store.h"

namespace playground::server {

inline constexpr const char* kPrometheusType = "text/plain; version=0.0.4; charset=utf-8";

// What is not counted but simply there: read when it is asked for.
struct Gauges {
  std::size_t connections = 0;
  std::size_t channels = 0;
  std::size_t max_connections = 0;
  std::size_t max_readers = 0;
  const RedisMetrics* redis = nullptr;  // null: there is none
  bool redis_connected = false;
};

// Includes what the system knows about this process.
std::string to_prometheus(const Metrics& metrics, const Gauges& gauges);

}  // namespace playground::server
