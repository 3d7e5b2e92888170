// The event-stream parser for JavaScript, as a separate module (event_stream.wasm) without glue:
// web/src/event-source/reader.ts is its other side, and describes it.
//
// There is one text for all readers: what is fed is taken out before the next call.
#include <cstddef>
#include <cstdint>
#include <string>

#include <emscripten/emscripten.h>

#include "core/event_stream/batch.h"
#include "core/event_stream/parser.h"

namespace {

using playground::event_stream::Batch;
using playground::event_stream::Parser;
using playground::event_stream::ParseStatus;

constexpr std::size_t kInputBytes = 64 << 10;

struct Reader {
  Parser parser;
  Batch batch;
};

// What a feed found, for JavaScript to read in one go: 32-bit numbers, addresses among them.
struct Found {
  char* text;  // where the next chunk goes as well
  std::uint32_t text_size;
  std::uint32_t is_ascii;  // 1 where it is
  const Batch::Row* rows;
  std::uint32_t count;
  std::uint32_t reconnection_time;  // milliseconds, or Batch::kNoTime
};

std::string text(kInputBytes, '\0');
Found found = {text.data(), 0, 1, nullptr, 0, Batch::kNoTime};

}  // namespace

extern "C" {

EMSCRIPTEN_KEEPALIVE const Found* look() { return &found; }
EMSCRIPTEN_KEEPALIVE std::size_t input_capacity() { return kInputBytes; }

EMSCRIPTEN_KEEPALIVE Reader* open_reader() { return new Reader; }
EMSCRIPTEN_KEEPALIVE void close_reader(Reader* reader) { delete reader; }
EMSCRIPTEN_KEEPALIVE void reset_reader(Reader* reader) { reader->parser.reset(); }

// Reads a chunk, the first `size` bytes of the text. 0 if an event is too large.
EMSCRIPTEN_KEEPALIVE std::uint32_t feed(Reader* reader, std::uint32_t size) {
  Batch& batch = reader->batch;
  const ParseStatus status = batch.read(reader->parser, text, size);
  found = {text.data(),
           static_cast<std::uint32_t>(batch.text_size()),
           batch.is_ascii() ? 1U : 0U,
           batch.rows().data(),
           static_cast<std::uint32_t>(batch.rows().size()),
           batch.reconnection_time()};
  return status == ParseStatus::kOk ? 1 : 0;
}

// After a feed that found text that is not ASCII, but UTF-8.
EMSCRIPTEN_KEEPALIVE void count_in_utf16(Reader* reader) { reader->batch.count_in_utf16(text); }

EMSCRIPTEN_KEEPALIVE const char* last_event_id(const Reader* reader) {
  return reader->parser.last_event_id().data();
}
EMSCRIPTEN_KEEPALIVE std::size_t last_event_id_size(const Reader* reader) {
  return reader->parser.last_event_id().size();
}

}  // extern "C"
