// Follows an endpoint over one transport until it ends. A feed has two parts: a transport opens
// connections through the Host and splits what comes into pieces (feed.cc); a codec makes items of
// them (codec.h). Whoever follows a feed sees neither.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/client/dispatcher.h"
#include "core/client/host.h"
#include "core/record.h"
#include "core/transport.h"

namespace playground::client {

// How to read what comes.
enum class CodecId : std::uint8_t {
  kPlayground,  // records (docs/api.md); the endpoint is a channel
  kPlain,       // whatever an event, a message, a line or an answer may hold
};

// What is followed. The addresses are absolute; a channel's have no slash at the end, and a
// transport adds its own path.
struct Endpoint {
  std::string http;       // "http://localhost:8089/api/channels/…"
  std::string websocket;  // the same with ws: or wss:, on the server's own port
  std::string lane = {};  // kPlayground: the name under which the server counts bytes
  std::string name = {};  // kPlain: what its reader calls it
  Micros short_poll_interval = kSecond;
  std::uint32_t long_poll_timeout_s = 20;  // how long a poll may be held
  bool plain_headers = false;              // kPlayground: of streams (docs/api.md)
  // kPlain, as in Request: what a browser's EventSource and WebSocket cannot send, they leave out.
  std::string method = "GET";
  std::string body = {};
  std::string content_type = {};
  std::vector<HeaderField> header_fields = {};
  std::vector<std::string> event_names = {};  // EventSource: besides "message"
  std::vector<std::string> subprotocols = {};
  // kPlain: where in an item, which is JSON then, the time and the number stand (RFC 6901).
  std::optional<std::string> time_at = {};
  std::optional<std::string> number_at = {};

  // Where a transport asks.
  const std::string& address(TransportId transport) const {
    return info(transport).upgrades() ? websocket : http;
  }
};

struct FeedSpec {
  TransportId transport = {};
  Endpoint endpoint = {};
  CodecId codec = CodecId::kPlayground;
};

// Where a reader is, in the terms of the wire.
struct Cursor {
  // kPlayground: the newest message, 0 before the first, and the epoch of the channel that numbered
  // it, where one was given.
  std::uint64_t offset = 0;
  std::string epoch = {};
  // kPlain: WHATWG HTML 9.2.4. EventSource keeps one by itself, for its own reconnections only.
  std::string last_event_id = {};
};

// What the views point to lives until the call that carries them returns.
struct Item {
  std::string_view data;        // UTF-8, as the host has it; bytes where `binary`
  std::string_view event = {};  // its name: "message" without one; none but of an event stream
  std::string_view id = {};     // the last event id, likewise
  bool binary = false;          // a WebSocket's
  std::optional<std::uint64_t> seq = {};     // from 1, where the codec knows it
  std::optional<std::int64_t> sent_us = {};  // since the Unix epoch, by the server's clock
  std::optional<Micros> waited_until = {};   // Feed's, of the request that brings it
};

// What is said of the stream itself: on a stream before all items, on a poll where it is new, or
// where one of several servers says it.
struct Opening {
  std::optional<std::uint32_t> heartbeat_s;  // the longest silence there will be
  std::string_view epoch;                    // empty where none was given
  std::string_view server = {};              // that says it, likewise
};

using Delivered = std::variant<Item, Opening, Heartbeat, Reset>;

// What shows on a connection besides items, for whoever watches: nothing follows from it.
struct Seen {
  enum class What : std::uint8_t {
    kAsked,    // a request goes out; `text` is the last event id that it carries
    kHead,     // `number` is the status, 0 where the browser does not tell; `text` the fields
    kBytes,    // `number` of them, as far as the browser shows them
    kComment,  // of an event stream (WHATWG HTML 9.2.5)
    kRetry,    // `number` milliseconds
    kEnded,    // `number` is a close code, or a status; `text` a few words for people
  };
  What what = What::kAsked;
  std::uint64_t number = 0;
  std::string_view text = {};
};

// Why an attempt ended.
enum class EndCause {
  kClosedByServer,  // cleanly: a last chunk, a Close frame
  kNetwork,         // refused, cut, or (EventSource) not told
  kStatus,          // an HTTP status that means no stream
  kProtocol,        // what came was not what the transport or the codec speaks
};

struct End {
  EndCause cause = EndCause::kNetwork;
  int status = 0;                // HTTP, with kStatus
  std::string detail;            // a few words for people: "status 404", "code 1001 Going Away"
  std::string answered_by = {};  // with kStatus: who did, where it was not the playground server
  Micros retry_after = 0;        // with kStatus: how long it asks to be left alone
};

class FeedEvents {
 public:
  virtual ~FeedEvents() = default;
  // A request goes out; a stream has one, a poll one for each answer.
  virtual void on_request(Micros now) = 0;
  // The transport says it is open (a head, `open`). That alone has delivered nothing.
  virtual void on_open(Micros now) = 0;
  // Bytes came: the connection lives, whether or not they make an item yet.
  virtual void on_bytes(Micros now) = 0;
  virtual void on_delivered(const Delivered& delivered, Micros now) = 0;
  // A poll was answered; what it held went to on_delivered before.
  virtual void on_answer(Micros now) = 0;
  // The stream asks for a reconnection time (WHATWG HTML 9.2.5, `retry`). Only SSE over fetch
  // reports it: EventSource keeps it for its own reconnections and does not show it to script.
  virtual void on_retry(Micros reconnection_time, Micros now) = 0;
  virtual void on_seen(const Seen&, Micros /*now*/) {}
  // The browser lost the connection and is restoring it by itself; on_open comes again.
  virtual void on_interrupted(Micros now) = 0;
  // Nothing comes after this. The feed must not be destroyed from inside any of these calls.
  virtual void on_end(const End& end, Micros now) = 0;
};

class Feed {
 public:
  virtual ~Feed() = default;
  Feed(const Feed&) = delete;
  Feed& operator=(const Feed&) = delete;

  // Follows the endpoint from the cursor until the attempt ends. Called once.
  virtual void start(Micros now) = 0;
  // Closes whatever is open; no call follows. May be called from inside FeedEvents.
  virtual void stop() = 0;
  // As Dispatcher's, of the request that is out.
  virtual bool waits() const { return false; }
  virtual std::optional<Micros> waited_until() const { return std::nullopt; }
  // Sends a text over the open connection, if the transport goes both ways.
  virtual void send(std::string_view) {}
  // Of the stream so far: the last event id. Of polls: what the next one is asked with.
  const Cursor& cursor() const { return cursor_; }

 protected:
  explicit Feed(Cursor cursor) : cursor_(std::move(cursor)) {}

  Cursor cursor_;
};

// `dispatcher` and `events` must outlive the feed.
std::unique_ptr<Feed> make_feed(const FeedSpec& spec, const Cursor& cursor, Dispatcher& dispatcher,
                                FeedEvents& events);

}  // namespace playground::client
