// A lane of the client core on any endpoint, for endpoints.test.mjs.
#include <deque>
#include <memory>
#include <string>
#include <utility>

#include <emscripten/bind.h>
#include <emscripten/val.h>

#include "core/client/lane.h"
#include "wasm/browser_host.h"

namespace playground::wasm {
namespace {

using client::Micros;
using emscripten::val;

class Follower final : private client::LaneContext, private client::LaneObserver {
 public:
  // `told` is called with what comes: {event, id, data} of an item, {bytes} of a binary one, or
  // {reason} of a decision.
  Follower(const std::string& transport, const std::string& url, val event_names, val subprotocols,
           val told)
      : told_(std::move(told)),
        lane_({*find_transport(transport)}, host_.dispatcher(), context(), observer(), 1) {
    client::FeedSpec spec{.transport = lane_.asked(), .codec = client::CodecId::kPlain};
    spec.endpoint.http = url;
    spec.endpoint.websocket = url;
    spec.endpoint.short_poll_interval = 100 * client::kMillisecond;
    spec.endpoint.event_names = emscripten::vecFromJSArray<std::string>(event_names);
    spec.endpoint.subprotocols = emscripten::vecFromJSArray<std::string>(subprotocols);
    lane_.start(spec, now());
  }
  ~Follower() override { lane_.stop(now()); }

  bool send(const std::string& text) { return lane_.send(text); }
  bool live() const { return lane_.state() == client::LaneState::kLive; }

 private:
  client::LaneContext& context() { return *this; }
  client::LaneObserver& observer() { return *this; }

  bool has(Feature feature) const override { return host_.has(feature); }
  Micros round_trip() const override { return 0; }
  bool server_answered_since(Micros) const override { return true; }
  void lane_failed(Micros) override {}

  void on_request(TransportId, bool, Micros) override {}
  void on_bytes(bool, Micros) override {}
  void on_open(TransportId, bool, Micros) override {}
  void on_over(Micros) override {}
  void on_reconnect() override {}
  void on_taken_over(TransportId, bool, Micros) override {}
  bool on_item(const client::Item& item, bool, Micros) override {
    val what = val::object();
    if (item.binary) {
      what.set(
          "bytes",
          val::global("Uint8Array")
              .new_(val(emscripten::typed_memory_view(
                  item.data.size(), reinterpret_cast<const std::uint8_t*>(item.data.data())))));
    } else {
      what.set("event", std::string(item.event));
      what.set("id", std::string(item.id));
      what.set("data", std::string(item.data));
    }
    told_(what);
    return false;
  }
  void on_skipped(std::uint64_t) override {}
  void on_numbered_anew() override {}
  void on_decision(client::Decision decision) override {
    val what = val::object();
    what.set("reason", std::string(info(decision.reason).name));
    told_(what);
  }
  void on_misstep(client::LaneState state, client::LaneEvent event) override {
    val what = val::object();
    what.set("misstep", static_cast<int>(state) * 100 + static_cast<int>(event));
    told_(what);
  }

  val told_;
  BrowserHost host_;
  client::Lane lane_;
};

}  // namespace
}  // namespace playground::wasm

EMSCRIPTEN_BINDINGS(follower) {
  using playground::wasm::Follower;
  emscripten::class_<Follower>("Follower")
      .constructor<std::string, std::string, emscripten::val, emscripten::val, emscripten::val>()
      .function("send", &Follower::send)
      .function("live", &Follower::live);
}
