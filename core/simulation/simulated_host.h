// A page in a virtual browser, as a host of the client: what wasm/browser_host.h does with the real
// EventSource, WebSocket, fetch, XMLHttpRequest and timers, done with those of this folder.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/client/dispatcher.h"
#include "core/client/host.h"
#include "core/random.h"
#include "core/simulation/http_pool.h"
#include "core/simulation/page_timers.h"
#include "core/simulation/socket.h"

namespace playground::simulation {

struct PageSettings {
  BrowserKind browser = BrowserKind::kChromium;
  HttpVersion http = HttpVersion::kHttp1;
  // Where the page is, and the server: "http://localhost:8088". Its lane ports are separate origins
  // on the same site; every other host refuses connections.
  std::string server = "http://localhost:8088";
  std::uint16_t port = 8088;  // of `server`, whether or not it names one
  // What the page's clock reads at the beginning, and how far it is off the server's.
  Micros clock_begins = 0;
  Micros clock_error = 0;
  // What the browser lacks.
  std::vector<Feature> without = {};
};

// What was opened for the client.
class PageConnection;

// Sees all that the client asks for and is told.
class HostWatcher {
 public:
  virtual void on_open(client::ConnectionId id, const client::Request& request) = 0;
  // Of a connection, a timer, or (id 0) the environment.
  virtual void on_call(std::string_view what, std::uint32_t id, std::string_view text = {},
                       Micros delay = 0) = 0;
  virtual void on_told(client::ConnectionId id, const client::HostEvent& event) = 0;

 protected:
  ~HostWatcher() = default;
};

class SimulatedHost final : public client::Host {
 public:
  // The network outlives the host.
  SimulatedHost(const PageSettings& settings, Network& network, std::uint64_t seed);
  ~SimulatedHost() override;
  SimulatedHost(const SimulatedHost&) = delete;
  SimulatedHost& operator=(const SimulatedHost&) = delete;

  client::Dispatcher& dispatcher() { return dispatcher_; }
  // Outlives the host.
  void watch(HostWatcher& watcher) { watcher_ = &watcher; }
  // The page's clock.
  Micros now() const { return network_.schedule().now_us() - zero_; }
  const HttpPool& pool() const { return pool_; }

  // The device loses its network: new connections fail at once, open ones go silent.
  void set_online(bool online);
  void set_visible(bool visible);
  // The machine sleeps: nothing arrives, nothing runs, and nobody is told. When it wakes, the page
  // hears of its environment once more.
  void set_asleep(bool asleep);

  // client::Host
  bool has(Feature feature) const override;
  void open(client::ConnectionId id, const client::Request& request) override;
  void send(client::ConnectionId id, std::string_view text) override;
  void close(client::ConnectionId id) override;
  void set_timer(client::TimerId id, Micros delay) override;
  void cancel_timer(client::TimerId id) override;
  Micros epoch_offset() const override { return zero_ + settings_.clock_error; }
  client::Environment environment() const override { return {online_, visible_}; }
  std::string http_version(std::string_view) const override {
    return settings_.http == HttpVersion::kHttp2 ? "h2" : "http/1.1";
  }

 private:
  friend class PageConnection;
  friend class WebSocketConnection;

  // An address taken apart; `port` is 0 where we have no server.
  struct Address {
    std::uint16_t port = 0;
    std::string_view host;    // with its port
    std::string_view target;  // path and query
    std::string origin;
  };
  Address address_of(std::string_view url) const;
  std::string head_of(const client::Request& request, const Address& address,
                      std::string_view last_event_id = {}, std::string_view key = {}) const;
  std::unique_ptr<PageConnection> make_connection(client::ConnectionId id,
                                                  const client::Request& request,
                                                  const Address& address);

  // Tells the client; the connection is over after a last event.
  void tell(client::ConnectionId id, const client::HostEvent& event);
  void retire(std::unique_ptr<PageConnection> connection);
  void sweep();
  void tell_environment();
  void refuse_doomed();
  std::size_t open_web_sockets() const;
  void begin_next_handshake();

  const PageSettings settings_;
  const BrowserProfile& browser_;
  Network& network_;
  const Micros zero_;  // of the page's clock, on the server's
  Random random_;
  HostWatcher* watcher_ = nullptr;
  client::Dispatcher dispatcher_;
  bool online_ = true;
  bool visible_ = true;
  HttpPool pool_;
  HttpPool apart_;  // of requests that have connections of their own (client::Request::apart)
  PageTimers timers_;
  std::map<client::ConnectionId, std::unique_ptr<PageConnection>> open_;
  // The client let go of them; they may be on the stack, or still be saying goodbye to the server.
  std::vector<std::unique_ptr<PageConnection>> retired_;
  std::deque<client::ConnectionId> waiting_handshakes_;
  client::ConnectionId handshake_ = 0;
  std::vector<std::pair<client::ConnectionId, client::ConnectionKind>> doomed_;
  server::Alarm sweeper_;
  server::Alarm refusal_;
};

}  // namespace playground::simulation
