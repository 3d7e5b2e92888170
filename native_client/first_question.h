// Asks who is there, before a run or a check that would only say that nobody answers.
#pragma once

#include <string>

#include "core/client/dispatcher.h"

namespace playground::native {

class FirstQuestion {
 public:
  // For the answer, from the beginning on.
  static constexpr client::Micros kAnswerTime = 15 * client::kSecond;

  // `server` is the address of one, without a slash at the end.
  FirstQuestion(client::Dispatcher& dispatcher, std::string server);

  bool answered() const { return answered_; }
  // A sentence; empty where a playground server is there.
  const std::string& problem() const { return problem_; }

 private:
  void take(const client::HostEvent& event);

  const std::string server_;
  bool answered_ = false;
  std::string problem_;
  client::Connection question_;
  client::Timer limit_;
};

}  // namespace playground::native
