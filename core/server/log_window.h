// Consecutive messages of a log, bounded by number and by payload. Each is encoded once for each
// wire format that somebody reads, and shared by all who read it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "core/server/wire_format.h"

namespace playground::server {

// The cursor of a reader whose last message was never this log's: from before a restart, or from
// elsewhere. One more than it is 0, so it is older than any log.
inline constexpr std::uint64_t kForeignCursor = ~std::uint64_t{0};

class LogWindow {
 public:
  // Empty, and what is appended follows `last`. The id of an event is its sequence number, a hyphen
  // and the epoch; without an epoch the number alone.
  LogWindow(std::size_t max_messages, std::size_t max_payload_bytes, std::string epoch = {},
            std::uint64_t last = 0);

  // Tells this life of the log from others, which have other messages under the same numbers.
  const std::string& epoch() const { return epoch_; }

  // Takes the next sequence number, drops what no longer fits, and returns the number. The newest
  // message always stays.
  std::uint64_t append(std::int64_t sent_us, std::string_view payload);

  // Drops all it holds, including the newest.
  void forget();

  // Drops all it holds, and goes on after `last`, where those between are gone.
  void skip(std::uint64_t last);

  // Drops all, and numbers from 1 in another epoch.
  void begin_anew(std::string epoch);

  // The oldest message held and the newest ever; first() is last() + 1 while there is none.
  std::uint64_t first() const { return last_ - entries_.size() + 1; }
  std::uint64_t last() const { return last_; }

  // The message with all framing, or its JSON alone. Valid until it is dropped by append().
  // Precondition: first() <= seq <= last().
  std::string_view encoded(std::uint64_t seq, WireFormat format);
  std::string_view json(std::uint64_t seq) const;
  std::int64_t sent_us(std::uint64_t seq) const { return entry(seq).sent_us; }

  // How many messages a reader at `cursor` will never get; for a foreign one none are known.
  std::uint64_t dropped_after(std::uint64_t cursor) const {
    return cursor < first() - 1 ? first() - 1 - cursor : 0;
  }

 private:
  // The plain formats and the bare JSON are parts of the chunked ones.
  struct Entry {
    std::int64_t sent_us;
    std::size_t payload_bytes;
    std::string line;          // chunked
    std::string event_stream;  // chunked; empty until somebody reads it
    std::string frame;         // WebSocket; likewise
  };

  const Entry& entry(std::uint64_t seq) const {
    return entries_[static_cast<std::size_t>(seq - first())];
  }

  std::size_t max_messages_;
  std::size_t max_payload_bytes_;
  std::string epoch_;
  std::uint64_t last_;
  std::size_t payload_bytes_ = 0;
  std::deque<Entry> entries_;
};

}  // namespace playground::server
