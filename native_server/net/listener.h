// A listening socket.
#ifndef PLAYGROUND_NATIVE_SERVER_NET_LISTENER_H_
#define PLAYGROUND_NATIVE_SERVER_NET_LISTENER_H_

#include <cstdint>
#include <functional>
#include <string>

#include <uv.h>

#include "core/server/schedule.h"
#include "native_server/event_loop/handle.h"

namespace playground::server {

class Listener {
 public:
  // Listens on `port`, 0 for one of the kernel's choice, on the first address `host` has. Each
  // accepted socket, non-blocking, is `accepted`'s to close. Throws std::runtime_error with a
  // sentence that names host and port.
  Listener(uv_loop_t* loop, Schedule& schedule, const std::string& host, std::uint16_t port,
           std::function<void(int)> accepted);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  std::uint16_t port() const { return port_; }

 private:
  void listen_for_connections();
  void on_readable() noexcept;

  std::function<void(int)> accepted_;
  Schedule& schedule_;
  Alarm resume_;
  int descriptor_;
  std::uint16_t port_;
  HandlePtr<uv_poll_t> poll_;
};

}  // namespace playground::server

#endif  // PLAYGROUND_NATIVE_SERVER_NET_LISTENER_H_
