// The port through which a connection reaches its socket. A kernel's socket is one, a virtual pipe
// another: the connection cannot tell them apart.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/server/request.h"
#include "core/server/session.h"

namespace playground::http {

class Socket {
 public:
  // What the connection wants to hear of now; everything else it hears of later.
  enum class Wants : std::uint8_t { kNothing, kBytes, kRoom };

  // Sends as much of `pieces`, in order, as goes without waiting; returns how many bytes. Nothing
  // where the socket is broken.
  virtual std::optional<std::size_t> write(std::span<const server::Piece> pieces) = 0;

  // From now on: Connection::on_bytes() and on_end(), or on_room() once there is room to write.
  virtual void want(Wants wants) = 0;

  // Our side has sent everything; the peer's goes on.
  virtual void end() = 0;

  // Ends both sides now, with RST where `reset` says so. No call follows; the connection is
  // destroyed later, never in this call.
  virtual void close(bool reset) = 0;

  // Who asks: the peer, or whom it says that it asks for. Fills in what a Request says of that.
  // What it is filled in with lives until the next.
  virtual void identify(server::Request& request) = 0;
  // Whom limits per address count for who has asked last (Request::client).
  virtual std::string_view client() const = 0;
  // The address of who has asked last, as the access log names it.
  virtual std::string asker() const = 0;

 protected:
  ~Socket() = default;
};

}  // namespace playground::http
