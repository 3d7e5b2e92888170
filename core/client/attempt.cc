#include "core/client/attempt.h"

namespace playground::client {

void Attempt::start(const FeedSpec& spec, const Cursor& cursor, Dispatcher& dispatcher,
                    Micros now) {
  transport_ = spec.transport;
  position_ = cursor.offset;
  begun_at_ = now;
  last_sign_at_ = now;
  feed_ = make_feed(spec, cursor, dispatcher, *this);
  feed_->start(now);
}

void Attempt::stop() {
  if (feed_ != nullptr) feed_->stop();
  opened_ = false;
}

void Attempt::on_request(Micros now) {
  requested_at_ = now;
  awaits_answer_ = true;
  events_.attempt_requested(*this, now);
}

void Attempt::on_open(Micros now) {
  opened_ = true;
  events_.attempt_opened(*this, now);
  interrupted_at_.reset();
}

void Attempt::on_bytes(Micros now) {
  last_sign_at_ = now;
  heard_of_ = true;
  events_.attempt_showed_life(*this, now);
}

void Attempt::on_delivered(const Delivered& delivered, Micros now) {
  events_.attempt_delivered(*this, delivered, now);
}

void Attempt::on_answer(Micros now) {
  awaits_answer_ = false;
  events_.attempt_answered(*this, now);
}

void Attempt::on_retry(Micros reconnection_time, Micros now) {
  reconnection_time_ = reconnection_time;
  events_.attempt_told_to_wait(*this, now);
}

void Attempt::on_interrupted(Micros now) {
  const bool first = !interrupted_at_;
  opened_ = false;
  if (first) interrupted_at_ = now;
  if (first) events_.attempt_interrupted(*this, now);
}

void Attempt::on_end(const End& end, Micros now) {
  end_ = end;
  if (end_.detail.empty()) end_.detail = "network error";
  events_.attempt_ended(*this, now);
}

}  // namespace playground::client
