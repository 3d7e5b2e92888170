// One accepted socket: reads requests, sends what the routing answers, and hands the socket to a
// session where a handler has taken it over. Nothing here waits.
//
// It reads only while nothing of its own waits to be sent: a client that does not read is not
// listened to, and costs one buffer. Requests sent ahead are answered in order for the same reason.
#ifndef PLAYGROUND_NATIVE_SERVER_NET_CONNECTION_H_
#define PLAYGROUND_NATIVE_SERVER_NET_CONNECTION_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <uv.h>

#include "core/server/exchange.h"
#include "core/server/faults/impairment.h"
#include "core/server/request_framing.h"
#include "core/server/session.h"
#include "core/server/wire_meter.h"
#include "native_server/net/address.h"
#include "native_server/request_log.h"

namespace playground::server {

class Connections;

class Connection final : public Outlet, private ImpairedSocket, private WayUser {
 public:
  // Owns the descriptor, and itself: it goes some time after close(). `all` outlives it.
  Connection(Connections& all, int descriptor, const Address& peer);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // For the session.
  Sent send(std::span<const std::string_view> pieces) override;
  void push(std::string_view bytes) override;
  void finish() override;

  // Goes on after a session's finish(), once nothing of the session is on the stack any more.
  void resume();

  // Takes no further request. An idle connection is closed now, another when it has answered.
  void stop();

  void close();

  // Whether it owes the server a request or the rest of one, and since when.
  bool waits_for_request() const { return state_ == State::kRequests && !blocked_; }
  std::int64_t waiting_since_us() const { return waiting_since_us_; }

  // When to give up, on the server's clock; 0 is never.
  std::int64_t deadline_us() const { return deadline_us_; }

 private:
  enum class State {
    kRequests,   // reading requests and answering them
    kSession,    // the session's
    kFinishing,  // the session's, which has said everything
    kLingering,  // ours is sent and ended; waiting for the peer's end, so that it gets all of ours
    kClosed,
  };

  ~Connection();

  // ImpairedSocket
  bool writable() const override { return state_ != State::kClosed && !blocked_; }
  void transmit_now(std::string_view bytes) override;
  void impairment_moved() override;

  // WayUser
  void effects_changed() override;
  void cut(bool reset) override;  // ImpairedSocket's as well
  void close_in_order() override;

  void go(std::shared_ptr<Way> way);
  bool stalled() const { return way_ && way_->effects().stall; }

  void on_poll(int events);
  void on_readable();
  void on_reset();
  void on_writable();
  void receive(std::string_view bytes);
  std::size_t answer_requests(std::string_view bytes);
  bool offer_to_session(std::string_view bytes);
  // `whole`: the request with the empty lines before it.
  void answer(std::string_view head, std::string_view body, std::string_view whole);
  void refuse(const Framing& framing);
  void begin_log(std::string_view head, std::size_t received_bytes, int status);
  void end_log(bool whole);
  void response_sent();
  void linger();

  // Sends what it can of `pieces` and returns how many bytes; -1 after closing.
  ssize_t transmit(std::span<const std::string_view> pieces);
  void wait_to_write();
  void carry(const Lane& lane, std::string_view request);
  // Of a stalled connection nothing is watched, whatever is wanted.
  void watch(int events);
  void give_up_in(std::int64_t us);

  Connections& all_;
  int descriptor_;
  int wanted_ = 0;  // events
  int watched_ = 0;
  State state_ = State::kRequests;
  bool blocked_ = false;        // waiting to write
  bool session_waits_ = false;  // for room to write more
  bool keep_alive_ = true;
  bool request_begun_ = false;
  std::size_t awaited_bytes_ = 0;  // of the request being read, once its head is known
  bool interim_sent_ = false;      // 100 Continue, for a request whose lane is not known yet
  std::int64_t deadline_us_ = 0;
  std::int64_t waiting_since_us_;
  std::uint64_t sent_bytes_ = 0;
  const Address peer_;
  const Address client_;                   // whom limits for each address count it for
  std::unique_ptr<LoggedRequest> logged_;  // the request being answered, where a log is kept
  std::string input_;                      // of a request not yet whole, or sent ahead
  std::string output_;                     // what the kernel did not take
  std::size_t output_sent_ = 0;            // and has taken since
  std::unique_ptr<Session> session_;
  CarriedLanes lanes_;        // for that of the request being answered, or of the session
  std::shared_ptr<Way> way_;  // of both likewise
  std::unique_ptr<Impairment> impairment_;
  uv_poll_t poll_;
};

}  // namespace playground::server

#endif  // PLAYGROUND_NATIVE_SERVER_NET_CONNECTION_H_
