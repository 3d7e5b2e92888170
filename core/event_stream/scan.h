// Looking at sixteen bytes at a time, in the vectors that GCC and Clang have for every machine
// (SSE2, NEON, WebAssembly's SIMD): a line of an event stream is a few of them.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace playground::event_stream {

using Block [[gnu::vector_size(16)]] = std::uint8_t;
using SignedBlock [[gnu::vector_size(16)]] = std::int8_t;

inline Block load_block(const char* at) {
  Block block;
  std::memcpy(&block, at, sizeof(block));
  return block;
}

// Bit n for byte n, of `matches` that have 0xff or 0 for each.
inline std::uint32_t match_bits(const Block& matches) {
#if defined(__wasm_simd128__)
  return static_cast<std::uint32_t>(
      __builtin_wasm_bitmask_i8x16(reinterpret_cast<SignedBlock>(matches)));
#elif defined(__SSE2__)
  using Chars [[gnu::vector_size(16)]] = char;
  return static_cast<std::uint32_t>(__builtin_ia32_pmovmskb128(reinterpret_cast<Chars>(matches)));
#else
  static_assert(std::endian::native == std::endian::little);
  std::uint64_t halves[2];
  std::memcpy(halves, &matches, sizeof(halves));
  const auto bits = [](std::uint64_t half) {
    return static_cast<std::uint32_t>(((half & 0x8040201008040201) * 0x0101010101010101) >> 56);
  };
  return bits(halves[0]) | bits(halves[1]) << 8;
#endif
}

// The first CR or LF, or `end`. Precondition: there is a byte.
inline const char* find_line_end(const char* at, const char* end) {
  if (*at == '\n') return at;
  for (; end - at >= static_cast<std::ptrdiff_t>(sizeof(Block)); at += sizeof(Block)) {
    const Block block = load_block(at);
    const std::uint32_t found =
        match_bits(reinterpret_cast<Block>((block == '\n') | (block == '\r')));
    if (found != 0) return at + std::countr_zero(found);
  }
  while (at != end && *at != '\n' && *at != '\r') ++at;
  return at;
}

// Whether the bytes are those of the literal. memcmp is a call and a loop for Emscripten's Clang,
// whatever the size.
template <std::size_t kSize>
bool is(const char* bytes, const char (&literal)[kSize]) {
  constexpr std::size_t kLength = kSize - 1;
  static_assert(kLength >= sizeof(std::uint32_t) && kLength <= 2 * sizeof(std::uint32_t));
  constexpr std::size_t kLast = kLength - sizeof(std::uint32_t);
  const auto word = [](const char* at) {
    std::uint32_t value = 0;
    std::memcpy(&value, at, sizeof(value));
    return value;
  };
  return word(bytes) == word(literal) && word(bytes + kLast) == word(literal + kLast);
}

inline bool has_nul(std::string_view bytes) {
  bool found = false;
  for (const char byte : bytes) found |= byte == 0;
  return found;
}

inline bool is_ascii(std::string_view bytes) {
  Block seen = {};
  std::size_t at = 0;
  for (; bytes.size() - at >= sizeof(Block); at += sizeof(Block)) {
    seen |= load_block(bytes.data() + at);
  }
  std::uint8_t rest = 0;
  for (; at < bytes.size(); ++at) rest |= static_cast<std::uint8_t>(bytes[at]);
  return rest < 0x80 && match_bits(reinterpret_cast<Block>(seen >= 0x80)) == 0;
}

}  // namespace playground::event_stream
