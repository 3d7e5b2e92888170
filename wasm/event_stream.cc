// The event-stream parser for JavaScript, as a module of its own (event_stream.wasm) without glue:
// web/src/event-stream-reader.ts is its other side, and describes it.
//
// There is one input and one batch for all parsers: what is fed is taken out before the next call.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <emscripten/emscripten.h>

#include "core/event_stream/batch.h"
#include "core/event_stream/parser.h"

namespace {

using playground::event_stream::Batch;
using playground::event_stream::Parser;
using playground::event_stream::ParseStatus;

constexpr std::size_t kInputBytes = 64 << 10;

// What a feed found, for JavaScript to read in one go: 32-bit numbers, addresses among them.
struct Found {
  const Batch::Row* rows;
  std::uint32_t count;
  const char* text;
  std::uint32_t text_size;
  std::uint32_t is_ascii;           // 1 where it is
  std::uint32_t reconnection_time;  // milliseconds, or Batch::kNoTime
};

char input_bytes[kInputBytes];
Batch batch;
Found found;

}  // namespace

extern "C" {

EMSCRIPTEN_KEEPALIVE char* input() { return input_bytes; }
EMSCRIPTEN_KEEPALIVE std::size_t input_capacity() { return kInputBytes; }

EMSCRIPTEN_KEEPALIVE Parser* open_parser() { return new Parser; }
EMSCRIPTEN_KEEPALIVE void close_parser(Parser* parser) { delete parser; }
EMSCRIPTEN_KEEPALIVE void reset_parser(Parser* parser) { parser->reset(); }

// Reads the first `size` bytes of the input. Answers a Found, or null where an event is too large.
EMSCRIPTEN_KEEPALIVE const Found* feed_parser(Parser* parser, std::uint32_t size) {
  batch.begin();
  const ParseStatus status = parser->feed(std::string_view(input_bytes, size), batch);
  if (status != ParseStatus::kOk) return nullptr;
  found = {batch.rows().data(),        static_cast<std::uint32_t>(batch.rows().size()),
           batch.text().data(),        static_cast<std::uint32_t>(batch.text().size()),
           batch.is_ascii() ? 1U : 0U, batch.reconnection_time()};
  return &found;
}

EMSCRIPTEN_KEEPALIVE const char* last_event_id(const Parser* parser) {
  return parser->last_event_id().data();
}
EMSCRIPTEN_KEEPALIVE std::size_t last_event_id_size(const Parser* parser) {
  return parser->last_event_id().size();
}

}  // extern "C"
