#include "core/client/codec.h"

#include "core/client/settings.h"
#include "core/json.h"
#include "core/json_pointer.h"
#include "core/json_text.h"
#include "core/poll/batch.h"
#include "core/timestamp.h"

namespace playground::client {
namespace {

Item item_of(const Message& message, const Item& piece) {
  return {message.payload, piece.event, piece.id, false, message.seq, message.sent_us};
}

class PlaygroundCodec final : public Codec {
 public:
  Request request(const FeedSpec& spec, const Cursor& cursor, bool first) const override {
    const Endpoint& endpoint = spec.endpoint;
    const TransportInfo& transport = info(spec.transport);
    Request request;
    request.url = endpoint.address(spec.transport);
    request.url.append("/").append(transport.path()).append("?after=");
    append_number(cursor.offset, request.url);
    if (!cursor.epoch.empty()) request.url.append("-").append(cursor.epoch);
    request.url.append("&lane=").append(endpoint.lane);
    if (transport.holds()) {
      // The first is not held: its answer shows that the way is open.
      request.url += "&timeout=";
      append_number(first ? 0 : endpoint.long_poll_timeout_s, request.url);
    }
    if (endpoint.plain_headers && transport.streams()) request.url += "&plain_headers=1";
    request.event_names = {"greeting", "heartbeat", "reset"};
    return request;
  }

  std::optional<InputError> read(const Endpoint&, const Item& piece, FeedEvents& events,
                                 Micros now) const override {
    const auto record = parse_record(piece.data);
    if (!record) return record.error();
    if (const auto* message = std::get_if<Message>(&*record)) {
      events.on_delivered(item_of(*message, piece), now);
    } else if (const auto* greeting = std::get_if<Greeting>(&*record)) {
      events.on_delivered(Opening{greeting->heartbeat_s, greeting->epoch, greeting->server}, now);
    } else if (const auto* heartbeat = std::get_if<Heartbeat>(&*record)) {
      events.on_delivered(*heartbeat, now);
    } else {
      events.on_delivered(std::get<Reset>(*record), now);
    }
    return std::nullopt;
  }

  std::optional<InputError> read_answer(const Endpoint&, std::string_view body, Cursor& cursor,
                                        FeedEvents& events, Micros now) const override {
    const auto batch = poll::parse_batch(body);
    if (!batch) return batch.error();
    if (batch->epoch != cursor.epoch || (!kOneServer && !batch->server.empty())) {
      events.on_delivered(Opening{{}, batch->epoch, batch->server}, now);
    }
    if (batch->reset) events.on_delivered(*batch->reset, now);
    for (const Message& message : batch->messages) {
      events.on_delivered(item_of(message, {}), now);
    }
    // A server that was reset answers with a smaller number: it is believed.
    cursor.offset = batch->last;
    cursor.epoch = batch->epoch;
    return std::nullopt;
  }

  bool has_greeting() const override { return true; }
};

class PlainCodec final : public Codec {
 public:
  Request request(const FeedSpec& spec, const Cursor& cursor, bool) const override {
    const Endpoint& endpoint = spec.endpoint;
    Request request;
    request.url = endpoint.address(spec.transport);
    request.method = endpoint.method;
    request.body = endpoint.body;
    request.content_type = endpoint.content_type;
    request.header_fields = endpoint.header_fields;
    request.event_names = endpoint.event_names;
    request.subprotocols = endpoint.subprotocols;
    // As an EventSource asks (WHATWG HTML 9.2.2): some servers depend on it.
    if (info(spec.transport).served == Served::kEventStream) {
      request.header_fields.push_back({"Accept", "text/event-stream"});
    }
    if (!cursor.last_event_id.empty()) {
      request.header_fields.push_back({"Last-Event-ID", cursor.last_event_id});
    }
    return request;
  }

  std::optional<InputError> read(const Endpoint& endpoint, const Item& piece, FeedEvents& events,
                                 Micros now) const override {
    Item item = piece;
    if ((endpoint.time_at || endpoint.number_at) && !piece.binary) find_in(endpoint, item);
    events.on_delivered(item, now);
    return std::nullopt;
  }

  std::optional<InputError> read_answer(const Endpoint& endpoint, std::string_view body, Cursor&,
                                        FeedEvents& events, Micros now) const override {
    return read(endpoint, {body}, events, now);
  }

  bool has_greeting() const override { return false; }

 private:
  static void find_in(const Endpoint& endpoint, Item& item) {
    const Json json = parse_json(item.data);
    const Json* time = endpoint.time_at ? find_at(json, *endpoint.time_at) : nullptr;
    if (time != nullptr) item.sent_us = unix_micros(*time);
    const Json* number = endpoint.number_at ? find_at(json, *endpoint.number_at) : nullptr;
    if (number == nullptr) return;
    // Some write their numbers as text, so that no reader loses digits. Ours begin at 1.
    auto count = number->count();
    if (number->text() != nullptr) count = parse_json(*number->text()).count();
    if (count && *count < kMostNumber) item.seq = *count + 1;
  }
  // What a picture and a script can still tell apart from the next (2^53).
  static constexpr std::uint64_t kMostNumber = std::uint64_t{1} << 53;
};

}  // namespace

const Codec& codec(CodecId id) {
  static const PlaygroundCodec playground;
  if (kSimulatedOnly || id == CodecId::kPlayground) return playground;
  static const PlainCodec plain;
  return plain;
}

}  // namespace playground::client
