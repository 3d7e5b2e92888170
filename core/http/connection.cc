#include "core/http/connection.h"

#include <algorithm>
#include <utility>

#include "core/http/message.h"
#include "core/server/api_text.h"
#include "core/server/log.h"

namespace playground::http {

using server::Piece;
using server::SendStatus;
using server::Sent;

constexpr std::size_t kMaxLoggedLine = 2048;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::string_view kMaxReadersPerAddress = "--max-subscribers-per-address";
constexpr std::string_view kMaxRequests = "--max-requests-per-second";

// Has the place of a session, but is none yet.
class Connection::Asked final : public server::Session {
 public:
  explicit Asked(std::string_view whole) : request(std::make_shared<std::string>(whole)) {}

  void begin(Outlet&, std::string) override {}
  void end() override {}

  std::shared_ptr<std::string> request;  // goes with this, which whoever calls back can see
  server::Waited waited = server::Waited::kNot;
};

Connection::Connection(Connections& all, Socket& socket)
    : all_(all), socket_(socket), lanes_(all.schedule_) {
  wait(Wait::kRequest);
}

Connection::~Connection() {
  all_.leave_place(place_);
  if (path_) path_->leave(*this);
}

void Connection::cut(bool reset) {
  if (state_ == State::kClosed) return;
  state_ = State::kClosed;
  if (session_) session_->on_peer_end(reset);
  end_log(false);
  // It may be the impairment that closes it: that and its path stay as long as the connection.
  if (path_) path_->leave(*this);
  all_.waiting(wait_).leave(*this);
  std::replace(all_.finished_.begin(), all_.finished_.end(), this,
               static_cast<Connection*>(nullptr));
  socket_.close(reset);
}

void Connection::on_bytes(std::string_view bytes) {
  if (state_ == State::kClosed) return;
  all_.metrics_.received_bytes += bytes.size();
  if (state_ != State::kLingering) receive(bytes);
}

void Connection::on_end(bool reset) {
  if (session_ && state_ != State::kClosed) session_->on_peer_end(reset);
  close();
}

void Connection::receive(std::string_view bytes) {
  if (offer_to_session(bytes)) return;
  // What comes early is kept if a request may follow, up to the size that a request may have.
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
      wait(Wait::kRequest);
      break;
    }
    const Framing framing = frame_request(rest, all_.limits_);
    if (framing.state == Framing::State::kRefused) {
      server::Request unread;
      socket_.identify(unread);
      begin_log(rest, rest.size(), framing.status);
      refuse(framing.status, std::string(framing.reason), framing.limit);
      return bytes.size();
    }
    if (framing.state == Framing::State::kNeedMore) {
      if (wait_ != Wait::kRestOfRequest) wait(Wait::kRestOfRequest);
      if (framing.head_known() && awaited_bytes_ == 0) {
        awaited_bytes_ = framing.total_bytes();
        const bool body_begun = rest.size() > framing.skipped + framing.head_bytes;
        if (framing.expects_continue && !body_begun) {
          lanes_.begin_nothing();
          interim_sent_ = true;
          push({kContinue});
        }
      }
      break;
    }
    used += framing.total_bytes();
    awaited_bytes_ = 0;
    answer(rest.substr(0, framing.total_bytes()), framing);
  }
  // After a request that has begun a WebSocket come its first frames.
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

void Connection::answer(std::string_view whole, const Framing& framing, server::Waited waited) {
  wait(Wait::kReader);
  const std::string_view head = whole.substr(framing.skipped, framing.head_bytes);
  server::Exchange exchange;
  exchange.head = head;
  exchange.request = read_request(head);
  exchange.request.field_names = framing.field_names;
  exchange.request.body = whole.substr(framing.skipped + framing.head_bytes);
  socket_.identify(exchange.request);
  exchange.now_us = all_.schedule_.now_us();
  exchange.request.waited = waited;
  if (waited == server::Waited::kNot && !all_.admits(exchange.request.client)) {
    begin_log(head, whole.size(), 429);
    return refuse(429, "the address makes too many requests a second", kMaxRequests);
  }
  all_.handler_(exchange);
  if (state_ == State::kClosed) return;  // by a fault that the request itself has begun
  if (server::kMayShare && exchange.later) return answer_later(exchange.later, whole);
  if (exchange.session && !(place_ = all_.take_place(exchange.request.client))) {
    begin_log(head, whole.size(), 503);
    return refuse(503, "the address has as many streams and held polls as the server allows it",
                  kMaxReadersPerAddress);
  }
  begin_log(head, whole.size(), read_status(exchange.response));
  lanes_.begin_request(exchange.lane, whole);
  if (std::exchange(interim_sent_, false)) {
    lanes_.hand_over({kContinue});
    lanes_.sent(kContinue);
  }
  go(std::move(exchange.response_path));
  if (impairment_) impairment_->begin_response();
  keep_alive_ = keep_alive_ && exchange.keep_alive;
  if (exchange.session) {
    state_ = State::kSession;
    wait(Wait::kNothing);
    session_ = std::move(exchange.session);
    session_->begin(*this, std::move(exchange.response));
  } else {
    push({exchange.response, exchange.messages});
    if (impairment_) {
      state_ = State::kFinishing;
      impairment_->end_response();
    } else if (!blocked_ && state_ == State::kRequests) {
      end_log(true);
      if (!keep_alive_) linger();
    }
  }
}

