// The port through which the client reaches the world. A host opens connections and sets timers;
// what becomes of them comes back through Wiring (wiring.h). The browser is one host, the simulator
// another: the client cannot tell them apart.
#ifndef PLAYGROUND_CORE_CLIENT_HOST_H_
#define PLAYGROUND_CORE_CLIENT_HOST_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/transport.h"

namespace playground::client {

// Microseconds of a clock that never goes back; its zero is the host's choice.
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

struct Request {
  ConnectionKind kind = ConnectionKind::kRequest;
  std::string method = "GET";                 // kStream and kRequest
  std::string url;                            // absolute
  std::string body = {};                      // kRequest
  std::string content_type = {};              // with a body
  std::vector<std::string> event_names = {};  // kEventSource: names to listen to besides "message"
  // kEventSource: the browser may reconnect by itself (9.2.3); otherwise an error ends it.
  bool reconnects_itself = false;
};

// What happens to a connection, in this order: at most one Opened; then any number of Chunk, Event
// or Frame; then one of Answered, Closed and Failed, after which the connection is no more.
// An EventSource that reconnects by itself may be Interrupted any number of times, and is Opened
// anew after that. Views live until the call that carries them returns.

// The head of the response has come, or the browser said `open`. `status` is 0 where the browser
// does not tell it (EventSource).
struct Opened {
  int status = 0;
};
// Bytes of a stream's body.
struct Chunk {
  std::string_view bytes;
};
// An event of an EventSource.
struct ServerEvent {
  std::string_view name;  // "message" where the stream named none
  std::string_view data;
  std::string_view last_event_id;
};
// A text message of a WebSocket.
struct Frame {
  std::string_view text;
};
// The whole answer to a request.
struct Answered {
  int status = 0;
  std::string_view body;
};
// The peer ended it: the end of a stream's body, or a WebSocket's close with its code.
struct Closed {
  std::uint16_t code = 0;  // WebSocket only
  std::string_view reason = {};
};
// It could not be opened, broke, or (EventSource) ended in whatever way: browsers do not tell.
// `reconnecting` says that an EventSource would try again by itself.
struct Failed {
  std::string_view reason;
  bool reconnecting = false;
};

// An EventSource lost its connection, or could not open one, and is CONNECTING again by itself.
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

class Host {
 public:
  virtual ~Host() = default;

  virtual bool has(Feature feature) const = 0;

  // Nothing comes back before open() has returned.
  virtual void open(ConnectionId id, const Request& request) = 0;
  // A text message on an open WebSocket.
  virtual void send(ConnectionId id, std::string_view text) = 0;
  // Ends it, whatever its state; nothing comes back for `id` any more.
  virtual void close(ConnectionId id) = 0;

  // Once, after `delay` microseconds (0 or more).
  virtual void set_timer(TimerId id, Micros delay) = 0;
  virtual void cancel_timer(TimerId id) = 0;

  // Microseconds to add to the client's clock for the Unix epoch, as this machine believes it.
  virtual Micros epoch_offset() const = 0;

  // As it is now. The host tells Wiring::environment() of every change, and once more, unchanged,
  // when it finds that the machine has slept.
  virtual Environment environment() const { return {}; }
};

}  // namespace playground::client

#endif  // PLAYGROUND_CORE_CLIENT_HOST_H_
