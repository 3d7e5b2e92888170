// All accepted sockets, and what they share.
#ifndef PLAYGROUND_NATIVE_SERVER_NET_CONNECTIONS_H_
#define PLAYGROUND_NATIVE_SERVER_NET_CONNECTIONS_H_

#include <array>
#include <cstddef>
#include <unordered_set>
#include <vector>

#include <uv.h>

#include "core/server/exchange.h"
#include "core/server/limits.h"
#include "core/server/metrics.h"
#include "core/server/schedule.h"
#include "native_server/net/address.h"
#include "native_server/net/connection.h"
#include "native_server/request_log.h"

namespace playground::server {

class Connections {
 public:
  // All must outlive this; `handler` answers every request.
  Connections(uv_loop_t* loop, Schedule& schedule, const Limits& limits, Metrics& metrics,
              RequestLog& log, ExchangeHandler handler);
  // The loop must run once more afterwards.
  ~Connections() { close_all(); }
  Connections(const Connections&) = delete;
  Connections& operator=(const Connections&) = delete;

  // Takes an accepted socket over. Where there are as many as may be, the one that has kept the
  // server waiting for a request the longest makes room, so that slow or idle clients cannot hold
  // the server; where none waits, the new one is refused with 503.
  void adopt(int descriptor, const Address& peer);

  // Goes on with the connections whose sessions have finished. To be called before the loop waits
  // or closes handles.
  void resume_finished();

  // No connection takes another request.
  void stop();
  void close_all();
  bool empty() const { return open_.empty(); }
  std::size_t size() const { return open_.size(); }

 private:
  friend class Connection;

  bool make_room();
  void sweep();

  uv_loop_t* loop_;
  Schedule& schedule_;
  const Limits& limits_;
  Metrics& metrics_;
  RequestLog& log_;
  ExchangeHandler handler_;
  std::unordered_set<Connection*> open_;
  std::vector<Connection*> finished_;
  Alarm sweep_;
  std::array<char, 64 * 1024> scratch_;  // what recv() fills
};

}  // namespace playground::server

#endif  // PLAYGROUND_NATIVE_SERVER_NET_CONNECTIONS_H_
