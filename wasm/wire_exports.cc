// What JavaScript sees of core/wire: `WireExplainer` in web/src/contract/core-module.ts. explain.js
// calls it.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <emscripten/emscripten.h>

#include "core/wire/explain.h"
#include "wasm/texts.h"

// What was answered is given, and the lane's name behind it, `lane_size` bytes. Without a message,
// `seq` is 0.
extern "C" EMSCRIPTEN_KEEPALIVE void wire_explain(int status, std::size_t lane_size, double seq) {
  using namespace playground;
  const auto wanted = seq > 0 ? std::optional(static_cast<std::uint64_t>(seq)) : std::nullopt;
  const std::string_view all = wasm::given();
  const std::string_view body = all.substr(0, all.size() - lane_size);
  wasm::answer() = wire::explain_json(status, body, all.substr(body.size()), wanted);
}
