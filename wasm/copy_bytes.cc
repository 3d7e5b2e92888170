// memcpy for event_stream.wasm: the texts of events are short, and begin anywhere; the C library's,
// made to be small, takes them word by word where both ends are aligned, else byte by byte.
#include <cstddef>

namespace {

// Of any alignment.
using Block [[gnu::vector_size(16), gnu::aligned(1), gnu::may_alias]] = char;
using Eight [[gnu::aligned(1), gnu::may_alias]] = long long;
using Four [[gnu::aligned(1), gnu::may_alias]] = int;

// Two pieces that overlap where `size` is less than both of them.
template <typename Piece>
void copy_ends(char* to, const char* from, std::size_t size) {
  const std::size_t last = size - sizeof(Piece);
  const Piece begin = *reinterpret_cast<const Piece*>(from);
  const Piece end = *reinterpret_cast<const Piece*>(from + last);
  *reinterpret_cast<Piece*>(to) = begin;
  *reinterpret_cast<Piece*>(to + last) = end;
}

}  // namespace

extern "C" void* memcpy(void* __restrict to, const void* __restrict from, std::size_t size) {
  auto* target = static_cast<char*>(to);
  const auto* source = static_cast<const char*>(from);
  if (size < 4) {
    for (std::size_t i = 0; i < size; ++i) target[i] = source[i];
  } else if (size < 8) {
    copy_ends<Four>(target, source, size);
  } else if (size < 16) {
    copy_ends<Eight>(target, source, size);
  } else {
    const std::size_t last = size - sizeof(Block);
    for (std::size_t i = 0; i < last; i += sizeof(Block)) {
      *reinterpret_cast<Block*>(target + i) = *reinterpret_cast<const Block*>(source + i);
    }
    *reinterpret_cast<Block*>(target + last) = *reinterpret_cast<const Block*>(source + last);
  }
  return to;
}
