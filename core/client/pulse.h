// Whether this thread is held up itself: then what comes late, or all at once, need not have been
// held back on the way.
#pragma once

#include <algorithm>
#include <utility>

#include "core/client/dispatcher.h"

namespace playground::client {

class Pulse {
 public:
  // How often it looks, and for how long after it was told to.
  static constexpr Micros kEvery = 50 * kMillisecond;
  static constexpr Micros kFor = 5 * kSecond;

  // The dispatcher must outlive it.
  explicit Pulse(Dispatcher& dispatcher) : dispatcher_(dispatcher) {}

  void look(Micros now) {
    until_ = now + kFor;
    if (!timer_) beat(now);
  }
  // Looks no more. Returns by how much the thread was late at worst since it began to look.
  Micros stop() {
    timer_.cancel();
    return std::exchange(worst_, 0);
  }

 private:
  void beat(Micros now) {
    timer_ = Timer(dispatcher_, kEvery, [this, due = now + kEvery](Micros at) {
      worst_ = std::max(worst_, at - due);
      timer_.cancel();
      if (at < until_) beat(at);
    });
  }

  Dispatcher& dispatcher_;
  Timer timer_;
  Micros until_ = 0;
  Micros worst_ = 0;
};

}  // namespace playground::client
