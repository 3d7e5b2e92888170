#include "core/client/transports.h"

#include <algorithm>
#include <utility>

#include "core/json_text.h"
#include "core/poll/batch.h"
#include "core/websocket/format.h"

namespace playground::client {
namespace {

// A stream that asks for more is not waited for longer.
constexpr Micros kLongestReconnectionTime = 3600 * kSecond;

End status_end(int status) {
  std::string detail = "status ";
  append_number(status, detail);
  return {EndCause::kStatus, status, std::move(detail)};
}

End network_end(const Failed& failed) {
  return {EndCause::kNetwork, 0, std::string(failed.reason)};
}

End protocol_end(std::string detail) { return {EndCause::kProtocol, 0, std::move(detail)}; }

}  // namespace

std::string BasicTransport::url(std::string_view base, std::string_view path,
                                std::uint64_t after) const {
  std::string url(base);
  url += '/';
  url += path;
  url += "?after=";
  append_number(after, url);
  url += "&lane=";
  url += target_.lane;
  return url;
}

void BasicTransport::open(const Request& request, Micros now) {
  connection_ = Connection(wiring_, request,
                           [this](const HostEvent& event, Micros at) { on_host_event(event, at); });
  events_.on_request(now);
}

bool BasicTransport::take_record(std::string_view json, Micros now) {
  const auto record = parse_record(json);
  if (!record) {
    end(protocol_end(record.error().message), now);
    return false;
  }
  events_.on_record(*record, now);
  return true;
}

void BasicTransport::end(End end, Micros now) {
  if (std::exchange(ended_, true)) return;
  connection_.close();
  events_.on_end(end, now);
}

void BasicTransport::stop() {
  ended_ = true;
  connection_.close();
}

// Polling

void PollTransport::start(std::uint64_t after, Micros now) {
  after_ = after;
  ask(now);
}

void PollTransport::stop() {
  timer_.cancel();
  BasicTransport::stop();
}

void PollTransport::ask(Micros now) {
  asked_at_ = now;
  Request request;
  if (kind_ == Kind::kShort) {
    request.url = url(target_.http, info(TransportId::kShortPoll).path(), after_);
  } else {
    request.url = url(target_.http, info(TransportId::kLongPoll).path(), after_) + "&timeout=";
    append_number(first_ ? 0 : target_.long_poll_timeout_s, request.url);
  }
  first_ = false;
  open(request, now);
}

void PollTransport::on_host_event(const HostEvent& event, Micros now) {
  if (const auto* answered = std::get_if<Answered>(&event)) {
    take_answer(*answered, now);
  } else if (const auto* failed = std::get_if<Failed>(&event)) {
    end(network_end(*failed), now);
  }
}

void PollTransport::take_answer(const Answered& answer, Micros now) {
  if (answer.status != 200) return end(status_end(answer.status), now);
  const auto batch = poll::parse_batch(answer.body);
  if (!batch) return end(protocol_end(batch.error().message), now);
  events_.on_open(now);
  events_.on_bytes(now);
  if (batch->reset) events_.on_record(*batch->reset, now);
  for (const Message& message : batch->messages) events_.on_record(message, now);
  // A server that was set back answers with a smaller number: it is believed.
  after_ = batch->last;
  events_.on_answer(now);
  if (ended()) return;
  // Short polls keep to their interval, whatever an answer took.
  const Micros next = kind_ == Kind::kShort ? asked_at_ + target_.short_poll_interval : now;
  if (next <= now) return ask(now);
  timer_ = Timer(wiring_, next - now, [this](Micros at) { ask(at); });
}

// SSE through EventSource

void EventSourceTransport::start(std::uint64_t after, Micros now) {
  Request request;
  request.kind = ConnectionKind::kEventSource;
  request.url = url(target_.http, info(TransportId::kSse).path(), after);
  request.event_names = {"greeting", "heartbeat", "reset"};
  request.reconnects_itself = reconnects_itself_;
  open(request, now);
}

void EventSourceTransport::on_host_event(const HostEvent& event, Micros now) {
  if (std::holds_alternative<Opened>(event)) {
    events_.on_open(now);
  } else if (const auto* server_event = std::get_if<ServerEvent>(&event)) {
    events_.on_bytes(now);
    take_record(server_event->data, now);
  } else if (std::holds_alternative<Interrupted>(event)) {
    events_.on_interrupted(now);
  } else if (const auto* failed = std::get_if<Failed>(&event)) {
    end(network_end(*failed), now);
  }
}

// Streams over fetch

void StreamTransport::start(std::uint64_t after, Micros now) {
  Request request;
  request.kind = ConnectionKind::kStream;
  request.url = url(target_.http, path_, after);
  open(request, now);
}

void StreamTransport::on_host_event(const HostEvent& event, Micros now) {
  if (const auto* opened = std::get_if<Opened>(&event)) {
    if (opened->status != 200) return end(status_end(opened->status), now);
    events_.on_open(now);
  } else if (const auto* chunk = std::get_if<Chunk>(&event)) {
    events_.on_bytes(now);
    if (!take_bytes(chunk->bytes, now)) end(protocol_end("a record is too large"), now);
  } else if (std::holds_alternative<Closed>(event)) {
    end({EndCause::kClosedByServer, 0, "end of the response"}, now);
  } else if (const auto* failed = std::get_if<Failed>(&event)) {
    end(network_end(*failed), now);
  }
}

bool FetchEventStreamTransport::take_bytes(std::string_view bytes, Micros now) {
  now_ = now;
  return parser_.feed(bytes, *this) == event_stream::ParseStatus::kOk;
}

void FetchEventStreamTransport::on_event(const event_stream::Event& event) {
  if (!ended()) take_record(event.data, now_);
}

void FetchEventStreamTransport::on_retry(std::uint64_t milliseconds) {
  const auto most = static_cast<std::uint64_t>(kLongestReconnectionTime / kMillisecond);
  const auto asked = static_cast<Micros>(std::min(milliseconds, most)) * kMillisecond;
  if (!ended()) events_.on_retry(asked, now_);
}

bool NdjsonTransport::take_bytes(std::string_view bytes, Micros now) {
  return lines_.feed(bytes, [&](std::string_view line) {
    if (!ended()) take_record(line, now);
  });
}

// WebSocket

void WebSocketTransport::start(std::uint64_t after, Micros now) {
  Request request;
  request.kind = ConnectionKind::kWebSocket;
  request.url = url(target_.websocket, info(TransportId::kWebSocket).path(), after);
  open(request, now);
}

void WebSocketTransport::on_host_event(const HostEvent& event, Micros now) {
  if (std::holds_alternative<Opened>(event)) {
    events_.on_open(now);
  } else if (const auto* frame = std::get_if<Frame>(&event)) {
    events_.on_bytes(now);
    take_record(frame->text, now);
  } else if (const auto* closed = std::get_if<Closed>(&event)) {
    const bool abnormal =
        closed->code == static_cast<std::uint16_t>(websocket::CloseCode::kAbnormalClosure);
    std::string detail = "code ";
    append_number(closed->code, detail);
    if (const auto name = websocket::close_code_name(closed->code); !name.empty()) {
      detail += ' ';
      detail += name;
    }
    end({abnormal ? EndCause::kNetwork : EndCause::kClosedByServer, 0, std::move(detail)}, now);
  } else if (const auto* failed = std::get_if<Failed>(&event)) {
    end(network_end(*failed), now);
  }
}

std::unique_ptr<Transport> make_transport(TransportId id, const Target& target, Wiring& wiring,
                                          TransportEvents& events) {
  switch (id) {
    case TransportId::kShortPoll:
      return std::make_unique<PollTransport>(PollTransport::Kind::kShort, target, wiring, events);
    case TransportId::kLongPoll:
      return std::make_unique<PollTransport>(PollTransport::Kind::kLong, target, wiring, events);
    case TransportId::kSse:
      return std::make_unique<EventSourceTransport>(/*reconnects_itself=*/false, target, wiring,
                                                    events);
    case TransportId::kSseNative:
      return std::make_unique<EventSourceTransport>(/*reconnects_itself=*/true, target, wiring,
                                                    events);
    case TransportId::kSseFetch:
      return std::make_unique<FetchEventStreamTransport>(target, wiring, events);
    case TransportId::kNdjson:
      return std::make_unique<NdjsonTransport>(target, wiring, events);
    case TransportId::kWebSocket:
      return std::make_unique<WebSocketTransport>(target, wiring, events);
  }
  return nullptr;
}

}  // namespace playground::client
