// The event-stream parser for JavaScript, as a separate module (event_stream.wasm) without glue:
// web/src/event-source/reader.ts is its other side, and describes it.
//
// There is one text for all readers: what is fed is taken out before the next call. JavaScript has
// a reader's number, which no other reader gets: that of one that is gone finds nobody.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <emscripten/emscripten.h>

#include "core/event_stream/batch.h"
#include "core/event_stream/parser.h"

namespace {

using playground::event_stream::Batch;
using playground::event_stream::Parser;
using playground::event_stream::ParseStatus;

constexpr std::size_t kInputBytes = 64 << 10;

struct Reader {
  std::uint32_t number;
  Reader* older;
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

Reader* newest = nullptr;  // owns all that are open, through `older`
std::uint32_t last_number = 0;

// Where the list holds the reader; null there if there is none.
Reader** place_of(std::uint32_t number) {
  Reader** place = &newest;
  while (*place != nullptr && (*place)->number != number) place = &(*place)->older;
  return place;
}

Reader* find(std::uint32_t number) { return *place_of(number); }

std::string_view last_event_id_of(std::uint32_t number) {
  const Reader* const reader = find(number);
  return reader == nullptr ? std::string_view() : reader->parser.last_event_id();
}

}  // namespace

extern "C" {

EMSCRIPTEN_KEEPALIVE const Found* look() { return &found; }
EMSCRIPTEN_KEEPALIVE std::size_t input_capacity() { return kInputBytes; }

// Numbers count from 1.
EMSCRIPTEN_KEEPALIVE std::uint32_t open_reader() {
  newest = new Reader{++last_number, newest, Parser(), Batch()};
  return last_number;
}

EMSCRIPTEN_KEEPALIVE void close_reader(std::uint32_t number) {
  Reader** const place = place_of(number);
  Reader* const reader = *place;
  if (reader == nullptr) return;
  *place = reader->older;
  delete reader;
}

EMSCRIPTEN_KEEPALIVE void reset_reader(std::uint32_t number) {
  if (Reader* const reader = find(number)) reader->parser.reset();
}

// Reads a chunk, the first `size` bytes of the text. 0 if an event is too large, the chunk is, or
// there is no such reader.
EMSCRIPTEN_KEEPALIVE std::uint32_t feed(std::uint32_t number, std::uint32_t size) {
  Reader* const reader = find(number);
  if (reader == nullptr || size > kInputBytes) return 0;
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
EMSCRIPTEN_KEEPALIVE void count_in_utf16(std::uint32_t number) {
  if (Reader* const reader = find(number)) reader->batch.count_in_utf16(text);
}

EMSCRIPTEN_KEEPALIVE const char* last_event_id(std::uint32_t number) {
  return last_event_id_of(number).data();
}
EMSCRIPTEN_KEEPALIVE std::size_t last_event_id_size(std::uint32_t number) {
  return last_event_id_of(number).size();
}

}  // extern "C"