void Connection::answer_later(const server::Later& later, std::string_view whole) {
  auto asked = std::make_unique<Asked>(whole);
  state_ = State::kAsked;
  later([this, &asked = *asked, request = std::weak_ptr(asked->request)](server::Waited waited) {
    if (request.expired() || state_ != State::kAsked) return;
    asked.waited = waited;
    resume_later();
  });
  session_ = std::move(asked);
}

void Connection::answer_again() {
  const auto session = std::move(session_);
  const auto& asked = static_cast<const Asked&>(*session);
  state_ = State::kRequests;
  const std::string_view whole = *asked.request;
  answer(whole, frame_request(whole, all_.limits_), asked.waited);
  if (state_ == State::kSession || state_ == State::kRequests) receive(std::exchange(input_, {}));
}

void Connection::refuse(int status, std::string sentence, std::string_view limit) {
  if (!limit.empty()) {
    sentence = server::limit_sentence(std::move(sentence), limit);
    ++all_.metrics_.refusals[limit];
  }
  wait(Wait::kReader);
  lanes_.begin_nothing();
  go(nullptr);
  keep_alive_ = false;
  push({refusal_response(status, sentence, all_.schedule_.now_us())});
  if (blocked_ || state_ != State::kRequests) return;
  end_log(true);
  linger();
}

void Connection::begin_log(std::string_view head, std::size_t received_bytes, int status) {
  ++all_.metrics_.requests[status];
  if (all_.log_ == nullptr) return;
  logged_ = std::make_unique<LoggedRequest>();
  logged_->begun_us = all_.schedule_.now_us();
  logged_->address = socket_.asker();
  logged_->request_line = head.substr(0, std::min(head.find_first_of("\r\n"), kMaxLoggedLine));
  logged_->status = status;
  logged_->received_bytes = received_bytes;
}

void Connection::end_log(bool whole) {
  if (!logged_) return;
  logged_->duration_us = all_.schedule_.now_us() - logged_->begun_us;
  logged_->whole = whole;
  all_.log_->add(*logged_);
  logged_.reset();
}

// Sending

Sent Connection::send(std::span<const Piece> pieces) {
  if (state_ != State::kSession) return {SendStatus::kClosed, 0};
  if (impairment_ ? !impairment_->has_room() : blocked_) {
    session_waits_ = true;
    return {SendStatus::kBlocked, 0};
  }
  if (impairment_) {
    for (const Piece& piece : pieces) take(piece);
    return {SendStatus::kAccepted, pieces.size()};
  }
  const auto sent = transmit(pieces);
  if (!sent) return {SendStatus::kClosed, 0};

  std::size_t left = *sent;
  std::size_t taken = 0;
  for (; taken < pieces.size() && left >= pieces[taken].bytes.size(); ++taken) {
    left -= pieces[taken].bytes.size();
  }
  const bool all = taken == pieces.size();
  if (left > 0) output_ = pieces[taken++].bytes.substr(left);
  for (const Piece& piece : pieces.first(taken)) lanes_.hand_over(piece);
  if (all) return {SendStatus::kAccepted, taken};
  wait_to_write();
  session_waits_ = true;
  return {SendStatus::kBlocked, taken};
}

void Connection::push(const Piece& piece) {
  if (state_ == State::kClosed || state_ == State::kFinishing) return;
  if (impairment_) return take(piece);
  lanes_.hand_over(piece);
  transmit_now(piece.bytes);
}

void Connection::take(const Piece& piece) {
  lanes_.hand_over(piece);
  impairment_->take(piece.bytes);
  if (!impairment_->has_room()) want(wanted_);
}

