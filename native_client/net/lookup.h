// The addresses of a name, as the system's resolver has them, or as --resolve says.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <sys/socket.h>
#include <vector>

#include "core/result.h"
#include "native_client/net/event_loop.h"
#include "native_client/net/network_settings.h"

namespace playground::native {

struct SocketAddress {
  sockaddr_storage storage{};
};

class Lookup {
 public:
  // At least one address, at most 16; or a few words on why there is none.
  using OnFound = std::function<void(Result<std::vector<SocketAddress>>)>;

  // Calls back once, later. It must not be destroyed from inside (EventLoop::retire).
  Lookup(EventLoop& loop, const NetworkSettings& settings, const std::string& host,
         std::uint16_t port, OnFound on_found);
  ~Lookup() { cancel(); }
  Lookup(const Lookup&) = delete;
  Lookup& operator=(const Lookup&) = delete;

  // It does not call back any more.
  void cancel();

 private:
  struct Asked;
  void ask(EventLoop& loop, const std::string& host, std::uint16_t port);

  OnFound on_found_;
  std::vector<SocketAddress> known_;
  server::Alarm soon_;
  Asked* asked_ = nullptr;
};

}  // namespace playground::native
