// THE SEAM to cpp-httplib. What the playground itself answers (ChannelApi, the classic demo) is
// read and answered by the code that the simulation has too; every other request is cpp-httplib's,
// which parses and routes it, and serves the files. It never sees a socket.
//
// Its Server::process_request() takes any Stream, so it runs over memory here: a whole request in,
// the bytes of the response out, never waiting. That way one thread serves everyone, a stream costs
// a few hundred bytes instead of a thread, and there is no lock anywhere in the server.
//
// What this relies on is listed in tests/native_server/http/router_test.cc and checked there
// against the pinned version.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include <httplib.h>

#include "core/server/exchange.h"

namespace playground::server {

class Router : public httplib::Server {
 public:
  // Answers a request, or leaves it to cpp-httplib.
  using Answer = std::function<std::optional<Reply>(const Request& request)>;

  explicit Router(Answer answer);

  // Answers the exchange. Must not be called from within itself. Never throws.
  void handle(Exchange& exchange);

  // Serves what is in `folder`, and nothing outside it, to requests that `answer` has left;
  // index.html for a folder. An empty name serves nothing. Throws std::runtime_error when there is
  // no such folder. (static_files.cc)
  void serve_files(const std::string& folder);

 private:
  void prepare(httplib::Request& request);
  void finish_head(httplib::Response& response);

  const Answer answer_;
  // Whether a file may be looked for. Otherwise `response` is the answer to the request.
  bool (*is_for_files_)(const httplib::Request& request, httplib::Response& response) = nullptr;
  Exchange* exchange_ = nullptr;
};

// Sec-WebSocket-Accept for a key (RFC 6455 4.2.2), as cpp-httplib computes it.
std::string websocket_accept_key(std::string_view key);

}  // namespace playground::server
