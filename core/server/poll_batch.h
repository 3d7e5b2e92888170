// What a short or a long poll is answered with, out of a log.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/server/log.h"
#include "core/server/metrics.h"
#include "core/server/session.h"

namespace playground::server {

// The JSON batch (docs/api.md) that follows a cursor.
struct PollBatch {
  std::string json;
  Messages messages = {};             // that it holds
  std::uint64_t dropped = 0;          // messages the reader asked for and the log no longer has
  std::vector<std::int64_t> sent_us;  // of those it holds
};

// At most `max_bytes` of what the window has behind `cursor`, one message at least. What has left
// the window counts as dropped.
PollBatch batch_from(const LogWindow& window, std::uint64_t cursor, std::size_t max_bytes);

// The same of the whole log, which answers now or later, or never (Log). `log` must outlive what it
// has not answered.
void read_batch(Log& log, std::uint64_t cursor, std::size_t max_bytes,
                std::function<void(PollBatch batch)> done);

// Counts what a poll was answered at `now_us`.
void count(const PollBatch& batch, std::int64_t now_us, Metrics::ByTransport& counts);

}  // namespace playground::server
