// The port through which a connection reaches its socket. A kernel's socket is one, a virtual pipe
// another: the connection cannot tell them apart.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/server/session.h"

namespace playground::http {

class Socket {
 public:
  // What the connection is to be told of; of everything else it hears later.
  enum class Wants : std::uint8_t { kNothing, kBytes, kRoom };

  // Sends of `pieces`, in order, as much as goes without waiting; returns how many bytes that was.
  // Nothing where the socket is broken.
  virtual std::optional<std::size_t> write(std::span<const server::Piece> pieces) = 0;

  // From now on: Connection::on_bytes() and on_end(), or on_room() once there is room to write.
  virtual void want(Wants wants) = 0;

  // Our side has sent everything; the peer's goes on.
  virtual void end() = 0;

  // Ends both sides now, with RST where `reset` says so. Nothing is told any more; the connection
  // is destroyed later, never in this call.
  virtual void close(bool reset) = 0;

  // Whom limits for each address count the peer for (Request::client). Lives as long as the socket.
  virtual std::string_view client() const = 0;
  // The peer's address as the access log names it.
  virtual std::string peer() const = 0;

 protected:
  ~Socket() = default;
};

}  // namespace playground::http
