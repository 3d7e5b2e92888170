// What JavaScript sees of the core: web/src/core-module.ts is its description.
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include <emscripten/bind.h>
#include <emscripten/val.h>
#include <nlohmann/json.hpp>

#include "core/client/run.h"
#include "core/client/settings.h"
#include "core/client/snapshot.h"
#include "core/simulation/simulated_run.h"
#include "core/view/display_list.h"
#include "core/view/timeline.h"
#include "wasm/browser_host.h"

namespace playground::wasm {
namespace {

using emscripten::val;

class Playground {
 public:
  std::string start(const std::string& settings_json) {
    auto settings = client::parse_settings(settings_json);
    if (!settings) return settings.error().message;
    simulated_.reset();
    run_.reset();
    host_.reset();
    if (settings->simulated) {
      simulated_ = std::make_unique<simulation::SimulatedRun>(*settings);
      passed_at_ = wasm::now();
      return {};
    }
    host_ = std::make_unique<BrowserHost>();
    const double random = val::global("Math").call<double>("random");
    const auto seed = static_cast<std::uint64_t>(random * 0x1p53);
    run_ = std::make_unique<client::Run>(std::move(*settings), host_->wiring(), seed);
    run_->start(wasm::now());
    return {};
  }

  void stop() {
    if (client::Run* run = current()) run->stop(clock());
  }

  std::string add_fault(const std::string& json) {
    const auto fault = parse_fault(nlohmann::json::parse(json, nullptr, false));
    if (!fault) return fault.error().message;
    client::Run* run = current();
    if (run == nullptr) return "there is no run for the fault to be in";
    run->add_fault(*fault, clock());
    return {};
  }

  void lift_faults() {
    if (client::Run* run = current()) run->lift_faults(clock());
  }

  double now() {
    pass();
    if (simulated_ != nullptr) return milliseconds(simulated_->now());
    return val::global("performance").call<double>("now");
  }

  void set_speed(double factor) {
    pass();
    if (simulated_ != nullptr) simulated_->set_speed(factor);
  }

  void step() {
    if (simulated_ != nullptr) simulated_->step();
  }

  std::string snapshot() {
    pass();
    const client::Run* run = current();
    return run == nullptr ? client::idle_snapshot_json() : client::snapshot_json(*run, clock());
  }

  val draw(double now_ms, double width, double height, double window_ms) {
    list_.clear();
    const client::Run* run = current();
    if (run != nullptr && width > 0 && height > 0 && window_ms > 0) {
      const client::Micros right = simulated_ != nullptr
                                       ? static_cast<client::Micros>(now_ms * client::kMillisecond)
                                       : moment(now_ms);
      const view::Frame frame{right, static_cast<view::Micros>(window_ms * client::kMillisecond),
                              width, height};
      std::size_t index = 0;
      for (const client::LaneEntry& entry : run->lanes()) {
        list_.lane(index++);
        const client::Lane& lane = *entry.lane;
        view::draw_lane(frame, lane.track(), lane.ledger(), lane.asked(), run->sent(), list_);
      }
    }
    const auto& numbers = list_.numbers();
    return val(emscripten::typed_memory_view(numbers.size(), numbers.data()));
  }

  val texts() const { return val::array(list_.texts()); }

 private:
  static double milliseconds(client::Micros duration) {
    return static_cast<double>(duration) / client::kMillisecond;
  }

  client::Run* current() { return simulated_ != nullptr ? &simulated_->run() : run_.get(); }
  client::Micros clock() const { return simulated_ != nullptr ? simulated_->now() : wasm::now(); }

  // A simulated run goes on for as long as it is looked at.
  void pass() {
    if (simulated_ == nullptr) return;
    const client::Micros at = wasm::now();
    simulated_->pass(at - std::exchange(passed_at_, at));
  }

  // The run lets go of its connections before the host goes.
  std::unique_ptr<BrowserHost> host_;
  std::unique_ptr<client::Run> run_;
  std::unique_ptr<simulation::SimulatedRun> simulated_;
  client::Micros passed_at_ = 0;
  view::DisplayList list_;
};

std::string version() { return PLAYGROUND_VERSION; }

}  // namespace
}  // namespace playground::wasm

EMSCRIPTEN_BINDINGS(playground) {
  using namespace playground;
  using namespace playground::wasm;

  emscripten::class_<Playground>("Playground")
      .constructor<>()
      .function("start", &Playground::start)
      .function("stop", &Playground::stop)
      .function("addFault", &Playground::add_fault)
      .function("liftFaults", &Playground::lift_faults)
      .function("now", &Playground::now)
      .function("setSpeed", &Playground::set_speed)
      .function("step", &Playground::step)
      .function("snapshot", &Playground::snapshot)
      .function("draw", &Playground::draw)
      .function("texts", &Playground::texts);

  emscripten::function("version", &version);
  emscripten::function("transports", &client::transports_json);
  emscripten::function("scenarioFields", &client::scenario_fields_json);
  emscripten::function("environments", &client::environments_json);
  emscripten::function("hostEvent", &BrowserHost::callback);
  emscripten::function("hostTimer", &BrowserHost::timer_callback);
  emscripten::function("hostEnvironment", &BrowserHost::environment_callback);
}
