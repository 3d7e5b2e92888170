#include "native_client/net/signals.h"

#include <csignal>
#include <utility>

namespace playground::native {

Signals::Signals(EventLoop& loop, std::function<void()> on_signal)
    : on_signal_(std::move(on_signal)) {
  for (auto [handle, number] : {std::pair{&interrupt_, SIGINT}, std::pair{&terminate_, SIGTERM}}) {
    *handle = server::make_handle<uv_signal_t>(this, "watch a signal", [&](uv_signal_t* made) {
      return uv_signal_init(loop.get(), made);
    });
    uv_signal_start_oneshot(
        handle->get(),
        [](uv_signal_t* signal, int) { static_cast<Signals*>(signal->data)->on_signal_(); },
        number);
    uv_unref(reinterpret_cast<uv_handle_t*>(handle->get()));
  }
}

}  // namespace playground::native
