// A long poll whose answer waits for a message or for its time limit.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/server/audience.h"
#include "core/server/poll_batch.h"
#include "core/server/roster.h"
#include "core/server/schedule.h"
#include "core/server/session.h"

namespace playground::server {

class HeldPoll final : public Session, public Roster<HeldPoll>::Seat {
 public:
  // The audience outlives the poll or answers it.
  HeldPoll(Audience& audience, std::uint64_t cursor, std::int64_t until_us);
  ~HeldPoll() override;

  // `head` has no Content-Length yet.
  void begin(Outlet& outlet, std::string head) override;

  std::uint64_t cursor() const { return cursor_; }

  // Answers with what the log's window has.
  void end() override;

  // Sends the batch and leaves the audience.
  void answer(const PollBatch& batch);

  // Asks the log, which has more than its window, and answers when that does.
  void ask();

  // The log has begun anew: the reader's last message does not belong to it.
  void begin_anew();

 private:
  Audience* audience_;  // null: answered
  Outlet* outlet_ = nullptr;
  std::uint64_t cursor_;
  std::string head_;
  std::int64_t until_us_;
  Alarm timeout_;
  std::shared_ptr<char> asking_;  // while the log has not answered; its answer looks at this
};

}  // namespace playground::server
