#include "core/simulation/origin_connection.h"

#include <utility>

namespace playground::simulation {

OriginConnection::OriginConnection(http::Connections& connections,
                                   std::unique_ptr<simulation::Socket> socket,
                                   std::function<void(OriginConnection&)> ended)
    : socket_(std::move(socket)),
      ended_(std::move(ended)),
      connection_(connections, static_cast<http::Socket&>(*this)) {
  socket_->listen(*this);
}

std::optional<std::size_t> OriginConnection::write(std::span<const server::Piece> pieces) {
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

void OriginConnection::want(Wants wants) {
  wants_ = wants;
  if (wants_ != Wants::kBytes) return;
  if (!unread_.empty()) connection_.on_bytes(std::exchange(unread_, {}));
  if (wants_ == Wants::kBytes && std::exchange(end_unread_, false)) connection_.on_end();
}

void OriginConnection::close(bool reset) {
  if (reset) socket_->reset();
  socket_.reset();
  ended_(*this);
}

void OriginConnection::on_bytes(std::string_view bytes) {
  if (wants_ == Wants::kBytes) return connection_.on_bytes(bytes);
  unread_ += bytes;
}

void OriginConnection::on_end(PipeEnd) {
  if (wants_ == Wants::kBytes) return connection_.on_end();
  end_unread_ = true;
}

void OriginConnection::on_room() {
  if (wants_ == Wants::kRoom) connection_.on_room();
}

}  // namespace playground::simulation
