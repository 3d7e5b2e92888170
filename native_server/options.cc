#include "native_server/options.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>
#include <type_traits>
#include <utility>

#include "core/server/api_text.h"
#include "core/server/origin_policy.h"
#include "core/server/wire_meter.h"

namespace playground::server {
namespace {

constexpr std::uint64_t kMany = 1'000'000;
constexpr std::uint64_t kKiB = 1024;
constexpr std::uint64_t kYear = 365 * 24 * 3600;                                // seconds
constexpr std::array<std::string_view, 3> kLogFormats{"none", "text", "json"};  // as LogFormat

using Problem = std::optional<std::string>;

std::uint16_t& kept(Options& options, std::uint16_t Options::*member) { return options.*member; }
template <typename Kept>
Kept& kept(Options& options, Kept Limits::*member) {
  return options.limits.*member;
}

// A whole number, counted in `unit`s of what is kept.
template <auto Member, std::uint64_t kLowest, std::uint64_t kHighest, std::uint64_t kUnit = 1>
Problem take_number(std::string_view value, Options& options) {
  const auto number = parse_whole<std::uint64_t>(value);
  if (!number || *number < kLowest || *number > kHighest) {
    return "must be a number from " + std::to_string(kLowest) + " to " + std::to_string(kHighest);
  }
  auto& target = kept(options, Member);
  target = static_cast<std::remove_reference_t<decltype(target)>>(*number * kUnit);
  return std::nullopt;
}

// One whose pages may use the server, and whose host is a name of the server.
Problem take_origin(std::string_view value, Options& options) {
  if (!parse_origin(value)) return "must be an origin such as https://example.org";
  options.origins.emplace_back(value);
  return std::nullopt;
}

// A flag: what takes no value.
template <bool Options::*kMember>
Problem take_flag(std::string_view, Options& options) {
  options.*kMember = true;
  return std::nullopt;
}

struct Option {
  std::string_view name;
  Problem (*take)(std::string_view value, Options& options);  // null: a file, which is read before
  bool flag = false;
};

constexpr std::array kOptions = {
    Option{"--help", take_flag<&Options::help>, true},
    Option{"--version", take_flag<&Options::version>, true},
    Option{"--config", nullptr},
    Option{"--public", take_flag<&Options::strangers>, true},
    Option{"--host",
           [](std::string_view value, Options& options) -> Problem {
             if (value.empty()) return "must be an address or a name";
             options.host = value;
             return std::nullopt;
           }},
    Option{"--port", take_number<&Options::port, 0, 65535>},
    Option{"--web",
           [](std::string_view value, Options& options) -> Problem {
             std::error_code error;
             if (!std::filesystem::is_directory(value, error)) return "must be a folder";
             options.web = value;
             return std::nullopt;
           }},
    Option{"--lane-ports", take_number<&Options::lane_ports, 0, 64>},
    Option{"--allow-origin", take_origin},
    Option{"--public-origin", take_origin},
    Option{"--trusted-proxy",
           [](std::string_view value, Options& options) -> Problem {
             const auto network = parse_network(value);
             if (!network) return "must be an address or a network such as 10.0.0.0/8";
             options.trusted_proxies.push_back(*network);
             return std::nullopt;
           }},
    Option{"--heartbeat", take_number<&Limits::heartbeat_s, 1, 3600>},
    Option{"--log",
           [](std::string_view value, Options& options) -> Problem {
             const auto format = std::ranges::find(kLogFormats, value);
             if (format == kLogFormats.end()) return "must be none, text or json";
             options.log = static_cast<LogFormat>(format - kLogFormats.begin());
             return std::nullopt;
           }},
    Option{"--redis",
           [](std::string_view value, Options& options) -> Problem {
             auto address = parse_redis_address(value);
             if (!address) return address.error().message;
             options.redis = std::move(*address);
             return std::nullopt;
           }},
    Option{"--name",
           [](std::string_view value, Options& options) -> Problem {
             if (!WireMeter::is_lane_name(value)) {
               return "must be 1 to 32 characters of a-z, 0-9 and -";
             }
             options.name = value;
             return std::nullopt;
           }},
    Option{"--max-connections", take_number<&Limits::connections, 1, kMany>},
    Option{"--max-subscribers", take_number<&Limits::readers, 1, kMany>},
    Option{"--max-subscribers-per-address", take_number<&Limits::readers_per_address, 1, kMany>},
    Option{"--max-channels", take_number<&Limits::channels, 1, kMany>},
    Option{"--max-channels-per-address", take_number<&Limits::channels_per_address, 1, kMany>},
    Option{"--max-probes", take_number<&Limits::probes, 1, kMany>},
    Option{"--max-probes-per-address", take_number<&Limits::probes_per_address, 1, kMany>},
    Option{"--max-rate", take_number<&Limits::rate, 1, 5000>},
    Option{"--max-payload", take_number<&Limits::payload_bytes, 16, 65536>},
    Option{"--max-head", take_number<&Limits::head_bytes, 1024, kKiB * 64>},
    Option{"--max-body", take_number<&Limits::body_bytes, 1024, kKiB * 1024>},
    Option{"--max-message", take_number<&Limits::message_bytes, 1024, kKiB * 1024 * 64>},
    Option{"--max-lifetime", take_number<&Limits::channel_lifetime_us, 1, kYear, kSecondUs>},
    Option{"--max-requests-per-second", take_number<&Limits::requests_per_s, 0, kMany>},
};

// Null where there is none of that name.
const Option* find_option(std::string_view name) {
  const auto option = std::ranges::find(kOptions, name, &Option::name);
  return option == kOptions.end() ? nullptr : &*option;
}

// An option as it was given.
struct Given {
  const Option* option;
  std::string value;
  std::string where = {};  // how a sentence about it begins
};

Result<std::vector<Given>> read_arguments(std::span<const char* const> arguments) {
  std::vector<Given> given;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    const std::size_t equals = std::min(argument.find('='), argument.size());
    const std::string name(argument.substr(0, equals));
    const Option* const option = find_option(name);
    if (!option) return InputError{"unknown option " + std::string(argument)};
    std::string_view value = argument.substr(std::min(equals + 1, argument.size()));
    if (option->flag) {
      if (equals < argument.size()) return InputError{name + " takes no value"};
    } else if (equals == argument.size()) {
      if (++i == arguments.size()) return InputError{name + " needs a value"};
      value = arguments[i];
    }
    given.push_back({option, std::string(value)});
  }
  return given;
}

// A line of a file is `name = value`, or the name alone of what takes none; with or without `--`.
Result<std::vector<Given>> read_file(const std::string& file) {
  std::error_code error;
  std::ifstream in(file);
  if (!in || std::filesystem::is_directory(file, error)) {
    return InputError{"--config must be a file that can be read, not \"" + file + "\""};
  }
  std::vector<Given> given;
  std::string text;
  for (std::size_t number = 1; std::getline(in, text); ++number) {
    if (text.ends_with('\r')) text.pop_back();
    const std::string_view line = trimmed(text);
    if (line.empty() || line.starts_with('#')) continue;
    const std::size_t equals = std::min(line.find('='), line.size());
    std::string name(trimmed(line.substr(0, equals)));
    if (!name.starts_with("--")) name.insert(0, "--");
    const std::string where = file + ", line " + std::to_string(number) + ": ";
    const Option* const option = find_option(name);
    if (!option || option->take == nullptr) return InputError{where + "unknown option " + name};
    if (option->flag == (equals < line.size())) {
      return InputError{where + name + (option->flag ? " takes no value" : " needs a value")};
    }
    const std::string_view value = line.substr(std::min(equals + 1, line.size()));
    given.push_back({option, std::string(trimmed(value)), where});
  }
  return given;
}

}  // namespace

