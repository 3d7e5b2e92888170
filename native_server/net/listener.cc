#include "native_server/net/listener.h"

#include <cerrno>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace playground::server {
namespace {

// The kernel cuts it to net.core.somaxconn. A connection that finds the queue full waits a second.
constexpr int kBacklog = 4096;

// Others get a turn after this many.
constexpr int kAcceptsPerTurn = 256;

// How long to leave alone a socket that cannot be accepted for want of descriptors or memory; it
// stays readable, so going on trying would be a busy loop.
constexpr std::int64_t kPauseUs = kSecondUs / 10;

using AddressPtr = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

[[noreturn]] void fail(const std::string& host, std::uint16_t port, const char* reason) {
  throw std::runtime_error("cannot listen on " + host + " port " + std::to_string(port) + ": " +
                           reason);
}

AddressPtr resolve(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (error != 0) fail(host, port, gai_strerror(error));
  return {found, &freeaddrinfo};
}

std::uint16_t bound_port(int descriptor) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.ss_family == AF_INET6
                   ? reinterpret_cast<const sockaddr_in6&>(address).sin6_port
                   : reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

int open_listener(const std::string& host, std::uint16_t port) {
  const AddressPtr address = resolve(host, port);
  const int descriptor = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) fail(host, port, std::strerror(errno));
  const int on = 1;
  setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(descriptor, address->ai_addr, address->ai_addrlen) < 0 ||
      listen(descriptor, kBacklog) < 0) {
    const int error = errno;
    close(descriptor);
    fail(host, port, std::strerror(error));
  }
  return descriptor;
}

}  // namespace

Listener::Listener(uv_loop_t* loop, Schedule& schedule, const std::string& host, std::uint16_t port,
                   Accepted accepted)
    : accepted_(std::move(accepted)),
      schedule_(schedule),
      resume_(schedule, [this] { listen_for_connections(); }),
      descriptor_(open_listener(host, port)),
      port_(bound_port(descriptor_)) {
  poll_ = make_handle<uv_poll_t>(this, "watch a listening socket", [&](uv_poll_t* handle) {
    return uv_poll_init(loop, handle, descriptor_);
  });
  listen_for_connections();
}

Listener::~Listener() {
  poll_.reset();
  close(descriptor_);
}

void Listener::listen_for_connections() {
  uv_poll_start(poll_.get(), UV_READABLE, [](uv_poll_t* handle, int, int) {
    static_cast<Listener*>(handle->data)->on_readable();
  });
}

void Listener::on_readable() noexcept {
  for (int i = 0; i < kAcceptsPerTurn; ++i) {
    sockaddr_storage peer{};
    socklen_t size = sizeof peer;
    const int accepted = accept4(descriptor_, reinterpret_cast<sockaddr*>(&peer), &size,
                                 SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (accepted >= 0) {
      accepted_(accepted, address_of(reinterpret_cast<const sockaddr&>(peer)));
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      uv_poll_stop(poll_.get());
      resume_.set(schedule_.now_us() + kPauseUs);
      return;
    } else if (errno != EINTR && errno != ECONNABORTED) {
      return;  // nobody is waiting any more
    }
  }
}

}  // namespace playground::server
