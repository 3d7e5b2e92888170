// All connections of a server, and what they share.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/server/exchange.h"
#include "core/server/limits.h"
#include "core/server/metrics.h"
#include "core/server/request_rate.h"
#include "core/server/roster.h"
#include "core/server/schedule.h"

namespace playground::http {

class Connection;

// One request and its answer; for a stream, its whole life.
struct LoggedRequest {
  std::int64_t begun_us = 0;  // since the Unix epoch
  std::int64_t duration_us = 0;
  std::string address;       // Socket::asker()
  std::string request_line;  // "GET /api/time HTTP/1.1", checked by the framing
  int status = 0;
  std::uint64_t received_bytes = 0;
  std::uint64_t sent_bytes = 0;
  bool whole = true;  // the answer was sent to its end
};

// Where a server that keeps a log of its requests writes them.
class AccessLog {
 public:
  virtual void add(const LoggedRequest& request) = 0;

 protected:
  ~AccessLog() = default;
};

class Connections {
 public:
  // All must outlive this; `handler` answers every request, `log` may be null.
  Connections(server::Schedule& schedule, const server::Limits& limits, server::Metrics& metrics,
              AccessLog* log, server::ExchangeHandler handler);
  ~Connections() { close_all(); }
  Connections(const Connections&) = delete;
  Connections& operator=(const Connections&) = delete;

  // A socket has been accepted. Where there are as many as allowed, the one that has kept the
  // server waiting longest for a request makes room, so that slow or idle clients cannot hold up
  // the server. Where none waits, the new one has no place: returns what to send it before it is
  // closed. Empty: it has one; make a Connection of it.
  std::string admit();

  // No connection takes another request.
  void stop();
  void close_all();
  bool empty() const { return size() == 0; }
  std::size_t size() const;

 private:
  friend class Connection;

  // What a connection waits for.
  enum class Wait : std::uint8_t {
    kNothing,        // a session has it
    kRequest,        // Limits::idle_us
    kRestOfRequest,  // Limits::request_us
    kReader,         // to take the answer: Limits::write_stall_us
    kEnd,            // the peer's: Limits::linger_us
  };
  static constexpr std::size_t kWaits = 5;

  using Waiting = server::Roster<Connection>;

  Waiting& waiting(Wait wait) { return waiting_[static_cast<std::size_t>(wait)]; }
  // Counts a request of the client, or a message that is like one.
  bool admits(std::string_view client) { return rate_.take(client, schedule_.now_us()); }
  // How long at most; not asked for kNothing.
  std::int64_t limit_us(Wait wait) const;
  static std::string_view why_late(Wait wait);
  // From now on, also where it has waited for the same already.
  void wait(Connection& connection, Wait wait);
  void close_late();
  void close(Connection& connection, std::string_view why);

  // A session of the client is to begin: its place among Limits::readers_per_address, to be left
  // when it is over. Nothing where there is none.
  using Places = std::map<std::string, std::size_t, std::less<>>;  // taken, by client
  std::optional<Places::iterator> take_place(std::string_view client);
  void leave_place(std::optional<Places::iterator>& place);

  server::Schedule& schedule_;
  const server::Limits& limits_;
  server::Metrics& metrics_;
  AccessLog* log_;
  server::ExchangeHandler handler_;
  server::RequestRate rate_;
  Places places_;
  // All that wait for the same may wait equally long: the first of them is the next to be late. One
  // alarm is enough for all, and is not moved with every request: it looks at the clock.
  std::array<Waiting, kWaits> waiting_;
  std::optional<std::int64_t> rings_us_;
  server::Alarm late_;
  // Their sessions have finished; they go on once nothing of a session is on the stack any more.
  std::vector<Connection*> finished_;
  server::Alarm resume_;
};

}  // namespace playground::http
