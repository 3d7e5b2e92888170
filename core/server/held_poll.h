// A long poll whose answer waits for a message or for its time.
#ifndef PLAYGROUND_CORE_SERVER_HELD_POLL_H_
#define PLAYGROUND_CORE_SERVER_HELD_POLL_H_

#include <cstdint>
#include <string>

#include "core/server/channel.h"
#include "core/server/schedule.h"
#include "core/server/session.h"

namespace playground::server {

class HeldPoll final : public Session {
 public:
  // The channel outlives the poll or answers it.
  HeldPoll(Channel& channel, std::uint64_t cursor, Schedule& schedule, std::int64_t until_us);
  ~HeldPoll() override;
  HeldPoll(const HeldPoll&) = delete;
  HeldPoll& operator=(const HeldPoll&) = delete;

  // `head` has no Content-Length yet.
  void begin(Outlet& outlet, std::string head) override;

  std::uint64_t cursor() const { return cursor_; }

  void end() override;

  // Sends the batch and leaves the channel.
  void answer(const Channel::Batch& batch);

 private:
  Channel* channel_;  // null: answered
  Outlet* outlet_ = nullptr;
  std::uint64_t cursor_;
  std::string head_;
  std::int64_t until_us_;
  Alarm timeout_;
};

}  // namespace playground::server

#endif  // PLAYGROUND_CORE_SERVER_HELD_POLL_H_
