#include "native_server/net/connection.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>
#include <utility>

#include "native_server/http/refusal.h"
#include "native_server/net/connections.h"

namespace playground::server {
namespace {

constexpr std::size_t kPiecesPerCall = 64;
constexpr std::size_t kMaxLoggedLine = 2048;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

// Of a response's bytes: "HTTP/1.1 200 OK".
int status_of(std::string_view response) {
  constexpr std::size_t kBegin = 9;
  int status = 0;
  for (const char digit : response.substr(std::min(kBegin, response.size()), 3)) {
    status = status * 10 + (digit - '0');
  }
  return status;
}

}  // namespace

Connection::Connection(Connections& all, int descriptor, const Address& peer)
    : all_(all),
      descriptor_(descriptor),
      waiting_since_us_(all.schedule_.now_us()),
      peer_(peer),
      client_(counted_as(peer)),
      lanes_(all.schedule_) {
  uv_poll_init(all_.loop_, &poll_, descriptor_);
  poll_.data = this;
  give_up_in(all_.limits_.idle_us);
  watch(UV_READABLE);
}

Connection::~Connection() {
  if (way_) way_->leave(*this);
}

void Connection::close() {
  if (state_ == State::kClosed) return;
  state_ = State::kClosed;
  end_log(false);
  // The impairment may be what is closing: it stays, with its way, for as long as the connection.
  if (way_) way_->leave(*this);
  all_.open_.erase(this);
  uv_close(reinterpret_cast<uv_handle_t*>(&poll_),
           [](uv_handle_t* handle) { delete static_cast<Connection*>(handle->data); });
  ::close(descriptor_);
}

void Connection::on_poll(int events) {
  if (events & UV_WRITABLE) on_writable();
  if (events & UV_READABLE && watched_ & UV_READABLE && state_ != State::kClosed) on_readable();
}

void Connection::on_readable() {
  auto& scratch = all_.scratch_;
  const ssize_t count = recv(descriptor_, scratch.data(), scratch.size(), 0);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (count <= 0) return close();
  all_.metrics_.received_bytes += static_cast<std::uint64_t>(count);
  if (state_ == State::kLingering) return;
  receive({scratch.data(), static_cast<std::size_t>(count)});
}

// The peer has reset it. What it had sent by then crossed the wire, and may be a message.
void Connection::on_reset() {
  while (state_ != State::kClosed) {
    const std::uint64_t before = all_.metrics_.received_bytes;
    on_readable();
    if (all_.metrics_.received_bytes == before) return close();
  }
}

void Connection::receive(std::string_view bytes) {
  if (offer_to_session(bytes)) return;
  // What comes ahead of its time is kept if a request may follow, up to what a request may be.
  if (state_ != State::kRequests) {
    if (!keep_alive_) return;
    input_ += bytes;
    if (input_.size() > all_.limits_.head_bytes + all_.limits_.body_bytes) close();
    return;
  }
  if (input_.empty()) {
    const std::size_t used = answer_requests(bytes);
    input_.assign(bytes.substr(used));
  } else {
    input_ += bytes;
    if (input_.size() < awaited_bytes_) return;
    std::string whole = std::exchange(input_, {});
    const std::size_t used = answer_requests(whole);
    if (used > 0) whole.erase(0, used);
    input_ = std::move(whole);
  }
}

// Returns how many bytes it has used.
std::size_t Connection::answer_requests(std::string_view bytes) {
  std::size_t used = 0;
  while (state_ == State::kRequests && !blocked_) {
    const std::string_view rest = bytes.substr(used);
    if (rest.empty()) {
      request_begun_ = false;
      give_up_in(all_.limits_.idle_us);
      break;
    }
    const Framing framing = frame_request(rest, all_.limits_);
    if (framing.state == Framing::State::kRefused) {
      begin_log(rest, rest.size(), framing.status);
      refuse(framing);
      return bytes.size();
    }
    if (framing.state == Framing::State::kNeedMore) {
      if (!std::exchange(request_begun_, true)) give_up_in(all_.limits_.request_us);
      if (framing.head_known() && awaited_bytes_ == 0) {
        awaited_bytes_ = framing.total_bytes();
        const bool body_begun = rest.size() > framing.skipped + framing.head_bytes;
        if (framing.expects_continue && !body_begun) {
          lanes_.begin_nothing();
          interim_sent_ = true;
          push(kContinue);
        }
      }
      break;
    }
    used += framing.total_bytes();
    request_begun_ = false;
    awaited_bytes_ = 0;
    answer(rest.substr(framing.skipped, framing.head_bytes),
           rest.substr(framing.skipped + framing.head_bytes, framing.body_bytes),
           rest.substr(0, framing.total_bytes()));
  }
  // Behind a request that has begun a WebSocket come its first frames.
  return offer_to_session(bytes.substr(used)) ? bytes.size() : used;
}

bool Connection::offer_to_session(std::string_view bytes) {
  if (state_ != State::kSession || bytes.empty()) return false;
  const bool swallowed = impairment_ && impairment_->swallowing();
  if (!swallowed && !session_->on_bytes(bytes)) return false;
  if (logged_) logged_->received_bytes += bytes.size();
  lanes_.received(bytes);
  return true;
}

void Connection::answer(std::string_view head, std::string_view body, std::string_view whole) {
  Exchange exchange;
  exchange.head = head;
  exchange.body = body;
  exchange.client = {reinterpret_cast<const char*>(client_.bytes.data()), client_.bytes.size()};
  all_.handler_(exchange);
  if (state_ == State::kClosed) return;  // by a fault that the request itself has played
  begin_log(head, whole.size(), status_of(exchange.response));
  carry(exchange.lane, whole);
  go(std::move(exchange.way));
  if (impairment_) impairment_->begin_response();
  keep_alive_ = keep_alive_ && exchange.keep_alive;
  if (exchange.session) {
    state_ = State::kSession;
    deadline_us_ = 0;
    session_ = std::move(exchange.session);
    session_->begin(*this, std::move(exchange.response));
  } else {
    give_up_in(all_.limits_.write_stall_us);
    push(exchange.response);
    if (impairment_) {
      state_ = State::kFinishing;
      impairment_->end_response();
    } else if (!blocked_ && state_ == State::kRequests) {
      end_log(true);
      waiting_since_us_ = all_.schedule_.now_us();
      if (!keep_alive_) linger();
    }
  }
}

void Connection::refuse(const Framing& framing) {
  Refusal refusal{framing.status, std::string(framing.reason)};
  if (!framing.limit.empty()) {
    refusal = limit_reached(framing.status, std::move(refusal.sentence), framing.limit);
    ++all_.metrics_.refusals[framing.limit];
  }
  lanes_.begin_nothing();
  go(nullptr);
  keep_alive_ = false;
  push(refusal_response(refusal.status, refusal.sentence));
  if (blocked_ || state_ != State::kRequests) return;
  end_log(true);
  linger();
}

void Connection::begin_log(std::string_view head, std::size_t received_bytes, int status) {
  ++all_.metrics_.requests[status];
  if (!all_.log_.on()) return;
  logged_ = std::make_unique<LoggedRequest>();
  logged_->begun_us = all_.schedule_.now_us();
  logged_->address = peer_;
  logged_->request_line = head.substr(0, std::min(head.find_first_of("\r\n"), kMaxLoggedLine));
  logged_->status = status;
  logged_->received_bytes = received_bytes;
  logged_->sent_bytes = sent_bytes_;
}

void Connection::end_log(bool whole) {
  if (!logged_) return;
  logged_->duration_us = all_.schedule_.now_us() - logged_->begun_us;
  logged_->sent_bytes = sent_bytes_ - logged_->sent_bytes;
  logged_->whole = whole;
  all_.log_.add(*logged_);
  logged_.reset();
}

Sent Connection::send(std::span<const std::string_view> pieces) {
  if (state_ != State::kSession) return {SendStatus::kClosed, 0};
  if (impairment_ ? !impairment_->has_room() : blocked_) {
    session_waits_ = true;
    return {SendStatus::kBlocked, 0};
  }
  if (impairment_) {
    for (const std::string_view piece : pieces) impairment_->take(piece);
    return {SendStatus::kAccepted, pieces.size()};
  }
  pieces = pieces.first(std::min(pieces.size(), kPiecesPerCall));
  const ssize_t sent = transmit(pieces);
  if (sent < 0) return {SendStatus::kClosed, 0};

  auto left = static_cast<std::size_t>(sent);
  std::size_t taken = 0;
  for (; taken < pieces.size() && left >= pieces[taken].size(); ++taken) {
    left -= pieces[taken].size();
  }
  if (taken == pieces.size()) return {SendStatus::kAccepted, taken};
  if (left > 0) output_ = pieces[taken++].substr(left);
  wait_to_write();
  session_waits_ = true;
  return {SendStatus::kBlocked, taken};
}

void Connection::push(std::string_view bytes) {
  if (state_ == State::kClosed || state_ == State::kFinishing) return;
  if (impairment_) return impairment_->take(bytes);
  transmit_now(bytes);
}

void Connection::transmit_now(std::string_view bytes) {
  if (!blocked_) {
    const ssize_t sent = transmit({&bytes, 1});
    if (sent < 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
    if (bytes.empty()) return;
    wait_to_write();
  }
  output_ += bytes;
}

void Connection::finish() {
  if (state_ != State::kSession) return;
  state_ = State::kFinishing;
  give_up_in(all_.limits_.write_stall_us);
  if (impairment_) {
    impairment_->end_response();
  } else if (!blocked_) {
    all_.finished_.push_back(this);
  }
}

void Connection::resume() {
  if (state_ == State::kFinishing && !blocked_ && (!impairment_ || impairment_->empty())) {
    response_sent();
  }
}

void Connection::stop() {
  keep_alive_ = false;
  if (state_ == State::kRequests && !blocked_) close();
}

void Connection::on_writable() {
  if (!output_.empty()) {
    const std::string_view waiting = std::string_view(output_).substr(output_sent_);
    const ssize_t sent = transmit({&waiting, 1});
    if (sent < 0) return;
    output_sent_ += static_cast<std::size_t>(sent);
    // To move the rest with every write would cost a large answer's size squared.
    if (output_sent_ > output_.size() / 2) output_.erase(0, std::exchange(output_sent_, 0));
    if (!output_.empty()) {
      if (sent > 0 && deadline_us_ != 0) give_up_in(all_.limits_.write_stall_us);
      return;
    }
    output_.shrink_to_fit();
  }
  blocked_ = false;
  watch(UV_READABLE);
  if (impairment_) {
    impairment_->pump();
  } else if (state_ == State::kSession) {
    session_waits_ = false;
    session_->on_writable();
  } else {
    response_sent();
  }
}

// Through an impairment

void Connection::go(std::shared_ptr<Way> way) {
  if (way == way_) return;
  impairment_.reset();
  if (way_) way_->leave(*this);
  way_ = std::move(way);
  if (!way_) return;
  way_->join(*this);
  effects_changed();
}

void Connection::effects_changed() {
  if (!impairment_ && way_->effects().on_the_way()) {
    ImpairedSocket& socket = *this;
    impairment_ = std::make_unique<Impairment>(*way_, socket, all_.schedule_);
  } else if (impairment_) {
    impairment_->pump();
  }
  if (state_ != State::kClosed) watch(wanted_);
}

void Connection::impairment_moved() {
  if (state_ == State::kClosed) return;
  const bool sent = impairment_->empty() && !blocked_;
  const bool room = impairment_->has_room();
  if (impairment_->idle() && !blocked_) impairment_.reset();
  // Not now: what moved it may be another connection's request, whose handler is still running.
  if (state_ == State::kFinishing && sent) return all_.finished_.push_back(this);
  if (state_ == State::kSession && session_waits_ && room) {
    session_waits_ = false;
    session_->on_writable();
  }
}

void Connection::cut(bool reset) {
  if (state_ == State::kClosed) return;
  if (reset) {
    const struct linger now { 1, 0 };  // SO_LINGER with no time: RST instead of FIN
    setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  }
  close();
}

void Connection::close_in_order() {
  if (state_ == State::kSession) session_->end();
}

// On to the next request, or to the end.
void Connection::response_sent() {
  end_log(true);
  waiting_since_us_ = all_.schedule_.now_us();
  session_.reset();
  if (state_ == State::kFinishing) state_ = State::kRequests;
  if (!keep_alive_) return linger();
  receive({});
}

// Closing at once, with bytes of the peer unread, would reset the connection and take from the peer
// what it has not read yet.
void Connection::linger() {
  state_ = State::kLingering;
  give_up_in(all_.limits_.linger_us);
  shutdown(descriptor_, SHUT_WR);
}

ssize_t Connection::transmit(std::span<const std::string_view> pieces) {
  std::array<iovec, kPiecesPerCall> vectors;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    vectors[i] = {const_cast<char*>(pieces[i].data()), pieces[i].size()};
  }
  msghdr message{};
  message.msg_iov = vectors.data();
  message.msg_iovlen = pieces.size();
  const ssize_t sent = sendmsg(descriptor_, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent >= 0) {
    sent_bytes_ += static_cast<std::uint64_t>(sent);
    all_.metrics_.sent_bytes += static_cast<std::uint64_t>(sent);
    lanes_.sent(pieces, static_cast<std::size_t>(sent));
    return sent;
  }
  if (errno == EAGAIN || errno == EINTR || errno == ENOBUFS) return 0;
  close();
  return -1;
}

void Connection::wait_to_write() {
  blocked_ = true;
  watch(UV_WRITABLE);
}

void Connection::carry(const Lane& lane, std::string_view request) {
  lanes_.begin_request(lane, request);
  if (std::exchange(interim_sent_, false)) lanes_.sent(kContinue);
}

void Connection::watch(int events) {
  wanted_ = events;
  if (stalled()) events = 0;
  if (events == watched_ || state_ == State::kClosed) return;
  watched_ = events;
  if (events == 0) {
    uv_poll_stop(&poll_);
    return;
  }
  uv_poll_start(&poll_, events, [](uv_poll_t* handle, int status, int ready) {
    auto* connection = static_cast<Connection*>(handle->data);
    try {
      if (status < 0) return connection->on_reset();
      connection->on_poll(ready);
    } catch (const std::exception&) {  // out of memory: nothing may pass through libuv
      connection->close();
    }
  });
}

void Connection::give_up_in(std::int64_t us) { deadline_us_ = all_.schedule_.now_us() + us; }

}  // namespace playground::server
