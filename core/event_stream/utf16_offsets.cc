#include "core/event_stream/utf16_offsets.h"

#include <cstddef>
#include <cstring>

#include "core/event_stream/scan.h"

namespace playground::event_stream {

constexpr std::size_t kBytes = 64;

void Utf16Offsets::set_text(std::string_view text) {
  bytes_.resize(text.size() / kBytes + 1);
  std::uint32_t units = 0;
  const char* at = text.data();
  char rest[kBytes] = {};
  if (text.size() % kBytes != 0) {
    std::memcpy(rest, at + text.size() / kBytes * kBytes, text.size() % kBytes);
  }
  for (Bytes& bytes : bytes_) {
    if (&bytes == &bytes_.back()) at = rest;
    bytes = {.first = 0, .first_of_four = 0, .units_before = units};
    for (std::size_t i = 0; i < kBytes; i += sizeof(Block)) {
      const Block block = load_block(at + i);
      const auto first = reinterpret_cast<SignedBlock>(block) > -65;  // not 10xxxxxx
      const auto first_of_four = block >= 0xf0;
      bytes.first |= std::uint64_t{match_bits(reinterpret_cast<Block>(first))} << i;
      bytes.first_of_four |= std::uint64_t{match_bits(reinterpret_cast<Block>(first_of_four))} << i;
    }
    units +=
        static_cast<std::uint32_t>(std::popcount(bytes.first) + std::popcount(bytes.first_of_four));
    at += kBytes;
  }
}

}  // namespace playground::event_stream
