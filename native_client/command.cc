#include "native_client/command.h"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>

namespace playground::native {
namespace {

constexpr client::Micros kGoodbyeTime = 3 * client::kSecond;

}  // namespace

CommandWorld::CommandWorld(const NetworkSettings& settings)
    : host(loop, settings), signals_(loop, [this] {
        if (stop_) stop_();
      }) {}

void CommandWorld::run(const std::function<bool()>& over) {
  while (!over()) loop.turn();
  const client::Micros last = host.now() + kGoodbyeTime;
  // An alarm, so that the loop comes back in time.
  server::Alarm end(loop.schedule(), [] {});
  end.set(last);
  while (!host.idle() && host.now() < last) loop.turn();
}

int complain(std::string_view sentence) {
  std::fprintf(stderr, "playground: %.*s\n", static_cast<int>(sentence.size()), sentence.data());
  return kCouldNotRun;
}

int run_command(const Options& options, const std::function<int(CommandWorld&)>& command) {
  const auto world = std::make_unique<CommandWorld>(options.network);
  int status = kCouldNotRun;
  try {
    status = command(*world);
  } catch (const std::exception& error) {
    complain(error.what());
  }
  if (world->loop.lookups() > 0) {
    std::fflush(nullptr);
    std::_Exit(status);
  }
  return status;
}

}  // namespace playground::native
