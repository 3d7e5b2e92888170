#include "native_server/net/accepted_socket.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

namespace playground::server {

constexpr std::size_t kPiecesPerCall = 64;

void AcceptedSocket::adopt(uv_loop_t* loop, http::Connections& connections,
                           const TrustedProxies& proxies, int descriptor, const Address& peer) {
  if (const std::string refusal = connections.admit(); !refusal.empty()) {
    (void)::send(descriptor, refusal.data(), refusal.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    ::close(descriptor);
    return;
  }
  const int on = 1;
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  new AcceptedSocket(loop, connections, proxies, descriptor, peer);
}

AcceptedSocket::AcceptedSocket(uv_loop_t* loop, http::Connections& connections,
                               const TrustedProxies& proxies, int descriptor, const Address& peer)
    : descriptor_(descriptor),
      proxies_(proxies),
      peer_(peer),
      asker_(peer),
      connection_(connections, static_cast<http::Socket&>(*this)) {
  uv_poll_init(loop, &poll_, descriptor_);
  poll_.data = this;
  want(Wants::kBytes);
}

void AcceptedSocket::identify(Request& request) {
  asker_ = proxies_.asker(peer_, request);
  request.client = client();
}

std::optional<std::size_t> AcceptedSocket::write(std::span<const Piece> pieces) {
  std::array<iovec, kPiecesPerCall> vectors;
  const std::size_t count = std::min(pieces.size(), vectors.size());
  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view bytes = pieces[i].bytes;
    vectors[i] = {const_cast<char*>(bytes.data()), bytes.size()};
  }
  msghdr message{};
  message.msg_iov = vectors.data();
  message.msg_iovlen = count;
  const ssize_t sent = sendmsg(descriptor_, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent >= 0) return static_cast<std::size_t>(sent);
  if (errno == EAGAIN || errno == EINTR || errno == ENOBUFS) return 0;
  return std::nullopt;
}

void AcceptedSocket::want(Wants wants) {
  const std::uint8_t events = wants == Wants::kBytes  ? UV_READABLE
                              : wants == Wants::kRoom ? UV_WRITABLE
                                                      : 0;
  if (events == watched_ || closed_) return;
  watched_ = events;
  if (events == 0) {
    uv_poll_stop(&poll_);
    return;
  }
  uv_poll_start(&poll_, events, [](uv_poll_t* handle, int status, int ready) {
    auto* socket = static_cast<AcceptedSocket*>(handle->data);
    try {
      socket->on_poll(status, ready);
    } catch (const std::exception&) {  // out of memory: nothing may pass through libuv
      socket->connection_.close();
    }
  });
}

void AcceptedSocket::on_poll(int status, int events) {
  if (status < 0) {
    // The peer has reset it. What it had sent before crossed the wire, and may be a message.
    while (read()) {
    }
    return connection_.on_end(/*reset=*/true);
  }
  if (events & UV_WRITABLE) connection_.on_room();
  if (events & UV_READABLE && watched_ & UV_READABLE) read();
}

bool AcceptedSocket::read() {
  // One thread reads for all: nothing here is kept.
  static std::array<char, 64 * 1024> bytes;
  if (closed_) return false;
  const ssize_t count = recv(descriptor_, bytes.data(), bytes.size(), 0);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return false;
  if (count <= 0) {
    connection_.on_end(/*reset=*/count < 0);
    return false;
  }
  connection_.on_bytes({bytes.data(), static_cast<std::size_t>(count)});
  return true;
}

void AcceptedSocket::end() { shutdown(descriptor_, SHUT_WR); }

void AcceptedSocket::close(bool reset) {
  closed_ = true;
  if (reset) {
    const struct linger now { 1, 0 };  // SO_LINGER with no time: RST instead of FIN
    setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  }
  uv_close(reinterpret_cast<uv_handle_t*>(&poll_),
           [](uv_handle_t* handle) { delete static_cast<AcceptedSocket*>(handle->data); });
  ::close(descriptor_);
}

}  // namespace playground::server
