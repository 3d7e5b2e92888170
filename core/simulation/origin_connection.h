// One connection at the server: native_server/net/connection.h without a kernel. Reads requests,
// sends what they are answered with, and hands itself to a session; through an impairment where
// something is wrong with its way.
#ifndef PLAYGROUND_CORE_SIMULATION_ORIGIN_CONNECTION_H_
#define PLAYGROUND_CORE_SIMULATION_ORIGIN_CONNECTION_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/server/exchange.h"
#include "core/server/faults/impairment.h"
#include "core/server/limits.h"
#include "core/simulation/socket.h"

namespace playground::simulation {

class OriginConnection final : public server::Outlet,
                               private server::ImpairedSocket,
                               private server::WayUser,
                               private SocketEvents {
 public:
  // `ended` is called once, from within; it must not destroy the connection at once. What is not
  // owned outlives it.
  OriginConnection(server::Schedule& schedule, const server::Limits& limits,
                   std::unique_ptr<Socket> socket, server::ExchangeHandler handler,
                   std::function<void(OriginConnection&)> ended);
  ~OriginConnection();
  OriginConnection(const OriginConnection&) = delete;
  OriginConnection& operator=(const OriginConnection&) = delete;

  // server::Outlet
  server::Sent send(std::span<const std::string_view> pieces) override;
  void push(std::string_view bytes) override;
  void finish() override;

  // server::WayUser, server::ImpairedSocket: ends it now.
  void cut(bool reset) override;

 private:
  enum class State { kRequests, kSession, kFinishing, kLingering, kClosed };

  // SocketEvents
  void on_bytes(std::string_view bytes) override;
  void on_end(PipeEnd end) override;
  void on_room() override;

  // server::ImpairedSocket
  bool writable() const override { return state_ != State::kClosed && socket_->has_room(); }
  void transmit_now(std::string_view bytes) override;
  void impairment_moved() override;

  // server::WayUser
  void effects_changed() override;
  void close_in_order() override;

  void receive(std::string_view bytes);
  void answer_requests();
  void answer(std::string_view head, std::string_view body, std::string_view whole);
  bool offer_to_session(std::string_view bytes);
  void go(std::shared_ptr<server::Way> way);
  bool stalled() const { return way_ && way_->effects().stall; }
  // The response's last byte is out: on to the next request, or to the end.
  void response_sent();
  void linger();
  void close();
  void check_deadline();
  void give_up_in(std::int64_t us);

  server::Schedule& schedule_;
  const server::Limits& limits_;
  std::unique_ptr<Socket> socket_;
  server::ExchangeHandler handler_;
  std::function<void(OriginConnection&)> ended_;
  State state_ = State::kRequests;
  bool keep_alive_ = true;
  bool session_waits_ = false;  // for room to send more
  std::string unread_;          // came while nothing is read
  bool end_unread_ = false;     // and so did the peer's end
  std::string input_;           // of a request not yet whole, or sent ahead
  std::unique_ptr<server::Session> session_;
  server::CarriedLanes lanes_;
  std::shared_ptr<server::Way> way_;
  std::unique_ptr<server::Impairment> impairment_;
  std::int64_t deadline_us_ = 0;  // 0: none
  server::Alarm deadline_;
  server::Alarm resume_;
};

}  // namespace playground::simulation

#endif  // PLAYGROUND_CORE_SIMULATION_ORIGIN_CONNECTION_H_
