#include "native_client/net/tls.h"

#include <array>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdexcept>

#include "native_client/net/url.h"

namespace playground::native {
namespace {

// RFC 7301 3.1: names with their lengths before them.
constexpr unsigned char kProtocols[] = "\x08http/1.1";

// OpenSSL's words for the newest error in its queue, which is empty afterwards.
std::string take_error() {
  const unsigned long error = ERR_peek_last_error();
  ERR_clear_error();
  const char* reason = error == 0 ? nullptr : ERR_reason_error_string(error);
  return reason == nullptr ? "an error without a name" : reason;
}

}  // namespace

TlsContext::TlsContext(bool insecure)
    : context_(SSL_CTX_new(TLS_client_method())), insecure_(insecure) {
  if (!context_ || SSL_CTX_set_min_proto_version(get(), TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_alpn_protos(get(), kProtocols, sizeof kProtocols - 1) != 0) {
    throw std::runtime_error("OpenSSL cannot be used: " + take_error());
  }
  SSL_CTX_set_verify(get(), insecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, nullptr);
  if (!insecure && SSL_CTX_set_default_verify_paths(get()) != 1) {
    throw std::runtime_error("the system's certificates cannot be read: " + take_error());
  }
  ERR_clear_error();
}

TlsSession::TlsSession(const TlsContext& context, const std::string& host)
    : ssl_(SSL_new(context.get())), insecure_(context.insecure()) {
  BIO* in = ssl_ ? BIO_new(BIO_s_mem()) : nullptr;
  BIO* out = in ? BIO_new(BIO_s_mem()) : nullptr;
  if (out == nullptr) {
    BIO_free(in);
    ssl_.reset();
    fail();
    return;
  }
  BIO_set_mem_eof_return(in, -1);  // nothing more for now, rather than the end
  BIO_set_mem_eof_return(out, -1);
  SSL_set_bio(ssl_.get(), in, out);
  SSL_set_connect_state(ssl_.get());
  SSL_set_app_data(ssl_.get(), this);
  SSL_set_info_callback(ssl_.get(), on_info);
  if (is_ip_address(host)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_.get()), host.c_str());
  } else {
    SSL_set_hostflags(ssl_.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    SSL_set1_host(ssl_.get(), host.c_str());
    // SSL_set_tlsext_host_name, which is a macro with a cast of C's.
    SSL_ctrl(ssl_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
             const_cast<char*>(host.c_str()));
  }
}

void TlsSession::on_info(const SSL* ssl, int where, int value) {
  if ((where & SSL_CB_READ_ALERT) != SSL_CB_READ_ALERT) return;
  auto* session = static_cast<TlsSession*>(SSL_get_app_data(ssl));
  if ((value & 0xff) != SSL_AD_CLOSE_NOTIFY) {
    session->alert_ = SSL_alert_desc_string_long(value);
  }
}

void TlsSession::fail() {
  state_ = State::kFailed;
  const long verified = ssl_ ? SSL_get_verify_result(ssl_.get()) : X509_V_OK;
  if (!alert_.empty()) {
    problem_ = "the peer sent the TLS alert \"" + alert_ + "\"";
  } else if (!insecure_ && verified != X509_V_OK) {
    problem_ = "its certificate is not accepted: ";
    problem_ += X509_verify_cert_error_string(verified);
  } else {
    problem_ = take_error();
    if (problem_ == "wrong version number") problem_ = "what answers there does not speak TLS";
  }
  ERR_clear_error();
}

void TlsSession::receive(std::string_view wire, std::string& plain) {
  if (state_ == State::kFailed || state_ == State::kEnded) return;
  ERR_clear_error();
  BIO* in = SSL_get_rbio(ssl_.get());
  while (!wire.empty()) {
    const int taken = BIO_write(in, wire.data(), static_cast<int>(wire.size()));
    if (taken <= 0) return fail();
    wire.remove_prefix(static_cast<std::size_t>(taken));
  }
  go_on(plain);
}

void TlsSession::go_on(std::string& plain) {
  if (state_ == State::kHandshake) {
    const int done = SSL_do_handshake(ssl_.get());
    if (done != 1) {
      const int error = SSL_get_error(ssl_.get(), done);
      if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return;
      return fail();
    }
    state_ = State::kOpen;
  }
  std::array<char, 16 * 1024> bytes;  // RFC 8446 5.1: a record's most
  while (state_ == State::kOpen) {
    const int count = SSL_read(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
    if (count > 0) {
      plain.append(bytes.data(), static_cast<std::size_t>(count));
      continue;
    }
    switch (SSL_get_error(ssl_.get(), count)) {
      case SSL_ERROR_WANT_READ:
      case SSL_ERROR_WANT_WRITE:
        return;
      case SSL_ERROR_ZERO_RETURN:
        state_ = State::kEnded;
        return;
      default:
        return fail();
    }
  }
}

void TlsSession::send(std::string_view plain) {
  while (state_ == State::kOpen && !plain.empty()) {
    ERR_clear_error();
    const int taken = SSL_write(ssl_.get(), plain.data(), static_cast<int>(plain.size()));
    if (taken <= 0) return fail();
    plain.remove_prefix(static_cast<std::size_t>(taken));
  }
}

void TlsSession::end() {
  if (state_ != State::kOpen && state_ != State::kEnded) return;
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

std::string TlsSession::take_output() {
  std::string out;
  BIO* wire = ssl_ ? SSL_get_wbio(ssl_.get()) : nullptr;
  if (wire == nullptr) return out;
  out.resize(BIO_ctrl_pending(wire));
  const int count = out.empty() ? 0 : BIO_read(wire, out.data(), static_cast<int>(out.size()));
  out.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return out;
}

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1) {
    throw std::runtime_error("OpenSSL has no random bytes: " + take_error());
  }
  return bytes;
}

std::string sha1(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1) {
    throw std::runtime_error("OpenSSL has no SHA-1: " + take_error());
  }
  return {reinterpret_cast<const char*>(digest.data()), size};
}

}  // namespace playground::native
