#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <span>
#include <string>
#include <string_view>

#include "native_client/check.h"
#include "native_client/command.h"
#include "native_client/compare.h"
#include "native_client/options.h"
#include "native_client/output.h"
#include "native_client/watch.h"

namespace {

using playground::native::Command;

int run(const playground::native::Options& options, playground::native::Output& output) {
  namespace native = playground::native;
  switch (options.command) {
    case Command::kWatch:
      return native::run_watch(options, output);
    case Command::kCompare:
      return native::run_compare(options, output);
    case Command::kCheck:
      return native::run_check(options, output);
    case Command::kNone:
      break;
  }
  return native::kCouldNotRun;
}

}  // namespace

int main(int argc, char** argv) {
  namespace native = playground::native;
  // A reader that has gone is an error of writing, and a server that has is one of its socket.
  std::signal(SIGPIPE, SIG_IGN);
  const std::span<const char* const> arguments(argv, static_cast<std::size_t>(argc));
  const auto options = native::parse_options(arguments.subspan(argc > 0 ? 1 : 0),
                                             [](const char* name) { return std::getenv(name); });
  if (!options) return native::complain(options.error().message + "; --help lists what there is");
  native::Output output(stdout);
  if (options->help) {
    output.line(native::help_text(options->command));
    return native::kAllWell;
  }
  if (options->version) {
    output.line(native::version_text());
    return native::kAllWell;
  }
  try {
    const int status = run(*options, output);
    // Whoever reads a pipe may have seen enough.
    if (!output.failed() || output.error() == EPIPE) return status;
    return native::complain(std::string("standard output cannot be written to: ") +
                            std::strerror(output.error()));
  } catch (const std::exception& error) {
    return native::complain(error.what());
  }
}
