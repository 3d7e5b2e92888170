// A connection's two ends, and the network that carries connections to a server.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string_view>

#include "core/simulation/pipe.h"

namespace playground::simulation {

// What an end hears. It may let go of its socket in any of these calls.
class SocketEvents {
 public:
  // For the end that opened it: bytes may be sent.
  virtual void on_connected() {}
  virtual void on_bytes(std::string_view bytes) = 0;
  // The peer has ended it, or it could not be opened. Nothing comes after this.
  virtual void on_end(PipeEnd end) = 0;
  // has_room() is true again.
  virtual void on_room() {}

 protected:
  ~SocketEvents() = default;
};

class Connection;
class Network;

// One end. Letting go of it ends the connection cleanly, unless reset() came first.
class Socket {
 public:
  Socket(Connection& connection, Direction sends) : connection_(connection), sends_(sends) {}
  ~Socket();
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  // `events` outlives the socket.
  void listen(SocketEvents& events);
  void send(std::string_view bytes);
  bool has_room() const;
  // Our side has sent everything; the peer's goes on.
  void finish();
  void reset();

 private:
  Connection& connection_;
  const Direction sends_;
};

// The network between one browser and one server.
class Network {
 public:
  // Takes the server's end of a new connection to `port`; false refuses it.
  using Accept = std::function<bool(std::uint16_t port, std::unique_ptr<Socket> socket)>;

  // Both must outlive the network, and every socket must go before it.
  Network(Link& link, server::Schedule& schedule);
  ~Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  void on_accept(Accept accept) { accept_ = std::move(accept); }
  bool accept(std::uint16_t port, std::unique_ptr<Socket> socket);

  // How HTTP uses connections. With HTTP/2 every stream goes over one connection to its port, which
  // is set up once: here a stream is a Socket too, and they share the order of arrival. What
  // travels is still HTTP/1.1's text, which is what the server counts behind a proxy that speaks
  // HTTP/2 for it; HTTP/2's shorter heads are not played.
  enum class Use : std::uint8_t { kOwnConnection, kStream };

  // Begins a connection. `events` outlives the socket.
  std::unique_ptr<Socket> connect(std::uint16_t port, SocketEvents& events,
                                  Use use = Use::kOwnConnection);

  Link& link() { return link_; }
  server::Schedule& schedule() { return schedule_; }
  std::size_t connections() const { return connections_.size(); }
  // Bytes ever sent either way, by connections that are open and that are gone.
  std::uint64_t bytes(Direction direction) const;

 private:
  friend class Connection;
  friend class Socket;
  using Connections = std::list<std::unique_ptr<Connection>>;

  // Both ends have let go of it.
  void release(Connection& connection);

  Link& link_;
  server::Schedule& schedule_;
  Accept accept_;
  // A connection that streams share, while there are any.
  struct Shared {
    Micros connected_at;
    ArrivalOrder order{};
  };
  std::map<std::uint16_t, std::weak_ptr<Shared>> shared_;
  Connections connections_;
  Connections released_;
  std::uint64_t past_bytes_[2] = {};
  server::Alarm reaper_;
};

}  // namespace playground::simulation
