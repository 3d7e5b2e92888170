// What JavaScript sees of the core: web/src/core-module.ts is its description.
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include <emscripten/bind.h>
#include <emscripten/val.h>

#include "core/client/run.h"
#include "core/client/settings.h"
#include "core/client/snapshot.h"
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
    run_.reset();
    host_ = std::make_unique<BrowserHost>();
    const double random = val::global("Math").call<double>("random");
    const auto seed = static_cast<std::uint64_t>(random * 0x1p53);
    run_ = std::make_unique<client::Run>(std::move(*settings), host_->wiring(), seed);
    run_->start(now());
    return {};
  }

  void stop() {
    if (run_ != nullptr) run_->stop(now());
  }

  std::string snapshot() const {
    return run_ == nullptr ? client::idle_snapshot_json() : client::snapshot_json(*run_, now());
  }

  val draw(double now_ms, double width, double height, double window_ms) {
    list_.clear();
    if (run_ != nullptr && width > 0 && height > 0 && window_ms > 0) {
      const view::Frame frame{moment(now_ms),
                              static_cast<view::Micros>(window_ms * client::kMillisecond), width,
                              height};
      std::size_t index = 0;
      for (const client::LaneEntry& entry : run_->lanes()) {
        list_.lane(index++);
        const client::Lane& lane = *entry.lane;
        view::draw_lane(frame, lane.track(), lane.ledger(), lane.asked(), run_->sent(), list_);
      }
    }
    const auto& numbers = list_.numbers();
    return val(emscripten::typed_memory_view(numbers.size(), numbers.data()));
  }

  val texts() const { return val::array(list_.texts()); }

 private:
  // The run lets go of its connections before the host goes.
  std::unique_ptr<BrowserHost> host_;
  std::unique_ptr<client::Run> run_;
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
      .function("snapshot", &Playground::snapshot)
      .function("draw", &Playground::draw)
      .function("texts", &Playground::texts);

  emscripten::function("version", &version);
  emscripten::function("transports", &client::transports_json);
  emscripten::function("scenarioFields", &client::scenario_fields_json);
  emscripten::function("hostEvent", &BrowserHost::callback);
  emscripten::function("hostTimer", &BrowserHost::timer_callback);
  emscripten::function("hostEnvironment", &BrowserHost::environment_callback);
}
