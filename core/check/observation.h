// What a check asks and what it sees, as data: a probe is one question, an observation its answer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "core/beat.h"
#include "core/client/host.h"
#include "core/measure/clock_offset.h"
#include "core/transport.h"

namespace playground::check {

using client::Micros;

// Best first.
inline constexpr TransportId kCheckedTransports[] = {TransportId::kWebSocket, TransportId::kSse,
                                                     TransportId::kNdjson, TransportId::kLongPoll,
                                                     TransportId::kShortPoll};
// Of these, the stream that is read over fetch: its status, its header fields and how it ends are
// seen, and its content type is ours to choose.
inline constexpr TransportId kOverFetch = TransportId::kNdjson;
// Something is written while the connection is open, or the request held.
inline bool stays_open(const TransportInfo& info) { return !info.polls() || info.holds(); }

enum class ProbeKind : std::uint8_t {
  kOpen,       // opened; the first record is timed
  kWrites,     // the server writes at kWriteMoments
  kRamp,       // it writes a kilobyte forty times, to see how much collects
  kSilence,    // it writes, is silent for `duration`, and writes again
  kBeat,       // the same, with a beat in between
  kStatus,     // it answers with `status`
  kEnd,        // it ends the stream: in order, or in the middle with `cut`
  kSeen,       // it says what it was asked
  kCookie,     // the same, after it has set a cookie
  kBody,       // a body of `bytes`
  kUpload,     // a request with a body of `bytes`
  kHeader,     // a request with a header field of `bytes`
  kMessage,    // the client says `bytes` over an open connection
  kEvent,      // the server says `bytes` at once
  kRepeated,   // the same question twice, which a cache might answer the second time
  kStreams,    // `bytes` streams at once
  kBothWays,   // the client speaks while the server does
  kFill,       // as much as passes within `duration`
  kRoundTrip,  // short questions, one after another
};
inline constexpr std::size_t kProbeKindCount = 19;
std::string_view name(ProbeKind kind);

// When the server writes, as SockJS does to find proxies that hold writes back: milliseconds.
inline constexpr std::int64_t kWriteMoments[] = {0, 5, 25, 125, 625, 3125};
inline constexpr std::size_t kRampWrites = 40;
inline constexpr Micros kRampGap = 30 * client::kMillisecond;
inline constexpr std::size_t kRampBytes = 1024;

struct Probe {
  ProbeKind kind = ProbeKind::kOpen;
  TransportId transport = TransportId::kShortPoll;
  bool plain = false;       // the server says nothing to those on the way
  bool text = false;        // its lines are text/plain
  std::uint64_t bytes = 0;  // of padding, a body, a message, a field
  Micros duration = 0;      // of silence, or of a filled stream
  Beat beat = Beat::kNone;
  int status = 0;
  bool cut = false;    // kEnd: in the middle of the response
  bool again = false;  // asked once more, because what was seen must not be chance

  bool operator==(const Probe&) const = default;
};

// A record, and when it came. Times are microseconds of the client's clock, as everywhere here;
// the server's moments are put on it by the clock offset.
struct Arrival {
  std::uint64_t number = 0;
  Micros sent = 0;
  Micros at = 0;
  std::size_t bytes = 0;
};

enum class Outcome : std::uint8_t {
  kNone,      // it is not over
  kWhole,     // everything came, and the end as it was asked for
  kEnded,     // the peer ended it in order, before everything had come
  kBroke,     // it broke, or could not be opened
  kAnswered,  // by a status that it was not asked for
  kTimedOut,  // what should have come did not, and nobody ended it
  kNotSent,   // the client's own connections were all in use
  kSkipped,   // not asked: its transport does not work
  kStopped,   // by the reader
};
std::string_view name(Outcome outcome);

// What the server has seen of it (docs/api.md, "Check").
struct Seen {
  std::uint64_t requests = 0;  // 0: nothing has arrived
  Micros at = 0;
  std::string method;
  std::string target;
  std::string version;
  std::vector<client::HeaderField> fields;
  bool upgrade = false;
  int status = 0;
  std::uint64_t writes = 0;
  std::uint64_t beats = 0;
  std::uint64_t messages = 0;
  std::uint64_t bytes = 0;
  std::uint64_t pongs = 0;
  std::string end;  // "open", "answered", "cut", "peer-close", "peer-fin", "peer-reset"
  Micros ended = 0;
};

struct Observation {
  static constexpr std::size_t kMaxArrivals = 128;

  Probe probe;
  std::string id;  // under which the server knows it
  bool begun = false;
  Micros began = 0;
  std::optional<Micros> opened;  // the head, or `open`
  int status = 0;                // of the answer; 0 where the client is not told
  std::string fields;            // of the answer, whole lines
  std::vector<Arrival> arrivals;
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;    // of the body, decoded
  std::uint64_t answers = 0;  // to what the client said
  Micros last = 0;            // when something last came
  // kOpen of a WebSocket: how long, after it had failed, ordinary requests did so too; and their
  // status.
  Micros poisoned = 0;
  int poisoned_status = 0;
  std::vector<Micros> times;             // kRoundTrip, kBothWays: how long each answer took
  bool differs = false;                  // kBody: what came is not what was sent
  std::string cookie;                    // kCookie: that came, where the client is told
  std::string address;                   // kBody: that was asked
  std::optional<client::BodySize> size;  // kBody: of what came, as far as the host is told
  Outcome outcome = Outcome::kNone;
  std::string words;       // the client's, for how it ended
  std::uint16_t code = 0;  // of a WebSocket's close
  Micros ended = 0;
  std::optional<Seen> seen;

  bool over() const { return outcome != Outcome::kNone; }
  // Whether somebody ended it towards the server.
  bool server_saw_end() const;
  // When the first of both ends saw its end: a busy machine is late to see it.
  Micros first_end() const;
  // For how long it was open by then, as the end that saw it open first says; 0: it was not.
  Micros lived() const;
  // Whether the answer is not the server's own.
  bool foreign() const;
};

// What is known of the two ends besides.
struct Path {
  std::string server;        // its origin
  std::string page;          // the page's, where there is one
  std::string version;       // of the server
  std::string http_version;  // that the client speaks, as far as it knows: "1.1", "2", "3"
  bool multiplexed = false;  // requests share a connection
  measure::ClockOffset clock;
  std::uint64_t max_message = 0;  // bytes: the server's limits
  std::uint64_t max_body = 0;
  std::uint64_t max_head = 0;
  std::vector<client::HeaderField> sent;  // fields that the client has asked to be sent
  bool is_browser = true;

  // Whether the page is of another origin than the server, for which browsers keep cookies back.
  bool crosses_origins() const;
};

struct Observations {
  Path path;
  std::deque<Observation> all;  // in the order in which they were planned
};

}  // namespace playground::check
