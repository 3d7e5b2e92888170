#include "native_client/host/native_host.h"

#include <algorithm>
#include <utility>

#include "core/field_text.h"
#include "native_client/host/host_connection.h"
#include "native_client/http/request_head.h"

namespace playground::native {

using client::ConnectionId;
using client::ConnectionKind;
using client::Micros;
using client::Request;
using client::TimerId;

namespace {

// What cannot be sent of the request; empty where all of it can.
std::string wrong_with(const Request& request) {
  if (!is_field_name(request.method)) return "the method is not a token";
  for (const client::HeaderField& each : request.header_fields) {
    if (!is_field_name(each.name)) return "\"" + each.name + "\" is no name of a header field";
    if (!is_field_value(each.value)) {
      return "the value of " + each.name + " has a control character in it";
    }
  }
  if (!is_field_value(request.content_type)) return "the content type has a control character";
  const auto& names = request.subprotocols;
  for (auto each = names.begin(); each != names.end(); ++each) {
    if (!is_field_name(*each)) return "\"" + *each + "\" is no name of a subprotocol";
    if (std::find(names.begin(), each, *each) != each) {
      return "the subprotocol " + *each + " stands twice";
    }
  }
  return "";
}

}  // namespace

NativeHost::NativeHost(EventLoop& loop, NetworkSettings settings)
    : loop_(loop),
      settings_(std::move(settings)),
      tls_(settings_.insecure),
      web_{{loop, settings_, tls_}, SocketPool(loop)},
      dispatcher_(*this),
      alarm_(loop.schedule(), [this] { run_timers(); }) {
  loop_.on_wake([this] { dispatcher_.environment(environment(), now()); });
}

NativeHost::~NativeHost() {
  loop_.on_wake({});
  open_.clear();
  leaving_.clear();
  loop_.sweep();  // what is retired knows this host
}

// Opening

std::unique_ptr<HostConnection> NativeHost::make_connection(ConnectionId id,
                                                            const Request& request) {
  const auto doomed = [&](std::string why) {
    return std::make_unique<DoomedConnection>(*this, loop_, id, request.kind, std::move(why));
  };
  if (std::string why = wrong_with(request); !why.empty()) return doomed(std::move(why));
  auto url = parse_url(request.url);
  if (!url) return doomed(url.error().message);
  const bool socket = request.kind == ConnectionKind::kWebSocket;
  if (socket && !url->is_websocket()) {
    // WHATWG WebSockets 3.1: http: stands for ws:.
    url->scheme = url->secure() ? "wss" : "ws";
  } else if (!socket && url->is_websocket()) {
    return doomed("an address of http: or https: is needed, not " + request.url);
  }
  if (socket) {
    return std::make_unique<WebSocketConnection>(*this, id, web_, std::move(*url), request);
  }
  if (request.kind == ConnectionKind::kEventSource) {
    return std::make_unique<EventSourceConnection>(*this, id, web_, std::move(*url), request);
  }
  OutgoingRequest outgoing{std::move(*url), request.method, request.header_fields, request.body,
                           request.url};
  if (!request.content_type.empty()) {
    outgoing.fields.push_back({"Content-Type", request.content_type});
  }
  if (request.kind == ConnectionKind::kStream) {
    return std::make_unique<StreamConnection>(*this, id, web_, std::move(outgoing));
  }
  return std::make_unique<RequestConnection>(*this, id, web_, std::move(outgoing));
}

void NativeHost::open(ConnectionId id, const Request& request) {
  open_.emplace(id, make_connection(id, request));
}

void NativeHost::send(ConnectionId id, std::string_view text) {
  const auto found = open_.find(id);
  if (found != open_.end()) found->second->send(text);
}

void NativeHost::close(ConnectionId id) { leave(id); }

void NativeHost::leave(ConnectionId id) {
  const auto found = open_.find(id);
  if (found == open_.end()) return;
  std::unique_ptr<HostConnection> connection = std::move(found->second);
  open_.erase(found);
  if (connection->close()) return loop_.retire(std::move(connection));
  leaving_.emplace(id, std::move(connection));
}

void NativeHost::gone(ConnectionId id) {
  const auto found = leaving_.find(id);
  if (found == leaving_.end()) return;
  loop_.retire(std::move(found->second));
  leaving_.erase(found);
}

void NativeHost::tell(ConnectionId id, const client::HostEvent& event) {
  if (client::is_last(event)) leave(id);
  dispatcher_.deliver(id, event, now());
}

// Timers

void NativeHost::set_timer(TimerId id, Micros delay) {
  const Micros at = now() + std::max<Micros>(delay, 0);
  timers_.emplace(at, id);
  due_.emplace(id, at);
  set_alarm();
}

void NativeHost::cancel_timer(TimerId id) {
  const auto found = due_.find(id);
  if (found == due_.end()) return;
  timers_.erase({found->second, id});
  due_.erase(found);
}

void NativeHost::set_alarm() {
  if (!timers_.empty()) alarm_.set(timers_.begin()->first);
}

void NativeHost::run_timers() {
  const Micros until = now();
  // What is set meanwhile comes in the next turn, whenever it is due.
  const TimerId newest = due_.empty() ? 0 : due_.rbegin()->first;
  for (auto each = timers_.begin(); each != timers_.end() && each->first <= until;) {
    const TimerId id = each->second;
    if (id > newest) {
      ++each;
      continue;
    }
    timers_.erase(each);
    due_.erase(id);
    dispatcher_.due(id, now());
    each = timers_.begin();
  }
  set_alarm();
}

}  // namespace playground::native
