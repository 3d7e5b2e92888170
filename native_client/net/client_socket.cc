#include "native_client/net/client_socket.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <sys/socket.h>
#include <utility>

#include "core/http/message.h"

namespace playground::native {
namespace {

using Kind = SocketEnd::Kind;

// While another address is left, one has no longer than this (RFC 8305 5 has less, and tries them
// beside each other).
constexpr client::Micros kTimeOfOneAddress = 2 * client::kSecond;

std::string words(int status) {
  switch (status) {
    case UV_ECONNREFUSED:
      return "connection refused";
    case UV_ECONNRESET:
      return "reset by the peer";
    case UV_ETIMEDOUT:
      return "no answer";
    case UV_EHOSTUNREACH:
      return "no route to that host";
    case UV_ENETUNREACH:
      return "no network leads there";
    default:
      return uv_strerror(status);
  }
}

// Bytes on their way to the kernel.
struct Write {
  uv_write_t request{};
  std::string bytes;
};

}  // namespace

ClientSocket::ClientSocket(Network& network, const Url& url, const Proxy* proxy, bool tunnel,
                           SocketEvents& events)
    : network_(network),
      url_(url),
      proxy_(proxy == nullptr ? std::nullopt : std::optional(*proxy)),
      tunnel_(tunnel && proxy != nullptr),
      events_(&events),
      deadline_(network.loop.schedule(), [this] { time_out(); }),
      attempt_(network.loop.schedule(), [this] { on_attempt_due(); }) {
  deadline_.set(network_.loop.now_us() + network_.settings.connect_time);
  const std::string& host = proxy_ ? proxy_->host : url_.host;
  lookup_ = std::make_unique<Lookup>(network_.loop, network_.settings, host,
                                     proxy_ ? proxy_->port : url_.port,
                                     [this](Result<std::vector<SocketAddress>> found) {
                                       if (!found) return fail(found.error().message);
                                       addresses_ = std::move(*found);
                                       state_ = State::kConnecting;
                                       connect_to_next();
                                     });
}

// Whom we try to reach.
std::string ClientSocket::goal() const {
  return proxy_ ? "the proxy " + proxy_->place() : url_.place();
}

void ClientSocket::connect_to_next() {
  tcp_ = server::make_handle<uv_tcp_t>(this, "make a socket", [&](uv_tcp_t* handle) {
    return uv_tcp_init(network_.loop.get(), handle);
  });
  const SocketAddress& address = addresses_[next_++];
  if (next_ < addresses_.size()) attempt_.set(network_.loop.now_us() + kTimeOfOneAddress);
  auto request = std::make_unique<uv_connect_t>();
  const int status =
      uv_tcp_connect(request.get(), tcp_.get(), reinterpret_cast<const sockaddr*>(&address.storage),
                     [](uv_connect_t* done, int result) {
                       const std::unique_ptr<uv_connect_t> owned(done);
                       // Null where whoever closed it has gone on, or is gone.
                       auto* socket = static_cast<ClientSocket*>(done->handle->data);
                       if (socket != nullptr) socket->on_attempt_over(result);
                     });
  if (status < 0) return on_attempt_over(status);
  request.release();
}

void ClientSocket::on_attempt_due() {
  if (state_ == State::kConnecting) return on_attempt_over(UV_ETIMEDOUT);
  fail("more than 32 MiB wait to be sent", Kind::kBroken);
}

void ClientSocket::on_attempt_over(int status) {
  attempt_.cancel();
  if (status == 0) return begin_reading();
  problem_ = words(status);
  drop_tcp();
  if (next_ < addresses_.size()) return connect_to_next();
  fail(problem_);
}

void ClientSocket::begin_reading() {
  uv_tcp_nodelay(tcp_.get(), 1);
  uv_read_start(
      reinterpret_cast<uv_stream_t*>(tcp_.get()),
      [](uv_handle_t*, std::size_t, uv_buf_t* buffer) {
        // One thread reads for all: nothing here is kept.
        static std::array<char, 64 * 1024> bytes;
        *buffer = uv_buf_init(bytes.data(), bytes.size());
      },
      [](uv_stream_t* stream, ssize_t count, const uv_buf_t* buffer) {
        static_cast<ClientSocket*>(stream->data)->on_read(count, buffer->base);
      });
  const auto now = network_.loop.now_us();
  if (tunnel_) {
    // RFC 9110 9.3.6: the target is host and port, always.
    state_ = State::kTunnelling;
    deadline_.set(now + network_.settings.handshake_time);
    const bool is_ipv6 = url_.host.find(':') != std::string::npos;
    const std::string target =
        (is_ipv6 ? "[" + url_.host + "]" : url_.host) + ":" + std::to_string(url_.port);
    std::string request = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n";
    if (!proxy_->authorization.empty()) {
      request += "Proxy-Authorization: " + proxy_->authorization + "\r\n";
    }
    return write(request + "\r\n");
  }
  if (url_.secure()) return begin_tls({});
  connected();
}

void ClientSocket::on_read(ssize_t count, const char* bytes) {
  if (count == 0 || state_ == State::kOver) return;
  if (count > 0) return take({bytes, static_cast<std::size_t>(count)});
  if (count == UV_EOF) {
    count = read_rest();
    if (state_ == State::kOver) return;
  }
  const bool reset = count == UV_ECONNRESET || count == UV_EPIPE;
  const std::string why = count == UV_EOF ? "ended by the peer" : words(static_cast<int>(count));
  if (state_ != State::kOpen) return fail("the connection was " + why);
  end({count == UV_EOF ? Kind::kFin : reset ? Kind::kReset : Kind::kBroken, why});
}

void ClientSocket::take(std::string_view wire) {
  if (state_ == State::kTunnelling) return take_tunnel(wire);
  if (tls_) return take_wire(wire);
  events_->on_bytes(wire);
}

// When poll() says POLLHUP, libuv tells the end of the stream after a read that filled less than
// its buffer, and does not look whether that end is a reset.
ssize_t ClientSocket::read_rest() {
  uv_os_fd_t descriptor = -1;
  uv_fileno(reinterpret_cast<uv_handle_t*>(tcp_.get()), &descriptor);
  while (true) {
    std::array<char, 16 * 1024> bytes;
    const ssize_t count = recv(descriptor, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (count == 0 || (count < 0 && errno == EAGAIN)) return UV_EOF;
    if (count < 0) return uv_translate_sys_error(errno);
    take({bytes.data(), static_cast<std::size_t>(count)});
    if (state_ == State::kOver) return UV_EOF;
  }
}

void ClientSocket::take_tunnel(std::string_view bytes) {
  std::string body;
  // A refusal's body is of no interest.
  tunnel_answer_.expect_no_body();
  const std::size_t taken = tunnel_answer_.feed(bytes, body);
  using Reading = http::ResponseReader::State;
  if (tunnel_answer_.state() == Reading::kBroken) {
    return fail(std::string(http::to_text(tunnel_answer_.error())));
  }
  if (tunnel_answer_.state() != Reading::kDone) return;
  const int status = tunnel_answer_.status();
  if (status < 200 || status > 299) {
    return fail("the proxy answered CONNECT with " + std::to_string(status) + " " +
                std::string(http::reason_phrase(status)));
  }
  if (url_.secure()) return begin_tls(bytes.substr(taken));
  connected();
  if (taken < bytes.size() && state_ == State::kOpen) {
    events_->on_bytes(bytes.substr(taken));
  }
}

void ClientSocket::begin_tls(std::string_view first) {
  state_ = State::kHandshake;
  deadline_.set(network_.loop.now_us() + network_.settings.handshake_time);
  tls_ = std::make_unique<TlsSession>(network_.tls, url_.host);
  take_wire(first);
}

void ClientSocket::take_wire(std::string_view bytes) {
  std::string plain;
  tls_->receive(bytes, plain);
  flush_tls();
  if (tls_->state() != TlsSession::State::kHandshake && state_ == State::kHandshake &&
      tls_->state() != TlsSession::State::kFailed) {
    connected();
  }
  if (!plain.empty() && state_ == State::kOpen) events_->on_bytes(plain);
  if (state_ == State::kOver) return;
  if (tls_->state() == TlsSession::State::kFailed) {
    if (state_ == State::kHandshake) return fail(tls_->problem());
    return end({Kind::kBroken, "TLS failed: " + tls_->problem()});
  }
  if (tls_->state() == TlsSession::State::kEnded && state_ == State::kOpen) {
    end({Kind::kFin, "ended by the peer"});
  }
}

void ClientSocket::connected() {
  state_ = State::kOpen;
  deadline_.cancel();
  events_->on_connected();
}

void ClientSocket::send(std::string_view bytes) {
  if (state_ != State::kOpen) return;
  if (!tls_) return write(std::string(bytes));
  tls_->send(bytes);
  flush_tls();
}

void ClientSocket::flush_tls() {
  std::string out = tls_->take_output();
  if (!out.empty()) write(std::move(out));
}

void ClientSocket::write(std::string bytes) {
  if (!tcp_) return;
  queued_ += bytes.size();
  // The end is told later: whoever sends is not called back.
  if (queued_ > kMaxQueuedBytes) {
    attempt_.set(network_.loop.now_us());
    return;
  }
  auto pending = std::make_unique<Write>(Write{{}, std::move(bytes)});
  pending->request.data = pending.get();
  const uv_buf_t buffer =
      uv_buf_init(pending->bytes.data(), static_cast<unsigned>(pending->bytes.size()));
  const int status =
      uv_write(&pending->request, reinterpret_cast<uv_stream_t*>(tcp_.get()), &buffer, 1,
               [](uv_write_t* request, int) {
                 const std::unique_ptr<Write> done(static_cast<Write*>(request->data));
                 // A failure to write is followed by one to read, which tells it.
                 auto* socket = static_cast<ClientSocket*>(request->handle->data);
                 if (socket != nullptr) socket->queued_ -= done->bytes.size();
               });
  if (status == 0) pending.release();
}

void ClientSocket::time_out() {
  const auto seconds = [](client::Micros time) {
    return std::to_string(time / client::kSecond) + " s";
  };
  const NetworkSettings& settings = network_.settings;
  switch (state_) {
    case State::kResolving:
      return fail("no name server answers within " + seconds(settings.connect_time));
    case State::kConnecting:
      return fail("no answer within " + seconds(settings.connect_time));
    case State::kTunnelling:
      return fail("no answer to CONNECT within " + seconds(settings.handshake_time));
    case State::kHandshake:
      return fail("TLS's handshake takes longer than " + seconds(settings.handshake_time));
    case State::kOpen:
    case State::kOver:
      return;
  }
}

void ClientSocket::fail(std::string why, Kind kind) {
  std::string sentence;
  switch (state_) {
    case State::kResolving:
      sentence = "cannot find " + (proxy_ ? "the proxy " + proxy_->host : url_.host) + ": " + why;
      break;
    case State::kConnecting:
      sentence = "cannot connect to " + goal() + ": " + why;
      break;
    case State::kTunnelling:
      sentence = "no tunnel to " + url_.place() + " through " + goal() + ": " + why;
      break;
    case State::kHandshake:
      sentence = "no TLS with " + url_.place() + ": " + why;
      break;
    case State::kOpen:
    case State::kOver:
      sentence = why;
  }
  end({kind, std::move(sentence)});
}

void ClientSocket::end(SocketEnd end) {
  close();
  events_->on_end(end);
}

void ClientSocket::close() {
  if (state_ == State::kOver) return;
  if (tls_ && state_ == State::kOpen) {
    tls_->end();
    flush_tls();
  }
  state_ = State::kOver;
  deadline_.cancel();
  attempt_.cancel();
  if (lookup_) lookup_->cancel();
  network_.loop.retire(std::move(lookup_));
  drop_tcp();
}

// What was written before is told by libuv later, when this may be gone.
void ClientSocket::drop_tcp() {
  if (tcp_) tcp_->data = nullptr;
  tcp_.reset();
}

}  // namespace playground::native
