// Feeds the same bytes whole, byte by byte, and cut in two at every offset: a codec must not care.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch_test_macros.hpp>

namespace playground {

// `run` takes the pieces of one way to cut `bytes`, in order.
template <typename Run>
void for_each_split(std::string_view bytes, Run run) {
  run(std::vector<std::string_view>{bytes});
  std::vector<std::string_view> single;
  for (std::size_t i = 0; i < bytes.size(); ++i) single.push_back(bytes.substr(i, 1));
  run(single);
  for (std::size_t at = 0; at <= bytes.size(); ++at) {
    CAPTURE(at);
    run(std::vector<std::string_view>{bytes.substr(0, at), bytes.substr(at)});
  }
}

}  // namespace playground
