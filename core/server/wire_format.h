// How records look on the wire of each streaming transport (docs/api.md).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/record.h"
#include "core/server/metrics.h"

namespace playground::server {

// The plain ones are for HTTP/1.0, which has no chunks: the end of the connection ends them.
enum class WireFormat {
  kEventStream,
  kEventStreamPlain,
  kNdjson,
  kNdjsonPlain,
  kWebSocket,
};
inline constexpr std::size_t kWireFormats = 5;

// The transport whose format it is.
Served served(WireFormat format);

bool is_chunked(WireFormat format);

// How a stream is written to a client whose HTTP has chunks, or has none. Precondition: `as` is
// no poll.
WireFormat stream_format(const ServedInfo& as, bool chunked);

// Appends one chunk of the chunked transfer coding (RFC 9112 7.1). Precondition: `data` has bytes,
// since an empty chunk is the last.
void append_chunk(std::string_view data, std::string& out);

// The data of the one chunk that `chunked` is.
std::string_view inside_chunk(std::string_view chunked);

// A record about the stream (not a message: those are the log's) with all framing. `id` is for an
// event stream, where it is a mistake: it moves the reader's cursor.
std::string encode_record(const Record& record, WireFormat format,
                          const std::optional<std::string>& id = std::nullopt);

// What a cleanly ended stream ends with: the last chunk, a Close frame with 1001, or nothing.
std::string end_of_stream(WireFormat format);

}  // namespace playground::server
