// SIGINT and SIGTERM as calls on the loop. The second one ends the program as if nobody listened.
#pragma once

#include <functional>

#include "native_client/net/event_loop.h"

namespace playground::native {

class Signals {
 public:
  Signals(EventLoop& loop, std::function<void()> on_signal);
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

 private:
  std::function<void()> on_signal_;
  HandlePtr<uv_signal_t> interrupt_;
  HandlePtr<uv_signal_t> terminate_;
};

}  // namespace playground::native
