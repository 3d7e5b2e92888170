// A virtual socket under an HTTP connection of the simulated server.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/http/connection.h"
#include "core/http/socket.h"
#include "core/simulation/socket.h"

namespace playground::simulation {

class OriginConnection final : private http::Socket, private SocketEvents {
 public:
  // `ended` is told when it is over: it may be on the stack. All must outlive it.
  OriginConnection(http::Connections& connections, std::unique_ptr<simulation::Socket> socket,
                   std::function<void(OriginConnection&)> ended);

  // Ends it now.
  void cut(bool reset) { connection_.cut(reset); }

 private:
  // http::Socket
  std::optional<std::size_t> write(std::span<const server::Piece> pieces) override;
  void want(Wants wants) override;
  void end() override { socket_->finish(); }
  void close(bool reset) override;
  std::string_view client() const override { return {}; }
  std::string peer() const override { return {}; }

  // SocketEvents
  void on_bytes(std::string_view bytes) override;
  void on_end(PipeEnd end) override;
  void on_room() override;

  std::unique_ptr<simulation::Socket> socket_;  // null: closed
  std::function<void(OriginConnection&)> ended_;
  Wants wants_ = Wants::kBytes;
  std::string unread_;       // came while no bytes are wanted
  bool end_unread_ = false;  // and so did the peer's end
  http::Connection connection_;
};

}  // namespace playground::simulation
