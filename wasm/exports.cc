// What JavaScript sees of the core: web/src/contract/core-module.ts describes it.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <emscripten/bind.h>
#include <emscripten/emscripten.h>
#include <emscripten/val.h>

#include "core/client/run.h"
#include "core/client/settings.h"
#include "core/client/snapshot.h"
#include "core/json.h"
#include "core/json_text.h"
#include "core/simulation/simulated_run.h"
#include "core/view/display_list.h"
#include "core/view/pick.h"
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
    choose(0, 0);
    simulated_.reset();
    if (run_ != nullptr) run_->leave();
    run_.reset();
    if (settings->simulated) {
      simulated_ = std::make_unique<simulation::SimulatedRun>(*settings);
      passed_at_ = wasm::now();
      return {};
    }
    if (host_ == nullptr) host_ = std::make_unique<BrowserHost>();
    const double random = val::global("Math").call<double>("random");
    const auto seed = static_cast<std::uint64_t>(random * 0x1p53);
    run_ = std::make_unique<client::Run>(std::move(*settings), host_->dispatcher(), seed);
    run_->start(wasm::now());
    return {};
  }

  void stop() {
    if (client::Run* run = current()) run->stop(clock());
  }

  std::string add_fault(const std::string& json) {
    const auto fault = parse_fault(parse_json(json));
    if (!fault) return fault.error().message;
    client::Run* run = current();
    if (run == nullptr) return "there is no run for the fault to be in";
    run->add_fault(*fault, clock());
    return {};
  }

  void lift_faults() {
    if (client::Run* run = current()) run->lift_faults(clock());
  }

  bool lift_fault(double number) {
    client::Run* run = current();
    return run != nullptr && run->lift_fault(static_cast<std::uint64_t>(number), clock());
  }

  double now() {
    pass();
    const client::Run* run = current();
    if (run == nullptr) return emscripten_get_now();
    return page_time(run->started_at() + run->elapsed(clock()));
  }

  double started_at() {
    const client::Run* run = current();
    return run == nullptr ? emscripten_get_now() : page_time(run->started_at());
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

  std::string send_text(std::size_t endpoint, const std::string& text) {
    client::Run* run = current();
    return run == nullptr ? "There is no run." : run->send_text(endpoint, text, clock());
  }

  val draw(double now_ms, double width, double height, double window_ms) {
    list_.clear();
    const client::Run* run = current();
    if (run != nullptr && width > 0 && height > 0 && window_ms > 0) {
      const view::Frame frame = frame_of(now_ms, width, height, window_ms);
      std::size_t index = 0;
      for (const client::ObservedLane& each : run->lanes()) {
        const TransportId asked = each.lane().asked();
        list_.lane(index);
        view::draw_lane(frame, each.track(), each.ledger(), asked, run->sent_on(index), list_);
        ++index;
        if (&each != chosen_lane()) continue;
        if (const auto chosen = view::find_arrival(each.track(), chosen_seq_)) {
          view::draw_choice(frame, *chosen, asked, list_);
        }
      }
    }
    const auto& numbers = list_.numbers();
    return val(emscripten::typed_memory_view(numbers.size(), numbers.data()));
  }

  val texts() const { return val::array(list_.texts()); }

  std::string pick(std::size_t lane, double x, double y, double now_ms, double width, double height,
                   double window_ms) {
    const client::ObservedLane* found = lane_at(lane);
    if (found == nullptr || width <= 0 || window_ms <= 0) return "null";
    return picked(view::pick(frame_of(now_ms, width, height, window_ms), found->track(), x, y));
  }

  std::string neighbour(std::size_t lane, double seq, int step) {
    const client::ObservedLane* found = lane_at(lane);
    if (found == nullptr) return "null";
    return picked(view::neighbour(found->track(), static_cast<std::uint64_t>(seq), step));
  }

  void choose(std::size_t lane, double seq) {
    chosen_lane_ = lane;
    chosen_seq_ = static_cast<std::uint64_t>(seq);
  }

  bool ask_wire(std::size_t lane, double seq, val callback) {
    const client::ObservedLane* found = lane_at(lane);
    if (found == nullptr) return false;
    const auto wanted = seq > 0 ? std::optional(static_cast<std::uint64_t>(seq)) : std::nullopt;
    const TransportId asked = found->lane().asked();
    const auto take = [callback, asked](int status, std::string_view body) {
      callback(status, std::string(body), std::string(info(asked).name));
    };
    if (simulated_ != nullptr) {
      simulated_->ask_wire(lane, wanted, take);
    } else {
      run_->ask_wire(lane, wanted, take);
    }
    return true;
  }

 private:
  view::Frame frame_of(double now_ms, double width, double height, double window_ms) const {
    const client::Micros right = simulated_ != nullptr
                                     ? static_cast<client::Micros>(now_ms * client::kMillisecond)
                                     : moment(now_ms);
    return {right, static_cast<view::Micros>(window_ms * client::kMillisecond), width, height};
  }

  const client::ObservedLane* lane_at(std::size_t index) {
    const client::Run* run = current();
    return run != nullptr && index < run->lanes().size() ? &run->lanes()[index] : nullptr;
  }

  const client::ObservedLane* chosen_lane() {
    return chosen_seq_ > 0 ? lane_at(chosen_lane_) : nullptr;
  }

  std::string picked(const std::optional<view::Arrival>& arrival) {
    if (!arrival) return "null";
    const client::Micros start = current()->started_at();
    std::string json;
    JsonObject(json)
        .add("seq", arrival->seq)
        .add("sentMs", milliseconds(arrival->sent - start))
        .add("arrivedMs", milliseconds(arrival->arrived - start));
    return json;
  }

  static double milliseconds(client::Micros duration) {
    return static_cast<double>(duration) / client::kMillisecond;
  }

  // On the same clock as `now`.
  double page_time(client::Micros moment) const {
    return simulated_ != nullptr ? milliseconds(moment) : performance_now(moment);
  }

  client::Run* current() { return simulated_ != nullptr ? &simulated_->run() : run_.get(); }
  client::Micros clock() const { return simulated_ != nullptr ? simulated_->now() : wasm::now(); }

  // A simulated run goes on for as long as somebody looks at it.
  void pass() {
    if (simulated_ == nullptr) return;
    const client::Micros at = wasm::now();
    simulated_->pass(at - std::exchange(passed_at_, at));
  }

  // One for all live runs: what the last one still asks for outlives it. It goes after the run,
  // which lets go of its connections.
  std::unique_ptr<BrowserHost> host_;
  std::unique_ptr<client::Run> run_;
  std::unique_ptr<simulation::SimulatedRun> simulated_;
  client::Micros passed_at_ = 0;
  view::DisplayList list_;
  std::size_t chosen_lane_ = 0;
  std::uint64_t chosen_seq_ = 0;  // 0: none
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
      .function("liftFault", &Playground::lift_fault)
      .function("liftFaults", &Playground::lift_faults)
      .function("now", &Playground::now)
      .function("startedAt", &Playground::started_at)
      .function("setSpeed", &Playground::set_speed)
      .function("step", &Playground::step)
      .function("snapshot", &Playground::snapshot)
      .function("sendText", &Playground::send_text)
      .function("draw", &Playground::draw)
      .function("texts", &Playground::texts)
      .function("pick", &Playground::pick)
      .function("neighbour", &Playground::neighbour)
      .function("choose", &Playground::choose)
      .function("askWire", &Playground::ask_wire);

  emscripten::function("version", &version);
  emscripten::function("hostEvent", &BrowserHost::callback);
  emscripten::function("hostTimer", &BrowserHost::timer_callback);
  emscripten::function("hostEnvironment", &BrowserHost::environment_callback);
}
