// THE SEAM to cpp-httplib. It parses and routes every request, and serves the files; it never sees
// a socket.
//
// Its Server::process_request() takes any Stream, so it runs over memory here: a whole request in,
// and, for a file, the bytes of the response out, never waiting. What the playground itself answers
// (ChannelApi, the classic demo) leaves the routing as a Reply. That way one thread serves
// everyone, a stream costs a few hundred bytes instead of a thread, and there is no lock anywhere
// in the server.
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
  // Answers a request, or leaves it to the files.
  using Answer = std::function<std::optional<Reply>(const Request& request)>;

  explicit Router(Answer answer);

  // Answers the exchange. Must not be called from within itself. Never throws.
  void handle(Exchange& exchange);

  // Serves what is in `folder`, and nothing outside it, to requests that `answer` has left;
  // index.html for a folder. An empty name serves nothing. Throws std::runtime_error when there is
  // no such folder. (static_files.cc)
  void serve_files(const std::string& folder);

 private:
  bool take(Exchange& exchange);
  void prepare(httplib::Request& request);
  void finish_head(httplib::Response& response);

  const Answer answer_;
  // Whether a file may be looked for. Otherwise `response` is the answer to the request.
  bool (*is_for_files_)(const httplib::Request& request, httplib::Response& response) = nullptr;
  Exchange* exchange_ = nullptr;
  bool routed_ = false;    // cpp-httplib has found nothing to refuse
  bool answered_ = false;  // by answer_
};

// Sec-WebSocket-Accept for a key (RFC 6455 4.2.2), as cpp-httplib computes it.
std::string websocket_accept_key(std::string_view key);

}  // namespace playground::server
