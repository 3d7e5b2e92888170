// A lane follows one channel: it climbs down its ladder of transports when they fail and up again
// when they may be tried anew, reconnects, keeps its place in the stream over every hand-over,
// measures what arrives, and writes down why it did what it did. Longer than other headers: each
// action of the state machine is a member.
#ifndef PLAYGROUND_CORE_CLIENT_LANE_H_
#define PLAYGROUND_CORE_CLIENT_LANE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/client/attempt.h"
#include "core/client/back_off.h"
#include "core/client/ladder.h"
#include "core/client/way_back.h"
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
  // Bytes pass on the wire for some lane: what is known of its counts is no longer true.
  virtual void wire_used() = 0;
  // A message that some lane has seen; `sent` is by the client's clock. `epoch` counts how often
  // the channel's numbering has begun anew (Lane::epoch).
  virtual void message_seen(std::uint32_t epoch, std::uint64_t seq, Micros sent) = 0;
  virtual void decided(TransportId lane, std::string text, bool trouble, Micros now) = 0;
};

enum class LaneState : std::uint8_t {
  kIdle,
  kConnecting,  // an attempt is under way and has not delivered
  kLive,        // it has
  kProbing,     // live, and a better transport is tried beside it
  kTrial,       // live, and the better one delivers as well: it must hold before it takes over
  kChecking,    // live by the book, but suspect: a new connection is tried beside it
  kWaiting,     // for the next attempt, or for the network
  kClosed,      // for good: the browser reconnects no more (kSseNative), or has none of the ladder
};

class Lane final : private AttemptEvents {
 public:
  // The first record must come within max(kFirstRecordFloor, kFirstRecordRoundTrips x RTT).
  static constexpr Micros kFirstRecordFloor = 2 * kSecond;
  static constexpr int kFirstRecordRoundTrips = 4;
  // It doubles with each round of the ladder that led nowhere: over a slow line the answer to a
  // poll, which counts when it is whole, may hold more than passes in the first one.
  static constexpr Micros kLongestFirstRecord = 30 * kSecond;
  // Attempts in a row that delivered nothing, or ended within kMoment of delivering, before the
  // next transport is tried.
  static constexpr int kUselessAttempts = 3;
  static constexpr Micros kMoment = 5 * kSecond;
  // A live connection may be silent for the server's heartbeat and this; a poll may be out for as
  // long as the server holds it and this.
  static constexpr Micros kHeartbeatGrace = 5 * kSecond;
  // How long a better transport must go on delivering before it takes over.
  static constexpr Micros kTrialTime = 1 * kSecond;
  // A timer that comes later than this was held up: the page or the machine was asleep.
  static constexpr Micros kAsleep = 5 * kSecond;

  // `wiring` and `context` must outlive the lane. `ladder` begins with what was asked for.
  Lane(const std::vector<TransportId>& ladder, Wiring& wiring, LaneContext& context,
       std::uint64_t seed);
  ~Lane() override;
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  // Follows the channel from its beginning.
  void start(const Target& target, Micros now);
  // The channel was lost; follows another one, from its beginning. The figures go on.
  void start_over(const Target& target, Micros now);
  void stop(Micros now);
  // What the run knows of the world: nothing is tried while offline. May come without a change:
  // deadlines are looked at again.
  void environment(const Environment& environment, Micros now);

  // Something goes wrong on the way, or no longer does: for the time line.
  void mark(std::string text, bool trouble, Micros now) {
    track_.mark(std::move(text), trouble, now);
  }

  // The same of what lasts, from its beginning to its end; without a word, everything is over.
  void trouble_begins(std::string word, Micros now) { track_.trouble_begins(std::move(word), now); }
  void trouble_ends(std::string_view word, Micros now) { track_.trouble_ends(word, now); }
  void trouble_comes(std::optional<view::Trouble> coming) {
    track_.trouble_comes(std::move(coming));
  }

  TransportId asked() const { return ladder_[0]; }
  TransportId running() const { return ladder_[rung_]; }
  LaneState state() const { return state_; }
  // The transport that is tried beside the running one.
  std::optional<TransportId> probing() const;
  // When a better transport will be tried again, where one will.
  std::optional<Micros> next_probe_at() const { return next_probe_at_; }
  // "SSE", or "SSE → long polling" after a fallback.
  std::string title() const;
  // What the connection says of itself, in a few words.
  std::string state_text(Micros now) const;
  // A short tag where the lane is not what it was asked to be.
  const std::string& tag() const { return tag_; }
  bool open() const { return current_ != nullptr && current_->opened(); }

  const measure::DeliveryLedger& ledger() const { return ledger_; }
  const measure::Histogram& delay_us() const { return delay_us_; }
  const view::Track& track() const { return track_; }
  const WayBack& way_back() const { return way_back_; }
  std::optional<Micros> first_message_after() const { return first_message_after_; }
  std::uint64_t requests() const { return requests_ + way_back_.requests(); }
  std::uint64_t reconnects() const { return reconnects_; }
  // Messages that came over both transports of a hand-over; each was taken once.
  std::uint64_t overlap() const { return overlap_; }
  // How often the channel's numbering has begun anew.
  std::uint32_t epoch() const { return epoch_; }

