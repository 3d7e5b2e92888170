#include "native_server/options.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <concepts>
#include <filesystem>
#include <optional>
#include <system_error>

#include "native_server/cors.h"

namespace playground::server {
namespace {

constexpr std::uint16_t kMaxLanePorts = 64;
constexpr std::uint32_t kMaxHeartbeat = 3600;

using Problem = std::optional<std::string>;

template <std::unsigned_integral Number>
Problem parse_number(std::string_view text, Number lowest, Number highest, Number& out) {
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, out);
  if (error == std::errc() && stop == end && out >= lowest && out <= highest) return std::nullopt;
  return "must be a number from " + std::to_string(lowest) + " to " + std::to_string(highest);
}

struct Option {
  std::string_view name;
  Problem (*take)(std::string_view value, Options& options);
};

constexpr std::array kOptions = {
    Option{"--host",
           [](std::string_view value, Options& options) -> Problem {
             if (value.empty()) return "must be an address or a name";
             options.host = value;
             return std::nullopt;
           }},
    Option{"--port",
           [](std::string_view value, Options& options) {
             return parse_number<std::uint16_t>(value, 0, 65535, options.port);
           }},
    Option{"--web",
           [](std::string_view value, Options& options) -> Problem {
             std::error_code error;
             if (!std::filesystem::is_directory(value, error)) return "must be a folder";
             options.web = value;
             return std::nullopt;
           }},
    Option{"--lane-ports",
           [](std::string_view value, Options& options) {
             return parse_number<std::uint16_t>(value, 0, kMaxLanePorts, options.lane_ports);
           }},
    Option{"--allow-origin",
           [](std::string_view value, Options& options) -> Problem {
             if (!is_origin(value)) return "must be an origin such as https://example.org";
             options.allowed_origins.emplace_back(value);
             return std::nullopt;
           }},
    Option{"--heartbeat",
           [](std::string_view value, Options& options) {
             return parse_number<std::uint32_t>(value, 1, kMaxHeartbeat,
                                                options.limits.heartbeat_s);
           }},
};

}  // namespace

Result<Options> parse_options(std::span<const char* const> arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    if (argument == "--help") {
      options.help = true;
      continue;
    }
    if (argument == "--version") {
      options.version = true;
      continue;
    }
    const std::size_t equals = argument.find('=');
    const std::string name(argument.substr(0, equals));
    const auto* option = std::ranges::find(kOptions, name, &Option::name);
    if (option == kOptions.end()) return InputError{"unknown option " + std::string(argument)};

    std::string_view value;
    if (equals != std::string_view::npos) {
      value = argument.substr(equals + 1);
    } else if (++i < arguments.size()) {
      value = arguments[i];
    } else {
      return InputError{name + " needs a value"};
    }
    if (const Problem problem = option->take(value, options)) {
      return InputError{name + " " + *problem + ", not \"" + std::string(value) + "\""};
    }
  }
  return options;
}

std::string_view help_text() {
  return R"(Usage: playground_server [OPTION]...

Plays scenarios over polling, Server-Sent Events, NDJSON streams and WebSocket,
side by side, and serves the page that shows them.

  --host HOST          address or name to listen on (127.0.0.1)
  --port PORT          port to listen on; 0 takes any free one (8088)
  --web DIR            folder of the page's files (none)
  --lane-ports N       further ports, so that each lane of the page can have an
                       origin of its own (6)
  --allow-origin O     an origin whose pages may use the server; may be repeated.
                       Its own and those of localhost always may
  --heartbeat SECONDS  silence after which a stream gets a heartbeat (15)
  --help               print this and exit
  --version            print the version and exit)";
}

std::string_view version_text() { return "playground_server " PLAYGROUND_VERSION; }

}  // namespace playground::server
