// A place in a JSON value (RFC 6901).
#pragma once

#include <string_view>

#include "core/json.h"

namespace playground {

// Whether it is one: empty, or a slash before each part, and after each ~ a 0 or a 1 (section 3).
bool is_json_pointer(std::string_view text);

// What stands there, for as long as `json` does; null where nothing does.
const Json* find_at(const Json& json, std::string_view pointer);

}  // namespace playground
