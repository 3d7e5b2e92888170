#include "core/simulation/socket.h"

#include <algorithm>
#include <utility>

namespace playground::simulation {

// Both directions of a connection, from the first SYN until both ends have let go of it.
class Connection {
 public:
  // A connection attempt that gets no answer: Linux sends six SYNs (tcp_syn_retries).
  static constexpr Micros kConnectTimeout = 127'000'000;

  Connection(Network& network_between, std::uint16_t to_port, Micros ready_at,
             std::shared_ptr<ArrivalOrder> order)
      : network(network_between),
        port(to_port),
        up(network.link(), Direction::kUp, network.schedule(), order, at_server),
        down(network.link(), Direction::kDown, network.schedule(), order, at_client),
        handshake(network.schedule(), [this] { shake_hands(); }),
        connected_at(ready_at) {
    at_client.other = &at_server;
    at_server.other = &at_client;
    handshake.set(connected_at);
  }

  // Where the pipe of one direction ends: reports bytes to the reader, and room to the writer.
  struct End final : PipeEvents {
    void on_arrival(std::string_view bytes) override {
      if (reader) reader->on_bytes(bytes);
    }
    void on_arrival_end(PipeEnd end) override {
      if (auto* events = std::exchange(reader, nullptr)) events->on_end(end);
    }
    void on_drained() override {
      if (other->reader) other->reader->on_room();
    }
    SocketEvents* reader = nullptr;
    End* other = nullptr;
  };

  void shake_hands() {
    const Micros now = network.schedule().now_us();
    if (!network.link().up()) {
      if (now - connected_at < kConnectTimeout) {
        return handshake.set(Link::retransmission(connected_at, Link::kFirstTimeout, now));
      }
      return at_client.on_arrival_end(PipeEnd::kReset);
    }
    ++holders;
    if (!network.accept(port, std::make_unique<Socket>(*this, Direction::kDown))) {
      return at_client.on_arrival_end(PipeEnd::kReset);
    }
    if (at_client.reader) at_client.reader->on_connected();
  }

  Pipe& pipe(Direction direction) { return direction == Direction::kUp ? up : down; }
  // The events of the end that sends in this direction.
  End& sender(Direction direction) { return direction == Direction::kUp ? at_client : at_server; }

  Network& network;
  const std::uint16_t port;
  End at_client;
  End at_server;
  Pipe up;
  Pipe down;
  server::Alarm handshake;
  const Micros connected_at;
  Network::Connections::iterator place;  // of this one
  int holders = 1;  // ends that have not let go of it: the client's from the beginning
};

Socket::~Socket() {
  finish();
  connection_.sender(sends_).reader = nullptr;
  if (sends_ == Direction::kUp) connection_.handshake.cancel();
  if (--connection_.holders == 0) connection_.network.release(connection_);
}

void Socket::listen(SocketEvents& events) { connection_.sender(sends_).reader = &events; }
void Socket::send(std::string_view bytes) { connection_.pipe(sends_).send(bytes); }
bool Socket::has_room() const { return connection_.pipe(sends_).has_room(); }
void Socket::finish() { connection_.pipe(sends_).end(PipeEnd::kFin); }
void Socket::reset() { connection_.pipe(sends_).end(PipeEnd::kReset); }

Network::Network(Link& link, server::Schedule& schedule)
    : link_(link), schedule_(schedule), reaper_(schedule, [this] { released_.clear(); }) {}

Network::~Network() = default;

bool Network::accept(std::uint16_t port, std::unique_ptr<Socket> socket) {
  return accept_ && accept_(port, std::move(socket));
}

std::unique_ptr<Socket> Network::connect(std::uint16_t port, SocketEvents& events, Use use) {
  const Micros now = schedule_.now_us();
  std::shared_ptr<Shared> shared = use == Use::kStream ? shared_[port].lock() : nullptr;
  if (!shared) shared = std::make_shared<Shared>(Shared{link_.connected(now)});
  if (use == Use::kStream) shared_[port] = shared;
  const Micros ready_at = std::max(now, shared->connected_at);
  // The order lives as long as its owner.
  std::shared_ptr<ArrivalOrder> order(shared, &shared->order);
  connections_.push_back(std::make_unique<Connection>(*this, port, ready_at, std::move(order)));
  connections_.back()->place = std::prev(connections_.end());
  auto socket = std::make_unique<Socket>(*connections_.back(), Direction::kUp);
  socket->listen(events);
  return socket;
}

std::uint64_t Network::bytes(Direction direction) const {
  std::uint64_t all = past_bytes_[static_cast<std::size_t>(direction)];
  for (const auto& connection : connections_) all += connection->pipe(direction).sent_bytes();
  return all;
}

// Its pipes may be at work on the stack, so it goes a moment later.
void Network::release(Connection& connection) {
  past_bytes_[0] += connection.up.sent_bytes();
  past_bytes_[1] += connection.down.sent_bytes();
  released_.splice(released_.end(), connections_, connection.place);
  reaper_.set(schedule_.now_us());
}

}  // namespace playground::simulation
