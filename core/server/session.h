// The border between the hub and the sockets: a session is what holds a connection once a handler
// has taken it over (a stream, a held poll, a WebSocket); an outlet is all it sees of the socket.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace playground::server {

enum class SendStatus {
  kAccepted,  // the kernel has all of it
  kBlocked,   // Session::on_writable() follows
  kClosed,    // nothing will ever go out again; the session is destroyed soon
};

// Which of the channel's messages are in some bytes.
struct Messages {
  std::uint64_t first = 0;  // 0: none
  std::uint64_t last = 0;
};

struct Piece {
  std::string_view bytes;
  Messages messages = {};
};

struct Sent {
  SendStatus status;
  std::size_t pieces;  // how many were taken
};

class Outlet {
 public:
  // Sends the pieces in order, as far as it can without waiting. A piece sent in part counts as
  // taken: the outlet keeps a copy of its rest, so a piece may be gone after the call.
  virtual Sent send(std::span<const Piece> pieces) = 0;

  // Takes all of the piece, after whatever is already waiting.
  virtual void push(const Piece& piece) = 0;

  // The client has sent a message, which counts like a request of its address. False where that
  // makes too many (--max-requests-per-second): the message is not to be taken.
  virtual bool admit_message() = 0;

  // The session has said everything; the outlet takes nothing more. The session is destroyed when
  // that is sent, but never in this call.
  virtual void finish() = 0;

  // Ends the connection now, with FIN or with RST; what waits to be sent is lost. The session is
  // destroyed soon, never in this call.
  virtual void cut(bool reset) = 0;

 protected:
  ~Outlet() = default;
};

class Session {
 public:
  virtual ~Session() = default;

  // The connection is the session's from now on. `head` is the response's, not sent yet; `outlet`
  // outlives the session.
  virtual void begin(Outlet& outlet, std::string head) = 0;

  virtual void on_writable() {}

  // Ends the response as the server itself would.
  virtual void end() = 0;

  // The connection is over, whoever ended it; with `reset` it broke. May come again, with less
  // knowledge; the session is destroyed soon, never in this call.
  virtual void on_peer_end(bool /*reset*/) {}

  // The client's bytes after the request. False leaves them to the next request.
  virtual bool on_bytes(std::string_view) { return false; }
};

}  // namespace playground::server
