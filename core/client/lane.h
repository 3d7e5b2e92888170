// A lane follows one endpoint: it goes down its ladder of transports when they fail and up again
// when they may be tried anew, reconnects, keeps its place in the stream over every hand-over, and
// says why it did what it did. That is all: whoever measures or draws observes it. Its table is in
// lane_table.cc. Longer than other headers: each action of the state machine is a member.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "core/client/attempt.h"
#include "core/client/back_off.h"
#include "core/client/ladder.h"
#include "core/client/lane_observer.h"

namespace playground::client {

// How a lane differs from what it was asked to be.
struct Tag {
  Cause cause = Cause::kNone;  // held against a better transport
  Feature lacking = {};        // with kLacks
};

class Lane final : private AttemptEvents {
 public:
  // The first record must come within max(kFirstRecordFloor, kFirstRecordRoundTrips x RTT).
  static constexpr Micros kFirstRecordFloor = 2 * kSecond;
  static constexpr int kFirstRecordRoundTrips = 4;
  // It doubles with each round of the ladder that led nowhere: over a slow line the answer to a
  // poll, which counts only when whole, may hold more than gets through in the first.
  static constexpr Micros kLongestFirstRecord = 30 * kSecond;
  // Attempts in a row that delivered nothing, or ended within kMoment of delivering, before the
  // next transport is tried.
  static constexpr int kUselessAttempts = 3;
  static constexpr Micros kMoment = 5 * kSecond;
  // So many connections that end after the same silence, give or take a twentieth, show a limit;
  // one of less than kShortSilence is none.
  static constexpr int kCutsAlike = 3;
  static constexpr Micros kShortSilence = 2 * kSecond;
  // A live connection may be silent this much longer than the server's heartbeat; a poll may be out
  // this much longer than the server holds it.
  static constexpr Micros kHeartbeatGrace = 5 * kSecond;
  // How long a server that is not ours may take to answer a poll, and to open a stream: some send
  // no head before the first event.
  static constexpr Micros kPlainAnswer = 30 * kSecond;
  static constexpr Micros kPlainOpening = 100 * kSecond;
  // How long a better transport must go on delivering before it takes over.
  static constexpr Micros kTrialTime = 1 * kSecond;
  // A timer that comes later than this was held up: the page or the machine was asleep.
  static constexpr Micros kAsleep = 5 * kSecond;

  // `dispatcher`, `context` and `observer` must outlive the lane. `ladder` begins with what was
  // asked for.
  Lane(const std::vector<TransportId>& ladder, Dispatcher& dispatcher, LaneContext& context,
       LaneObserver& observer, std::uint64_t seed);
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  // Follows `spec.endpoint` from its beginning, over the ladder's transports in place of
  // `spec.transport`.
  void start(const FeedSpec& spec, Micros now);
  // The channel was lost; follows another one, from its beginning. The figures go on.
  void start_over(const FeedSpec& spec, Micros now);
  void stop(Micros now);
  // What the run knows of the world: nothing is tried while offline. May come without a change:
  // then deadlines are looked at again.
  void environment(const Environment& environment, Micros now);

  // What is held against a transport that has failed turns out to be something else.
  void found_out(TransportId transport, Cause cause, Micros now);

  // Sends a text over the running connection, of a transport that goes both ways. False where it is
  // not open.
  bool send(std::string_view text);

  TransportId asked() const { return ladder_[0]; }
  TransportId running() const { return ladder_[rung_]; }
  LaneState state() const { return state_; }
  // The transport that is tried beside the running one.
  std::optional<TransportId> probing() const;
  // When a better transport will be tried again, where one will.
  std::optional<Micros> next_probe_at() const { return next_probe_at_; }
  const Tag& tag() const { return tag_; }
  bool open() const { return current_ != nullptr && current_->opened(); }
  // Null before the first.
  const Attempt* current() const { return current_.get(); }
  const Endpoint& endpoint() const { return spec_.endpoint; }
  const Environment& known() const { return environment_; }
  // While it waits.
  Micros next_attempt_at() const { return next_attempt_at_; }
  // Whether the browser has what the running transport needs.
  bool can_run() const { return usable(rung_); }
  // How often the channel's numbering has begun anew.
  std::uint32_t epoch() const { return epoch_; }
  // The server that serves it, where several share the channel, or that did last.
  const std::string& server() const { return server_; }

  // What the table says of a pair: there is a row, there is nothing to do, or it cannot happen.
  enum class Listed : std::uint8_t { kRow, kIgnored, kNowhere };
  static Listed listed(LaneState state, LaneEvent event);
  static std::size_t pairs_listed();

