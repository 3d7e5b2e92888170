// What JavaScript sees of the core: web/src/contract/core-module.ts describes it, and playground.js
// makes a class of the functions below.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emscripten/emscripten.h>

#include "core/client/run.h"
#include "core/client/settings.h"
#include "core/client/snapshot.h"
#include "core/json.h"
#include "core/json_text.h"
#include "core/view/display_list.h"
#include "core/view/pick.h"
#include "core/view/timeline.h"
#include "wasm/player.h"
#include "wasm/texts.h"

namespace playground::wasm {
namespace {

// clang-format off
EM_JS(void, wire_answered,
      (const void* playground, int status, const char* body, std::size_t size, const char* lane,
       std::size_t lane_size), {
  Module["wireAnswered"](playground, status, [body, size], [lane, lane_size]);
});
// clang-format on

class Playground {
 public:
  std::string start(const std::string& settings_json) {
    auto settings = client::parse_settings(settings_json);
    if (!settings) return settings.error().message;
    Player* player = settings->simulated ? simulated_.get() : live_.get();
    if (player == nullptr) return "simulated: this core was built for runs of the other kind";
    choose(0, 0);
    if (player_ != nullptr) player_->leave();
    player_ = player;
    player_->start(std::move(*settings));
    return {};
  }

  void stop() {
    if (client::Run* run = current()) run->stop(player_->now());
  }

  std::string add_fault(const std::string& json) {
    const auto fault = parse_fault(parse_json(json));
    if (!fault) return fault.error().message;
    client::Run* run = current();
    if (run == nullptr) return "there is no run for the fault to be in";
    run->add_fault(*fault, player_->now());
    return {};
  }

  void lift_faults() {
    if (client::Run* run = current()) run->lift_faults(player_->now());
  }

  bool lift_fault(double number) {
    client::Run* run = current();
    return run != nullptr && run->lift_fault(static_cast<std::uint64_t>(number), player_->now());
  }

  double now() {
    const client::Run* run = passed();
    if (run == nullptr) return emscripten_get_now();
    return player_->page_time(run->started_at() + run->elapsed(player_->now()));
  }

  double started_at() {
    const client::Run* run = current();
    return run == nullptr ? emscripten_get_now() : player_->page_time(run->started_at());
  }

  void set_speed(double factor) {
    if (passed() != nullptr) player_->set_speed(factor);
  }

  void step() {
    if (current() != nullptr) player_->step();
  }

  void set_server(std::size_t server, bool runs) {
    if (passed() != nullptr) player_->set_server(server, runs);
  }

  std::string snapshot() {
    const client::Run* run = passed();
    if (run == nullptr) return client::idle_snapshot_json();
    return client::snapshot_json(*run, player_->now(), player_->servers());
  }

  std::string send_text(std::size_t endpoint, const std::string& text) {
    client::Run* run = current();
    return run == nullptr ? "There is no run." : run->send_text(endpoint, text, player_->now());
  }

  const std::vector<float>& draw(double now_ms, double width, double height, double window_ms) {
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
    return list_.numbers();
  }

  // Numbers in the newest list.
  std::size_t drawn() const { return list_.numbers().size(); }

  std::string texts() const {
    std::string json;
    {
      JsonArray texts(json);
      for (const std::string& each : list_.texts()) append_json_string(each, texts.next());
    }
    return json;
  }

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

  bool ask_wire(std::size_t lane, double seq) {
    const client::ObservedLane* found = lane_at(lane);
    if (found == nullptr) return false;
    const auto wanted = seq > 0 ? std::optional(static_cast<std::uint64_t>(seq)) : std::nullopt;
    const TransportId asked = found->lane().asked();
    player_->ask_wire(lane, wanted, [this, asked](int status, std::string_view body) {
      const std::string_view name = info(asked).name;
      wire_answered(this, status, body.data(), body.size(), name.data(), name.size());
    });
    return true;
  }

