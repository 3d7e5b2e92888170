// What carries a record on each transport: heads, chunks, event-stream lines, WebSocket frames,
// batches. Every function takes whatever bytes there are, and accounts for each of those it is
// given.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/wire/span.h"

namespace playground::wire {

// A message's JSON (docs/api.md, "Records"), as offsets from its beginning.
struct RecordParts {
  std::uint64_t seq = 0;
  std::size_t seq_end = 0;        // after {"seq":N,
  std::size_t payload_begin = 0;  // after "payload":"
  std::size_t payload_end = 0;
  std::size_t end = 0;  // after the closing brace
};

// The message at the beginning of `text`; nothing where there is none, or not a whole one.
std::optional<RecordParts> record_at(std::string_view text);

// Appends the spans of a message. Precondition: parts == record_at(json) and end == json.size().
void annotate_record(std::string_view json, const RecordParts& parts, std::vector<Span>& out);

// One WebSocket frame, from its first byte (RFC 6455 5.2), and how many bytes of `text` it takes; a
// frame that is cut takes them all. The payload of a text frame is annotated as a record if it is
// one.
std::size_t annotate_frame(std::string_view text, std::vector<Span>& out);

// One chunk (RFC 9112 7.1) or, without `chunked`, its data alone: an event, or JSON text and the
// end of its line. Returns how many bytes it takes; 0 where it does not begin as one.
std::size_t annotate_chunk(std::string_view text, bool chunked, std::vector<Span>& out);

// The JSON batch that answers a poll. On either side of the chosen message at most `max_others` are
// shown, the rest are summed up. Returns how many messages it holds.
std::size_t annotate_batch(std::string_view json, std::uint64_t chosen, std::size_t max_others,
                           std::vector<Span>& out);

// A head, whole or not, of a request or of a response, line by line (RFC 9112 2 to 5).
std::vector<Span> annotate_head(std::string_view head, bool request);

}  // namespace playground::wire
