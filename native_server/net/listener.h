// A listening socket.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include <uv.h>

#include "core/server/schedule.h"
#include "native_server/event_loop/handle.h"
#include "native_server/net/address.h"

namespace playground::server {

class Listener {
 public:
  // Takes an accepted, non-blocking socket, which it has to close, and who is at the other end.
  using Accepted = std::function<void(int socket, const Address& peer)>;

  // Listens on `port`, or for 0 on one that the kernel chooses, on the first address `host` has.
  // Throws std::runtime_error with a sentence that names host and port.
  Listener(uv_loop_t* loop, Schedule& schedule, const std::string& host, std::uint16_t port,
           Accepted accepted);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  std::uint16_t port() const { return port_; }

 private:
  void listen_for_connections();
  void on_readable() noexcept;

  Accepted accepted_;
  Schedule& schedule_;
  Alarm resume_;
  int descriptor_;
  std::uint16_t port_;
  HandlePtr<uv_poll_t> poll_;
};

}  // namespace playground::server
