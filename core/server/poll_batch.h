// The answer to a short or a long poll, out of a log.
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

// At most `max_bytes` of what the log's window has after `cursor`, but at least one message. What
// has left the window counts as dropped.
PollBatch batch_from(const Log& log, std::uint64_t cursor, std::size_t max_bytes);

// The same for the whole log, which answers now or later, or never (Log). `log` must outlive what
// it has not answered.
void read_batch(Log& log, std::uint64_t cursor, std::size_t max_bytes,
                std::function<void(PollBatch batch)> done);

// Counts the answer that a poll got at `now_us`.
void count(const PollBatch& batch, std::int64_t now_us, Metrics::ByTransport& counts);

}  // namespace playground::server