 private:
  struct Table;
  static const std::array<std::int8_t, kLaneStateCount * kLaneEventCount> kPlaces;

  // AttemptEvents
  void attempt_requested(Attempt& attempt, Micros now) override;
  void attempt_opened(Attempt& attempt, Micros now) override;
  void attempt_showed_life(Attempt& attempt, Micros now) override;
  void attempt_delivered(Attempt& attempt, const Delivered& delivered, Micros now) override;
  void attempt_answered(Attempt& attempt, Micros now) override;
  void attempt_told_to_wait(Attempt& attempt, Micros now) override;
  void attempt_seen(Attempt&, const Seen& seen, Micros now) override {
    observer_.on_seen(seen, now);
  }
  void attempt_interrupted(Attempt& attempt, Micros now) override;
  void attempt_ended(Attempt& attempt, Micros now) override;
  bool runs(const Attempt& attempt) const { return &attempt == current_.get(); }
  void take_opening(Attempt& attempt, const Opening& opening);
  void look_at_server(Micros now);
  void take_item(Attempt& attempt, const Item& item, Micros now);
  void take_reset(Attempt& attempt, const Reset& reset, Micros now);

  // Does what the table says; an event that cannot happen is reported to the observer.
  void step(LaneEvent event, Micros now);
  void begin_attempt(Micros now);
  void say_what_lacks(Micros now);
  // The running connection has ended: after the same silence as the ones before?
  void look_at_silence(Micros now);
  void begin_again(Micros now);
  void begin_at_once(Micros now);
  void went_live(Micros now);
  void attempt_failed(Micros now);
  void deadline_passed(Micros now);
  void climb(Micros silence, Micros now);
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
  Micros pause_after(const End& end);
  void wait(Micros delay, Micros now);
  void watch(Micros delay, Micros now);
  void watch_due(Micros now);
  void time_probe(Micros delay, LaneEvent event, Micros now);
  void schedule_probe(Micros now);
  void begin_beside(std::size_t rung, Micros now);
  // A new attempt, which goes on after what has come.
  void begin(std::unique_ptr<Attempt>& attempt, std::size_t rung, Micros now);
  void keep_place();
  // The second attempt becomes the running one.
  void swap_attempts(Micros now);
  void wait_for_connection(Micros now);
  void look_at_clock(Micros now);
  Micros first_record_deadline() const;
  Micros silence_left(Micros now) const;
  // The browser's own reconnection is shown as it is: no deadline, no attempt of ours.
  bool left_alone() const { return info(running()).reconnects_itself; }
  bool usable(std::size_t rung) const { return context_.has(info(ladder_[rung]).needs); }
  // Takes the first transport from `rung` on that the browser has, and says what it left out; if
  // the browser has none, that of `rung`.
  void choose(std::size_t rung, Micros now);
  // The next transport below that has not failed lately, or else the next one at all.
  std::optional<std::size_t> rung_below(Micros now) const;
  // The best transport that may be tried at once.
  std::size_t first_rung(Micros now) const;
  // Why what was asked for does not run; where that is not known, why what stands next does not.
  Tag tag_above() const;
  // Goes on to the next transport; past the last one, to the first after a pause. `why` has a
  // cause.
  void fall(Parameters why, Micros now);
  void decide(Reason reason, Parameters parameters, Micros now);

  Ladder ladder_;
  Dispatcher& dispatcher_;
  LaneContext& context_;
  LaneObserver& observer_;
  BackOff back_off_;

  FeedSpec spec_;
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
  Micros heartbeat_ = 15 * kSecond;  // until the stream gives another
  Micros reconnection_time_ = 0;
  bool ever_live_ = false;
  bool told_of_waiting_ = false;  // of the running attempt
  bool on_probation_ = false;     // came up by a probe, and has not proved itself
  int useless_attempts_ = 0;
  Micros useless_since_ = 0;  // the first of them
  int rounds_ = 0;            // of the ladder, since something was delivered
  int short_lives_ = 0;
  Micros short_lives_since_ = 0;  // the end of the first of them
  Micros cut_after_ = 0;          // a silence of so long
  int cuts_alike_ = 0;            // in a row
  Cursor cursor_;
  bool other_epoch_ = false;  // the channel numbers anew: a Reset will say from where
  std::uint32_t epoch_ = 0;
  std::string server_;
  Micros server_since_ = 0;
  std::uint64_t overlap_ = 0;  // messages that came over both, since an attempt began beside
  Tag tag_;
};

}  // namespace playground::client
