// What went over the wire for each lane of a channel.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/server/schedule.h"
#include "core/server/session.h"
#include "core/server/wire_log.h"
#include "core/transport.h"

namespace playground::server {

struct Reply;
struct Request;

// Counted at the socket: bytes in when a whole request (or a WebSocket's bytes) was read, bytes out
// when the kernel took them. They agree with a packet capture, except for what a cut leaves unread.
struct WireCount {
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  std::uint64_t requests = 0;
  std::uint64_t connections = 0;  // distinct sockets
};

struct MeteredLane {
  WireCount count;
  // Requests that have reached the paths it is followed on; of those to the WebSocket's, those that
  // came without an Upgrade, and those that were answered 101.
  std::array<std::uint64_t, kServedCount> arrived{};
  std::uint64_t not_upgraded = 0;
  std::uint64_t upgraded = 0;
  std::unique_ptr<WireLog> log;  // null while nobody has asked for it
};

// Shared with the connections that carry the lane: they may outlive the channel.
using Lane = std::shared_ptr<MeteredLane>;

// The lanes that one connection has carried, each of which counts the connection once; and the one
// whose bytes are passing now. What passes for no lane goes uncounted.
class CarriedLanes {
 public:
  // `schedule` tells the time, and must outlive this.
  explicit CarriedLanes(const Schedule& schedule) : schedule_(schedule) {}

  // A request has come, and what passes from now on is for its lane; null is for none.
  void begin_request(const Lane& lane, std::string_view request);
  void begin_nothing() { current_ = kNone; }

  // Bytes that a session has read; the first `size` bytes of `pieces`, which the kernel took.
  void received(std::string_view bytes) { read(WireLog::Kind::kIn, bytes); }
  void sent(std::span<const Piece> pieces, std::size_t size);
  // A session has handed the piece over: it will be sent after whatever is already waiting.
  void hand_over(const Piece& piece);
  void sent(std::string_view bytes) {
    const Piece piece{bytes};
    sent({&piece, 1}, bytes.size());
  }

 private:
  static constexpr std::size_t kNone = ~std::size_t{0};
  struct Carried {
    Lane lane;
    std::uint64_t number;  // of this connection, in the lane
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;
    std::uint64_t handed_over = 0;  // bytes, sent or waiting
  };

  void read(WireLog::Kind kind, std::string_view bytes);

  const Schedule& schedule_;
  std::vector<Carried> lanes_;
  std::size_t current_ = kNone;
};

class WireMeter {
 public:
  explicit WireMeter(std::size_t max_lanes) : max_lanes_(max_lanes) {}

  // 1-32 of `a-z 0-9 -`.
  static bool is_lane_name(std::string_view name);

  // The lane of that name, begun when it is new; null when there are as many as allowed.
  // Precondition: is_lane_name(name).
  Lane lane(std::string_view name);

  // From now on every new lane keeps a log of its bytes, up to kMaxLogs of them.
  static constexpr std::size_t kMaxLogs = 16;
  void keep_logs() { keeps_logs_ = true; }
  // The log of a lane, which is kept from now on where it was not. Null where nothing carried the
  // lane, or kMaxLogs are kept already.
  const WireLog* log(std::string_view name);
  bool has(std::string_view name) const { return lanes_.find(name) != lanes_.end(); }

  // JSON of one lane (all zero when nothing carried it), and of all.
  std::string to_json(std::string_view name) const;
  std::string to_json() const;

 private:
  void keep_log(MeteredLane& lane);

  std::size_t max_lanes_;
  bool keeps_logs_ = false;
  std::size_t logs_ = 0;
  std::map<std::string, Lane, std::less<>> lanes_;
};

// Answers a question about the bytes of a lane (docs/api.md, "Bytes"): the request's parameters.
void answer_wire_log(WireMeter& meter, const Request& request, Reply& reply);

}  // namespace playground::server
