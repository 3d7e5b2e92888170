// A TCP connection that a client opens: finds the name's addresses, connects, asks a proxy for a
// tunnel where one stands before it, and speaks TLS where the address says so.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <uv.h>

#include "core/http/response_reader.h"
#include "native_client/net/event_loop.h"
#include "native_client/net/lookup.h"
#include "native_client/net/network_settings.h"
#include "native_client/net/tls.h"
#include "native_client/net/url.h"

namespace playground::native {

// What all sockets of a client share; outlives them.
struct Network {
  EventLoop& loop;
  const NetworkSettings& settings;
  const TlsContext& tls;
};

struct SocketEnd {
  enum class Kind : std::uint8_t {
    kNotOpened,  // nothing was reached
    kFin,        // the peer has ended its side; with TLS, whether or not it said so before
    kReset,
    kBroken,  // otherwise: TLS failed, the network is gone
  };
  Kind kind = Kind::kNotOpened;
  // A sentence without a full stop: "cannot connect to localhost port 1: connection refused";
  // of kFin and kReset a few words, such as "reset by the peer".
  std::string why;
};

class SocketEvents {
 public:
  virtual void on_connected() = 0;
  virtual void on_bytes(std::string_view bytes) = 0;
  // Nothing comes after it.
  virtual void on_end(const SocketEnd& end) = 0;

 protected:
  ~SocketEvents() = default;
};

class ClientSocket {
 public:
  // What has been sent and not taken by the kernel; over that the connection is given up.
  static constexpr std::size_t kMaxQueuedBytes = 32 << 20;

  // `proxy`, which may be null, is asked for a tunnel where `tunnel` is set, and otherwise gets the
  // requests itself. `events` is called later, never from inside a method.
  ClientSocket(Network& network, const Url& url, const Proxy* proxy, bool tunnel,
               SocketEvents& events);
  ~ClientSocket() { close(); }
  ClientSocket(const ClientSocket&) = delete;
  ClientSocket& operator=(const ClientSocket&) = delete;

  // From on_connected() on.
  void send(std::string_view bytes);
  // No event comes after it. May be called from inside an event; to destroy it there, use
  // EventLoop::retire.
  void close();
  // Another listener, in place of the first.
  void listen(SocketEvents& events) { events_ = &events; }

  bool over() const { return state_ == State::kOver; }

 private:
  enum class State : std::uint8_t {
    kResolving,
    kConnecting,
    kTunnelling,
    kHandshake,
    kOpen,
    kOver
  };

  void connect_to_next();
  void on_attempt_due();
  void on_attempt_over(int status);
  void begin_reading();
  void on_read(ssize_t count, const char* bytes);
  void take(std::string_view wire);
  // What is left after the end that libuv has told; how it ended, as an error of libuv.
  ssize_t read_rest();
  void take_tunnel(std::string_view bytes);
  void begin_tls(std::string_view first);
  void take_wire(std::string_view bytes);
  void connected();
  void write(std::string bytes);
  void flush_tls();
  void drop_tcp();
  void time_out();
  void fail(std::string why, SocketEnd::Kind kind = SocketEnd::Kind::kNotOpened);
  void end(SocketEnd end);
  std::string goal() const;

  Network& network_;
  const Url url_;
  const std::optional<Proxy> proxy_;
  const bool tunnel_;
  SocketEvents* events_;
  State state_ = State::kResolving;
  server::Alarm deadline_;
  server::Alarm attempt_;  // one address has had its time; or too much waits to be sent
  std::unique_ptr<Lookup> lookup_;
  std::vector<SocketAddress> addresses_;
  std::size_t next_ = 0;
  std::string problem_;  // of the last address
  HandlePtr<uv_tcp_t> tcp_;
  http::ResponseReader tunnel_answer_;
  std::unique_ptr<TlsSession> tls_;
  std::size_t queued_ = 0;
};

}  // namespace playground::native
