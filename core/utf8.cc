#include "core/utf8.h"

namespace playground {

bool Utf8Validator::feed(std::string_view bytes) {
  if (!valid_) return false;
  for (const char c : bytes) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (pending_ > 0) {
      if (byte < lowest_ || byte > highest_) return valid_ = false;
      --pending_;
      lowest_ = 0x80;
      highest_ = 0xbf;
    } else if (byte < 0x80) {
      continue;
    } else if (byte >= 0xc2 && byte <= 0xdf) {
      pending_ = 1;
    } else if (byte >= 0xe0 && byte <= 0xef) {
      pending_ = 2;
      if (byte == 0xe0) lowest_ = 0xa0;   // overlong below
      if (byte == 0xed) highest_ = 0x9f;  // surrogates above
    } else if (byte >= 0xf0 && byte <= 0xf4) {
      pending_ = 3;
      if (byte == 0xf0) lowest_ = 0x90;   // overlong below
      if (byte == 0xf4) highest_ = 0x8f;  // over U+10FFFF above
    } else {
      return valid_ = false;
    }
  }
  return true;
}

void Utf8Validator::reset() { *this = Utf8Validator(); }

bool is_utf8(std::string_view text) {
  Utf8Validator validator;
  return validator.feed(text) && validator.complete();
}

}  // namespace playground
