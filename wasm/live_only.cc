// Of a module without simulated runs.
#include "wasm/player.h"

namespace playground {

std::unique_ptr<wasm::Player> wasm::simulated_player() { return nullptr; }

}  // namespace playground
