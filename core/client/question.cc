#include "core/client/question.h"

#include <utility>

namespace playground::client {

Question::Question(Dispatcher& dispatcher, const Request& request, Micros time_limit,
                   OnReply on_reply)
    : asked_(std::make_shared<Asked>(Asked{dispatcher, std::move(on_reply)})) {
  asked_->connection =
      dispatcher.open(request, [asked = asked_](const HostEvent& event, Micros now) {
        const auto* answered = std::get_if<Answered>(&event);
        if (answered != nullptr) {
          const auto waited = asked->dispatcher.waited_until(asked->connection);
          return asked->finish({Reply::Outcome::kAnswered, *answered, waited}, now);
        }
        if (is_last(event)) asked->finish({Reply::Outcome::kFailed}, now);
      });
  asked_->timer = dispatcher.after(time_limit, [asked = asked_](Micros now) {
    const bool waits = asked->dispatcher.waits(asked->connection);
    asked->finish({waits ? Reply::Outcome::kNotSent : Reply::Outcome::kTimedOut}, now);
  });
}

Question& Question::operator=(Question&& other) noexcept {
  cancel();
  asked_ = std::move(other.asked_);
  return *this;
}

void Question::cancel() {
  if (const auto asked = std::exchange(asked_, nullptr)) asked->close();
}

void Question::detach(OnReply on_reply) {
  if (const auto asked = std::exchange(asked_, nullptr)) asked->on_reply = std::move(on_reply);
}

void Question::Asked::close() {
  if (!std::exchange(out, false)) return;
  dispatcher.close(connection);
  dispatcher.cancel(timer);
}

void Question::Asked::finish(const Reply& reply, Micros now) {
  close();
  if (const OnReply told = std::exchange(on_reply, {})) told(reply, now);
}

}  // namespace playground::client
