// UTF-8 as RFC 3629 defines it, checked piece by piece.
#pragma once

#include <cstdint>
#include <string_view>

namespace playground {

// Feeds may end inside a character. Overlong forms, surrogates and code points over U+10FFFF are
// invalid, and are reported at the first byte that makes them so.
class Utf8Validator {
 public:
  // False as soon as the text can no longer be valid; stays false until reset().
  bool feed(std::string_view bytes);
  // Whether the text may end here.
  bool complete() const { return valid_ && pending_ == 0; }
  void reset();

 private:
  std::uint8_t pending_ = 0;    // continuation bytes still to come
  std::uint8_t lowest_ = 0x80;  // bounds of the next one
  std::uint8_t highest_ = 0xbf;
  bool valid_ = true;
};

bool is_utf8(std::string_view text);

}  // namespace playground
