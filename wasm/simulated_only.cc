// Of a module without live runs, whose world has one server.
#include "wasm/player.h"

namespace playground {

const bool client::kSimulatedOnly = true;
const bool client::kOneServer = true;

std::unique_ptr<wasm::Player> wasm::live_player() { return nullptr; }

}  // namespace playground
