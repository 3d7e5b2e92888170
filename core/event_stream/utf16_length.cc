#include "core/event_stream/utf16_length.h"

#include <cstddef>
#include <cstring>

namespace playground::event_stream {
namespace {

// Of the bytes from `at` on, how many at least are ASCII, in steps of a word.
std::size_t ascii_words(std::string_view bytes, std::size_t at) {
  std::size_t end = at;
  std::uint64_t word = 0;
  while (bytes.size() - end >= sizeof(word)) {
    std::memcpy(&word, bytes.data() + end, sizeof(word));
    if ((word & 0x8080808080808080) != 0) break;
    end += sizeof(word);
  }
  return end - at;
}

}  // namespace

// The names of the variables are those of the standard's UTF-8 decoder (Encoding 8.1.1).
std::uint32_t utf16_length(std::string_view bytes) {
  std::uint32_t units = 0;
  std::size_t at = 0;
  while (at < bytes.size()) {
    const auto byte = static_cast<std::uint8_t>(bytes[at]);
    if (byte < 0x80) {
      const std::size_t ascii = ascii_words(bytes, at);
      units += static_cast<std::uint32_t>(ascii == 0 ? 1 : ascii);
      at += ascii == 0 ? 1 : ascii;
      continue;
    }
    int bytes_needed = 0;
    std::uint8_t lower_boundary = 0x80;
    std::uint8_t upper_boundary = 0xbf;
    if (byte >= 0xc2 && byte <= 0xdf) {
      bytes_needed = 1;
    } else if (byte >= 0xe0 && byte <= 0xef) {
      bytes_needed = 2;
      if (byte == 0xe0) lower_boundary = 0xa0;
      if (byte == 0xed) upper_boundary = 0x9f;
    } else if (byte >= 0xf0 && byte <= 0xf4) {
      bytes_needed = 3;
      if (byte == 0xf0) lower_boundary = 0x90;
      if (byte == 0xf4) upper_boundary = 0x8f;
    }
    const bool supplementary = bytes_needed == 3;
    // A byte that cannot go on with the character is not part of it: it is looked at again.
    for (++at; bytes_needed > 0 && at < bytes.size(); ++at, --bytes_needed) {
      const auto next = static_cast<std::uint8_t>(bytes[at]);
      if (next < lower_boundary || next > upper_boundary) break;
      lower_boundary = 0x80;
      upper_boundary = 0xbf;
    }
    units += supplementary && bytes_needed == 0 ? 2 : 1;
  }
  return units;
}

}  // namespace playground::event_stream
