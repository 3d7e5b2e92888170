// Texts that cross between JavaScript and functions that are exported without Embind, which weighs
// more than most of them: texts.js is the other side.
#pragma once

#include <string>

namespace playground::wasm {

// What the caller has given, and what it is answered. UTF-8, until the next call.
std::string& given();
std::string& answer();

}  // namespace playground::wasm
