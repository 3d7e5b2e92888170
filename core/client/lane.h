// A lane follows one channel: it climbs down its ladder of transports, reconnects, keeps its place
// in the stream over every hand-over, measures what arrives, and writes down why it did what it
// did.
#ifndef PLAYGROUND_CORE_CLIENT_LANE_H_
#define PLAYGROUND_CORE_CLIENT_LANE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/client/back_off.h"
#include "core/client/transport.h"
#include "core/measure/delivery_ledger.h"
#include "core/measure/histogram.h"
#include "core/view/track.h"

namespace playground::client {

// What a lane asks of the run it belongs to.
class LaneContext {
 public:
  virtual ~LaneContext() = default;
  // Whether the browser has it, and the run does not do without.
  virtual bool has(Feature feature) const = 0;
  // Microseconds to add to the client's clock for the server's.
  virtual Micros server_offset() const = 0;
  // The measured round trip to the server; 0 while it is not known.
  virtual Micros round_trip() const = 0;
  // Whether the server answers ordinary requests. Where it does not, no transport is to blame.
  virtual bool server_reachable() const = 0;
  // An attempt ended badly: the run may want to look whether the server and the channel are there.
  virtual void lane_failed(Micros now) = 0;
  // A message that some lane has seen; `sent` is by the client's clock.
  virtual void message_seen(std::uint64_t seq, Micros sent) = 0;
  virtual void decided(TransportId lane, std::string text, bool trouble, Micros now) = 0;
};

enum class LaneState : std::uint8_t {
  kIdle,
  kConnecting,  // an attempt is under way and has not delivered
  kLive,        // it has
  kWaiting,     // for the next attempt
};

class Lane final : private TransportEvents {
 public:
  // The first record must come within max(kFirstRecordFloor, kFirstRecordRoundTrips x RTT).
  static constexpr Micros kFirstRecordFloor = 2 * kSecond;
  static constexpr int kFirstRecordRoundTrips = 4;
  // Attempts in a row that delivered nothing before the next transport is tried.
  static constexpr int kUselessAttempts = 3;
  // A live connection may be silent for the server's heartbeat and this.
  static constexpr Micros kHeartbeatGrace = 5 * kSecond;

  // `wiring` and `context` must outlive the lane.
  Lane(TransportId asked, Wiring& wiring, LaneContext& context, std::uint64_t seed);
  ~Lane() override;
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  // Follows the channel from its beginning.
  void start(const Target& target, Micros now);
  // The channel was lost; follows another one, from its beginning. The figures go on.
  void start_over(const Target& target, Micros now);
  void stop(Micros now);

  TransportId asked() const { return asked_; }
  TransportId running() const { return running_; }
  LaneState state() const { return state_; }
  // "SSE", or "SSE → long polling" after a fallback.
  std::string title() const;
  // What the connection says of itself, in a few words.
  std::string state_text(Micros now) const;
  // A short tag where the lane is not what it was asked to be.
  const std::string& tag() const { return tag_; }
  bool open() const { return opened_; }

  const measure::DeliveryLedger& ledger() const { return ledger_; }
  const measure::Histogram& delay_us() const { return delay_us_; }
  const view::Track& track() const { return track_; }
  std::optional<Micros> first_message_after() const { return first_message_after_; }
  std::uint64_t requests() const { return requests_; }
  std::uint64_t reconnects() const { return reconnects_; }

 private:
  enum class Event : std::uint8_t { kStart, kDelivered, kEnded, kDeadline, kDue, kStop };
  struct Row {
    LaneState from;
    Event event;
    LaneState to;
    void (Lane::*action)(Micros now);
  };
  static const Row kRows[];

  // TransportEvents
  void on_request(Micros now) override;
  void on_open(Micros now) override;
  void on_bytes(Micros now) override;
  void on_record(const Record& record, Micros now) override;
  void on_answer(Micros now) override;
  void on_end(const End& end, Micros now) override;

  // The state machine: looks the pair up in kRows; an event that no row names is ignored.
  void step(Event event, Micros now);
  void begin_attempt(Micros now);
  void went_live(Micros now);
  void attempt_failed(Micros now);
  void deadline_passed(Micros now);
  void connection_lost(Micros now);
  void went_silent(Micros now);
  void close(Micros now);

  void wait(Micros delay, Micros now);
  void watch(Micros delay);
  void check_silence(Micros now);
  Micros first_record_deadline() const;
  Micros silence_limit() const;
  // Takes the first transport from `rung` on that the browser has, and says what it left out.
  void choose(std::size_t rung, Micros now);
  // Goes on to the next transport; past the last one, to the first after a pause. `reason` is a
  // sentence without its full stop, `tag` a word for it.
  void fall(std::string reason, std::string_view tag, Micros now);
  std::string connection_words(Micros now) const;
  void decide(std::string text, bool trouble, Micros now);
  void take_message(const Message& message, Micros now);

  const TransportId asked_;
  const std::span<const TransportId> ladder_;
  Wiring& wiring_;
  LaneContext& context_;
  BackOff back_off_;

  Target target_;
  LaneState state_ = LaneState::kIdle;
  std::size_t rung_ = 0;
  TransportId running_;
  std::unique_ptr<Transport> transport_;
  Timer watch_timer_;  // the first record's deadline, then silence
  Timer wait_timer_;
  End last_end_;

  Micros started_at_ = 0;
  Micros attempt_at_ = 0;
  Micros request_at_ = 0;
  Micros last_sign_at_ = 0;
  Micros last_sign_at_before_ = 0;  // of the attempts before this one
  Micros next_attempt_at_ = 0;
  Micros heartbeat_ = 15 * kSecond;
  bool opened_ = false;
  bool ever_live_ = false;
  int useless_attempts_ = 0;
  std::uint64_t cursor_ = 0;
  std::string tag_;

  measure::DeliveryLedger ledger_;
  measure::Histogram delay_us_;
  view::Track track_;
  std::optional<Micros> first_message_after_;
  std::uint64_t requests_ = 0;
  std::uint64_t reconnects_ = 0;
};

}  // namespace playground::client

#endif  // PLAYGROUND_CORE_CLIENT_LANE_H_
