#include "native_client/host/host_connection.h"

#include <algorithm>
#include <utility>

namespace playground::native {

using client::ConnectionId;
using client::ConnectionKind;

constexpr auto kAbnormal = static_cast<std::uint16_t>(websocket::CloseCode::kAbnormalClosure);

DoomedConnection::DoomedConnection(NativeHost& host, EventLoop& loop, ConnectionId id,
                                   ConnectionKind kind, std::string why)
    : HostConnection(host, id), kind_(kind), why_(std::move(why)), soon_(loop.schedule(), [this] {
        if (kind_ == ConnectionKind::kWebSocket) return tell(client::Closed{kAbnormal, why_});
        tell(client::Failed{why_});
      }) {
  soon_.set(loop.now_us());
}

bool DoomedConnection::close() {
  soon_.cancel();
  return true;
}

ExchangeConnection::ExchangeConnection(NativeHost& host, ConnectionId id, Web& web,
                                       OutgoingRequest request)
    : HostConnection(host, id),
      exchange_(web, std::move(request), static_cast<ExchangeEvents&>(*this)) {}

bool ExchangeConnection::close() {
  exchange_.close();
  return true;
}

void StreamConnection::on_head(int status, std::string_view fields) {
  tell(client::Opened{status, fields});
}

void StreamConnection::on_body(std::string_view bytes) { tell(client::Chunk{bytes}); }

void StreamConnection::on_end(const ExchangeEnd& end) {
  if (end.whole) return tell(client::Closed{0, end.why});
  tell(client::Failed{end.why});
}

void RequestConnection::on_head(int status, std::string_view fields) {
  status_ = status;
  fields_ = fields;
}

void RequestConnection::on_body(std::string_view bytes) {
  if (body_.size() + bytes.size() > NativeHost::kMaxAnswerBytes) {
    return tell(client::Failed{"the answer is larger than 64 MiB"});
  }
  body_ += bytes;
}

void RequestConnection::on_end(const ExchangeEnd& end) {
  if (end.whole) return tell(client::Answered{status_, body_, fields_});
  tell(client::Failed{end.why});
}

EventSourceConnection::EventSourceConnection(NativeHost& host, ConnectionId id, Web& web, Url url,
                                             const client::Request& request)
    : HostConnection(host, id),
      reconnects_itself_(request.reconnects_itself),
      names_(request.event_names),
      source_(web, std::move(url), static_cast<EventSourceEvents&>(*this)) {}

bool EventSourceConnection::close() {
  source_.close();
  return true;
}

void EventSourceConnection::on_open(std::string_view fields) { tell(client::Opened{0, fields}); }

void EventSourceConnection::on_event(const event_stream::Event& event) {
  if (event.type != "message" &&
      std::find(names_.begin(), names_.end(), event.type) == names_.end()) {
    return;
  }
  tell(client::ServerEvent{event.type, event.data, event.last_event_id});
}

void EventSourceConnection::on_error(bool closed, std::string_view why) {
  if (!closed && reconnects_itself_) return tell(client::Interrupted{});
  tell(client::Failed{why, !closed});
}

WebSocketConnection::WebSocketConnection(NativeHost& host, ConnectionId id, Web& web, Url url,
                                         const client::Request& request)
    : HostConnection(host, id),
      socket_(web, std::move(url), request.header_fields, request.subprotocols,
              static_cast<WebSocketEvents&>(*this)) {}

bool WebSocketConnection::close() {
  socket_.close();
  return gone_;
}

void WebSocketConnection::on_open(std::string_view fields) { tell(client::Opened{0, fields}); }

void WebSocketConnection::on_message(std::string_view data, bool binary) {
  tell(client::Frame{data, binary});
}

void WebSocketConnection::on_close(std::uint16_t code, std::string_view reason) {
  const WebSocket::Refusal refusal = socket_.refusal();
  tell(client::Closed{code, reason, refusal.status, refusal.fields});
}

void WebSocketConnection::on_gone() {
  gone_ = true;
  gone();
}

}  // namespace playground::native
