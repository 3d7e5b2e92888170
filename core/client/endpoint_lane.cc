#include "core/client/endpoint_lane.h"

#include <utility>

namespace playground::client {
namespace {

// The beginning of a text in UTF-8, which is not cut inside a character.
std::string_view beginning(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0) == 0x80) --most;
  return text.substr(0, most);
}

std::string hexadecimal(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char each : bytes) {
    const auto byte = static_cast<unsigned char>(each);
    if (!text.empty()) text += ' ';
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

}  // namespace

EndpointLane::EndpointLane(std::shared_ptr<const EndpointSettings> settings, Dispatcher& dispatcher,
                           LaneContext& run, LaneNews& news)
    : settings_(std::move(settings)),
      dispatcher_(dispatcher),
      run_(run),
      news_(news),
      diagnosis_(settings_->feed, dispatcher, *this) {}

void EndpointLane::stop(Micros now) {
  diagnosis_.stop();
  post_.cancel();
  lane_->stop(now);
}

EndpointLane::Entry& EndpointLane::add(Entry::Kind kind, std::string_view text, Micros now) {
  Entry& entry = entries_[++entered_ % kMaxEntries];
  entry = {};
  entry.kind = kind;
  entry.number = entered_;
  entry.at = now;
  entry.text = beginning(text, kMaxText);
  entry.size = text.size();
  return entry;
}

void EndpointLane::seen(const Seen& seen, Micros now) {
  const bool polls = info(settings_->feed.transport).polls();
  switch (seen.what) {
    case Seen::What::kAsked:
      diagnosis_.asked(seen.text);
      // Of polls, one is like the other.
      if (!polls) add(Entry::Kind::kAsked, "", now).id = seen.text;
      break;
    case Seen::What::kHead: {
      const auto status = static_cast<int>(seen.number);
      const bool same = std::exchange(status_, status) == status && has_head_;
      diagnosis_.head(status, seen.text);
      has_head_ = true;
      fields_ = beginning(seen.text, kMaxFields);
      if (!polls || !same) add(Entry::Kind::kHead, "", now).status = status;
      break;
    }
    case Seen::What::kBytes:
      bytes_ += seen.number;
      last_bytes_at_ = now;
      break;
    case Seen::What::kComment:
      ++comments_;
      add(Entry::Kind::kComment, seen.text, now);
      break;
    case Seen::What::kRetry:
      retry_ms_ = seen.number;
      add(Entry::Kind::kRetry, "", now).size = seen.number;
      break;
    case Seen::What::kEnded:
      add(Entry::Kind::kEnded, seen.text, now).status = static_cast<int>(seen.number);
      break;
  }
}

void EndpointLane::item_came(const Item& item, Micros now) {
  constexpr std::size_t kMaxHex = kMaxText / 3;
  ++items_;
  const Endpoint& endpoint = settings_->feed.endpoint;
  if (endpoint.number_at && !item.seq) ++unnumbered_;
  if (item.sent_us && *item.sent_us - server_offset() > now) ++early_;
  last_event_id_ = item.id;
  Entry& entry = add(Entry::Kind::kItem, item.binary ? "" : item.data, now);
  entry.size = item.data.size();
  entry.binary = item.binary;
  if (item.binary) entry.text = hexadecimal(item.data.substr(0, kMaxHex));
  entry.event = beginning(item.event, kMaxText);
  entry.id = beginning(item.id, kMaxText);
  if (last_item_at_) entry.since = now - *last_item_at_;
  last_item_at_ = now;
}

std::string EndpointLane::send(std::string_view text, Micros now) {
  if (!info(settings_->feed.transport).two_way()) return post(text, now);
  if (!lane_->lane().send(text)) return "The WebSocket is not open.";
  add(Entry::Kind::kSent, text, now);
  return {};
}

std::string EndpointLane::post(std::string_view text, Micros now) {
  if (settings_->send_to.empty())
    return "The endpoint has no sendTo: an address that takes a POST.";
  if (post_) return "The POST before is not answered yet.";
  Request request;
  request.method = "POST";
  request.url = settings_->send_to;
  request.body = text;
  request.content_type = settings_->send_type;
  request.header_fields = settings_->feed.endpoint.header_fields;
  post_ = Question(dispatcher_, request, kAnswerWithin, [this](const Reply& reply, Micros at) {
    const bool answered = reply.answered();
    add(Entry::Kind::kAnswered, answered ? reply.answer.body : "no answer that the page may read",
        at)
        .status = answered ? reply.answer.status : 0;
  });
  add(Entry::Kind::kSent, text, now);
  return {};
}

}  // namespace playground::client
