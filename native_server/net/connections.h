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
#include "core/server/schedule.h"
#include "native_server/net/connection.h"

namespace playground::server {

class Connections {
 public:
  // All must outlive this; `handler` answers every request.
  Connections(uv_loop_t* loop, Schedule& schedule, const Limits& limits, ExchangeHandler handler);
  // The loop must run once more afterwards.
  ~Connections() { close_all(); }
  Connections(const Connections&) = delete;
  Connections& operator=(const Connections&) = delete;

  // Takes an accepted socket over.
  void adopt(int descriptor);

  // Goes on with the connections whose sessions have finished. To be called before the loop waits
  // or closes handles.
  void resume_finished();

  // No connection takes another request.
  void stop();
  void close_all();
  bool empty() const { return open_.empty(); }

 private:
  friend class Connection;

  void sweep();

  uv_loop_t* loop_;
  Schedule& schedule_;
  const Limits& limits_;
  ExchangeHandler handler_;
  std::unordered_set<Connection*> open_;
  std::vector<Connection*> finished_;
  Alarm sweep_;
  std::array<char, 64 * 1024> scratch_;  // what recv() fills
};

}  // namespace playground::server

#endif  // PLAYGROUND_NATIVE_SERVER_NET_CONNECTIONS_H_
