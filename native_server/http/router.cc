#include "native_server/http/router.h"

#include <cstddef>
#include <exception>
#include <string_view>
#include <utility>

#include "core/http/message.h"
#include "core/http_date.h"
#include "core/server/api_text.h"
#include "native_server/files.h"

namespace httplib::detail {
// One of its definitions, which are compiled apart (cmake/dependencies.cmake).
std::string websocket_accept_key(const std::string& client_key);
}  // namespace httplib::detail

namespace playground::server {
namespace {

// Reads the head out of memory and writes into memory. The body goes past cpp-httplib (see
// prepare()), so the input ends with the head.
class MemoryStream final : public httplib::Stream {
 public:
  MemoryStream(std::string_view input, std::string& output) : input_(input), output_(output) {}

  ssize_t read(char* data, std::size_t size) override {
    const std::size_t count = input_.copy(data, size);
    input_.remove_prefix(count);
    return static_cast<ssize_t>(count);
  }
  ssize_t write(const char* data, std::size_t size) override {
    output_.append(data, size);
    return static_cast<ssize_t>(size);
  }

  bool is_readable() const override { return !input_.empty(); }
  bool wait_readable() const override { return true; }
  bool wait_writable() const override { return true; }
  socket_t socket() const override { return INVALID_SOCKET; }
  time_t duration() const override { return 0; }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}

 private:
  std::string_view input_;
  std::string& output_;
};

// cpp-httplib knows no target with scheme and authority (RFC 9112 3.2.2): without them, the head is
// in `room`.
std::string_view in_origin_form(const Exchange& exchange, std::string& room) {
  const Request& request = exchange.request;
  if (request.authority.empty()) return exchange.head;
  room.append(request.method).append(" ");
  if (!request.target.starts_with('/')) room += '/';
  room.append(request.target).append(request.is_1_1 ? " HTTP/1.1\r\n" : " HTTP/1.0\r\n");
  return room.append(request.fields).append("\r\n");
}

}  // namespace

Router::Router(Answer answer) : answer_(std::move(answer)) {
  // A file is written only while there is a listening socket; any value but INVALID_SOCKET will do,
  // and this one cannot be closed by mistake.
  svr_sock_ = -2;
  set_pre_routing_handler([this](const auto& request, auto& response) {
    const bool file = is_for_files_ == nullptr || is_for_files_(request, response);
    return file ? HandlerResponse::Unhandled : HandlerResponse::Handled;
  });
  set_post_routing_handler([this](const auto&, auto& response) { finish_head(response); });
  set_error_handler([](const httplib::Request& request, httplib::Response& response) {
    if (response.body.empty()) {
      const std::string sentence = response.status == httplib::NotFound_404
                                       ? "there is nothing at " + request.path
                                       : httplib::status_message(response.status);
      response.set_content(error_body(sentence), "application/json");
    }
    return HandlerResponse::Handled;
  });
}

void Router::handle(Exchange& exchange) {
  try {
    if (std::optional<Reply> reply = answer_(exchange.request)) {
      return http::respond(std::move(*reply), exchange);
    }
    exchange_ = &exchange;
    std::string origin_form;
    MemoryStream stream(in_origin_form(exchange, origin_form), exchange.response);
    bool closed = false;  // finish_head() knows better
    process_request(stream, {}, 0, {}, 0, false, closed,
                    [this](httplib::Request& request) { prepare(request); });
  } catch (const std::exception& error) {
    exchange.session.reset();
    exchange.keep_alive = false;
    exchange.response = http::refusal_response(500, error.what(), exchange.now_us);
  }
}

// The body goes past cpp-httplib, which would take multipart and form bodies apart, and would
// answer an expectation that framing has already answered.
void Router::prepare(httplib::Request& request) {
  for (const char* name : {"Content-Length", "Content-Type", "Expect"}) {
    request.headers.erase(name);
  }
  request.ranges.clear();  // RFC 9110 14.2: may be ignored
}

void Router::finish_head(httplib::Response& response) {
  response.set_header(std::string(kPlaygroundField), "1");
  response.set_header("Date", http_date(exchange_->now_us));
  response.headers.erase("Keep-Alive");  // its numbers belong to a loop that is not used
  response.headers.erase("Connection");
  response.headers.erase("Accept-Ranges");
  if (exchange_->request.path == kFramedPage) response.headers.erase("Content-Security-Policy");
  // RFC 9110 8.6: these have no content, and a 304 may not claim that it has none.
  if (response.status == httplib::NoContent_204 || response.status == httplib::NotModified_304) {
    response.headers.erase("Content-Length");
  }
  // Of a folder, to its own name with a slash: relative, so that it holds behind a proxy that
  // serves this under a prefix.
  if (response.status == httplib::MovedPermanently_301) {
    const std::string path = response.get_header_value("Location");
    response.headers.erase("Location");  // set_header() would add another
    response.set_header("Location", "." + path.substr(path.rfind('/', path.size() - 2)));
  }
  const Request& request = exchange_->request;
  exchange_->keep_alive = http::keeps_alive(request);
  if (!exchange_->keep_alive) {
    response.set_header("Connection", "close");
  } else if (!request.is_1_1) {
    response.set_header("Connection", "keep-alive");
  }
}

std::string websocket_accept_key(std::string_view key) {
  return httplib::detail::websocket_accept_key(std::string(key));
}

}  // namespace playground::server