 private:
  enum class Event : std::uint8_t {
    kStart,
    kUnusable,  // the browser has nothing of what the ladder needs
    kStop,
    kDelivered,  // the first record, of the running transport
    kEnded,
    kDeadline,     // no first record, or silence
    kDue,          // the pause is over
    kInterrupted,  // by the browser, which reconnects by itself
    kRefused,      // the browser does not
    kSuspect,      // a clock says that time has passed unseen
    kSign,         // of life, of the running transport
    kOffline,
    kOnline,
    kProbeDue,
    kProbeDelivered,
    kProbeEnded,
    kProbeDeadline,
    kProbeHeld,
  };
  struct Row {
    LaneState from;
    Event event;
    LaneState to;
    void (Lane::*action)(Micros now);
  };
  static const Row kRows[];

  // AttemptEvents
  void attempt_requested(Attempt& attempt, Micros now) override;
  void attempt_opened(Attempt& attempt, Micros now) override;
  void attempt_showed_life(Attempt& attempt, Micros now) override;
  void attempt_delivered(Attempt& attempt, const Record& record, Micros now) override;
  void attempt_answered(Attempt& attempt, Micros now) override;
  void attempt_told_to_wait(Attempt& attempt, Micros now) override;
  void attempt_interrupted(Attempt& attempt, Micros now) override;
  void attempt_ended(Attempt& attempt, Micros now) override;
  bool runs(const Attempt& attempt) const { return &attempt == current_.get(); }
  void take_message(Attempt& attempt, const Message& message, Micros now);
  void take_reset(Attempt& attempt, const Reset& reset, Micros now);

  // The state machine: looks the pair up in kRows; an event that no row names is ignored.
  void step(Event event, Micros now);
  void begin_attempt(Micros now);
  void say_what_lacks(Micros now);
  void begin_again(Micros now);
  void begin_at_once(Micros now);
  void went_live(Micros now);
  void attempt_failed(Micros now);
  void deadline_passed(Micros now);
  void climb(const std::string& silence, Micros now);
  void connection_lost(Micros now);
  void went_silent(Micros now);
  void browser_retries(Micros now);
  void browser_gave_up(Micros now);
  void pause(Micros now);
  void begin_probe(Micros now);
  void begin_trial(Micros now);
  void hand_over(Micros now);
  void probe_failed(Micros now);
  void leave_probe(Micros now);
  void begin_check(Micros now);
  void check_passed(Micros now);
  void renew(Micros now);
  void close(Micros now);

  // Timers. Each looks at the clock when it is due.
  void wait(Micros delay, Micros now);
  void watch(Micros delay, Micros now);
  void watch_due(Micros now);
  void time_probe(Micros delay, Event event, Micros now);
  void schedule_probe(Micros now);
  void begin_beside(std::size_t rung, Micros now);
  std::unique_ptr<Attempt> attempt_on(std::size_t rung);
  // The second attempt becomes the running one.
  void swap_attempts(Micros now);
  void look_at_clock(Micros now);
  WayBack::Sending say(std::string_view text);
  Micros first_record_deadline() const;
  Micros silence_left(Micros now) const;
  // The browser's own reconnection is shown as it is: no deadline, no attempt of ours.
  bool left_alone() const { return info(running()).reconnects_itself; }
  bool usable(std::size_t rung) const { return context_.has(info(ladder_[rung]).needs); }
  // Takes the first transport from `rung` on that the browser has, and says what it left out; that
  // of `rung` where it has none.
  void choose(std::size_t rung, Micros now);
  // The next transport below that has not failed lately, or else the next one at all.
  std::optional<std::size_t> rung_below(Micros now) const;
  // The best transport that may be tried at once.
  std::size_t first_rung(Micros now) const;
  // Why the transport above the running one does not run.
  std::string tag_above() const;
  // Goes on to the next transport; past the last one, to the first after a pause. `reason` is a
  // sentence without its full stop, `tag` a word for it.
  void fall(std::string reason, std::string_view tag, Micros now);
  std::string connection_words(Micros now) const;
  std::string place_words(std::string_view before) const;
  void decide(std::string text, bool trouble, Micros now);

  Ladder ladder_;
  Wiring& wiring_;
  LaneContext& context_;
  BackOff back_off_;
  WayBack way_back_;

  Target target_;
  Environment environment_;
  LaneState state_ = LaneState::kIdle;
  std::size_t rung_ = 0;
  std::unique_ptr<Attempt> current_;
  std::unique_ptr<Attempt> beside_;  // a probe, or what is left of an attempt that was replaced
  Timer watch_timer_;                // the first record's deadline, then silence
  Timer wait_timer_;
  Timer probe_timer_;

  Micros started_at_ = 0;
  Micros live_since_ = 0;
  Micros last_sign_at_ = 0;  // of the attempts that are over
  Micros next_attempt_at_ = 0;
  Micros watch_due_at_ = 0;
  Micros probe_due_at_ = 0;
  std::optional<Micros> next_probe_at_;
  Micros heartbeat_ = 15 * kSecond;
  Micros reconnection_time_ = 0;
  bool ever_live_ = false;
  bool on_probation_ = false;  // came up by a probe, and has not proved itself
  int useless_attempts_ = 0;
  int rounds_ = 0;  // of the ladder, since something was delivered
  int short_lives_ = 0;
  std::uint64_t cursor_ = 0;
  std::uint32_t epoch_ = 0;
  std::string tag_;

  measure::DeliveryLedger ledger_;
  measure::Histogram delay_us_;
  view::Track track_;
  std::optional<Micros> first_message_after_;
  std::uint64_t requests_ = 0;
  std::uint64_t reconnects_ = 0;
  std::uint64_t overlap_ = 0;
  std::uint64_t overlap_before_ = 0;  // the attempt beside
};

}  // namespace playground::client

#endif  // PLAYGROUND_CORE_CLIENT_LANE_H_
