// The server, put together: one thread, one loop, no lock.
//
// Why not a pool of threads: a stream would hold one, or would have to be handed over from the
// threads that parse to the one that streams. cpp-httplib needs no socket of its own (see
// http/router.h), so the same loop that streams also parses; nothing in it waits for anything but
// the next event.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "native_server/options.h"

namespace playground::server {

class Server {
 public:
  // Listens. `page` is an archive of the page (embedded_page.h), which outlives the server and is
  // served where Options::web names no folder. Throws std::runtime_error with a sentence fit for
  // the user.
  explicit Server(const Options& options, std::string_view page = {});
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t port() const;
  std::vector<std::uint16_t> lane_ports() const;
  // Where others in the same network open it; none where it listens on one address alone.
  std::vector<std::string> addresses() const;

  // From now on SIGINT and SIGTERM are stop().
  void stop_on_signals();

  // Serves until stop().
  void run();

  // Ends every stream cleanly and makes run() return within Limits::shutdown_us. The only call that
  // another thread may make.
  void stop();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// Raises the limit of open files to what the system allows, and lowers the limits of connections
// and readers to what that has room for.
void use_open_file_limit(Limits& limits);

}  // namespace playground::server
