#include "core/server/check/probe_session.h"

#include <algorithm>
#include <utility>

#include "core/event_stream/encoder.h"
#include "core/json_text.h"
#include "core/probe_pad.h"
#include "core/server/pending_answer.h"
#include "core/websocket/frame.h"

namespace playground::server {

using websocket::DecodeError;
using websocket::Opcode;

constexpr std::size_t kFillPad = 16 * 1024;
constexpr std::string_view kMaxMessage = "--max-message";
constexpr std::string_view kMaxRequests = "--max-requests-per-second";

ProbeSession::ProbeSession(Roster<ProbeSession>& all, Schedule& schedule, Probe probe,
                           std::shared_ptr<SeenProbe> seen, std::string client)
    : probe_(std::move(probe)),
      seen_(std::move(seen)),
      schedule_(schedule),
      client_(std::move(client)),
      alarm_(schedule, [this] { on_due(); }) {
  all.join(*this);
}

void ProbeSession::on_peer_end(bool reset) {
  seen_->ended(reset ? SeenEnd::kPeerReset : SeenEnd::kPeerFin, now_us());
  alarm_.cancel();
  outlet_ = nullptr;
}

void ProbeSession::finish(std::string_view last_bytes) {
  Outlet* const outlet = std::exchange(outlet_, nullptr);
  if (!outlet) return;
  alarm_.cancel();
  seen_->ended(SeenEnd::kAnswered, now_us());
  if (!last_bytes.empty()) outlet->push({last_bytes});
  outlet->finish();
}

void ProbeSession::cut(bool reset) {
  seen_->ended(SeenEnd::kCut, now_us());
  if (Outlet* const outlet = std::exchange(outlet_, nullptr)) outlet->cut(reset);
}

void HeldProbe::begin(Outlet& outlet, std::string head) {
  outlet_ = &outlet;
  head_ = std::move(head);
  wake_at(now_us() + probe_.hold_us);
}

void HeldProbe::answer() {
  Outlet* const outlet = std::exchange(outlet_, nullptr);
  if (!outlet) return;
  ++seen_->writes;
  seen_->ended(SeenEnd::kAnswered, now_us());
  std::string body;
  JsonObject(body).add("n", 0).add("sent_us", now_us());
  respond(*outlet, std::move(head_), body);
}

ProbeStream::ProbeStream(Roster<ProbeSession>& all, Schedule& schedule, Probe probe,
                         std::shared_ptr<SeenProbe> seen, std::string client, WireFormat format,
                         std::size_t max_message_bytes)
    : ProbeSession(all, schedule, std::move(probe), std::move(seen), std::move(client)),
      format_(format),
      decoder_(websocket::Role::kServer, max_message_bytes) {}

void ProbeStream::begin(Outlet& outlet, std::string head) {
  outlet_ = &outlet;
  began_us_ = last_us_ = now_us();
  // The head goes out by itself: what is due at 0 is a write of its own.
  outlet.push({head});
  on_due();
}

void ProbeStream::on_due() {
  const std::int64_t now = now_us();
  while (outlet_ && next_ < probe_.writes_us.size() && began_us_ + probe_.writes_us[next_] <= now) {
    const std::string write = written(probe_pad(number_, probe_.pad));
    ++next_;
    outlet_->push({write});
  }
  if (!outlet_) return;
  const bool done = next_ == probe_.writes_us.size();
  if (done && probe_.fill_us > 0) return fill();
  if (done && probe_.end != ProbeEnd::kStay) return end_as_asked();
  if (probe_.beat != Beat::kNone && last_us_ + probe_.beat_us <= now) {
    ++seen_->beats;
    last_us_ = now;
    const std::string bytes = beat();
    outlet_->push({bytes});
    if (!outlet_) return;
  }
  const std::int64_t ends = began_us_ + Probe::kLongest;
  if (now >= ends) return end();
  std::int64_t next = done ? ends : began_us_ + probe_.writes_us[next_];
  if (probe_.beat != Beat::kNone) next = std::min(next, last_us_ + probe_.beat_us);
  wake_at(next);
}

// As much as the reader takes: it says when it has room again.
void ProbeStream::fill() {
  const std::string pad = probe_pad(0, kFillPad);
  const std::int64_t until = began_us_ + probe_.writes_us.back() + probe_.fill_us;
  while (outlet_) {
    if (now_us() >= until || filled_ >= Probe::kMaxFilled) return end_as_asked();
    const std::string write = written(pad);
    filled_ += write.size();
    const Piece piece{write};
    const Sent sent = outlet_->send({&piece, 1});
    if (sent.pieces == 0) {
      --number_;
      --seen_->writes;
    }
    // Another turn of the loop: others have their readers too.
    if (sent.status == SendStatus::kAccepted && filled_ % (1 << 20) > kFillPad) continue;
    return wake_at(sent.status == SendStatus::kAccepted ? now_us() : until);
  }
}

void ProbeStream::on_writable() {
  if (next_ == probe_.writes_us.size() && probe_.fill_us > 0) on_due();
}

void ProbeStream::end_as_asked() {
  if (probe_.end == ProbeEnd::kClose) return finish(last_bytes());
  cut(probe_.end == ProbeEnd::kReset);
}

bool ProbeStream::on_bytes(std::string_view bytes) {
  if (!is_websocket()) return false;
  const DecodeError error = decoder_.feed(bytes, *this);
  if (error != DecodeError::kNone) finish(websocket::close_frame_for(error, kMaxMessage));
  return true;
}

void ProbeStream::on_message(Opcode, std::string_view payload) {
  if (!outlet_) return;
  if (!outlet_->admit_message()) {
    std::string close;
    websocket::encode_close(websocket::CloseCode::kPolicyViolation, kMaxRequests, close);
    return finish(close);
  }
  ++seen_->messages;
  seen_->bytes += payload.size();
  const std::string answer = framed(text("received", payload.size(), {}));
  outlet_->push({answer});
}

void ProbeStream::on_ping(std::string_view payload) {
  if (!outlet_) return;
  std::string pong;
  websocket::encode_frame(Opcode::kPong, payload, pong);
  outlet_->push({pong});
}

void ProbeStream::on_pong(std::string_view) { ++seen_->pongs; }

void ProbeStream::on_close(std::uint16_t code, std::string_view) {
  seen_->ended(SeenEnd::kPeerClose, now_us());
  finish(websocket::answer_to_close(code));
}

std::string ProbeStream::text(std::string_view what, std::uint64_t number,
                              std::string_view pad) const {
  std::string out;
  JsonObject object(out);
  object.add(what, number).add("sent_us", now_us());
  if (!pad.empty()) object.add("pad", pad);
  return out;
}

std::string ProbeStream::framed(std::string_view text, std::string_view id) const {
  std::string out;
  std::string plain;
  switch (format_) {
    case WireFormat::kWebSocket:
      websocket::encode_frame(Opcode::kText, text, out);
      return out;
    case WireFormat::kEventStream:
    case WireFormat::kEventStreamPlain:
      event_stream::encode({{}, text, id}, plain);
      break;
    default:
      plain.append(text).append("\n");
  }
  if (is_chunked(format_)) {
    append_chunk(plain, out);
    return out;
  }
  return plain;
}

std::string ProbeStream::written(std::string_view pad) {
  ++seen_->writes;
  last_us_ = now_us();
  const std::uint64_t n = number_++;
  return framed(text("n", n, pad), std::to_string(n));
}

std::string ProbeStream::beat() const {
  if (is_websocket() && (probe_.beat == Beat::kPing || probe_.beat == Beat::kPong)) {
    std::string out;
    websocket::encode_frame(probe_.beat == Beat::kPing ? Opcode::kPing : Opcode::kPong, {}, out);
    return out;
  }
  if (probe_.beat == Beat::kEvent || is_websocket()) {
    return framed(text("beat", seen_->beats, {}), std::to_string(number_));
  }
  const bool events = served(format_) == Served::kEventStream;
  const std::string_view comment = events ? ":\n\n" : "\n";
  if (!is_chunked(format_)) return std::string(comment);
  std::string out;
  append_chunk(comment, out);
  return out;
}

std::string ProbeStream::last_bytes() const {
  if (!is_websocket()) return end_of_stream(format_);
  std::string out;
  websocket::encode_close(websocket::CloseCode::kNormalClosure, "", out);
  return out;
}

}  // namespace playground::server
