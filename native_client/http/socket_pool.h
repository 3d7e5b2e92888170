// Connections that have carried a whole answer and wait for another request (RFC 9112 9.3).
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <string>

#include "native_client/net/client_socket.h"

namespace playground::native {

class SocketPool {
 public:
  // More are closed, the oldest first; so is one that nobody has used for so long. Shorter than
  // what servers and proxies commonly wait.
  static constexpr std::size_t kMostIdle = 32;
  static constexpr client::Micros kIdleTime = 20 * client::kSecond;

  // `loop` outlives it.
  explicit SocketPool(EventLoop& loop);
  ~SocketPool();
  SocketPool(const SocketPool&) = delete;
  SocketPool& operator=(const SocketPool&) = delete;

  // `key`: the origin, and the proxy on the way to it.
  void keep(const std::string& key, std::unique_ptr<ClientSocket> socket);
  // The one that was used last; null without one. It has no listener.
  std::unique_ptr<ClientSocket> take(const std::string& key);

 private:
  struct Idle;

  void close_old();
  void drop(std::unique_ptr<Idle> idle);

  EventLoop& loop_;
  std::list<std::unique_ptr<Idle>> idle_;  // the one that was used last at the end
  server::Alarm closing_;
};

}  // namespace playground::native
