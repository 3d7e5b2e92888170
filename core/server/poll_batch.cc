#include "core/server/poll_batch.h"

#include <initializer_list>
#include <optional>
#include <string_view>
#include <utility>

#include "core/poll/batch.h"

namespace playground::server {
namespace {

// Of parts that follow one another, as far as they do.
PollBatch compose(std::initializer_list<const LogWindow*> parts, std::uint64_t cursor,
                  std::size_t max_bytes, std::string_view server) {
  const LogWindow& oldest = **parts.begin();
  const LogWindow& newest = **(parts.end() - 1);
  PollBatch batch;
  batch.dropped = oldest.dropped_after(cursor);
  std::optional<Reset> reset;
  if (cursor + 1 < oldest.first()) {
    reset = Reset{oldest.first(), newest.last()};
    cursor = oldest.first() - 1;
  }
  std::string& out = batch.json;
  poll::BatchWriter writer(out);
  writer.begin();
  for (const LogWindow* part : parts) {
    for (; cursor < part->last() && cursor + 1 >= part->first(); ++cursor) {
      const std::string_view json = part->json(cursor + 1);
      if (!batch.sent_us.empty() && out.size() + json.size() > max_bytes) break;
      writer.message(json);
      batch.sent_us.push_back(part->sent_us(cursor + 1));
    }
    if (cursor < part->last()) break;
  }
  if (!batch.sent_us.empty()) batch.messages = {cursor + 1 - batch.sent_us.size(), cursor};
  writer.end(cursor, reset, newest.epoch(), server);
  return batch;
}

}  // namespace

PollBatch batch_from(const Log& log, std::uint64_t cursor, std::size_t max_bytes) {
  return compose({&log.window()}, cursor, max_bytes, log.server());
}

void read_batch(Log& log, std::uint64_t cursor, std::size_t max_bytes,
                std::function<void(PollBatch)> done) {
  if (cursor + 1 >= log.window().first()) return done(batch_from(log, cursor, max_bytes));
  log.read(cursor, [&log, cursor, max_bytes, done = std::move(done)](const LogWindow& older) {
    done(compose({&older, &log.window()}, cursor, max_bytes, log.server()));
  });
}

void count(const PollBatch& batch, std::int64_t now_us, Metrics::ByTransport& counts) {
  for (const std::int64_t sent_us : batch.sent_us) counts.delay.record(now_us - sent_us);
  counts.messages += batch.sent_us.size();
  counts.dropped += batch.dropped;
}

}  // namespace playground::server