bool Connection::admit_message() { return all_.admits(socket_.client()); }

void Connection::transmit_now(std::string_view bytes) {
  if (!blocked_) {
    const Piece piece{bytes};
    const auto sent = transmit({&piece, 1});
    if (!sent) return;
    bytes.remove_prefix(*sent);
    if (bytes.empty()) return;
    wait_to_write();
  }
  output_ += bytes;
}

void Connection::finish() {
  if (state_ != State::kSession) return;
  state_ = State::kFinishing;
  wait(Wait::kReader);
  if (impairment_) {
    impairment_->end_response();
  } else if (!blocked_) {
    resume_later();
  }
}

// Not now: what has finished may be on the stack, or another connection's request whose handler is
// still running.
void Connection::resume_later() {
  all_.finished_.push_back(this);
  all_.resume_.set(all_.schedule_.now_us());
}

void Connection::resume() {
  if (server::kMayShare && state_ == State::kAsked) return answer_again();
  if (state_ == State::kFinishing && !blocked_ && (!impairment_ || impairment_->empty())) {
    response_sent();
  }
}

void Connection::stop() {
  keep_alive_ = false;
  if (state_ == State::kRequests && !blocked_) close();
}

void Connection::on_room() {
  if (state_ == State::kClosed) return;
  if (!output_.empty()) {
    const Piece waiting{std::string_view(output_).substr(output_sent_)};
    const auto sent = transmit({&waiting, 1});
    if (!sent) return;
    output_sent_ += *sent;
    // Moving the rest after every write would cost the square of a large answer's size.
    if (output_sent_ > output_.size() / 2) output_.erase(0, std::exchange(output_sent_, 0));
    if (!output_.empty()) {
      if (*sent > 0 && wait_ == Wait::kReader) wait(Wait::kReader);
      return;
    }
    output_.shrink_to_fit();
  }
  blocked_ = false;
  want(Socket::Wants::kBytes);
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

void Connection::go(std::shared_ptr<server::ResponsePath> path) {
  if (path == path_) return;
  impairment_.reset();
  if (path_) path_->leave(*this);
  path_ = std::move(path);
  if (!path_) return;
  path_->join(*this);
  effects_changed();
}

void Connection::effects_changed() {
  if (!impairment_ && path_->effects().on_the_path()) {
    server::ImpairedSocket& socket = *this;
    impairment_ = std::make_unique<server::Impairment>(*path_, socket, all_.schedule_);
  } else if (impairment_) {
    impairment_->pump();
  }
  if (state_ != State::kClosed) want(wanted_);
}

void Connection::impairment_moved() {
  if (state_ == State::kClosed) return;
  const bool sent = impairment_->empty() && !blocked_;
  const bool room = impairment_->has_room();
  if (impairment_->idle() && !blocked_) impairment_.reset();
  if (room) want(wanted_);
  if (state_ == State::kFinishing && sent) return resume_later();
  if (state_ == State::kSession && session_waits_ && room) {
    session_waits_ = false;
    session_->on_writable();
  }
}

void Connection::close_in_order() {
  if (state_ == State::kSession) session_->end();
}

// On to the next request, or to the end.
void Connection::response_sent() {
  end_log(true);
  session_.reset();
  all_.leave_place(place_);
  if (state_ == State::kFinishing) state_ = State::kRequests;
  if (!keep_alive_) return linger();
  receive({});
}

// Closing at once, with the peer's bytes unread, would reset the connection, and the peer would
// lose what it has not read yet.
void Connection::linger() {
  state_ = State::kLingering;
  wait(Wait::kEnd);
  socket_.end();
}

std::optional<std::size_t> Connection::transmit(std::span<const Piece> pieces) {
  const auto sent = socket_.write(pieces);
  if (!sent) {
    on_end(/*reset=*/true);
    return std::nullopt;
  }
  if (logged_) logged_->sent_bytes += *sent;
  all_.metrics_.sent_bytes += *sent;
  lanes_.sent(pieces, *sent);
  return sent;
}

void Connection::wait_to_write() {
  blocked_ = true;
  want(Socket::Wants::kRoom);
}

void Connection::want(Socket::Wants wants) {
  wanted_ = wants;
  socket_.want(listens() ? wants : Socket::Wants::kNothing);
}

bool Connection::listens() const {
  if (path_ && path_->effects().stall) return false;
  return wanted_ == Socket::Wants::kRoom || !impairment_ || impairment_->has_room();
}

}  // namespace playground::http
