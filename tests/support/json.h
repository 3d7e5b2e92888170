// JSON for tests, read by nlohmann/json: what they look at was written by the code they test.
#pragma once

#include <string_view>

#include <nlohmann/json.hpp>

namespace playground {

// One that is_discarded() where `text` is not JSON.
inline nlohmann::json read_json(std::string_view text) {
  return nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
}

}  // namespace playground
