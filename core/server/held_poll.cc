#include "core/server/held_poll.h"

#include <utility>

#include "core/json_text.h"
#include "core/server/channel.h"

namespace playground::server {

HeldPoll::HeldPoll(Channel& channel, std::uint64_t cursor, Schedule& schedule,
                   std::int64_t until_us)
    : channel_(&channel),
      cursor_(cursor),
      until_us_(until_us),
      timeout_(schedule, [this] { end(); }) {}

HeldPoll::~HeldPoll() {
  if (channel_) channel_->remove(*this);
}

void HeldPoll::begin(Outlet& outlet, std::string head) {
  outlet_ = &outlet;
  head_ = std::move(head);
  timeout_.set(until_us_);
  channel_->add(*this);
}

void HeldPoll::end() {
  if (channel_) answer(channel_->batch(cursor_));
}

void HeldPoll::answer(const Channel::Batch& batch) {
  timeout_.cancel();
  channel_->count_answer(batch, Served::kLongPoll);
  std::exchange(channel_, nullptr)->remove(*this);
  std::string response = std::move(head_);
  response.resize(response.size() - 2);  // the blank line
  response += "Content-Length: ";
  append_number(batch.json.size(), response);
  response.append("\r\n\r\n").append(batch.json);
  outlet_->push({response, batch.after + 1, batch.last});
  outlet_->finish();
}

}  // namespace playground::server
