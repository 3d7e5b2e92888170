// An accepted socket under an HTTP connection: recv(), sendmsg() and a poll handle of libuv.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <uv.h>

#include "core/http/connection.h"
#include "core/http/socket.h"
#include "native_server/net/address.h"
#include "native_server/net/trusted_proxies.h"

namespace playground::server {

class AcceptedSocket final : private http::Socket {
 public:
  // Takes over the descriptor, as a connection of `connections`, which outlives it, as the loop
  // and the proxies do; where there is no room for it, it is told so and closed. It lives until it
  // is closed and the loop has run once more.
  static void adopt(uv_loop_t* loop, http::Connections& connections, const TrustedProxies& proxies,
                    int descriptor, const Address& peer);

 private:
  AcceptedSocket(uv_loop_t* loop, http::Connections& connections, const TrustedProxies& proxies,
                 int descriptor, const Address& peer);
  ~AcceptedSocket() = default;

  // http::Socket
  std::optional<std::size_t> write(std::span<const Piece> pieces) override;
  void want(Wants wants) override;
  void end() override;
  void close(bool reset) override;
  void identify(Request& request) override;
  std::string_view client() const override { return counted_as(asker_); }
  std::string asker() const override { return to_text(asker_); }

  void on_poll(int status, int events);
  // Whether something was read, and more may follow.
  bool read();

  int descriptor_;
  std::uint8_t watched_ = 0;  // events
  bool closed_ = false;
  const TrustedProxies& proxies_;
  const Address peer_;
  Address asker_;
  uv_poll_t poll_;
  http::Connection connection_;
};

}  // namespace playground::server
