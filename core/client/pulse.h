// Whether this thread is held up itself: then what comes late, or all at once, need not have been
// held back on the way.
#pragma once

#include <algorithm>

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
  void stop() {
    timer_.cancel();
    late_by_ = 0;
  }
  // By how much this thread is late, or was when it was last late after `since`.
  Micros late(Micros since, Micros now) const {
    const Micros overdue = timer_ ? now - due_ : 0;
    return std::max(overdue, late_at_ >= since ? late_by_ : 0);
  }

 private:
  void beat(Micros now) {
    due_ = now + kEvery;
    timer_ = Timer(dispatcher_, kEvery, [this](Micros at) {
      if (at - due_ >= kEvery / 2) {
        late_at_ = at;
        late_by_ = at - due_;
      }
      timer_.cancel();
      if (at < until_) beat(at);
    });
  }

  Dispatcher& dispatcher_;
  Timer timer_;
  Micros until_ = 0;
  Micros due_ = 0;
  Micros late_at_ = 0;
  Micros late_by_ = 0;
};

}  // namespace playground::client
