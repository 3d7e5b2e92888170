// Looking at sixteen bytes at a time, in the vectors that GCC and Clang have for every machine
// (SSE2, NEON, WebAssembly's SIMD): a line of an event stream is a few of them.
#ifndef PLAYGROUND_CORE_EVENT_STREAM_SCAN_H_
#define PLAYGROUND_CORE_EVENT_STREAM_SCAN_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace playground::event_stream {

using Block [[gnu::vector_size(16)]] = std::uint8_t;

inline Block load_block(const char* at) {
  Block block;
  std::memcpy(&block, at, sizeof(block));
  return block;
}

// The first byte of a block that matched, where `matches` has 0xff for each that did; 16 for none.
inline std::size_t first_match(const Block& matches) {
  static_assert(std::endian::native == std::endian::little);
  std::uint64_t halves[2];
  std::memcpy(halves, &matches, sizeof(halves));
  if (halves[0] != 0) return static_cast<std::size_t>(std::countr_zero(halves[0])) / 8;
  if (halves[1] != 0) return 8 + static_cast<std::size_t>(std::countr_zero(halves[1])) / 8;
  return sizeof(Block);
}

// The first CR or LF, or `end`.
inline const char* find_line_end(const char* at, const char* end) {
  for (; end - at >= static_cast<std::ptrdiff_t>(sizeof(Block)); at += sizeof(Block)) {
    const Block block = load_block(at);
    const auto matches = reinterpret_cast<Block>((block == '\n') | (block == '\r'));
    const std::size_t found = first_match(matches);
    if (found < sizeof(Block)) return at + found;
  }
  while (at != end && *at != '\n' && *at != '\r') ++at;
  return at;
}

// Copies, and answers whether all of it is ASCII.
inline bool copy_is_ascii(char* to, const char* from, std::size_t size) {
  Block seen = {};
  std::size_t at = 0;
  for (; size - at >= sizeof(Block); at += sizeof(Block)) {
    const Block block = load_block(from + at);
    std::memcpy(to + at, &block, sizeof(block));
    seen |= block;
  }
  std::uint8_t rest = 0;
  for (; at < size; ++at) {
    to[at] = from[at];
    rest |= static_cast<std::uint8_t>(from[at]);
  }
  return (rest & 0x80) == 0 && first_match(reinterpret_cast<Block>(seen >= 0x80)) == sizeof(Block);
}

}  // namespace playground::event_stream

#endif  // PLAYGROUND_CORE_EVENT_STREAM_SCAN_H_
