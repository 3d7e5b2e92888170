// A lane with all that is seen of it: what has arrived and how late, what it cost, what the page
// said on it, and its picture. The lane decides, and knows nothing of this.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/client/lane.h"
#include "core/client/pulse.h"
#include "core/client/question.h"
#include "core/client/uplink.h"
#include "core/measure/arrival_pattern.h"
#include "core/measure/delivery_ledger.h"
#include "core/measure/histogram.h"
#include "core/measure/wire_readings.h"
#include "core/view/track.h"

namespace playground::client {

// What a run hears from its lanes.
class LaneNews {
 public:
  virtual ~LaneNews() = default;
  // Microseconds to add to the client's clock for the server's.
  virtual Micros server_offset() const = 0;
  // Bytes pass on the wire for some lane: what is known of its counts is out of date.
  virtual void wire_used() = 0;
  // A message that some lane has seen; `sent` is by the client's clock. `epoch` counts how often
  // the channel's numbering has begun anew (Lane::epoch).
  virtual void message_seen(std::uint32_t epoch, std::uint64_t seq, Micros sent) = 0;
  // `at` is by the client's clock, and there is no number yet.
  virtual void decided(Decision decision) = 0;
  // Whether the server is not ours: nobody has compared the clocks, and the first number is
  // whatever it was when the lane came.
  virtual bool foreign() const { return false; }
  // All that a lane is told, before anything follows from it.
  virtual void seen(const Seen&, Micros /*now*/) {}
  virtual void item_came(const Item&, Micros /*now*/) {}
};

class ObservedLane final : private LaneObserver {
 public:
  // As Lane; `news` must outlive it.
  ObservedLane(const std::vector<TransportId>& ladder, Dispatcher& dispatcher, LaneContext& context,
               LaneNews& news, std::uint64_t seed);

  // Like those of the lane. The figures go on through all of them.
  void start(const FeedSpec& spec, const Uplink::Plan& plan, Micros now);
  void start_over(const FeedSpec& spec, const Uplink::Plan& plan, Micros now);
  void stop(Micros now);

  Lane& lane() { return lane_; }
  const Lane& lane() const { return lane_; }
  // For what is decided about the lane elsewhere: its label goes on the picture.
  void note(Decision decision) { on_decision(std::move(decision)); }
  // For others that draw on it: what goes wrong on the way.
  view::Track& track() { return track_; }
  const view::Track& track() const { return track_; }
  // The server's counts of the current channel, where they have changed; then that all were read,
  // those of a lane that has none included.
  void wire_counted(const measure::WireCount& count);
  void wire_read(Micros now);
  const measure::WireReadings& wire() const { return wire_; }

  const measure::DeliveryLedger& ledger() const { return ledger_; }
  const measure::Histogram& delay_us() const { return delay_us_; }
  const Uplink& uplink() const { return uplink_; }
  std::optional<Micros> first_message_after() const { return first_message_after_; }
  std::uint64_t requests() const { return requests_ + uplink_.requests(); }
  std::uint64_t reconnects() const { return reconnects_; }
  // Messages that came over both transports of a hand-over; each was taken once.
  std::uint64_t overlap() const { return overlap_; }
  // What the arrivals over the running connection show of the path: kHeldWrites, kLumps or
  // kWritesOneBehind.
  std::optional<Reason> path_trouble() const { return path_trouble_; }
  // Events that cannot happen in the lane's state: 0, or the lane is wrong.
  std::uint64_t missteps() const { return missteps_; }

 private:
  struct Failure {
    TransportId transport = {};
    Cause cause = {};
    std::uint64_t requests = 0;  // asked by then
    int readings_to_wait = 0;    // until the server's counts hold them all
  };

  // LaneObserver
  void on_request(TransportId transport, bool runs, Micros now) override;
  void on_bytes(bool runs, Micros now) override;
  void on_open(TransportId transport, bool runs, Micros now) override;
  void on_over(Micros now) override { track_.end_span(now); }
  void on_reconnect() override { ++reconnects_; }
  void on_taken_over(TransportId transport, bool open, Micros now) override;
  bool on_item(const Item& item, bool fresh, Micros now) override;
  void on_seen(const Seen& seen, Micros now) override { news_.seen(seen, now); }
  void on_skipped(std::uint64_t up_to) override { ledger_.skip_to(up_to); }
  void on_numbered_anew() override { ledger_.begin_epoch(); }
  void on_decision(Decision decision) override;
  void on_misstep(LaneState, LaneEvent) override { ++missteps_; }

  Uplink::Sending say(std::string_view text);
  // Compares what was asked with what has arrived there, once the server has had time to count it.
  void find_out(Micros now);
  // Whether what has not arrived waits for connections that others hold. `apart`: asks over one of
  // its own.
  void look_for_connection(TransportId transport, bool apart);
  void look_at_arrivals(Micros sent, Micros now);

  Dispatcher& dispatcher_;
  const LaneContext& context_;
  LaneNews& news_;
  Lane lane_;
  Uplink uplink_;
  measure::DeliveryLedger ledger_;
  measure::Histogram delay_us_;
  measure::ArrivalPattern arrivals_;
  Pulse pulse_;  // while they may show something
  std::optional<Reason> path_trouble_;
  measure::WireReadings wire_;
  // In the current channel, by what is served: what was asked for, and what opened.
  struct Asked {
    std::uint64_t requests = 0;
    std::uint64_t opened = 0;
  };
  std::array<Asked, kServedCount> asked_{};
  measure::WireCount arrived_;    // the last reading
  measure::WireCount explained_;  // when something was found out last
  std::array<Asked, kServedCount> explained_asked_{};
  std::optional<Failure> in_question_;
  Question looking_;  // for a connection
  view::Track track_;
  Micros started_at_ = 0;
  std::optional<Micros> first_message_after_;
  std::uint64_t requests_ = 0;
  std::uint64_t reconnects_ = 0;
  std::uint64_t overlap_ = 0;
  std::uint64_t missteps_ = 0;
};

}  // namespace playground::client
