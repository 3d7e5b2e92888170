// What plays a run, one at a time: with servers, by the browser's clock, or in a world of its own.
//
// A module is linked with one of the two, or with both (CMakeLists.txt): a page that shows one kind
// of run does not fetch what only the other kind needs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "core/client/run.h"
#include "core/client/settings.h"

namespace playground::wasm {

class Player {
 public:
  virtual ~Player() = default;

  // Precondition: there is no run.
  virtual void start(client::Settings settings) = 0;
  // There is no run any more; called again it does nothing.
  virtual void leave() = 0;
  // Null without one; and then nothing else is called.
  virtual client::Run* run() = 0;

  // The run's clock, and how the page writes its moments: in milliseconds.
  virtual client::Micros now() const = 0;
  virtual client::Micros moment(double page_ms) const = 0;
  virtual double page_time(client::Micros moment) const = 0;

  // Of a world: it goes on for as long as somebody looks at it, at its own speed.
  virtual void pass() {}
  virtual void set_speed(double) {}
  virtual void step() {}
  virtual std::span<const bool> servers() { return {}; }
  virtual void set_server(std::size_t /*server*/, bool /*runs*/) {}

  virtual void ask_wire(std::size_t lane, std::optional<std::uint64_t> seq,
                        client::Session::OnWireLog on_wire_log) = 0;
};

// Null in a module that was linked without it.
std::unique_ptr<Player> simulated_player();
std::unique_ptr<Player> live_player();

}  // namespace playground::wasm
