#include "core/server/subscriber.h"

#include <array>
#include <cstddef>
#include <span>
#include <utility>

namespace playground::server {

constexpr std::size_t kPiecesPerSend = 64;

// How far a wrong id runs ahead of the messages: a reader that resumes there never gets those
// between.
constexpr std::uint64_t kControlIdAhead = 5;

Subscriber::Subscriber(Audience& audience, WireFormat format, std::uint64_t cursor, Manner manner)
    : audience_(&audience), cursor_(cursor), format_(format), manner_(manner) {}

std::optional<std::string> Subscriber::control_id() const {
  if (!manner_.control_ids) return std::nullopt;
  return std::to_string(audience_->log().last() + kControlIdAhead);
}

Subscriber::~Subscriber() {
  if (audience_) audience_->leave(*this);
}

void Subscriber::begin(Outlet& outlet, std::string head) {
  outlet_ = &outlet;
  audience_->join(*this);
  send_from_log(std::move(head) + encode_record(audience_->greeting(), format_, control_id()));
}

void Subscriber::on_writable() {
  blocked_ = false;
  flush();
}

void Subscriber::send_heartbeat(const Heartbeat& heartbeat, std::string& encoded) {
  if (blocked_ || reading_) return;
  std::string own;
  if (manner_.control_ids) {
    own = encode_record(heartbeat, format_, control_id());
  } else if (encoded.empty()) {
    encoded = encode_record(heartbeat, format_);
  }
  const Piece piece{manner_.control_ids ? own : encoded};
  blocked_ = outlet_->send({&piece, 1}).status != SendStatus::kAccepted;
}

void Subscriber::end() { finish(end_of_stream(format_)); }

void Subscriber::finish(std::string_view last_bytes) {
  if (!audience_) return;
  reading_.reset();
  outlet_->push({last_bytes});
  outlet_->finish();
  std::exchange(audience_, nullptr)->leave(*this);
}

void Subscriber::send_from_log(std::string lead) {
  if (!audience_ || blocked_ || reading_) return;
  LogWindow& window = audience_->log().window();
  if (cursor_ + 1 < window.first()) return read_back(std::move(lead));
  send(window, std::move(lead));
}

// Precondition: the cursor is at the messages' beginning, or among them.
void Subscriber::send(LogWindow& messages, std::string lead) {
  Metrics::ByTransport& counts = audience_->metrics().of(served(format_));
  while (!lead.empty() || cursor_ < messages.last()) {
    std::array<Piece, kPiecesPerSend> pieces;
    std::size_t count = 0;
    if (!lead.empty()) pieces[count++] = {lead};
    for (std::uint64_t seq = cursor_ + 1; seq <= messages.last() && count < pieces.size(); ++seq) {
      pieces[count++] = {messages.encoded(seq, format_), {seq, seq}};
    }

    Sent sent = outlet_->send(std::span(pieces).first(count));
    if (!lead.empty()) {
      if (sent.pieces == 0) {
        outlet_->push({lead});
      } else {
        --sent.pieces;
      }
      lead.clear();
    }
    const std::int64_t now = audience_->now_us();
    for (std::size_t i = 0; i < sent.pieces; ++i) {
      counts.delay.record(now - messages.sent_us(++cursor_));
    }
    counts.messages += sent.pieces;
    if (sent.status != SendStatus::kAccepted) {
      blocked_ = true;
      return;
    }
  }
}

void Subscriber::read_back(std::string lead) {
  reading_ = std::make_shared<std::string>(std::move(lead));
  audience_->log().read(cursor_, [this, reading = std::weak_ptr(reading_)](LogWindow messages) {
    if (reading.expired()) return;
    const auto waited = std::exchange(reading_, nullptr);
    send_older(messages, std::move(*waited));
  });
  // The log answers later: the lead need not wait.
  if (reading_ && !reading_->empty()) {
    const std::string waiting = std::exchange(*reading_, {});
    outlet_->push({waiting});
  }
}

void Subscriber::send_older(LogWindow& messages, std::string lead) {
  if (cursor_ + 1 < messages.first()) {
    audience_->metrics().of(served(format_)).dropped += messages.dropped_after(cursor_);
    lead += encode_record(Reset{messages.first(), audience_->log().last()}, format_);
    cursor_ = messages.first() - 1;
  }
  if (cursor_ < messages.last()) send(messages, std::exchange(lead, {}));
  send_from_log(std::move(lead));
}

}  // namespace playground::server
