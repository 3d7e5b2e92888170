// What every command runs in: a loop, a host on it, and an end that Ctrl-C asks for.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "native_client/host/native_host.h"
#include "native_client/net/event_loop.h"
#include "native_client/net/signals.h"
#include "native_client/options.h"
#include "native_client/output.h"

namespace playground::native {

// Exit statuses.
inline constexpr int kAllWell = 0;
inline constexpr int kFound = 1;
inline constexpr int kCouldNotRun = 2;

// The address of a playground server, as the core has it: without a query, or a slash at the end.
std::string server_of(const Url& url);

std::uint64_t random_seed();

class CommandWorld {
 public:
  explicit CommandWorld(const NetworkSettings& settings);

  // What SIGINT and SIGTERM lead to; a second one ends the program.
  void on_stop(std::function<void()> stop) { stop_ = std::move(stop); }
  // Until it is over, and what is open has said goodbye, for a few seconds at most.
  void run(const std::function<bool()>& over);

  EventLoop loop;
  NativeHost host;

 private:
  std::function<void()> stop_;
  Signals signals_;
};

// A sentence to standard error; returns kCouldNotRun.
int complain(std::string_view sentence);

// Runs `command` and returns its exit status: kCouldNotRun with what() where it throws. Ends the
// program at once where a name is still being looked up, which cannot be interrupted.
int run_command(const Options& options, const std::function<int(CommandWorld&)>& command);

}  // namespace playground::native
