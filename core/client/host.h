// The port through which the client reaches the world. A host opens connections and sets timers;
// what becomes of them comes back through Dispatcher (dispatcher.h). The browser is one host, the
// simulator another: the client cannot tell them apart.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/transport.h"

namespace playground::client {

// Microseconds on a clock that never goes back; its zero is the host's choice.
using Micros = std::int64_t;

inline constexpr Micros kMillisecond = 1000;
inline constexpr Micros kSecond = 1'000'000;

constexpr Micros micros(double seconds) {
  return static_cast<Micros>(seconds * static_cast<double>(kSecond));
}

// Numbers are never used twice, so that what comes late for a closed connection finds no one.
using ConnectionId = std::uint32_t;
using TimerId = std::uint32_t;

enum class ConnectionKind {
  kEventSource,  // WHATWG HTML 9.2
  kWebSocket,    // WHATWG WebSockets
  kStream,       // fetch, its body read piece by piece
  kRequest,      // XMLHttpRequest: one answer, whole
};

// A header field (RFC 9110 5): its value is bytes, and may be UTF-8.
struct HeaderField {
  std::string name;
  std::string value;
};

struct Request {
  ConnectionKind kind = ConnectionKind::kRequest;
  std::string method = "GET";     // kStream and kRequest
  std::string url;                // absolute
  std::string body = {};          // kStream and kRequest
  std::string content_type = {};  // with a body
  // kStream and kRequest. A browser leaves out what script must not send (WHATWG Fetch 2.2.2).
  std::vector<HeaderField> header_fields = {};
  // kRequest: asked in the mode no-cors (WHATWG Fetch 2.2.5), to see whether anybody answers. Where
  // the page may not read the answer, that is Answered with status 0. GET, without header fields.
  bool opaque = false;
  // With `opaque`: over none of the connections of all other requests. For those with credentials a
  // browser has others than for those without (2.6), so this is the other kind: with them from
  // another origin, without them from the page's own. By itself it goes without.
  bool apart = false;
  std::vector<std::string> subprotocols = {};  // kWebSocket (RFC 6455 1.9)
  std::vector<std::string> event_names = {};   // kEventSource: names to listen to besides "message"
  // Another page's, as far as the browser's connections are concerned: whoever counts his own
  // cannot know of it.
  bool of_another_page = false;
  // kEventSource: the browser may reconnect by itself (9.2.3); otherwise an error ends it.
  bool reconnects_itself = false;
};

// What happens to a connection. Each kind has its own order, and nothing else comes:
//
//   kRequest      Answered | Failed
//   kStream       Opened Chunk* (Closed | Failed) | Failed
//   kWebSocket    (Opened Frame*)? Closed
//   kEventSource  (Opened ServerEvent*)? Failed, or with `reconnects_itself`
//                 ((Opened ServerEvent*)? Interrupted)* (Opened ServerEvent*)? Failed
//
// After Answered, Closed or Failed the connection is over. Views live until the call that
// carries them returns.

// The head of a stream's response has come, whatever its status, or the browser said `open`:
// `status` is 0 then.
struct Opened {
  int status = 0;
  // Whole lines (RFC 9112 5): those that the browser shows to script; of a WebSocket the
  // subprotocol.
  std::string_view fields = {};
};
// Bytes of a stream's body, at least one; where they are split means nothing.
struct Chunk {
  std::string_view bytes;
};
// An event of an EventSource: "message", or one of Request::event_names.
struct ServerEvent {
  std::string_view name;  // "message" where the stream named none
  std::string_view data;
  std::string_view last_event_id;
};
// A message of a WebSocket: text, or bytes.
struct Frame {
  std::string_view data;
  bool binary = false;
};
// The whole answer to a request, whatever its status.
struct Answered {
  int status = 0;
  std::string_view body;
  std::string_view fields = {};  // as Opened's
};
// The peer ended it: the end of a stream's body, or a WebSocket's close with its code. A WebSocket
// that could not be opened, or broke, has 1006 (RFC 6455 7.1.5).
struct Closed {
  std::uint16_t code = 0;  // WebSocket only
  std::string_view reason = {};
  // Of the answer that refused an Upgrade, as in Answered: no browser tells them, and so 0 and
  // empty.
  int status = 0;
  std::string_view fields = {};
};
// It could not be opened, or broke; browsers tell neither which nor why. `reconnecting` says that
// an EventSource would have tried again by itself: no answer refused it.
struct Failed {
  std::string_view reason;
  bool reconnecting = false;
};

// An EventSource that reconnects by itself lost its connection, or could not open one, and is
// CONNECTING again. May come several times before it is Opened.
struct Interrupted {};

using HostEvent =
    std::variant<Opened, Chunk, ServerEvent, Frame, Answered, Closed, Failed, Interrupted>;

// Whether nothing comes after this event.
inline bool is_last(const HostEvent& event) {
  return std::holds_alternative<Answered>(event) || std::holds_alternative<Closed>(event) ||
         std::holds_alternative<Failed>(event);
}

// What a browser says of the world around the page.
struct Environment {
  bool online = true;   // navigator.onLine; says nothing of a server on the same machine
  bool visible = true;  // document.visibilityState; timers of a hidden page come late

