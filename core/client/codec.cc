#include "core/client/codec.h"

#include "core/json_text.h"
#include "core/poll/batch.h"

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

  std::optional<InputError> read(const Item& piece, FeedEvents& events, Micros now) const override {
    const auto record = parse_record(piece.data);
    if (!record) return record.error();
    if (const auto* message = std::get_if<Message>(&*record)) {
      events.on_delivered(item_of(*message, piece), now);
    } else if (const auto* greeting = std::get_if<Greeting>(&*record)) {
      events.on_delivered(Opening{greeting->heartbeat_s, greeting->epoch}, now);
    } else if (const auto* heartbeat = std::get_if<Heartbeat>(&*record)) {
      events.on_delivered(*heartbeat, now);
    } else {
      events.on_delivered(std::get<Reset>(*record), now);
    }
    return std::nullopt;
  }

  std::optional<InputError> read_answer(std::string_view body, Cursor& cursor, FeedEvents& events,
                                        Micros now) const override {
    const auto batch = poll::parse_batch(body);
    if (!batch) return batch.error();
    if (batch->epoch != cursor.epoch) events.on_delivered(Opening{{}, batch->epoch}, now);
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

  std::optional<InputError> read(const Item& piece, FeedEvents& events, Micros now) const override {
    events.on_delivered(piece, now);
    return std::nullopt;
  }

  std::optional<InputError> read_answer(std::string_view body, Cursor&, FeedEvents& events,
                                        Micros now) const override {
    return read({body}, events, now);
  }

  bool has_greeting() const override { return false; }
};

}  // namespace

const Codec& codec(CodecId id) {
  static const PlaygroundCodec playground;
  static const PlainCodec plain;
  if (id == CodecId::kPlain) return plain;
  return playground;
}

}  // namespace playground::client
