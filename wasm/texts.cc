#include "wasm/texts.h"

#include <cstddef>

#include <emscripten/emscripten.h>

namespace playground::wasm {

std::string& given() {
  static std::string text;
  return text;
}

std::string& answer() {
  static std::string text;
  return text;
}

}  // namespace playground::wasm

extern "C" {

using playground::wasm::answer;
using playground::wasm::given;

// Where a text of that size is to be written.
EMSCRIPTEN_KEEPALIVE char* text_give(std::size_t size) {
  given().resize(size);
  return given().data();
}
EMSCRIPTEN_KEEPALIVE const char* text_answer() { return answer().data(); }
EMSCRIPTEN_KEEPALIVE std::size_t text_answer_size() { return answer().size(); }

}  // extern "C"
