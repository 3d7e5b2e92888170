#include "core/client/attempt.h"

namespace playground::client {

void Attempt::start(const Target& target, Wiring& wiring, std::uint64_t after, Micros now) {
  position_ = after;
  begun_at_ = now;
  last_sign_at_ = now;
  transport_ = make_transport(transport_id_, target, wiring, *this);
  transport_->start(after, now);
}

void Attempt::stop() {
  if (transport_ != nullptr) transport_->stop();
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

void Attempt::on_record(const Record& record, Micros now) {
  events_.attempt_delivered(*this, record, now);
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
