// Where a request ends: sans-I/O, over whatever bytes have come so far (RFC 9112 2 to 6). Strict on
// purpose: a proxy before us may read a doubtful request differently from the parser after us, so
// whatever could be read in two ways is refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/server/limits.h"

namespace playground::http {

struct Framing {
  enum class State { kNeedMore, kComplete, kRefused };

  State state = State::kNeedMore;

  // Known once the head is whole, before the body is. The head begins after `skipped` bytes of
  // empty lines (2.2) and includes its blank line.
  std::size_t skipped = 0;
  std::size_t head_bytes = 0;
  std::size_t body_bytes = 0;
  bool expects_continue = false;  // RFC 9110 10.1.1
  std::uint64_t field_names = 0;  // the name_bit() of each field

  // For a refusal: the status, and a sentence that names what is at fault.
  int status = 0;
  std::string_view reason;
  std::string_view limit;  // the option of the limit that was reached, if one was

  bool head_known() const { return head_bytes > 0; }
  std::size_t total_bytes() const { return skipped + head_bytes + body_bytes; }
};

// The first request in `bytes`. The answer to a part is the answer to the whole, or kNeedMore.
Framing frame_request(std::string_view bytes, const server::Limits& limits);

}  // namespace playground::http
