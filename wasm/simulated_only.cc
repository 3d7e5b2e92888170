// Of a module without live runs.
#include "wasm/player.h"

namespace playground {

const bool client::kSimulatedOnly = true;

std::unique_ptr<wasm::Player> wasm::live_player() { return nullptr; }

}  // namespace playground