Result<Options> parse_options(std::span<const char* const> arguments) {
  auto named = read_arguments(arguments);
  if (!named) return named.error();
  // What the files say comes first, so that the command line counts more.
  std::vector<Given> given;
  for (const Given& each : *named) {
    if (each.option->take) continue;
    auto lines = read_file(each.value);
    if (!lines) return lines.error();
    std::ranges::move(*lines, std::back_inserter(given));
  }
  std::ranges::move(*named, std::back_inserter(given));

  Options options;
  const Option* const strangers = find_option("--public");
  if (std::ranges::find(given, strangers, &Given::option) != given.end()) {
    options.limits = strangers_limits();
    options.lane_ports = 0;  // behind a proxy nobody reaches them
  }
  for (const auto& [option, value, where] : given) {
    if (!option->take) continue;
    if (const Problem problem = option->take(value, options)) {
      const bool may_be_shown = value.find('@') == value.npos;  // no password
      return InputError{where + std::string(option->name) + " " + *problem +
                        (may_be_shown ? ", not \"" + std::string(value) + "\"" : "")};
    }
  }
  return options;
}

std::string_view help_text() {
  return R"(Usage: playground_server [OPTION]...

Plays scenarios over polling, Server-Sent Events, JSON streams and WebSocket,
side by side, and serves the page that shows them.

  --host HOST          address or name to listen on (127.0.0.1); 0.0.0.0 and ::
                       are all, and then it prints where others open it
  --port PORT          port to listen on; 0 takes any free one (8088)
  --web DIR            folder of the page's files (those in this program)
  --lane-ports N       more ports, so that each lane of the page can have an
                       origin of its own (6)
  --public-origin O    an origin at which browsers reach the server, through a
                       proxy or by another name than localhost, an address or
                       this machine's name; may be repeated
  --allow-origin O     an origin whose pages may use the server; may be repeated.
                       Its own and those of localhost always may
  --trusted-proxy CIDR a proxy's address or network: what it says in Forwarded or
                       X-Forwarded-For, -Host and -Proto counts for the limits
                       per address, the log and origins; may be repeated
  --heartbeat SECONDS  silence after which a stream gets a heartbeat (15)
  --log FORMAT         a line for each request, to standard error: none, text
                       or json (none)
  --redis ADDRESS      share channels with all servers that name the same Redis:
                       redis://[user:password@]host[:port][/database],
                       rediss://… with TLS, unix://PATH, or
                       redis-sentinel://host[:port],…/master[/database]
  --name NAME          what readers know this server by among those (four digits)
  --public             for a server that strangers reach: no lane ports, no named
                       channels, and the limits that are called public below

Limits; a refusal names the one that was reached:

  --max-connections N              sockets (what the open-file limit allows)
  --max-subscribers N              streams and held polls (nine tenths of that)
  --max-subscribers-per-address N  (all; public 100); an IPv6 address counts by
                                   its first 64 bits, here and below
  --max-channels N                 (1000; public 500)
  --max-channels-per-address N     (100; public 10)
  --max-probes N                   streams of checks (500; public 200)
  --max-probes-per-address N       (100)
  --max-rate N                     messages a second of a scenario (5000;
                                   public 100)
  --max-payload BYTES              of a scenario's messages (65536; public 8192)
  --max-head BYTES                 of a request (16384)
  --max-body BYTES                 of a request, and of a message to a channel
                                   (262144; public 65536)
  --max-message BYTES              of a WebSocket message to /echo (16777216;
                                   public 262144)
  --max-lifetime SECONDS           of a channel, whatever is done with it (86400;
                                   public 3600)
  --max-requests-per-second N      per address; 0 means no limit (2000; public
                                   200)

  --config FILE        options from a file, one a line: name = value. Those given
                       here count more; may be repeated
  --help               print this and exit
  --version            print the version and exit)";
}

std::string_view version_text() { return "playground_server " PLAYGROUND_VERSION; }

}  // namespace playground::server
