// What JavaScript sees of core/wire: `WireExplainer` in web/src/contract/core-module.ts.
#include <cstdint>
#include <optional>
#include <string>

#include <emscripten/bind.h>

#include "core/wire/explain.h"

namespace playground::wasm {
namespace {

// Without a message, `seq` is 0.
std::string explain_wire(int status, const std::string& body, const std::string& lane, double seq) {
  const auto wanted = seq > 0 ? std::optional(static_cast<std::uint64_t>(seq)) : std::nullopt;
  return wire::explain_json(status, body, lane, wanted);
}

}  // namespace
}  // namespace playground::wasm

EMSCRIPTEN_BINDINGS(playground_wire) {
  emscripten::function("explainWire", &playground::wasm::explain_wire);
}
