#include "core/client/lane.h"

#include <algorithm>
#include <utility>

#include "core/client/words.h"
#include "core/json_text.h"

namespace playground::client {

using enum LaneState;

// Every step a lane can take. An event that has no row here does not concern the state it is in: a
// record when live, a deadline when waiting.
const Lane::Row Lane::kRows[] = {
    {kIdle, Event::kStart, kConnecting, &Lane::begin_attempt},
    {kConnecting, Event::kDelivered, kLive, &Lane::went_live},
    {kConnecting, Event::kEnded, kWaiting, &Lane::attempt_failed},
    {kConnecting, Event::kDeadline, kWaiting, &Lane::deadline_passed},
    {kConnecting, Event::kStop, kIdle, &Lane::close},
    {kLive, Event::kEnded, kWaiting, &Lane::connection_lost},
    {kLive, Event::kDeadline, kWaiting, &Lane::went_silent},
    {kLive, Event::kStop, kIdle, &Lane::close},
    {kWaiting, Event::kDue, kConnecting, &Lane::begin_attempt},
    {kWaiting, Event::kStop, kIdle, &Lane::close},
};

Lane::Lane(TransportId asked, Wiring& wiring, LaneContext& context, std::uint64_t seed)
    : asked_(asked),
      ladder_(default_ladder(asked)),
      wiring_(wiring),
      context_(context),
      back_off_(seed),
      running_(asked) {}

Lane::~Lane() = default;

void Lane::step(Event event, Micros now) {
  for (const Row& row : kRows) {
    if (row.from != state_ || row.event != event) continue;
    state_ = row.to;
    (this->*row.action)(now);
    return;
  }
}

void Lane::start(const Target& target, Micros now) {
  target_ = target;
  started_at_ = now;
  choose(0, now);
  step(Event::kStart, now);
}

void Lane::start_over(const Target& target, Micros now) {
  step(Event::kStop, now);
  target_ = target;
  cursor_ = 0;
  ledger_.begin_epoch();
  useless_attempts_ = 0;
  back_off_.succeeded();
  step(Event::kStart, now);
}

void Lane::stop(Micros now) { step(Event::kStop, now); }

// Actions

void Lane::begin_attempt(Micros now) {
  attempt_at_ = now;
  last_sign_at_ = now;
  watch(first_record_deadline());
  transport_ = make_transport(running_, target_, wiring_, *this);
  transport_->start(cursor_, now);
}

void Lane::went_live(Micros now) {
  std::string text = strong(info(running_).title);
  if (!ever_live_) {
    text += " delivers, " + duration_text(now - started_at_) + " after the start.";
  } else {
    text += " is back after " + duration_text(now - last_sign_at_before_);
    if (cursor_ > 0) text += " and goes on after " + messages_text(cursor_, cursor_);
    text += '.';
  }
  decide(std::move(text), false, now);
  ever_live_ = true;
  useless_attempts_ = 0;
  back_off_.succeeded();
  watch(silence_limit());
}

void Lane::attempt_failed(Micros now) {
  const bool opened = opened_;
  close(now);
  context_.lane_failed(now);
  ++useless_attempts_;
  const std::string_view title = info(running_).title;
  if (useless_attempts_ >= kUselessAttempts && (opened || context_.server_reachable())) {
    return fall(strong(title) +
                    (opened ? " opens and ends without a message (" : " cannot be opened (") +
                    last_end_.detail + "), three times in a row",
                opened ? "flapping" : "refused", now);
  }
  const Micros delay = back_off_.next();
  // The first failure is worth a sentence; the rest of a long row is not.
  if (useless_attempts_ == 1) {
    decide(strong(title) + " could not connect (" + last_end_.detail + "). Trying again in " +
               duration_text(delay) + ".",
           true, now);
  }
  wait(delay, now);
}

void Lane::deadline_passed(Micros now) {
  const bool opened = opened_;
  const std::string silence = duration_text(now - attempt_at_);
  close(now);
  context_.lane_failed(now);
  const std::string title = strong(info(running_).title);
  if (opened) {
    track_.mark("silent " + silence, true, now);
    return fall(title + " is OPEN but nothing arrived within " + silence +
                    ": something in between is **buffering**",
                "buffered", now);
  }
  if (context_.server_reachable()) {
    return fall(title + " got no answer within " + silence, "no answer", now);
  }
  wait(back_off_.next(), now);
}

void Lane::connection_lost(Micros now) {
  close(now);
  context_.lane_failed(now);
  const Micros delay = back_off_.next();
  const bool in_order = last_end_.cause == EndCause::kClosedByServer;
  decide(strong(info(running_).title) +
             (in_order ? " was ended by the server (" : " lost its connection (") +
             last_end_.detail + "). Trying again in " + duration_text(delay) + ", after " +
             messages_text(cursor_, cursor_) + ".",
         true, now);
  track_.mark("cut", true, now);
  ++reconnects_;
  wait(delay, now);
}

void Lane::went_silent(Micros now) {
  const std::string silence = duration_text(now - last_sign_at_);
  close(now);
  context_.lane_failed(now);
  decide(strong(info(running_).title) + " has been silent for " + silence +
             ", longer than the server's heartbeat allows: the connection is **dead**. "
             "Opening a new one.",
         true, now);
  track_.mark("silent " + silence, true, now);
  ++reconnects_;
  wait(0, now);
}

void Lane::close(Micros now) {
  if (transport_ != nullptr) transport_->stop();
  watch_timer_.cancel();
  wait_timer_.cancel();
  track_.end_span(now);
  last_sign_at_before_ = std::max(last_sign_at_before_, last_sign_at_);
  opened_ = false;
}

// Parts of actions

void Lane::wait(Micros delay, Micros now) {
  next_attempt_at_ = now + delay;
  wait_timer_ = Timer(wiring_, delay, [this](Micros at) { step(Event::kDue, at); });
}

// A timer that is moved with every message would cost more than the message: it is left to run, and
// looks at the clock when it is due.
void Lane::watch(Micros delay) {
  watch_timer_ = Timer(wiring_, delay, [this](Micros at) { check_silence(at); });
}

void Lane::check_silence(Micros now) {
  if (state_ == kConnecting) return step(Event::kDeadline, now);
  const Micros left = last_sign_at_ + silence_limit() - now;
  if (left <= 0) return step(Event::kDeadline, now);
  watch(left);
}

Micros Lane::first_record_deadline() const {
  return std::max(kFirstRecordFloor, kFirstRecordRoundTrips * context_.round_trip());
}

Micros Lane::silence_limit() const {
  switch (running_) {
    case TransportId::kShortPoll:
      return target_.short_poll_interval + kHeartbeatGrace;
    case TransportId::kLongPoll:
      return Micros{target_.long_poll_timeout_s} * kSecond + kHeartbeatGrace;
    default:
      return heartbeat_ + kHeartbeatGrace;
  }
}

void Lane::choose(std::size_t rung, Micros now) {
  std::string_view lacking;
  for (rung_ = rung; rung_ + 1 < ladder_.size(); ++rung_) {
    const Feature needs = info(ladder_[rung_]).needs;
    if (context_.has(needs)) break;
    if (lacking.empty()) lacking = name(needs);
  }
  running_ = ladder_[rung_];
  if (lacking.empty()) return;
  tag_ = "no " + std::string(lacking);
  decide("This browser has no " + strong(lacking) + ". Using " + strong(info(running_).inside) +
             " instead.",
         true, now);
  track_.mark("no " + std::string(lacking) + ": " + std::string(info(running_).inside), true, now);
}

void Lane::fall(std::string reason, std::string_view tag, Micros now) {
  useless_attempts_ = 0;
  if (rung_ + 1 < ladder_.size()) {
    decide(reason + ". Trying " + std::string(info(ladder_[rung_ + 1]).inside) +
               (cursor_ > 0 ? " after " + messages_text(cursor_, cursor_) : std::string()) + ".",
           true, now);
    choose(rung_ + 1, now);
    tag_ = tag;
    track_.mark(std::string(info(running_).inside), true, now);
    return wait(0, now);
  }
  const Micros delay = back_off_.next();
  decide(reason + ". Nothing is left to try; beginning again in " + duration_text(delay) + ".",
         true, now);
  tag_.clear();
  choose(0, now);
  wait(delay, now);
}

void Lane::decide(std::string text, bool trouble, Micros now) {
  context_.decided(asked_, std::move(text), trouble, now);
}

// What the transport tells

void Lane::on_request(Micros now) {
  ++requests_;
  request_at_ = now;
  track_.begin_span(running_, now);
}

void Lane::on_open(Micros now) {
  opened_ = true;
  track_.span_opened(now);
}

void Lane::on_bytes(Micros now) {
  last_sign_at_ = now;
  track_.bytes(now);
}

void Lane::on_record(const Record& record, Micros now) {
  step(Event::kDelivered, now);
  if (const auto* message = std::get_if<Message>(&record)) {
    take_message(*message, now);
  } else if (const auto* greeting = std::get_if<Greeting>(&record)) {
    heartbeat_ = std::max<Micros>(1, greeting->heartbeat_s) * kSecond;
  } else if (const auto* reset = std::get_if<Reset>(&record); reset && reset->first > cursor_ + 1) {
    decide(strong(info(running_).title) + ": the server keeps no more than " +
               messages_text(reset->first, reset->last) + ". " +
               strong(messages_text(cursor_ + 1, reset->first - 1)) + " cannot be had any more.",
           true, now);
    track_.mark("gap", true, now);
    cursor_ = reset->first - 1;
  }
}

void Lane::take_message(const Message& message, Micros now) {
  const Micros sent = message.sent_us - context_.server_offset();
  context_.message_seen(message.seq, sent);
  cursor_ = std::max(cursor_, message.seq);
  if (ledger_.record(message.seq) == measure::Arrival::kDuplicate) return;
  if (!first_message_after_) first_message_after_ = now - started_at_;
  delay_us_.record(now - sent);
  track_.arrival(message.seq, sent, now);
}

void Lane::on_answer(Micros now) {
  step(Event::kDelivered, now);
  track_.end_span(now);
}

void Lane::on_end(const End& end, Micros now) {
  last_end_ = end;
  if (last_end_.detail.empty()) last_end_.detail = "network error";
  step(Event::kEnded, now);
}

// Words

std::string Lane::title() const {
  std::string title(info(asked_).title);
  if (running_ != asked_) title += " → " + std::string(info(running_).inside);
  return title;
}

std::string Lane::state_text(Micros now) const {
  switch (state_) {
    case kIdle:
      return "stopped";
    case kWaiting:
      return "next try in " + duration_text(std::max<Micros>(0, next_attempt_at_ - now));
    default:
      return connection_words(now);
  }
}

std::string Lane::connection_words(Micros now) const {
  const Micros silence = now - last_sign_at_;
  switch (running_) {
    case TransportId::kShortPoll:
      return "every " + duration_text(target_.short_poll_interval) +
             (opened_ ? " · status 200" : "");
    case TransportId::kLongPoll:
      return "held " + duration_text(now - request_at_);
    case TransportId::kSse:
    case TransportId::kSseNative:
    case TransportId::kWebSocket:
      return opened_ ? "readyState 1 OPEN" : "readyState 0 CONNECTING";
    case TransportId::kSseFetch:
    case TransportId::kNdjson:
      if (!opened_) return "waiting for the response";
      if (silence > view::Track::kQuiet) return "open, silent for " + duration_text(silence);
      return "open, status 200";
  }
  return {};
}

}  // namespace playground::client