  bool operator==(const Environment&) const = default;
};

// "http://localhost:8088" of "http://localhost:8088/playground"; a view of `address`.
inline std::string_view origin_of(std::string_view address) {
  const std::size_t authority = address.find("://");
  return authority == address.npos ? std::string_view()
                                   : address.substr(0, address.find('/', authority + 3));
}

// Bytes of an answer's body (Resource Timing 2, 4.3).
struct BodySize {
  std::uint64_t encoded = 0;  // as they came
  std::uint64_t decoded = 0;
};

// What decides whether a server lets the page read its answers.
struct Page {
  // As it is sent (RFC 6454 7): "null" for a file or a sandboxed frame. Empty where the host's
  // requests come from no page.
  std::string origin = {};
  // The reader has refused it, or the browser for them (Local Network Access, 3.1).
  bool local_network_denied = false;
};

// No method fails: what cannot be done is reported by an event, or ignored (an unknown number). No
// method calls the client back: every event, timer and change comes later, in a separate call
// through Dispatcher, on one thread. From inside such a call every method may be called.
// tests/support/host_scenes.cc holds every host to this.
class Host {
 public:
  virtual ~Host() = default;

  virtual bool has(Feature feature) const = 0;

  // `id` is higher than any before. Whatever is wrong with the request, its address or the network
  // comes as Failed (a WebSocket: Closed with 1006). A host keeps the request no longer than this
  // call unless it copies it.
  virtual void open(ConnectionId id, const Request& request) = 0;
  // A text message on a WebSocket that is Opened. Before and after that it is dropped. The client
  // is not told whether it arrived.
  virtual void send(ConnectionId id, std::string_view text) = 0;
  // Ends it, whatever its state; nothing comes for `id` any more. A request may have reached the
  // server, or may reach it still. Does nothing for one that is over.
  virtual void close(ConnectionId id) = 0;

  // Due once, `delay` microseconds from now or later; 0 is soon, but not now. Of two timers the one
  // that is due first comes first; of equals, the one set first. `id` is higher than any before.
  virtual void set_timer(TimerId id, Micros delay) = 0;
  // It does not come, even if it was due. Does nothing for one that has come.
  virtual void cancel_timer(TimerId id) = 0;

  // Microseconds to add to the client's clock for the Unix epoch, as this machine believes it. Does
  // not change while the host lives.
  virtual Micros epoch_offset() const = 0;

  // Whether requests to that origin share one connection (HTTP/2, RFC 9113 5; HTTP/3), as far as
  // the browser lets the page know.
  virtual bool multiplexes(std::string_view /*origin*/) const { return false; }

  // How many connections to an origin it opens over HTTP/1.1, besides those of WebSockets; requests
  // beyond wait inside the host, mostly in their order, and nobody else hears of them. Six in all
  // browsers.
  virtual std::size_t connections_per_origin() const { return 6; }

  // "http/1.1", "h2" (the ALPN ids of RFC 7301) as the last answer of that origin came over; empty
  // where the host is not told.
  virtual std::string http_version(std::string_view /*origin*/) const { return {}; }

  // Of the newest answer from that address; nothing where the host is not told, or not yet.
  virtual std::optional<BodySize> body_size(std::string_view /*url*/) const { return {}; }

  // As it is now. The host tells Dispatcher::environment() of every change, and once more,
  // unchanged, when it finds that the machine has slept.
  virtual Environment environment() const { return {}; }

  // As it is now.
  virtual Page page() const { return {}; }

  // Whether the policy in force (CSP 3, connect-src) has stopped a request to the address's origin.
  virtual bool policy_forbids(std::string_view /*url*/) const { return false; }
};

}  // namespace playground::client
