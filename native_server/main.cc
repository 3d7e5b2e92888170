#include <cstdio>
#include <exception>
#include <span>
#include <string>
#include <string_view>
#include <unistd.h>

#include "native_server/embedded_page.h"
#include "native_server/net/address.h"
#include "native_server/options.h"
#include "native_server/qr_code.h"
#include "native_server/server.h"

namespace {

constexpr int kUsageError = 2;

int fail(std::string_view sentence) {
  std::fprintf(stderr, "playground_server: %.*s\n", static_cast<int>(sentence.size()),
               sentence.data());
  return kUsageError;
}

int print(std::string_view text) {
  std::printf("%.*s\n", static_cast<int>(text.size()), text.data());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  namespace server = playground::server;
  const std::span<const char* const> arguments(argv, static_cast<std::size_t>(argc));
  auto options = server::parse_options(arguments.subspan(argc > 0 ? 1 : 0));
  if (!options) return fail(options.error().message + "; --help lists the options");
  if (options->help) return print(server::help_text());
  if (options->version) return print(server::version_text());
  try {
    server::use_open_file_limit(options->limits);
    server::Server playground(*options, server::embedded_archive());
    playground.stop_on_signals();
    print("Listening on http://" + server::to_authority(options->host, playground.port()) + "/");
    const auto addresses = playground.addresses();
    for (const std::string& each : addresses) print("Others can open it at " + each);
    if (!addresses.empty() && isatty(STDOUT_FILENO)) {
      print(server::for_terminal(server::qr_code(addresses.front())));
    }
    print("Room for " + std::to_string(options->limits.connections) + " connections, of which " +
          std::to_string(options->limits.readers) + " streams and held polls");
    std::fflush(stdout);
    playground.run();
    return 0;
  } catch (const std::exception& error) {
    return fail(error.what());
  }
}
