#include "core/server/subscriber.h"

#include <array>
#include <cstddef>
#include <span>
#include <utility>

#include "core/server/channel.h"

namespace playground::server {
namespace {

constexpr std::size_t kPiecesPerSend = 64;

// How far a wrong id runs ahead of the messages: a reader that resumes there never gets those
// between.
constexpr std::uint64_t kControlIdAhead = 5;

}  // namespace

Subscriber::Subscriber(Channel& channel, WireFormat format, std::uint64_t cursor, bool control_ids)
    : channel_(&channel), cursor_(cursor), format_(format), control_ids_(control_ids) {}

std::optional<std::uint64_t> Subscriber::control_id() const {
  if (!control_ids_) return std::nullopt;
  return channel_->log().last() + kControlIdAhead;
}

Subscriber::~Subscriber() {
  if (channel_) channel_->remove(*this);
}

void Subscriber::begin(Outlet& outlet, std::string head) {
  outlet_ = &outlet;
  channel_->add(*this);
  send_from_log(std::move(head) + encode_record(channel_->greeting(), format_, control_id()));
}

void Subscriber::on_writable() {
  blocked_ = false;
  flush();
}

void Subscriber::send_heartbeat(const Heartbeat& heartbeat, std::string& encoded) {
  if (blocked_) return;
  std::string own;
  if (control_ids_) {
    own = encode_record(heartbeat, format_, control_id());
  } else if (encoded.empty()) {
    encoded = encode_record(heartbeat, format_);
  }
  const Piece piece{control_ids_ ? own : encoded};
  blocked_ = outlet_->send({&piece, 1}).status != SendStatus::kAccepted;
}

void Subscriber::end() { finish(end_of_stream(format_)); }

void Subscriber::finish(std::string_view last_bytes) {
  if (!channel_) return;
  outlet_->push({last_bytes});
  outlet_->finish();
  std::exchange(channel_, nullptr)->remove(*this);
}

// `lead` goes before the messages, in the same packet if it can.
void Subscriber::send_from_log(std::string lead) {
  if (!channel_ || blocked_) return;
  MessageLog& log = channel_->log();
  Metrics::ByTransport& counts = channel_->metrics().of(served(format_));
  if (cursor_ + 1 < log.first()) {
    counts.dropped += log.dropped_after(cursor_);
    lead += encode_record(Reset{log.first(), log.last()}, format_);
    cursor_ = log.first() - 1;
  }
  while (!lead.empty() || cursor_ < log.last()) {
    std::array<Piece, kPiecesPerSend> pieces;
    std::size_t count = 0;
    if (!lead.empty()) pieces[count++] = {lead};
    for (std::uint64_t seq = cursor_ + 1; seq <= log.last() && count < pieces.size(); ++seq) {
      pieces[count++] = {log.encoded(seq, format_), seq, seq};
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
    const std::int64_t now = channel_->now_us();
    for (std::size_t i = 0; i < sent.pieces; ++i) counts.delay.record(now - log.sent_us(++cursor_));
    counts.messages += sent.pieces;
    if (sent.status != SendStatus::kAccepted) {
      blocked_ = true;
      return;
    }
  }
}

}  // namespace playground::server
