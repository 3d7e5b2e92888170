// Of a module without live runs, whose world may have two servers.
#include "wasm/player.h"

namespace playground {

const bool client::kSimulatedOnly = true;
const bool client::kOneServer = false;

std::unique_ptr<wasm::Player> wasm::live_player() { return nullptr; }

}  // namespace playground
