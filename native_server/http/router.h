// THE SEAM to cpp-httplib. It parses, routes and writes responses; it never sees a socket.
//
// Its Server::process_request() takes any Stream, so it runs over memory here: a whole request in,
// the bytes of the response out, never waiting. A stream, a held poll or a WebSocket is begun by
// cpp-httplib too, which writes the head, and is a Session of ours from there on. That way one
// thread serves everyone, a stream costs a few hundred bytes in place of a thread, and there is no
// lock anywhere in the server.
//
// What this relies on is listed in tests/native_server/http/router_test.cc and checked there
// against the pinned version.
#ifndef PLAYGROUND_NATIVE_SERVER_HTTP_ROUTER_H_
#define PLAYGROUND_NATIVE_SERVER_HTTP_ROUTER_H_

#include <memory>
#include <string>

#include <httplib.h>

#include "core/server/exchange.h"

namespace playground::server {

class Router : public httplib::Server {
 public:
  Router();

  // Answers the exchange. Not to be called from within itself. Never throws.
  void handle(Exchange& exchange);

  // For handlers, while handle() runs.
  Exchange& exchange() { return *exchange_; }

  // For a handler: the response is an endless body of this type, and the session carries on behind
  // the head. With `chunked` the head says so; without, the end of the connection ends the body.
  void stream(httplib::Response& response, const std::string& content_type, bool chunked,
              std::unique_ptr<Session> session);

  // For a handler: the session completes the head with a Content-Length, and writes the body.
  void hold(httplib::Response& response, const std::string& content_type,
            std::unique_ptr<Session> session);

 private:
  void prepare(httplib::Request& request);
  void finish_head(const httplib::Request& request, httplib::Response& response);

  Exchange* exchange_ = nullptr;
  bool ends_connection_ = false;  // the response at hand does, whatever the request asked for
};

}  // namespace playground::server

#endif  // PLAYGROUND_NATIVE_SERVER_HTTP_ROUTER_H_
