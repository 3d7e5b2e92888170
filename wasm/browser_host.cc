#include "wasm/browser_host.h"

#include <cmath>
#include <utility>

#include <emscripten/emscripten.h>
#include <emscripten/html5.h>

#include "core/websocket/format.h"

namespace playground::wasm {
namespace {

using client::ConnectionId;
using client::ConnectionKind;
using client::Micros;
using client::Request;
using client::TimerId;
using emscripten::EM_VAL;
using emscripten::val;

// 9.2.3, WebSockets 3.1: readyState.
constexpr int kEventSourceClosed = 2;

constexpr int kWebSocketOpen = 1;

// The wall clock gains this much on performance.now() only in a sleep, or when somebody sets it.
constexpr double kSleepMs = 2000;

// How much sleep performance.now() has missed.
double& slept_ms() {
  static double slept = 0;
  return slept;
}

// A host lives as long as its number is in here.
std::map<std::uint32_t, BrowserHost*>& hosts() {
  static std::map<std::uint32_t, BrowserHost*> hosts;
  return hosts;
}

std::uint32_t next_number() {
  static std::uint32_t last = 0;
  return ++last;
}

bool is_object(const val& value) { return !value.isNull() && !value.isUndefined(); }

std::string text_of(const val& value) {
  return value.isString() ? value.as<std::string>() : std::string();
}

// Names of what is read from every message, made once.
const val& data_name() {
  static const val name("data");
  return name;
}

// What is opened for `request`: an EventSource, a WebSocket, the promise of a fetch, or an
// XMLHttpRequest that has yet to be sent. A text if the browser throws: an exception that passed
// through C++ would skip its destructors.
// clang-format off
EM_JS(EM_VAL, open_in_browser, (int kind, EM_VAL handle, EM_VAL signal), {
  const { url, method, body, fields, subprotocols, opaque, apart } = Emval.toValue(handle);
  // A field's value is bytes, which JavaScript writes as characters up to U+00FF.
  const bytes = (text) => String.fromCharCode(...new TextEncoder().encode(text));
  const headers = fields.map(([name, value]) => [name, bytes(value)]);
  const open = [
    () => new EventSource(url),
    () => {
      const socket = new WebSocket(url, subprotocols);
      socket.binaryType = "arraybuffer";
      // What the policy of a worker forbids, Chromium closes there and then, without an event for it.
      return socket.readyState === WebSocket.CLOSED ? "closed by the browser" : socket;
    },
    () => fetch(url, { method, headers, body, cache: "no-store", signal: Emval.toValue(signal) }),
    () => {
      if (opaque) {
        const include = apart && new URL(url).origin !== self.origin;
        const how = { mode: "no-cors", credentials: include ? "include" : "omit" };
        return fetch(url, Object.assign(how, { cache: "no-store", signal: Emval.toValue(signal) }));
      }
      const request = new XMLHttpRequest();
      request.open(method, url);
      headers.forEach(([name, value]) => request.setRequestHeader(name, value));
      return request;
    },
  ];
  try {
    return Emval.toHandle(open[kind]());
  } catch (error) {
    return Emval.toHandle(String(error));
  }
});
// clang-format on

// Whether a request to this origin was stopped by the policy of the page, or of the worker, since
// this was asked for the first time.
// clang-format off
EM_JS(bool, policy_stopped, (EM_VAL handle), {
  if (!Module["stoppedByPolicy"]) {
    Module["stoppedByPolicy"] = [];
    globalThis.addEventListener("securitypolicyviolation", ({ blockedURI }) => {
      Module["stoppedByPolicy"].push(blockedURI);
    });
  }
  const origin = (url) => url.split("/", 3).join("/");
  const asked = origin(Emval.toValue(handle));
  return Module["stoppedByPolicy"].some((url) => origin(url) === asked);
});
// clang-format on

// What Resource Timing says of the newest answer of this origin; undefined where it says nothing.
// clang-format off
EM_JS(EM_VAL, protocol_of, (EM_VAL handle), {
  const origin = Emval.toValue(handle) + "/";
  const entries = performance.getEntriesByType("resource").reverse();
  const said = ({ name, nextHopProtocol }) => name.startsWith(origin) && nextHopProtocol;
  const newest = entries.find(said);
  return Emval.toHandle(newest && newest.nextHopProtocol);
});
// clang-format on

val described(const Request& request) {
  val all = val::object();
  val fields = val::array();
  const auto add = [&fields](const std::string& name, const std::string& value) {
    val field = val::array();
    field.call<void>("push", name, value);
    fields.call<void>("push", field);
  };
  for (const client::HeaderField& field : request.header_fields) add(field.name, field.value);
  if (!request.content_type.empty()) add("Content-Type", request.content_type);
  val subprotocols = val::array();
  for (const std::string& each : request.subprotocols) subprotocols.call<void>("push", each);
  all.set("url", request.url);
  all.set("method", request.method);
  if (!request.body.empty()) all.set("body", request.body);
  all.set("fields", fields);
  all.set("subprotocols", subprotocols);
  all.set("opaque", request.opaque);
  all.set("apart", request.apart);
  return all;
}

// A Uint8Array's bytes, copied into the core's memory in one step.
std::string bytes_of(const val& array) {
  std::string bytes(array["length"].as<std::size_t>(), '\0');
  val view(
      emscripten::typed_memory_view(bytes.size(), reinterpret_cast<std::uint8_t*>(bytes.data())));
  view.call<void>("set", array);
  return bytes;
}

// What fetch shows of a response's header fields, a line each.
std::string fields_of(const val& headers) {
  std::string fields;
  const val all = val::global("Array").call<val>("from", headers);
  const auto count = all["length"].as<unsigned>();
  for (unsigned i = 0; i < count; ++i) {
    fields.append(text_of(all[i][0])).append(": ").append(text_of(all[i][1])).append("\r\n");
  }
  return fields;
}

}  // namespace

Micros moment(double performance_now_ms) {
  return static_cast<Micros>((performance_now_ms + slept_ms()) * client::kMillisecond);
}

double performance_now(Micros moment) {
  return static_cast<double>(moment) / client::kMillisecond - slept_ms();
}

Micros now() {
  // performance.now() and Date.now(), without Embind: they are called for every message.
  static double last_now = emscripten_get_now();
  static double last_date = emscripten_date_now();
  const double now = emscripten_get_now();
  const double wall = emscripten_date_now();
  const double missed = (wall - last_date) - (now - last_now);
  last_now = now;
  last_date = wall;
  if (missed > kSleepMs) {
    slept_ms() += missed;
    for (const auto& [number, host] : hosts()) host->look_soon();
  }
  return moment(now);
}

BrowserHost::BrowserHost()
    : number_(next_number()),
      surroundings_(val::module_property("surroundings")),
      listener_(
          val::module_property("hostEnvironment").call<val>("bind", val::undefined(), number_)),
      dispatcher_(*this) {
  hosts()[number_] = this;
  policy_forbids("");
  if (is_object(surroundings_)) surroundings_.call<void>("add", listener_);
}

BrowserHost::~BrowserHost() {
  if (is_object(surroundings_)) surroundings_.call<void>("remove", listener_);
  hosts().erase(number_);
  while (!open_.empty()) close(open_.begin()->first);
  while (!timers_.empty()) cancel_timer(timers_.begin()->first);
}

bool BrowserHost::has(Feature feature) const {
  const std::string name(playground::name(feature));
  if (is_object(surroundings_)) return surroundings_.call<bool>("has", name);
  return is_object(val::global(name.c_str()));
}

Micros BrowserHost::epoch_offset() const {
  const double origin = val::global("performance")["timeOrigin"].as<double>();
  return static_cast<Micros>(std::round(origin * client::kMillisecond));
}

client::Environment BrowserHost::environment() const {
  if (!is_object(surroundings_)) return {};
  return {surroundings_["online"].as<bool>(), surroundings_["visible"].as<bool>()};
}

// No browser speaks HTTP/2 without TLS. With it, Resource Timing names the protocol of the newest
// answer; to another origin it may not, and then nothing is held against anybody.
bool BrowserHost::multiplexes(std::string_view origin) const {
  return !origin.starts_with("http:") && http_version(origin) != "http/1.1";
}

std::string BrowserHost::http_version(std::string_view origin) const {
  return text_of(val::take_ownership(protocol_of(val(std::string(origin)).as_handle())));
}

std::optional<client::BodySize> BrowserHost::body_size(std::string_view url) const {
  const val entries = val::global("performance").call<val>("getEntriesByName", std::string(url));
  const auto count = entries["length"].as<unsigned>();
  if (count == 0) return std::nullopt;
  const val newest = entries[count - 1];
  const client::BodySize size{static_cast<std::uint64_t>(newest["encodedBodySize"].as<double>()),
                              static_cast<std::uint64_t>(newest["decodedBodySize"].as<double>())};
  // Of another origin, which would have to allow it, both are 0.
  return size.decoded > 0 ? std::optional(size) : std::nullopt;
}

client::Page BrowserHost::page() const {
  if (!is_object(surroundings_)) return {};
  return {surroundings_["origin"].as<std::string>(),
          surroundings_["localNetworkDenied"].as<bool>()};
}

bool BrowserHost::policy_forbids(std::string_view url) const {
  return policy_stopped(val(std::string(url)).as_handle());
}

void BrowserHost::look_soon() const { val::global("setTimeout")(listener_, 0); }

val BrowserHost::bound(ConnectionId id, Callback callback) const {
  return val::module_property("hostEvent")
      .call<val>("bind", val::undefined(), number_, id, static_cast<int>(callback));
}

// Opening

void BrowserHost::open(ConnectionId id, const Request& request) {
  // Of a fetch the way to end it is held, of all others the object.
  const bool stream = request.kind == ConnectionKind::kStream || request.opaque;
  val held = stream ? val::global("AbortController").new_() : val::null();
  const val signal = stream ? held["signal"] : val::null();
  val opened = val::take_ownership(open_in_browser(
      static_cast<int>(request.kind), described(request).as_handle(), signal.as_handle()));
  if (opened.isString()) {
    val::global("setTimeout")(bound(id, Callback::kNotOpened), 0, opened);
    open_.emplace(id, Open{request.kind, val::null(), val::null(), false});
    return;
  }
  const auto listen = [&](const std::string& type, const val& listener) {
    opened.call<void>("addEventListener", type, listener);
  };
  switch (request.kind) {
    case ConnectionKind::kEventSource: {
      listen("open", bound(id, Callback::kEventSourceOpen));
      listen("error", bound(id, Callback::kEventSourceError));
      // One for all: a name that is listed twice has it once (DOM 2.7).
      const val on_event = bound(id, Callback::kEventSourceEvent);
      listen("message", on_event);
      for (const std::string& name : request.event_names) listen(name, on_event);
      break;
    }
    case ConnectionKind::kWebSocket:
      listen("open", bound(id, Callback::kWebSocketOpen));
      listen("message", bound(id, Callback::kWebSocketMessage));
      listen("close", bound(id, Callback::kWebSocketClose));
      break;
    case ConnectionKind::kStream:
      opened.call<val>("then", bound(id, Callback::kResponse), bound(id, Callback::kFetchFailed));
      break;
    case ConnectionKind::kRequest:
      if (request.opaque) {
        opened.call<val>("then", bound(id, Callback::kOpaqueResponse),
                         bound(id, Callback::kFetchFailed));
        break;
      }
      listen("load", bound(id, Callback::kRequestDone));
      listen("error", bound(id, Callback::kRequestFailed));
      if (request.body.empty()) {
        opened.call<void>("send");
      } else {
        opened.call<void>("send", request.body);
      }
      break;
  }
  if (!stream) held = std::move(opened);
  open_.emplace(id, Open{request.kind, std::move(held), val::null(), request.reconnects_itself});
}

void BrowserHost::send(ConnectionId id, std::string_view text) {
  const auto found = open_.find(id);
  if (found == open_.end() || found->second.kind != ConnectionKind::kWebSocket) return;
  const val& socket = found->second.object;
  if (!is_object(socket)) return;
  // It throws while it is CONNECTING.
  if (socket["readyState"].as<int>() == kWebSocketOpen)
    socket.call<void>("send", std::string(text));
}

void BrowserHost::close(ConnectionId id) {
  const auto found = open_.find(id);
  if (found == open_.end()) return;
  const Open open = std::move(found->second);
  open_.erase(found);
  if (!is_object(open.object)) return;
  const bool abort = open.kind == ConnectionKind::kStream || open.kind == ConnectionKind::kRequest;
  open.object.call<void>(abort ? "abort" : "close");
}

// Timers

void BrowserHost::set_timer(TimerId id, Micros delay) {
  const val callback =
      val::module_property("hostTimer").call<val>("bind", val::undefined(), number_, id);
  const double milliseconds = std::ceil(static_cast<double>(delay) / client::kMillisecond);
  timers_.emplace(id, val::global("setTimeout")(callback, milliseconds));
}

void BrowserHost::cancel_timer(TimerId id) {
  const auto found = timers_.find(id);
  if (found == timers_.end()) return;
  val::global("clearTimeout")(found->second);
  timers_.erase(found);
}

// From the browser

void BrowserHost::timer_callback(std::uint32_t host, TimerId id) {
  const auto found = hosts().find(host);
  if (found == hosts().end() || found->second->timers_.erase(id) == 0) return;
  found->second->dispatcher_.due(id, now());
}

void BrowserHost::environment_callback(std::uint32_t host) {
  const auto found = hosts().find(host);
  if (found == hosts().end()) return;
  found->second->dispatcher_.environment(found->second->environment(), now());
}

void BrowserHost::callback(std::uint32_t host, ConnectionId id, int callback, val argument) {
  const auto found = hosts().find(host);
  if (found == hosts().end()) return;
  const auto open = found->second->open_.find(id);
  if (open == found->second->open_.end()) return;
  found->second->take(id, open->second, static_cast<Callback>(callback), argument);
}

void BrowserHost::read_next(ConnectionId id, const Open& open) {
  open.reader.call<val>("read").call<val>("then", bound(id, Callback::kBodyPart),
                                          bound(id, Callback::kFetchFailed));
}

// The connection is over: nothing of it is kept, and the client is told.
void BrowserHost::finish(ConnectionId id, const client::HostEvent& last_event) {
  open_.erase(id);
  dispatcher_.deliver(id, last_event, now());
}

void BrowserHost::take(ConnectionId id, Open& open, Callback callback, const val& argument) {
  switch (callback) {
    case Callback::kNotOpened: {
      const std::string why = text_of(argument);
      if (open.kind != ConnectionKind::kWebSocket) return finish(id, client::Failed{why});
      constexpr auto kAbnormal = static_cast<std::uint16_t>(websocket::CloseCode::kAbnormalClosure);
      return finish(id, client::Closed{kAbnormal, why});
    }
    case Callback::kEventSourceOpen:
      return dispatcher_.deliver(id, client::Opened{}, now());
    case Callback::kWebSocketOpen: {
      const std::string protocol = text_of(open.object["protocol"]);
      const std::string field =
          protocol.empty() ? "" : "Sec-WebSocket-Protocol: " + protocol + "\r\n";
      return dispatcher_.deliver(id, client::Opened{0, field}, now());
    }

    case Callback::kEventSourceEvent: {
      const std::string name = text_of(argument["type"]);
      const std::string data = text_of(argument[data_name()]);
      const std::string last_event_id = text_of(argument["lastEventId"]);
      return dispatcher_.deliver(id, client::ServerEvent{name, data, last_event_id}, now());
    }
    case Callback::kEventSourceError: {
      const bool reconnecting = open.object["readyState"].as<int>() != kEventSourceClosed;
      if (reconnecting && open.reconnects_itself) {
        return dispatcher_.deliver(id, client::Interrupted{}, now());
      }
      // The browser would reconnect by itself; the client does that, and knows why.
      open.object.call<void>("close");
      return finish(id, client::Failed{reconnecting ? "network error" : "refused", reconnecting});
    }

    case Callback::kWebSocketMessage: {
      const val data = argument[data_name()];
      const bool binary = !data.isString();
      const std::string copy =
          binary ? bytes_of(val::global("Uint8Array").new_(data)) : data.as<std::string>();
      return dispatcher_.deliver(id, client::Frame{copy, binary}, now());
    }
    case Callback::kWebSocketClose: {
      const std::string reason = text_of(argument["reason"]);
      return finish(id, client::Closed{argument["code"].as<std::uint16_t>(), reason});
    }

    case Callback::kResponse: {
      const val body = argument["body"];
      const bool readable = is_object(body);
      if (readable) {
        open.reader = body.call<val>("getReader");
        read_next(id, open);
      }
      const std::string fields = fields_of(argument["headers"]);
      dispatcher_.deliver(id, client::Opened{argument["status"].as<int>(), fields}, now());
      if (!readable) finish(id, client::Failed{"fetch gives no stream"});
      return;
    }
    case Callback::kBodyPart: {
      if (argument["done"].as<bool>()) return finish(id, client::Closed{});
      // The next part is asked for first: `open` may be gone once the client has heard of this one.
      read_next(id, open);
      const std::string bytes = bytes_of(argument["value"]);
      return dispatcher_.deliver(id, client::Chunk{bytes}, now());
    }
    case Callback::kFetchFailed:
      return finish(id, client::Failed{"network error"});

    case Callback::kRequestDone: {
      const std::string body = text_of(open.object["responseText"]);
      const int status = open.object["status"].as<int>();
      // One name and value to a line, as the core wants them.
      const std::string fields = text_of(open.object.call<val>("getAllResponseHeaders"));
      return finish(id, client::Answered{status, body, fields});
    }
    case Callback::kRequestFailed:
      return finish(id, client::Failed{"network error"});
    case Callback::kOpaqueResponse:
      // Its body may never end.
      open.object.call<void>("abort");
      return finish(id, client::Answered{argument["status"].as<int>(), {}});
  }
}

}  // namespace playground::wasm
