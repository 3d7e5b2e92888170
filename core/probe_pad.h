// Padding of a check's probes: whoever gets it knows what it must be.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/random.h"

namespace playground {

// Hexadecimal digits, of which compression saves less than half; the same for the same `n`.
inline std::string probe_pad(std::uint64_t n, std::size_t bytes) {
  std::string digits = Random(n).digits(bytes);
  digits.resize(bytes);
  return digits;
}

}  // namespace playground
