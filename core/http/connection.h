// One HTTP/1.1 connection of a server (RFC 9112 9): reads requests, sends their answers, and hands
// the socket to a session where an answer brings one. Nothing here waits.
//
// It reads only while it has nothing waiting to be sent: a client that does not read is not
// listened to, and costs one buffer. Requests sent ahead are answered in order for the same reason.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/http/connections.h"
#include "core/http/request_framing.h"
#include "core/http/socket.h"
#include "core/server/faults/impairment.h"
#include "core/server/roster.h"
#include "core/server/session.h"
#include "core/server/wire_meter.h"

namespace playground::http {

class Connection final : public server::Outlet,
                         public server::Roster<Connection>::Seat,
                         private server::ImpairedSocket,
                         private server::ResponsePathUser {
 public:
  // Both outlive it. The socket is open, and wanted from here on.
  Connection(Connections& all, Socket& socket);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // From the socket: what the peer has sent; that it has ended or, with `reset`, that the
  // connection broke; that there is room to write again.
  void on_bytes(std::string_view bytes);
  void on_end(bool reset);
  void on_room();

  // For the session.
  server::Sent send(std::span<const server::Piece> pieces) override;
  void push(const server::Piece& piece) override;
  bool admit_message() override;
  void finish() override;

  // Goes on after a session's finish(), once nothing of the session is on the stack any more.
  void resume();

  // Takes no further request. An idle connection is closed now, any other when it has answered.
  void stop();

  void close() { cut(/*reset=*/false); }
  // Ends it now: with FIN, or with RST.
  void cut(bool reset) override;  // Outlet's, ResponsePathUser's and ImpairedSocket's

 private:
  friend Connections;
  using Wait = Connections::Wait;
  class Asked;

  enum class State : std::uint8_t {
    kRequests,   // reading requests and answering them
    kAsked,      // a request that waits to be answered has been handed back; Asked keeps it
    kSession,    // the session's
    kFinishing,  // the session's, which has said everything
    kLingering,  // all is sent and ended; waiting for the peer's end, so that it gets all of it
    kClosed,
  };

  // ImpairedSocket
  bool writable() const override { return state_ != State::kClosed && !blocked_; }
  void transmit_now(std::string_view bytes) override;
  void impairment_moved() override;

  // ResponsePathUser
  void effects_changed() override;
  void close_in_order() override;

  void take(const server::Piece& piece);
  void go(std::shared_ptr<server::ResponsePath> path);
  // Whether it listens to its peer now: not behind a path that lets nothing through, nor while what
  // waits for the peer is as much as may wait.
  bool listens() const;

  void receive(std::string_view bytes);
  std::size_t answer_requests(std::string_view bytes);
  bool offer_to_session(std::string_view bytes);
  // `whole`: the request with the empty lines before it.
  void answer(std::string_view whole, const Framing& framing,
              server::Waited waited = server::Waited::kNot);
  void answer_later(const server::Later& later, std::string_view whole);
  void answer_again();
  void refuse(int status, std::string sentence, std::string_view limit);
  void begin_log(std::string_view head, std::size_t received_bytes, int status);
  void end_log(bool whole);
  void resume_later();
  void response_sent();
  void linger();

  // Sends what it can of `pieces` and returns how many bytes; nothing after closing.
  std::optional<std::size_t> transmit(std::span<const server::Piece> pieces);
  void wait_to_write();
  // Where it does not listen it watches nothing, whatever is wanted.
  void want(Socket::Wants wants);
  void wait(Wait wait) { all_.wait(*this, wait); }

  Connections& all_;
  Socket& socket_;
  Socket::Wants wanted_ = Socket::Wants::kBytes;
  State state_ = State::kRequests;
  Wait wait_ = Wait::kRequest;
  bool blocked_ = false;        // waiting to write
  bool session_waits_ = false;  // for room to write more
  bool keep_alive_ = true;
  bool interim_sent_ = false;      // 100 Continue, for a request whose lane is not known yet
  std::size_t awaited_bytes_ = 0;  // of the request being read, once its head is known
  std::unique_ptr<LoggedRequest> logged_;  // the request being answered, where a log is kept
  std::string input_;                      // of a request not yet whole, or sent ahead
  std::string output_;                     // what the socket did not take
  std::size_t output_sent_ = 0;            // and has taken since
  std::unique_ptr<server::Session> session_;
  std::optional<Connections::Places::iterator> place_;  // the session's
  server::CarriedLanes lanes_;  // the current one: the request's being answered, or the session's
  std::shared_ptr<server::ResponsePath> path_;  // likewise
  std::unique_ptr<server::Impairment> impairment_;
  std::int64_t waits_since_us_ = 0;
};

}  // namespace playground::http