 private:
  view::Frame frame_of(double now_ms, double width, double height, double window_ms) const {
    return {player_->moment(now_ms), static_cast<view::Micros>(window_ms * client::kMillisecond),
            width, height};
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

  client::Run* current() { return player_ == nullptr ? nullptr : player_->run(); }

  // The same, once its world has gone on until now.
  client::Run* passed() {
    client::Run* run = current();
    if (run != nullptr) player_->pass();
    return run;
  }

  const std::unique_ptr<Player> simulated_ = simulated_player();
  const std::unique_ptr<Player> live_ = live_player();
  Player* player_ = nullptr;  // that plays or has played the newest run
  view::DisplayList list_;
  std::size_t chosen_lane_ = 0;
  std::uint64_t chosen_seq_ = 0;  // 0: none
};

}  // namespace
}  // namespace playground::wasm

extern "C" {

using playground::wasm::answer;
using playground::wasm::given;
using playground::wasm::Playground;

EMSCRIPTEN_KEEPALIVE void core_version() { answer() = PLAYGROUND_VERSION; }

EMSCRIPTEN_KEEPALIVE Playground* core_make() { return new Playground(); }
EMSCRIPTEN_KEEPALIVE void core_delete(const Playground* it) { delete it; }
EMSCRIPTEN_KEEPALIVE void core_start(Playground* it) { answer() = it->start(given()); }
EMSCRIPTEN_KEEPALIVE void core_stop(Playground* it) { it->stop(); }
EMSCRIPTEN_KEEPALIVE void core_add_fault(Playground* it) { answer() = it->add_fault(given()); }
EMSCRIPTEN_KEEPALIVE bool core_lift_fault(Playground* it, double number) {
  return it->lift_fault(number);
}
EMSCRIPTEN_KEEPALIVE void core_lift_faults(Playground* it) { it->lift_faults(); }
EMSCRIPTEN_KEEPALIVE double core_now(Playground* it) { return it->now(); }
EMSCRIPTEN_KEEPALIVE double core_started_at(Playground* it) { return it->started_at(); }
EMSCRIPTEN_KEEPALIVE void core_set_speed(Playground* it, double factor) { it->set_speed(factor); }
EMSCRIPTEN_KEEPALIVE void core_step(Playground* it) { it->step(); }
EMSCRIPTEN_KEEPALIVE void core_set_server(Playground* it, std::size_t server, bool runs) {
  it->set_server(server, runs);
}
EMSCRIPTEN_KEEPALIVE void core_snapshot(Playground* it) { answer() = it->snapshot(); }
EMSCRIPTEN_KEEPALIVE void core_send_text(Playground* it, std::size_t endpoint) {
  answer() = it->send_text(endpoint, given());
}
EMSCRIPTEN_KEEPALIVE const float* core_draw(Playground* it, double now_ms, double width,
                                            double height, double window_ms) {
  return it->draw(now_ms, width, height, window_ms).data();
}
EMSCRIPTEN_KEEPALIVE std::size_t core_drawn(const Playground* it) { return it->drawn(); }
EMSCRIPTEN_KEEPALIVE void core_texts(const Playground* it) { answer() = it->texts(); }
EMSCRIPTEN_KEEPALIVE void core_pick(Playground* it, std::size_t lane, double x, double y,
                                    double now_ms, double width, double height, double window_ms) {
  answer() = it->pick(lane, x, y, now_ms, width, height, window_ms);
}
EMSCRIPTEN_KEEPALIVE void core_neighbour(Playground* it, std::size_t lane, double seq, int step) {
  answer() = it->neighbour(lane, seq, step);
}
EMSCRIPTEN_KEEPALIVE void core_choose(Playground* it, std::size_t lane, double seq) {
  it->choose(lane, seq);
}
EMSCRIPTEN_KEEPALIVE bool core_ask_wire(Playground* it, std::size_t lane, double seq) {
  return it->ask_wire(lane, seq);
}

}  // extern "C"
