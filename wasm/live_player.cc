#include <utility>

#include <emscripten/bind.h>
#include <emscripten/val.h>

#include "wasm/browser_host.h"
#include "wasm/player.h"

namespace playground::wasm {
namespace {

class LivePlayer final : public Player {
 public:
  void start(client::Settings settings) override {
    const double random = emscripten::val::global("Math").call<double>("random");
    const auto seed = static_cast<std::uint64_t>(random * 0x1p53);
    run_ = std::make_unique<client::Run>(std::move(settings), host_.dispatcher(), seed);
    run_->start(wasm::now());
  }
  void leave() override {
    if (run_ != nullptr) run_->leave();
    run_.reset();
  }
  client::Run* run() override { return run_.get(); }

  client::Micros now() const override { return wasm::now(); }
  client::Micros moment(double page_ms) const override { return wasm::moment(page_ms); }
  double page_time(client::Micros moment) const override { return performance_now(moment); }

  void ask_wire(std::size_t lane, std::optional<std::uint64_t> seq,
                client::Session::OnWireLog on_wire_log) override {
    run_->ask_wire(lane, seq, std::move(on_wire_log));
  }

 private:
  // One for all runs: what the last one still asks for outlives it. It goes after the run, which
  // lets go of its connections.
  BrowserHost host_;
  std::unique_ptr<client::Run> run_;
};

}  // namespace

std::unique_ptr<Player> live_player() { return std::make_unique<LivePlayer>(); }

}  // namespace playground::wasm

EMSCRIPTEN_BINDINGS(playground_live) {
  using playground::wasm::BrowserHost;
  emscripten::function("hostEvent", &BrowserHost::callback);
  emscripten::function("hostTimer", &BrowserHost::timer_callback);
  emscripten::function("hostEnvironment", &BrowserHost::environment_callback);
}
