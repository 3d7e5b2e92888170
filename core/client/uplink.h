// What the page says on a lane. It goes up over the lane's connection where that goes both ways
// (WebSocket), and as a POST of its own elsewhere; it comes down as everybody's messages do, on
// every lane. The round trip ends when it has come down on the lane that said it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/client/feed.h"
#include "core/client/question.h"
#include "core/measure/histogram.h"

namespace playground::client {

class Uplink {
 public:
  // What has not gone up, and what has not come down: the newest of each are remembered.
  static constexpr std::size_t kMaxRemembered = 1000;
  // A POST that is not answered in this time is made again; so is one that failed, after a pause.
  static constexpr Micros kAnswerWithin = 10 * kSecond;
  static constexpr Micros kPause = 1 * kSecond;

  // How a text was sent over the lane's connection, which may be one-way, or not open now.
  enum class Sending : std::uint8_t { kOneWay, kNotOpen, kSent };
  using Send = std::function<Sending(std::string_view text)>;

  Uplink(Dispatcher& dispatcher, Send send) : dispatcher_(dispatcher), send_(std::move(send)) {}

  struct Plan {
    double rate = 0;          // messages/s; 0 is none
    double phase = 1;         // when the first is said, as a share of the time between two
    std::uint32_t bytes = 0;  // of each, at least
  };

  // Speaks on this channel from now on.
  void start(const Endpoint& channel, const Plan& plan);
  // What has not gone up never will. The figures stay.
  void stop();
  // The lane's connection has opened: what waits may go.
  void flush();

  // A message has arrived on the lane. Returns when it was said, if it is one of the lane's own
  // that has not come down before.
  std::optional<Micros> heard(std::string_view payload, Micros now);

  std::uint64_t said() const { return said_; }
  std::uint64_t heard() const { return round_trip_us_.count(); }
  // POSTs made.
  std::uint64_t requests() const { return requests_; }
  // From saying it to hearing it, waiting included.
  const measure::Histogram& round_trip_us() const { return round_trip_us_; }

 private:
  struct Said {
    std::uint64_t number;
    Micros at;
  };

  void speak(Micros now);
  void take_turn_after(double turns);
  void post();
  void answered(const Reply& reply);
  std::string text(std::uint64_t number) const;

  Dispatcher& dispatcher_;
  const Send send_;
  Endpoint channel_;
  Plan plan_;
  Timer turn_;
  Question post_;
  Timer pause_;  // until a failed one is made again
  bool pausing_ = false;
  std::deque<std::uint64_t> to_go_up_;  // the first may be in a POST that is out
  std::deque<Said> to_come_down_;
  std::uint64_t said_ = 0;
  std::uint64_t requests_ = 0;
  measure::Histogram round_trip_us_;
};

}  // namespace playground::client
