#include <utility>

#include <emscripten/emscripten.h>

#include "core/simulation/simulated_run.h"
#include "wasm/player.h"

namespace playground::wasm {
namespace {

client::Micros real_now() {
  return static_cast<client::Micros>(emscripten_get_now() * client::kMillisecond);
}

class SimulatedPlayer final : public Player {
 public:
  void start(client::Settings settings) override {
    run_ = std::make_unique<simulation::SimulatedRun>(settings);
    passed_at_ = real_now();
  }
  void leave() override { run_.reset(); }
  client::Run* run() override { return run_ == nullptr ? nullptr : &run_->run(); }

  client::Micros now() const override { return run_->now(); }
  client::Micros moment(double page_ms) const override {
    return static_cast<client::Micros>(page_ms * client::kMillisecond);
  }
  double page_time(client::Micros moment) const override {
    return static_cast<double>(moment) / client::kMillisecond;
  }

  void pass() override {
    const client::Micros at = real_now();
    run_->pass(at - std::exchange(passed_at_, at));
  }
  void set_speed(double factor) override { run_->set_speed(factor); }
  void step() override { run_->step(); }
  std::span<const bool> servers() override { return run_->servers(); }
  void set_server(std::size_t server, bool runs) override { run_->set_server(server, runs); }
  void ask_wire(std::size_t lane, std::optional<std::uint64_t> seq,
                client::Session::OnWireLog on_wire_log) override {
    run_->ask_wire(lane, seq, on_wire_log);
  }

 private:
  std::unique_ptr<simulation::SimulatedRun> run_;
  client::Micros passed_at_ = 0;
};

}  // namespace

std::unique_ptr<Player> simulated_player() { return std::make_unique<SimulatedPlayer>(); }

}  // namespace playground::wasm
