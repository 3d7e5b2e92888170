// Polls asked again. A client that polls sends the same request each time, but for its cursor: from
// the second on it is answered from what the routing made of the first, without being parsed and
// routed, which is most of what a poll costs. Whatever is not ordinary goes to the routing again: a
// channel that is gone, a fault in the way, a cursor that is none.
#ifndef PLAYGROUND_NATIVE_SERVER_POLL_REPEATS_H_
#define PLAYGROUND_NATIVE_SERVER_POLL_REPEATS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/server/exchange.h"
#include "core/server/hub.h"

namespace playground::server {

class PollRepeats {
 public:
  // Requests remembered at once, and the longest head of them.
  static constexpr std::size_t kMaxPolls = 512;
  static constexpr std::size_t kMaxHeadBytes = 2048;

  // `hub` must outlive it.
  explicit PollRepeats(Hub& hub) : hub_(hub) {}

  // Answers the exchange if it is a poll learnt before. False where it is left untouched.
  bool answer(Exchange& exchange);

  // The routing has answered `exchange`, a poll of `channel` for `lane` (empty: none named), in the
  // ordinary way.
  void learn(const Exchange& exchange, std::string_view channel, std::string_view lane);

 private:
  struct Poll {
    std::string channel;
    std::string lane;
    std::string before_length;  // of the response's head
    std::string after_length;
  };

  // Makes key_ of the head without its cursor, which is returned; nothing where it has none.
  std::optional<std::string_view> cut_cursor(std::string_view head);

  Hub& hub_;
  std::unordered_map<std::string, Poll> polls_;
  std::string key_;
};

}  // namespace playground::server

#endif  // PLAYGROUND_NATIVE_SERVER_POLL_REPEATS_H_
