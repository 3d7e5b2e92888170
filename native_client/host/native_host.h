// Sockets of this machine as a host of the client: what wasm/browser_host.h does with the browser's
// EventSource, WebSocket, fetch, XMLHttpRequest and timers. HTTP/1.1 over TCP and TLS.
//
// It sees more than a browser shows: `fields` of Opened holds all header fields, of a WebSocket's
// and an EventSource's answer as well, and the reasons in Closed and Failed say what happened on
// the connection ("reset by the peer", "ended by its last chunk").
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "core/client/dispatcher.h"
#include "core/client/host.h"
#include "native_client/http/exchange.h"
#include "native_client/net/event_loop.h"
#include "native_client/net/network_settings.h"

namespace playground::native {

class HostConnection;

class NativeHost final : public client::Host {
 public:
  // The largest answer to a kRequest; a larger one fails.
  static constexpr std::size_t kMaxAnswerBytes = 64 << 20;

  // `loop` outlives it; not to be destroyed from inside a callback. Throws std::runtime_error where
  // OpenSSL cannot be used.
  NativeHost(EventLoop& loop, NetworkSettings settings);
  ~NativeHost() override;
  NativeHost(const NativeHost&) = delete;
  NativeHost& operator=(const NativeHost&) = delete;

  client::Dispatcher& dispatcher() { return dispatcher_; }
  client::Micros now() const { return loop_.now_us(); }
  // Nothing is open, and nobody is saying goodbye.
  bool idle() const { return open_.empty() && leaving_.empty(); }

  // client::Host
  bool has(Feature) const override { return true; }
  void open(client::ConnectionId id, const client::Request& request) override;
  void send(client::ConnectionId id, std::string_view text) override;
  void close(client::ConnectionId id) override;
  void set_timer(client::TimerId id, client::Micros delay) override;
  void cancel_timer(client::TimerId id) override;
  client::Micros epoch_offset() const override { return 0; }
  std::size_t connections_per_origin() const override { return SIZE_MAX; }
  std::string http_version(std::string_view) const override { return "http/1.1"; }
  std::optional<client::BodySize> body_size(std::string_view url) const override {
    return web_.sizes.find(url);
  }

 private:
  friend class HostConnection;

  std::unique_ptr<HostConnection> make_connection(client::ConnectionId id,
                                                  const client::Request& request);
  // Tells the client; the connection is over after a last event.
  void tell(client::ConnectionId id, const client::HostEvent& event);
  void leave(client::ConnectionId id);
  // It has nothing left to do after close().
  void gone(client::ConnectionId id);
  void run_timers();
  void set_alarm();

  EventLoop& loop_;
  const NetworkSettings settings_;
  const TlsContext tls_;
  Web web_;
  client::Dispatcher dispatcher_;
  std::map<client::ConnectionId, std::unique_ptr<HostConnection>> open_;
  // The client has let go of them, and they may still be saying goodbye.
  std::map<client::ConnectionId, std::unique_ptr<HostConnection>> leaving_;
  // By when they are due, then in the order of setting.
  std::set<std::pair<client::Micros, client::TimerId>> timers_;
  std::map<client::TimerId, client::Micros> due_;
  server::Alarm alarm_;
};

}  // namespace playground::native
