#include "native_server/http/router.h"

#include <cstddef>
#include <exception>
#include <string_view>
#include <utility>

#include "core/server/api_text.h"
#include "native_server/http/fields.h"
#include "native_server/http/refusal.h"

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

bool write_nothing(std::size_t, httplib::DataSink&) { return false; }

}  // namespace

Router::Router() {
  // Content providers run only while there is a listening socket; any value but INVALID_SOCKET will
  // do, and this one cannot be closed by mistake.
  svr_sock_ = -2;
  // Otherwise each WebSocket begins a thread.
  set_websocket_ping_interval(0);
  set_post_routing_handler(
      [this](const auto& request, auto& response) { finish_head(request, response); });
  // Handled, also where there is a body already: only then does a refused upgrade get its length.
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
  exchange_ = &exchange;
  MemoryStream stream(exchange.head, exchange.response);
  bool closed = false;  // finish_head() knows better
  ends_connection_ = false;
  try {
    process_request(stream, {}, 0, {}, 0, false, closed,
                    [this](httplib::Request& request) { prepare(request); });
  } catch (const std::exception& error) {
    exchange.session.reset();
    exchange.keep_alive = false;
    exchange.response = refusal_response(500, error.what());
  }
  exchange_ = nullptr;
}

// Gives the request its body here: cpp-httplib would take multipart and form bodies apart, and
// would answer an expectation that framing has answered already.
void Router::prepare(httplib::Request& request) {
  request.body = exchange_->body;
  for (const char* name : {"Content-Length", "Content-Type", "Expect"}) {
    request.headers.erase(name);
  }
  request.ranges.clear();  // RFC 9110 14.2: may be ignored
}

void Router::finish_head(const httplib::Request& request, httplib::Response& response) {
  response.headers.erase("Keep-Alive");  // its numbers are those of a loop that is not used
  response.headers.erase("Connection");
  response.headers.erase("Accept-Ranges");
  if (request.method == "HEAD") exchange_->session.reset();
  // RFC 9110 8.6: these have no content, and a 304 may not claim that it has none.
  if (response.status == httplib::NoContent_204 || response.status == httplib::NotModified_304) {
    response.headers.erase("Content-Length");
  }

  const bool is_1_1 = request.version == "HTTP/1.1";
  exchange_->keep_alive = !ends_connection_ && !field_has(request, "Connection", "close") &&
                          (is_1_1 || field_has(request, "Connection", "keep-alive"));
  if (!exchange_->keep_alive) {
    response.set_header("Connection", "close");
  } else if (!is_1_1) {
    response.set_header("Connection", "keep-alive");
  }
}

void Router::stream(httplib::Response& response, const std::string& content_type, bool chunked,
                    std::unique_ptr<Session> session) {
  ends_connection_ = true;
  exchange_->session = std::move(session);
  if (chunked) {
    response.set_chunked_content_provider(content_type, write_nothing);
  } else {
    response.set_content_provider(content_type, write_nothing);
  }
}

void Router::hold(httplib::Response& response, const std::string& content_type,
                  std::unique_ptr<Session> session) {
  exchange_->session = std::move(session);
  response.set_content_provider(content_type, write_nothing);
}

}  // namespace playground::server
