// TLS over bytes in memory, with OpenSSL: who reads and writes the socket is somebody else.
#pragma once

#include <cstddef>
#include <memory>
#include <openssl/ssl.h>
#include <string>
#include <string_view>

namespace playground::native {

// What all sessions have in common: TLS 1.2 or newer, and whom to believe.
class TlsContext {
 public:
  // Believes the system's certificates (or those of SSL_CERT_FILE and SSL_CERT_DIR); `insecure`:
  // any. Throws std::runtime_error where OpenSSL cannot be used.
  explicit TlsContext(bool insecure);

  SSL_CTX* get() const { return context_.get(); }
  bool insecure() const { return insecure_; }

 private:
  struct Free {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };
  std::unique_ptr<SSL_CTX, Free> context_;
  bool insecure_;
};

// One connection's. Asks for http/1.1 (ALPN, RFC 7301) and names the host (SNI, RFC 6066 3).
class TlsSession {
 public:
  enum class State { kHandshake, kOpen, kEnded, kFailed };

  // The context outlives it. `host` is what its certificate must be for.
  TlsSession(const TlsContext& context, const std::string& host);

  // Begins, or goes on, with what has come off the wire; what was inside is appended to `plain`.
  void receive(std::string_view wire, std::string& plain);
  void send(std::string_view plain);
  // Says goodbye (close_notify).
  void end();
  // What is to go to the wire.
  std::string take_output();

  // kEnded: the peer has said goodbye.
  State state() const { return state_; }
  // With kFailed, a few words: "the certificate has expired", "the peer sent the alert …".
  const std::string& problem() const { return problem_; }

 private:
  struct Free {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };
  void go_on(std::string& plain);
  void fail();
  static void on_info(const SSL* ssl, int where, int value);

  std::unique_ptr<SSL, Free> ssl_;
  const bool insecure_;
  State state_ = State::kHandshake;
  std::string problem_;
  std::string alert_;  // the last one that the peer sent
};

// Bytes that nobody can guess.
std::string random_bytes(std::size_t count);
std::string sha1(std::string_view bytes);

}  // namespace playground::native
