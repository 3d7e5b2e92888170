// An answer that may come later than its request: with the log's.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/server/session.h"

namespace playground::server {

// Sends `head`, which has no Content-Length yet, with the one of `body`, then the body, and
// finishes the response.
void respond(Outlet& outlet, std::string head, std::string_view body, Messages messages = {});

// A handler makes one, lets whoever will know the body copy it, and then either takes the body or
// hands the connection to a session. When the last copy goes and nothing was given (the channel has
// ended), the session answers 503.
class PendingAnswer {
 public:
  PendingAnswer();

  // Once, at any time.
  void give(std::string body, Messages messages = {}) const;

  // Whether the body is here; it, and the messages in it.
  bool given() const;
  std::string take() const;
  Messages messages() const;

  // Sends the body behind its head as soon as it is given. Keeps no copy of this. Once.
  std::unique_ptr<Session> session() const;

 private:
  struct State;
  class Giver;
  class Waiter;

  std::shared_ptr<Giver> giver_;
};

}  // namespace playground::server
