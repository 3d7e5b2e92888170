// A question to the server about the bytes of a lane, and its answer explained. One at a time: the
// next one takes the place of one that is still out.
#ifndef PLAYGROUND_CORE_CLIENT_WIRE_QUESTION_H_
#define PLAYGROUND_CORE_CLIENT_WIRE_QUESTION_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/client/wiring.h"

namespace playground::client {

// What is asked: about the lane's newest connection where there is no message.
struct WireSubject {
  std::string lane;
  std::optional<std::uint64_t> seq;

  // Behind a channel's path.
  std::string path() const;
};

class WireQuestion {
 public:
  static constexpr Micros kTimeout = 5 * kSecond;
  // JSON of `WireAnswer` in web/src/contract/core-module.ts.
  using OnExplained = std::function<void(std::string json)>;

  // `channel` is its address. Calls back once, unless another question takes its place.
  void ask(Wiring& wiring, const std::string& channel, WireSubject subject,
           OnExplained on_explained);
  void cancel();

 private:
  void explained(std::string json);

  Connection call_;
  Timer timeout_;
  WireSubject subject_;
  OnExplained on_explained_;
};

}  // namespace playground::client

#endif  // PLAYGROUND_CORE_CLIENT_WIRE_QUESTION_H_
