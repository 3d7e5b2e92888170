// Follows a channel over one transport until it ends. Seven kinds, one interface; what they do with
// the answers of the world differs, what they tell their lane does not.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/client/host.h"
#include "core/client/wiring.h"
#include "core/record.h"
#include "core/transport.h"

namespace playground::client {

// Why an attempt ended.
enum class EndCause {
  kClosedByServer,  // in order: a last chunk, a Close frame
  kNetwork,         // refused, cut, or (EventSource) not told
  kStatus,          // an HTTP status that is no stream
  kProtocol,        // what came was not what the transport speaks
};

struct End {
  EndCause cause = EndCause::kNetwork;
  int status = 0;      // HTTP, with kStatus
  std::string detail;  // a few words for people: "status 404", "code 1001 Going Away"
};

// What a transport tells its lane.
class TransportEvents {
 public:
  virtual ~TransportEvents() = default;
  // A request goes out; a stream has one, a poll one for each answer.
  virtual void on_request(Micros now) = 0;
  // The transport says it is open (a head, `open`). Nothing has been delivered by that.
  virtual void on_open(Micros now) = 0;
  // Bytes came: the connection lives, whether or not they make a record yet.
  virtual void on_bytes(Micros now) = 0;
  virtual void on_record(const Record& record, Micros now) = 0;
  // A poll was answered; what it held went to on_record before.
  virtual void on_answer(Micros now) = 0;
  // The stream asks for a reconnection time (WHATWG HTML 9.2.5, `retry`). Told by SSE over fetch
  // only: EventSource keeps it for its own reconnections and does not show it to script.
  virtual void on_retry(Micros reconnection_time, Micros now) = 0;
  // The browser lost the connection and restores it by itself (kSseNative); on_open comes again.
  virtual void on_interrupted(Micros now) = 0;
  // Nothing comes after this. The transport must not be destroyed from inside any of these calls.
  virtual void on_end(const End& end, Micros now) = 0;
};

// Where a lane's channel is, and how it is asked for.
struct Target {
  std::string http;       // "http://localhost:8089/api/channels/…", without a slash at the end
  std::string websocket;  // the same with ws: or wss:, on the server's own port
  std::string lane;       // the name under which the server counts bytes
  Micros short_poll_interval = kSecond;
  std::uint32_t long_poll_timeout_s = 20;
  double back_rate = 0;          // messages/s that the lane says (WayBack); 0 is none
  double back_phase = 1;         // when the first is said, as a share of the time between two
  std::uint32_t back_bytes = 0;  // of each, at least
};

class Transport {
 public:
  virtual ~Transport() = default;

  // Follows the channel after message `after` until the attempt ends. Called once.
  virtual void start(std::uint64_t after, Micros now) = 0;
  // Closes whatever is open; nothing is told any more. May be called from inside TransportEvents.
  virtual void stop() = 0;
  // A text over the open connection, of a transport that goes both ways.
  virtual void send(std::string_view) {}
};

// `wiring` and `events` must outlive the transport.
std::unique_ptr<Transport> make_transport(TransportId id, const Target& target, Wiring& wiring,
                                          TransportEvents& events);

}  // namespace playground::client
