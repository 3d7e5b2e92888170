// What the attempts of a lane tell it.
#include <algorithm>

#include "core/client/lane.h"

namespace playground::client {

using E = LaneEvent;

void Lane::attempt_requested(Attempt& attempt, Micros now) {
  observer_.on_request(attempt.transport(), runs(attempt), now);
}

void Lane::attempt_opened(Attempt& attempt, Micros now) {
  if (!runs(attempt)) return;
  if (attempt.interrupted_at()) attempt_requested(attempt, now);
  observer_.on_open(now);
}

void Lane::attempt_showed_life(Attempt& attempt, Micros now) {
  observer_.on_bytes(runs(attempt), now);
  if (runs(attempt)) step(E::kSign, now);
}

void Lane::attempt_delivered(Attempt& attempt, const Record& record, Micros now) {
  // First, for a connection that goes live is watched by it.
  if (const auto* greeting = std::get_if<Greeting>(&record)) {
    heartbeat_ = std::max<Micros>(1, greeting->heartbeat_s) * kSecond;
  }
  step(runs(attempt) ? E::kDelivered : E::kProbeDelivered, now);
  if (const auto* message = std::get_if<Message>(&record)) {
    take_message(attempt, *message, now);
  } else if (const auto* reset = std::get_if<Reset>(&record)) {
    take_reset(attempt, *reset, now);
  }
}

void Lane::attempt_answered(Attempt& attempt, Micros now) {
  step(runs(attempt) ? E::kDelivered : E::kProbeDelivered, now);
  if (runs(attempt)) observer_.on_over(now);
}

void Lane::attempt_told_to_wait(Attempt& attempt, Micros now) {
  if (!runs(attempt) || reconnection_time_ == *attempt.reconnection_time()) return;
  reconnection_time_ = *attempt.reconnection_time();
  decide(Reason::kToldToWait, {.pause = reconnection_time_}, now);
}

void Lane::attempt_interrupted(Attempt& attempt, Micros now) {
  step(runs(attempt) ? E::kInterrupted : E::kProbeEnded, now);
}

void Lane::attempt_ended(Attempt& attempt, Micros now) {
  if (!runs(attempt)) return step(E::kProbeEnded, now);
  step(left_alone() ? E::kRefused : E::kEnded, now);
}

void Lane::take_message(Attempt& attempt, const Message& message, Micros now) {
  cursor_ = std::max(cursor_, message.seq);
  // New on this connection, it may be here already: the other one was faster. What the same
  // connection brings again is a repetition by the server.
  const bool fresh = message.seq > attempt.position();
  if (fresh) attempt.move_to(message.seq);
  if (observer_.on_message(message, fresh, now)) ++overlap_;
}

void Lane::take_reset(Attempt& attempt, const Reset& reset, Micros now) {
  const std::uint64_t before_first = std::max<std::uint64_t>(1, reset.first) - 1;
  const std::uint64_t position = attempt.position();
  attempt.move_to(before_first);
  Parameters what{.transport = attempt.transport(), .last = before_first};
  if (reset.last < position || before_first < position) {
    // No log goes back: this one is another, after a restart.
    ++epoch_;
    observer_.on_numbered_anew();
    what.after = position;
    what.first = 1;
    what.count = before_first;
  } else if (before_first > cursor_) {
    what.first = cursor_ + 1;
    what.count = before_first - cursor_;
    what.kept_first = reset.first;
    what.kept_last = reset.last;
  } else {
    return;
  }
  const Reason reason = what.after > 0 ? Reason::kNumberedAnew : Reason::kGap;
  cursor_ = before_first;
  observer_.on_skipped(before_first);
  decide(reason, std::move(what), now);
}

}  // namespace playground::client
