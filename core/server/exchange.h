// One request and what became of it: all that a connection and the routing know of each other.
#ifndef PLAYGROUND_CORE_SERVER_EXCHANGE_H_
#define PLAYGROUND_CORE_SERVER_EXCHANGE_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/server/faults/way.h"
#include "core/server/session.h"
#include "core/server/wire_meter.h"

namespace playground::server {

struct Exchange {
  // The request, framed already; the views live while the handler runs.
  std::string_view head;
  std::string_view body;
  // Whom the limits for each address count the request for: some bytes that tell clients apart.
  std::string_view client;

  // The response as it goes over the wire, or its head where a session carries on from there.
  std::string response;
  std::unique_ptr<Session> session;
  bool keep_alive = false;  // whether the connection takes another request afterwards

  // Whom the bytes of both are counted for; null for nobody.
  Lane lane;

  // What the response goes through; null where nothing can go wrong with it.
  std::shared_ptr<Way> way;
};

using ExchangeHandler = std::function<void(Exchange&)>;

}  // namespace playground::server

#endif  // PLAYGROUND_CORE_SERVER_EXCHANGE_H_
