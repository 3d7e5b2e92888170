#include "core/simulation/origin.h"

#include <optional>
#include <span>
#include <utility>

#include "core/http/connection.h"
#include "core/http/message.h"
#include "core/http/socket.h"

namespace playground::simulation {

// As long as a server's (RFC 6455 4.2.2): nobody here compares it.
constexpr std::string_view kAcceptKey = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

// A virtual socket under an HTTP connection.
class OriginConnection final : private http::Socket, private SocketEvents {
 public:
  OriginConnection(Origin& origin, std::unique_ptr<simulation::Socket> socket)
      : origin_(origin),
        socket_(std::move(socket)),
        connection_(origin.http_, static_cast<http::Socket&>(*this)) {
    socket_->listen(*this);
  }

  // Ends it now.
  void cut(bool reset) { connection_.cut(reset); }

  Origin::Connections::iterator place;  // of this one

 private:
  // http::Socket
  std::optional<std::size_t> write(std::span<const server::Piece> pieces) override {
    if (!socket_->has_room()) return 0;
    if (pieces.size() == 1) {
      socket_->send(pieces.front().bytes);
      return pieces.front().bytes.size();
    }
    std::string together;
    for (const server::Piece& piece : pieces) together += piece.bytes;
    socket_->send(together);
    return together.size();
  }
  void want(Wants wants) override {
    wants_ = wants;
    if (wants_ != Wants::kBytes) return;
    if (!unread_.empty()) connection_.on_bytes(std::exchange(unread_, {}));
    if (wants_ == Wants::kBytes && end_unread_) {
      connection_.on_end(*std::exchange(end_unread_, {}) == PipeEnd::kReset);
    }
  }
  void end() override { socket_->finish(); }
  void close(bool reset) override {
    if (reset) socket_->reset();
    socket_.reset();
    origin_.release(*this);
  }
  void identify(server::Request&) override {}
  std::string_view client() const override { return {}; }
  std::string asker() const override { return {}; }

  // SocketEvents
  void on_bytes(std::string_view bytes) override {
    if (wants_ == Wants::kBytes) return connection_.on_bytes(bytes);
    unread_ += bytes;
  }
  void on_end(PipeEnd end) override {
    if (wants_ == Wants::kBytes) return connection_.on_end(end == PipeEnd::kReset);
    end_unread_ = end;
  }
  void on_room() override {
    if (wants_ == Wants::kRoom) connection_.on_room();
  }

  Origin& origin_;
  std::unique_ptr<simulation::Socket> socket_;  // null: closed
  Wants wants_ = Wants::kBytes;
  std::string unread_;                 // came while no bytes were wanted
  std::optional<PipeEnd> end_unread_;  // and so did the peer's end
  http::Connection connection_;
};

Origin::Origin(const OriginSettings& settings, Network& network, std::uint64_t seed)
    : settings_(settings),
      network_(network),
      hub_(network.schedule(), settings_.limits, metrics_, seed, settings_.shared),
      random_(seed),
      api_(hub_, network.schedule(), settings_.limits, metrics_,
           {.version = settings_.version,
            .admits = settings_.admits,
            .new_channel_id = [this] { return random_.digits(32); },
            .accept_key = [](std::string_view) { return std::string(kAcceptKey); },
            .check = settings_.check}),
      http_(network.schedule(), settings_.limits, metrics_, nullptr,
            [this](server::Exchange& exchange) {
              http::respond(api_.answer(exchange.request), exchange);
            }),
      reaper_(network.schedule(), [this] { ended_.clear(); }) {
  std::vector<std::uint16_t> ports;
  for (std::uint16_t i = 1; i <= settings_.lane_ports; ++i) {
    ports.push_back(static_cast<std::uint16_t>(settings_.port + i));
  }
  api_.set_lane_ports(ports);
  if (settings_.shared) return;
  network_.on_accept([this](std::uint16_t port, std::unique_ptr<Socket> socket) {
    return accept(port, std::move(socket));
  });
}

Origin::~Origin() {
  if (!settings_.shared) network_.on_accept({});
  stop();
  ended_.clear();
}

void Origin::stop() {
  running_ = false;
  while (!connections_.empty()) connections_.front()->cut(/*reset=*/true);
  hub_.end();
}

bool Origin::accept(std::uint16_t port, std::unique_ptr<Socket> socket) {
  if (!running_ || port < settings_.port || port > settings_.port + settings_.lane_ports) {
    return false;
  }
  if (const std::string refusal = http_.admit(); !refusal.empty()) {
    socket->send(refusal);
    return true;
  }
  connections_.push_back(std::make_unique<OriginConnection>(*this, std::move(socket)));
  connections_.back()->place = std::prev(connections_.end());
  return true;
}

void Origin::release(OriginConnection& connection) {
  ended_.splice(ended_.end(), connections_, connection.place);
  reaper_.set(network_.schedule().now_us());
}

Origin::Answer Origin::ask(std::string_view method, std::string_view target,
                           std::string_view body) {
  std::string head(method);
  head.append(" ").append(target).append(" HTTP/1.1\r\n\r\n");
  server::Request request = http::read_request(head);
  request.body = body;
  server::Reply reply = api_.answer(request);
  if (reply.session) return {0, {}};
  return {reply.status, std::move(reply.body)};
}

}  // namespace playground::simulation
