#include "core/simulation/origin_connection.h"

#include <utility>

#include "core/server/request_framing.h"

namespace playground::simulation {

using server::SendStatus;
using server::Sent;

OriginConnection::OriginConnection(server::Schedule& schedule, const server::Limits& limits,
                                   std::unique_ptr<Socket> socket, server::ExchangeHandler handler,
                                   std::function<void(OriginConnection&)> ended)
    : schedule_(schedule),
      limits_(limits),
      socket_(std::move(socket)),
      handler_(std::move(handler)),
      ended_(std::move(ended)),
      lanes_(schedule),
      deadline_(schedule, [this] { check_deadline(); }),
      resume_(schedule, [this] {
        const bool sent = !impairment_ || impairment_->empty();
        if (state_ == State::kFinishing && sent) response_sent();
      }) {
  socket_->listen(*this);
  give_up_in(limits_.idle_us);
}

OriginConnection::~OriginConnection() {
  if (way_) way_->leave(*this);
}

void OriginConnection::close() {
  if (std::exchange(state_, State::kClosed) == State::kClosed) return;
  // The impairment may be what is closing: it stays, with its way, for as long as the connection.
  if (way_) way_->leave(*this);
  deadline_.cancel();
  resume_.cancel();
  socket_.reset();
  ended_(*this);
}

void OriginConnection::on_bytes(std::string_view bytes) {
  if (state_ == State::kLingering || state_ == State::kClosed) return;
  if (stalled()) {
    unread_ += bytes;
  } else {
    receive(bytes);
  }
}

void OriginConnection::on_end(PipeEnd) {
  if (stalled() && state_ != State::kLingering) {
    end_unread_ = true;
  } else {
    close();
  }
}

void OriginConnection::receive(std::string_view bytes) {
  if (offer_to_session(bytes)) return;
  if (state_ != State::kRequests && !keep_alive_) return;
  input_ += bytes;
  answer_requests();
}

void OriginConnection::answer_requests() {
  while (state_ == State::kRequests) {
    if (input_.empty()) return give_up_in(limits_.idle_us);
    const server::Framing framing = server::frame_request(input_, limits_);
    if (framing.state == server::Framing::State::kRefused) return cut(false);
    if (framing.state == server::Framing::State::kNeedMore) {
      return give_up_in(limits_.request_us);
    }
    const std::string request = std::exchange(input_, {});
    input_ = request.substr(framing.total_bytes());
    const std::string_view whole = request;
    answer(whole.substr(framing.skipped, framing.head_bytes),
           whole.substr(framing.skipped + framing.head_bytes, framing.body_bytes),
           whole.substr(0, framing.total_bytes()));
  }
  // Behind a request that has begun a WebSocket come its first frames.
  if (!input_.empty() && state_ == State::kSession) {
    const std::string bytes = std::exchange(input_, {});
    if (!offer_to_session(bytes)) input_ = bytes;
  }
}

bool OriginConnection::offer_to_session(std::string_view bytes) {
  if (state_ != State::kSession || bytes.empty()) return false;
  const bool swallowed = impairment_ && impairment_->swallowing();
  if (!swallowed && !session_->on_bytes(bytes)) return false;
  lanes_.received(bytes);
  return true;
}

void OriginConnection::answer(std::string_view head, std::string_view body,
                              std::string_view whole) {
  server::Exchange exchange;
  exchange.head = head;
  exchange.body = body;
  handler_(exchange);
  lanes_.begin_request(exchange.lane, whole);
  go(std::move(exchange.way));
  if (impairment_) impairment_->begin_response();
  keep_alive_ = exchange.keep_alive;
  if (exchange.session) {
    state_ = State::kSession;
    deadline_us_ = 0;
    session_ = std::move(exchange.session);
    session_->begin(*this, std::move(exchange.response));
    return;
  }
  push(exchange.response);
  if (impairment_) {
    state_ = State::kFinishing;
    impairment_->end_response();
  }
}

Sent OriginConnection::send(std::span<const std::string_view> pieces) {
  if (state_ != State::kSession) return {SendStatus::kClosed, 0};
  if (impairment_ ? !impairment_->has_room() : !socket_->has_room()) {
    session_waits_ = true;
    return {SendStatus::kBlocked, 0};
  }
  if (impairment_) {
    for (const std::string_view piece : pieces) impairment_->take(piece);
  } else if (pieces.size() == 1) {
    transmit_now(pieces.front());
  } else {
    std::string together;
    for (const std::string_view piece : pieces) together += piece;
    transmit_now(together);
  }
  return {SendStatus::kAccepted, pieces.size()};
}

void OriginConnection::push(std::string_view bytes) {
  if (state_ == State::kClosed || state_ == State::kFinishing) return;
  if (impairment_) return impairment_->take(bytes);
  transmit_now(bytes);
}

void OriginConnection::transmit_now(std::string_view bytes) {
  lanes_.sent(bytes);
  socket_->send(bytes);
}

void OriginConnection::finish() {
  if (state_ != State::kSession) return;
  state_ = State::kFinishing;
  give_up_in(limits_.write_stall_us);
  if (impairment_) {
    impairment_->end_response();
  } else {
    resume_.set(schedule_.now_us());
  }
}

void OriginConnection::on_room() {
  if (impairment_) return impairment_->pump();
  if (state_ == State::kSession && session_waits_) {
    session_waits_ = false;
    session_->on_writable();
  }
}

// Through an impairment

void OriginConnection::go(std::shared_ptr<server::Way> way) {
  if (way == way_) return;
  impairment_.reset();
  if (way_) way_->leave(*this);
  way_ = std::move(way);
  if (!way_) return;
  way_->join(*this);
  effects_changed();
}

void OriginConnection::effects_changed() {
  if (!impairment_ && way_->effects().on_the_way()) {
    server::ImpairedSocket& socket = *this;
    impairment_ = std::make_unique<server::Impairment>(*way_, socket, schedule_);
  } else if (impairment_) {
    impairment_->pump();
  }
  if (state_ == State::kClosed || stalled()) return;
  const std::string bytes = std::exchange(unread_, {});
  if (!bytes.empty()) receive(bytes);
  if (std::exchange(end_unread_, false)) close();
}

void OriginConnection::impairment_moved() {
  if (state_ == State::kClosed) return;
  const bool sent = impairment_->empty();
  const bool room = impairment_->has_room();
  if (impairment_->idle()) impairment_.reset();
  // Not now: what moved it may be another connection's request, whose handler is still running.
  if (state_ == State::kFinishing && sent) return resume_.set(schedule_.now_us());
  if (state_ == State::kSession && session_waits_ && room) {
    session_waits_ = false;
    session_->on_writable();
  }
}

void OriginConnection::cut(bool reset) {
  if (state_ == State::kClosed) return;
  if (reset) socket_->reset();
  close();
}

void OriginConnection::close_in_order() {
  if (state_ == State::kSession) session_->end();
}

void OriginConnection::response_sent() {
  session_.reset();
  if (state_ == State::kFinishing) state_ = State::kRequests;
  if (!keep_alive_) return linger();
  give_up_in(limits_.idle_us);
  answer_requests();
}

void OriginConnection::linger() {
  state_ = State::kLingering;
  give_up_in(limits_.linger_us);
  socket_->finish();
}

// An alarm that is moved with every request would cost more than the request: it is left to ring,
// and looks at the clock then.
void OriginConnection::check_deadline() {
  if (deadline_us_ == 0) return;
  if (schedule_.now_us() >= deadline_us_) return close();
  deadline_.set(deadline_us_);
}

void OriginConnection::give_up_in(std::int64_t us) {
  const std::int64_t before = std::exchange(deadline_us_, schedule_.now_us() + us);
  if (before == 0 || deadline_us_ < before) deadline_.set(deadline_us_);
}

}  // namespace playground::simulation
