#include "native_client/command.h"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>

#include "native_client/net/tls.h"

namespace playground::native {
namespace {

constexpr client::Micros kGoodbyeTime = 3 * client::kSecond;

}  // namespace

std::string server_of(const Url& url) {
  std::string server = url.scheme + "://" + url.authority();
  server += url.target.substr(0, url.target.find('?'));
  while (server.ends_with('/')) server.pop_back();
  return server;
}

std::uint64_t random_seed() {
  std::uint64_t seed = 0;
  for (const char c : random_bytes(sizeof seed)) seed = seed << 8 | static_cast<unsigned char>(c);
  return seed;
}

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
