// An answer that may come later than its request: when the log answers.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/server/exchange.h"

namespace playground::server {

// Sends `head`, which has no Content-Length yet, with the one of `body`, then the body, and
// finishes the response.
void respond(Outlet& outlet, std::string head, std::string_view body, Messages messages = {});

// A handler makes one, gives a copy to whoever will know the answer, and settles its reply. When
// the last copy goes and nothing was given (the channel has ended), the answer is 503.
class PendingAnswer {
 public:
  PendingAnswer();

  // Once, at any time: the body; or why there is none, which makes it 503.
  void give(std::string body, Messages messages = {}) const;
  void fail(std::string_view sentence) const;
  // The same with the body; where it is not there, 404.
  enum class Failure : std::uint16_t { kUnavailable = 503, kNotFound = 404 };
  void fail(Failure failure, std::string body) const;

  bool given() const;

  // Answers with what was given, or hands the connection to a session that does once it is; the
  // session keeps no copy of this. Call it once, as the last thing.
  void settle(Reply& reply) const;

 private:
  struct Content;
  struct State;
  class Waiter;

  void give(Content content) const;

  std::shared_ptr<State> state_;
};

}  // namespace playground::server
