// The browser as a host of the client: EventSource, WebSocket, fetch and XMLHttpRequest, wrapped
// through Embind.
//
// Their callbacks come in through `hostEvent`, `hostTimer` and `hostEnvironment` (exports.cc),
// bound to this host's number and the connection's, so that a late one finds nobody and is dropped.
#pragma once

#include <cstdint>
#include <map>

#include <emscripten/val.h>

#include "core/client/dispatcher.h"
#include "core/client/host.h"

namespace playground::wasm {

// What a browser's callback says; the second of its bound arguments.
enum class Callback : int {
  kNotOpened,  // the browser refused the request when it was made; the argument says why
  kEventSourceOpen,
  kEventSourceEvent,
  kEventSourceError,
  kWebSocketOpen,
  kWebSocketMessage,
  kWebSocketClose,
  kResponse,        // fetch: the head
  kBodyPart,        // fetch: a result of reader.read()
  kFetchFailed,     // fetch or reader.read() was rejected
  kRequestDone,     // XMLHttpRequest: load
  kRequestFailed,   // XMLHttpRequest: error, timeout
  kOpaqueResponse,  // fetch in the mode no-cors
};

// Microseconds of performance.now(), and of what it missed: in some browsers it stands still while
// the machine sleeps. When a sleep is noticed here, every host soon hears of it.
client::Micros now();
// The same clock at a moment that JavaScript gives as performance.now(), in milliseconds.
client::Micros moment(double performance_now_ms);
// And back.
double performance_now(client::Micros moment);

class BrowserHost final : public client::Host {
 public:
  BrowserHost();
  ~BrowserHost() override;
  BrowserHost(const BrowserHost&) = delete;
  BrowserHost& operator=(const BrowserHost&) = delete;

  client::Dispatcher& dispatcher() { return dispatcher_; }

  // client::Host
  bool has(Feature feature) const override;
  void open(client::ConnectionId id, const client::Request& request) override;
  void send(client::ConnectionId id, std::string_view text) override;
  void close(client::ConnectionId id) override;
  void set_timer(client::TimerId id, client::Micros delay) override;
  void cancel_timer(client::TimerId id) override;
  client::Micros epoch_offset() const override;
  client::Environment environment() const override;
  bool multiplexes(std::string_view origin) const override;
  std::string http_version(std::string_view origin) const override;
  std::optional<client::BodySize> body_size(std::string_view url) const override;
  client::Page page() const override;
  bool policy_forbids(std::string_view url) const override;

  // From the browser.
  static void callback(std::uint32_t host, client::ConnectionId id, int callback,
                       emscripten::val argument);
  static void timer_callback(std::uint32_t host, client::TimerId id);
  static void environment_callback(std::uint32_t host);
  // Lets the environment's listeners look, after what is going on now.
  void look_soon() const;

 private:
  struct Open {
    client::ConnectionKind kind;
    emscripten::val object;  // the EventSource, WebSocket, XMLHttpRequest, or AbortController
    emscripten::val reader;  // of a fetch's body
    bool reconnects_itself;  // an EventSource that is not closed on an error
  };

  emscripten::val bound(client::ConnectionId id, Callback callback) const;
  void read_next(client::ConnectionId id, const Open& open);
  void take(client::ConnectionId id, Open& open, Callback callback,
            const emscripten::val& argument);
  void finish(client::ConnectionId id, const client::HostEvent& last_event);

  const std::uint32_t number_;
  const emscripten::val surroundings_;  // CoreSurroundings, or undefined
  const emscripten::val listener_;      // of theirs
  client::Dispatcher dispatcher_;
  std::map<client::ConnectionId, Open> open_;
  std::map<client::TimerId, emscripten::val> timers_;
};

}  // namespace playground::wasm
