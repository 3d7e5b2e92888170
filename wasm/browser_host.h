// The browser as a host of the client: EventSource, WebSocket, fetch and XMLHttpRequest, wrapped
// through Embind.
//
// Their callbacks come in through `hostEvent` and `hostTimer` (exports.cc), bound to this host's
// number and the connection's, so that one that comes late finds nobody and is dropped.
#ifndef PLAYGROUND_WASM_BROWSER_HOST_H_
#define PLAYGROUND_WASM_BROWSER_HOST_H_

#include <cstdint>
#include <string>
#include <unordered_map>

#include <emscripten/val.h>

#include "core/client/host.h"
#include "core/client/wiring.h"

namespace playground::wasm {

// What a browser's callback says; the second of its bound arguments.
enum class Callback : int {
  kEventSourceOpen,
  kEventSourceEvent,
  kEventSourceError,
  kWebSocketOpen,
  kWebSocketMessage,
  kWebSocketClose,
  kResponse,       // fetch: the head
  kBodyPart,       // fetch: a result of reader.read()
  kFetchFailed,    // fetch or reader.read() was rejected
  kRequestDone,    // XMLHttpRequest: load
  kRequestFailed,  // XMLHttpRequest: error, timeout
};

// Microseconds of performance.now().
client::Micros now();

class BrowserHost final : public client::Host {
 public:
  BrowserHost();
  ~BrowserHost() override;
  BrowserHost(const BrowserHost&) = delete;
  BrowserHost& operator=(const BrowserHost&) = delete;

  client::Wiring& wiring() { return wiring_; }

  // client::Host
  bool has(client::Feature feature) const override;
  void open(client::ConnectionId id, const client::Request& request) override;
  void send(client::ConnectionId id, std::string_view text) override;
  void close(client::ConnectionId id) override;
  void set_timer(client::TimerId id, client::Micros delay) override;
  void cancel_timer(client::TimerId id) override;
  client::Micros epoch_offset() const override;

  // From the browser.
  static void callback(std::uint32_t host, client::ConnectionId id, int callback,
                       emscripten::val argument);
  static void timer_callback(std::uint32_t host, client::TimerId id);

 private:
  struct Open {
    client::ConnectionKind kind;
    emscripten::val object;  // the EventSource, WebSocket, XMLHttpRequest, or AbortController
    emscripten::val reader;  // of a fetch's body
  };

  emscripten::val bound(client::ConnectionId id, Callback callback) const;
  void open_event_source(client::ConnectionId id, const client::Request& request);
  void open_web_socket(client::ConnectionId id, const client::Request& request);
  void open_stream(client::ConnectionId id, const client::Request& request);
  void open_request(client::ConnectionId id, const client::Request& request);
  void read_next(client::ConnectionId id, const Open& open);
  void take(client::ConnectionId id, Open& open, Callback callback,
            const emscripten::val& argument);
  void finish(client::ConnectionId id, const client::HostEvent& last_event);

  const std::uint32_t number_;
  client::Wiring wiring_;
  std::unordered_map<client::ConnectionId, Open> open_;
  std::unordered_map<client::TimerId, emscripten::val> timers_;
};

}  // namespace playground::wasm

#endif  // PLAYGROUND_WASM_BROWSER_HOST_H_
