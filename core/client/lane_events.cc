// What the attempts of a lane tell it.
#include <algorithm>
#include <utility>

#include "core/client/lane.h"
#include "core/client/words.h"
#include "core/json_text.h"

namespace playground::client {

void Lane::attempt_requested(Attempt& attempt, Micros now) {
  ++requests_;
  context_.wire_used();
  if (runs(attempt)) track_.begin_span(attempt.transport(), now);
}

void Lane::attempt_opened(Attempt& attempt, Micros now) {
  if (!runs(attempt)) return;
  if (attempt.interrupted_at()) attempt_requested(attempt, now);
  track_.span_opened(now);
  way_back_.flush();
}

void Lane::attempt_showed_life(Attempt& attempt, Micros now) {
  context_.wire_used();
  if (!runs(attempt)) return;
  track_.bytes(now);
  step(Event::kSign, now);
}

void Lane::attempt_delivered(Attempt& attempt, const Record& record, Micros now) {
  // First, for a connection that goes live is watched by it.
  if (const auto* greeting = std::get_if<Greeting>(&record)) {
    heartbeat_ = std::max<Micros>(1, greeting->heartbeat_s) * kSecond;
  }
  step(runs(attempt) ? Event::kDelivered : Event::kProbeDelivered, now);
  if (const auto* message = std::get_if<Message>(&record)) {
    take_message(attempt, *message, now);
  } else if (const auto* reset = std::get_if<Reset>(&record)) {
    take_reset(attempt, *reset, now);
  }
}

void Lane::attempt_answered(Attempt& attempt, Micros now) {
  step(runs(attempt) ? Event::kDelivered : Event::kProbeDelivered, now);
  if (runs(attempt)) track_.end_span(now);
}

void Lane::attempt_told_to_wait(Attempt& attempt, Micros now) {
  if (!runs(attempt) || reconnection_time_ == *attempt.reconnection_time()) return;
  reconnection_time_ = *attempt.reconnection_time();
  decide(strong(info(running()).title) + ": the server asks for a pause of " +
             duration_text(reconnection_time_) + " before a reconnection.",
         false, now);
}

void Lane::attempt_interrupted(Attempt&, Micros now) { step(Event::kInterrupted, now); }

void Lane::attempt_ended(Attempt& attempt, Micros now) {
  if (!runs(attempt)) return step(Event::kProbeEnded, now);
  step(left_alone() ? Event::kRefused : Event::kEnded, now);
}

void Lane::take_message(Attempt& attempt, const Message& message, Micros now) {
  const Micros sent = message.sent_us - context_.server_offset();
  context_.message_seen(epoch_, message.seq, sent);
  cursor_ = std::max(cursor_, message.seq);
  // New on this connection, and here already: the other one was faster. What the same connection
  // brings again is a repetition by the server.
  const bool overlaps = message.seq > attempt.position() && ledger_.has(message.seq);
  attempt.move_to(std::max(attempt.position(), message.seq));
  if (overlaps) {
    ++overlap_;
    return;
  }
  if (ledger_.record(message.seq) == measure::Arrival::kDuplicate) return;
  if (!first_message_after_) first_message_after_ = now - started_at_;
  delay_us_.record(now - sent);
  track_.arrival(message.seq, sent, now);
  if (const auto said = way_back_.heard(message.payload, now)) track_.said(*said, sent, now);
}

void Lane::take_reset(Attempt& attempt, const Reset& reset, Micros now) {
  const std::uint64_t before_first = std::max<std::uint64_t>(1, reset.first) - 1;
  const std::uint64_t position = attempt.position();
  attempt.move_to(before_first);
  std::string text = strong(info(attempt.transport()).title);
  if (reset.last < position || before_first < position) {
    // No log goes back: this one is another, after a restart.
    ++epoch_;
    ledger_.begin_epoch();
    ledger_.skip_to(before_first);
    cursor_ = before_first;
    text += ": the server has begun **numbering anew** and does not know ";
    text += messages_text(position, position) + ". Going on with ";
    text += messages_text(before_first + 1, before_first + 1);
    if (before_first > 0) {
      text += "; " + messages_text(1, before_first) + " cannot be had any more: ";
      append_number(before_first, text);
      text += before_first == 1 ? " is missing" : " are missing";
    }
    decide(text + ".", true, now);
    track_.mark("numbered anew", true, now);
    return;
  }
  if (before_first <= cursor_) return;
  const std::uint64_t lost = before_first - cursor_;
  text += reset.first > reset.last
              ? ": the server's log is empty. "
              : ": the server keeps no more than " + messages_text(reset.first, reset.last) + ". ";
  text += strong(messages_text(cursor_ + 1, before_first)) + " cannot be had any more: ";
  append_number(lost, text);
  text += lost == 1 ? " is missing." : " are missing.";
  decide(std::move(text), true, now);
  std::string label = "gap ";
  append_number(lost, label);
  track_.mark(std::move(label), true, now);
  ledger_.skip_to(before_first);
  cursor_ = before_first;
}

}  // namespace playground::client
