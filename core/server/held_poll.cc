#include "core/server/held_poll.h"

#include <utility>

#include "core/server/pending_answer.h"

namespace playground::server {

HeldPoll::HeldPoll(Audience& audience, std::uint64_t cursor, std::int64_t until_us)
    : audience_(&audience),
      cursor_(cursor),
      until_us_(until_us),
      timeout_(audience.schedule(), [this] { end(); }) {}

HeldPoll::~HeldPoll() {
  if (audience_) audience_->leave(*this);
}

void HeldPoll::begin(Outlet& outlet, std::string head) {
  outlet_ = &outlet;
  head_ = std::move(head);
  timeout_.set(until_us_);
  audience_->join(*this);
}

void HeldPoll::end() {
  if (!audience_) return;
  answer(batch_from(audience_->log(), cursor_, audience_->limits().batch_bytes));
}

void HeldPoll::answer(const PollBatch& batch) {
  timeout_.cancel();
  asking_.reset();
  count(batch, audience_->now_us(), audience_->metrics().of(Served::kLongPoll));
  std::exchange(audience_, nullptr)->leave(*this);
  respond(*outlet_, std::move(head_), batch.json, batch.messages);
}

void HeldPoll::ask() {
  if (asking_) return;
  timeout_.cancel();
  asking_ = std::make_shared<char>();
  read_batch(audience_->log(), cursor_, audience_->limits().batch_bytes,
             [this, asking = std::weak_ptr(asking_)](const PollBatch& batch) {
               if (!asking.expired()) answer(batch);
             });
}

void HeldPoll::begin_anew() {
  asking_.reset();
  cursor_ = kForeignCursor;
  ask();
}

}  // namespace playground::server
