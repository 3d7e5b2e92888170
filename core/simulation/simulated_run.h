// A run in a world of its own, played at a given pace: what a page shows where there is no server.
//
// It goes on only when it is told how much real time has passed: a page that nobody looks at stands
// still, and goes on where it was.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <span>

#include "core/client/run.h"
#include "core/client/settings.h"
#include "core/simulation/world.h"

namespace playground::simulation {

class SimulatedRun {
 public:
  // More real time than this in one call is left out: the page could not be seen then.
  static constexpr Micros kLongestStep = 1'500'000;
  static constexpr double kMaxSpeed = 1000;

  // Precondition: `settings.simulated` has a value.
  explicit SimulatedRun(const client::Settings& settings);
  SimulatedRun(const SimulatedRun&) = delete;
  SimulatedRun& operator=(const SimulatedRun&) = delete;

  client::Run& run() { return run_; }
  const client::Run& run() const { return run_; }
  // The page's clock in the world.
  Micros now() const { return world_.now(); }

  // Virtual time for real time; 0 stands still. What is out of range takes the nearest speed.
  void set_speed(double speed);
  // So much real time has passed.
  void pass(Micros real);
  // Run::ask_wire(), answered at once: the world may be standing still.
  void ask_wire(std::size_t lane, std::optional<std::uint64_t> seq,
                const client::Session::OnWireLog& on_wire_log);
  // Stops one of two servers, counted from 1, or starts it again.
  void set_server(std::size_t server, bool runs);
  // Of two servers, whether each runs; none where there is one.
  std::span<const bool> servers();
  // On to the next thing that happens, if anything will.
  void step();

 private:
  // One of the settings' happenings: at its moment, and at its end.
  void plan(const client::Happening& happening);
  void play(client::Happening::Kind kind, bool begins);

  double speed_ = 1;
  std::array<bool, 2> running_{};
  double rest_ = 0;  // of a microsecond
  World world_;
  std::list<server::Alarm> alarms_;
  client::Run run_;
};

}  // namespace playground::simulation
