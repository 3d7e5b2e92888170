// A request that gets one answer, or none within its time limit.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "core/client/dispatcher.h"

namespace playground::client {

// How long the server has for an ordinary answer.
inline constexpr Micros kAnswerTimeout = 5 * kSecond;

// What became of a question. Its view of the answer lives until OnReply returns.
struct Reply {
  enum class Outcome {
    kAnswered,  // whatever the status
    kFailed,    // the host could not reach the server, or lost it before the answer was whole
    kTimedOut,  // no answer within the time limit
    kNotSent,   // within the time limit the page's own connections were all in use
  };
  Outcome outcome = Outcome::kFailed;
  Answered answer = {};
  std::optional<Micros> waited_until =
      {};  // of an answer, where the request had to wait to be sent

  bool answered() const { return outcome == Outcome::kAnswered; }
};

// Owns the connection and the time limit of one question, and releases both when it goes.
class Question {
 public:
  // Called once, unless the question is cancelled first; it may destroy the question, or put
  // another one in its place.
  using OnReply = std::function<void(const Reply& reply, Micros now)>;

  Question() = default;
  // `dispatcher` must outlive the question; `request` is of the kind kRequest.
  Question(Dispatcher& dispatcher, const Request& request, Micros time_limit, OnReply on_reply);
  Question(Question&&) = default;
  Question& operator=(Question&& other) noexcept;
  ~Question() { cancel(); }

  // Whether it is out: neither answered nor cancelled.
  explicit operator bool() const { return asked_ != nullptr && asked_->out; }
  void cancel();
  // It stays out without an owner, for as long as the dispatcher exists; the reply goes to
  // `on_reply`.
  void detach(OnReply on_reply);

  // Asks without waiting for the answer.
  static void ask_and_forget(Dispatcher& dispatcher, const Request& request, Micros time_limit) {
    Question(dispatcher, request, time_limit, {}).detach({});
  }

 private:
  // Numbers only: the dispatcher may go while a detached question is out.
  struct Asked {
    Dispatcher& dispatcher;
    OnReply on_reply;
    ConnectionId connection = 0;
    TimerId timer = 0;
    bool out = true;

    void close();
    void finish(const Reply& reply, Micros now);
  };

  std::shared_ptr<Asked> asked_;
};

}  // namespace playground::client
