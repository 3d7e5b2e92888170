// What the fuzz targets share: a property is demanded, and what is cut into pieces is put together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "core/random.h"

namespace playground::fuzz {

// A property that does not hold is a finding.
inline void demand(bool holds, const char* property) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", property);
  std::abort();
}

inline std::string_view as_text(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// `bytes` in pieces of 0 to 15 bytes. As many bytes are always cut in the same way, so that an
// input is nothing but what is read, and can be played again.
inline std::vector<std::string_view> cut(std::string_view bytes) {
  Random random(bytes.size());
  std::vector<std::string_view> pieces;
  while (!bytes.empty()) {
    pieces.push_back(bytes.substr(0, random.next() % 16));
    bytes.remove_prefix(pieces.back().size());
  }
  return pieces;
}

// Calls `run` with the bytes whole, one by one, and in pieces as above; returns what the first call
// returned, which all others must return too.
template <typename Run>
auto same_for_every_cut(std::string_view bytes, Run run) {
  const auto whole = run(std::vector<std::string_view>{bytes});
  std::vector<std::string_view> single;
  for (std::size_t i = 0; i < bytes.size(); ++i) single.push_back(bytes.substr(i, 1));
  demand(run(single) == whole, "the bytes one by one give what the whole gives");
  demand(run(cut(bytes)) == whole, "the bytes in pieces give what the whole gives");
  return whole;
}

}  // namespace playground::fuzz
