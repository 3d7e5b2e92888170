// Where something in a text is once JavaScript has the text.
#pragma once

#include <bit>
#include <cstdint>
#include <string_view>
#include <vector>

namespace playground::event_stream {

class Utf16Offsets {
 public:
  // Precondition: `text` is UTF-8 (a strict decoder has taken it).
  void set_text(std::string_view text);

  // The UTF-16 code units before the character that begins at byte `offset`, or the text's end.
  std::uint32_t at(std::uint32_t offset) const {
    const Bytes& bytes = bytes_[offset / 64];
    const std::uint64_t before = (std::uint64_t{1} << offset % 64) - 1;
    return bytes.units_before +
           static_cast<std::uint32_t>(std::popcount(bytes.first & before) +
                                      std::popcount(bytes.first_of_four & before));
  }

 private:
  // Of 64 bytes, one bit each. A character is one unit, one of four bytes is two.
  struct Bytes {
    std::uint64_t first;          // bytes of characters
    std::uint64_t first_of_four;  // bytes
    std::uint32_t units_before;
  };
  std::vector<Bytes> bytes_;
};

}  // namespace playground::event_stream
