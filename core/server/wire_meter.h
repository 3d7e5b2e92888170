// What went over the wire for each lane of a channel.
#ifndef PLAYGROUND_CORE_SERVER_WIRE_METER_H_
#define PLAYGROUND_CORE_SERVER_WIRE_METER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace playground::server {

// Counted at the socket: bytes in when a whole request (or a WebSocket's bytes) was read, bytes out
// when the kernel took them.
struct WireCount {
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  std::uint64_t requests = 0;
  std::uint64_t connections = 0;  // distinct sockets
};

// Shared with the connections that carry the lane: they may outlive the channel.
using Lane = std::shared_ptr<WireCount>;

// The lanes that one connection has carried: each counts the connection once.
class CarriedLanes {
 public:
  // A request of `bytes` for the lane has come; `lane` is not null.
  void count_request(const Lane& lane, std::size_t bytes);

 private:
  std::vector<Lane> lanes_;
};

class WireMeter {
 public:
  explicit WireMeter(std::size_t max_lanes) : max_lanes_(max_lanes) {}

  // 1-32 of `a-z 0-9 -`.
  static bool is_lane_name(std::string_view name);

  // The lane of that name, begun when it is new; null when there are as many as may be.
  // Precondition: is_lane_name(name).
  Lane lane(std::string_view name);

  // JSON of one lane (all zero when nothing carried it), and of all.
  std::string to_json(std::string_view name) const;
  std::string to_json() const;

 private:
  std::size_t max_lanes_;
  std::map<std::string, Lane, std::less<>> lanes_;
};

}  // namespace playground::server

#endif  // PLAYGROUND_CORE_SERVER_WIRE_METER_H_
