#include "native_client/options.h"

#include <algorithm>
#include <array>

#include "core/check/plan.h"
#include "core/field_text.h"
#include "core/server/api_text.h"
#include "native_client/http/request_head.h"

namespace playground::native {
namespace {

using server::parse_decimal;
using server::parse_whole;

using Problem = std::optional<std::string>;

// Where an option belongs.
enum : unsigned { kForCheck = 1, kForWatch = 2, kForCompare = 4, kForAll = 7 };

struct CommandInfo {
  std::string_view name;
  Command command;
  unsigned mask;
};
constexpr std::array kCommands = {
    CommandInfo{"check", Command::kCheck, kForCheck},
    CommandInfo{"watch", Command::kWatch, kForWatch},
    CommandInfo{"compare", Command::kCompare, kForCompare},
};

struct AsName {
  std::string_view name;
  WatchAs as;
};
constexpr std::array kAsNames = {
    AsName{"sse", WatchAs::kEventStream}, AsName{"websocket", WatchAs::kWebSocket},
    AsName{"ndjson", WatchAs::kNdjson},   AsName{"lines", WatchAs::kLines},
    AsName{"poll", WatchAs::kPoll},
};

Problem take_seconds(std::string_view value, double lowest, double highest, client::Micros& kept) {
  const auto seconds = parse_decimal(value);
  if (!seconds || *seconds < lowest || *seconds > highest) {
    const auto text = [](double number) {
      std::string digits = std::to_string(number);
      digits.erase(digits.find_last_not_of('0') + 1);
      if (digits.ends_with('.')) digits.pop_back();
      return digits;
    };
    return "must be seconds from " + text(lowest) + " to " + text(highest);
  }
  kept = client::micros(*seconds);
  return std::nullopt;
}

Problem take_header(std::string_view value, Options& options) {
  const std::size_t colon = value.find(':');
  const std::string_view name = value.substr(0, colon);
  if (colon == value.npos || !is_field_name(name)) {
    return "must be a header field such as 'Authorization: Bearer …'";
  }
  const std::string_view text = trimmed(value.substr(colon + 1));
  if (!is_field_value(text)) return "must have no control character in its value";
  if (is_framing_field(name)) {
    return "cannot set " + std::string(name) + ", which the program sets by itself";
  }
  options.network.header_fields.push_back({std::string(name), std::string(text)});
  return std::nullopt;
}

// As curl has it: HOST:PORT:ADDRESS[,ADDRESS]…; an IPv6 address may stand in brackets.
Problem take_resolve(std::string_view value, Options& options) {
  const std::string form =
      "must be HOST:PORT:ADDRESS, where an address is one of IPv4 or IPv6, or several with commas";
  const std::size_t host_end = value.find(':');
  const std::size_t port_end = host_end == value.npos ? value.npos : value.find(':', host_end + 1);
  if (port_end == value.npos || host_end == 0) return form;
  const auto port = parse_whole<std::uint64_t>(value.substr(host_end + 1, port_end - host_end - 1));
  if (!port || *port == 0 || *port > 65535) return form;
  Resolution resolution{
      std::string(value.substr(0, host_end)), static_cast<std::uint16_t>(*port), {}};
  std::transform(resolution.host.begin(), resolution.host.end(), resolution.host.begin(), to_lower);
  for (std::string_view rest = value.substr(port_end + 1);;) {
    const std::size_t comma = rest.find(',');
    std::string_view address = rest.substr(0, comma);
    if (address.starts_with('[') && address.ends_with(']')) {
      address = address.substr(1, address.size() - 2);
    }
    if (!is_ip_address(address)) return form;
    resolution.addresses.emplace_back(address);
    if (comma == rest.npos) break;
    rest.remove_prefix(comma + 1);
  }
  options.network.resolutions.push_back(std::move(resolution));
  return std::nullopt;
}

Problem take_transports(std::string_view value, Options& options) {
  options.transports.clear();
  while (true) {
    const std::size_t comma = value.find(',');
    const auto found = find_transport(value.substr(0, comma));
    if (!found || std::find(options.transports.begin(), options.transports.end(), *found) !=
                      options.transports.end()) {
      std::string all;
      for (const TransportInfo& each : transports()) {
        all.append(all.empty() ? "" : ", ").append(each.name);
      }
      return "must be names with commas between them, none twice, of " + all;
    }
    options.transports.push_back(*found);
    if (comma == value.npos) return std::nullopt;
    value.remove_prefix(comma + 1);
  }
}

struct Option {
  std::string_view name;
  unsigned commands;
  bool has_value;
  Problem (*take)(std::string_view value, Options& options);
};

// What is only there or not.
template <bool Options::*Member>
Problem set(std::string_view, Options& options) {
  options.*Member = true;
  return std::nullopt;
}

constexpr std::array kOptions = {
    Option{"--help", kForAll, false, set<&Options::help>},
    Option{"--json", kForAll, false, set<&Options::json>},
    Option{"--insecure", kForAll, false,
           [](std::string_view, Options& options) -> Problem {
             options.network.insecure = true;
             return std::nullopt;
           }},
    Option{"--header", kForAll, true, take_header},
    Option{"--resolve", kForAll, true, take_resolve},
    Option{"--quick", kForCheck, false, set<&Options::quick>},
    Option{"--markdown", kForCheck, false, set<&Options::markdown>},
    Option{"--silence", kForCheck, true,
           [](std::string_view value, Options& options) -> Problem {
             options.longest_silence = client::Micros{};
             return take_seconds(value, 0, check::kMostSilence / client::kSecond,
                                 *options.longest_silence);
           }},
    Option{"--channel", kForCheck, true,
           [](std::string_view value, Options& options) -> Problem {
             const auto is_digit = [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
             };
             if (value.size() != 32 || !std::all_of(value.begin(), value.end(), is_digit)) {
               return "must be the id of a channel, 32 hexadecimal digits";
             }
             options.channel = value;
             return std::nullopt;
           }},
    Option{"--for", kForWatch | kForCompare, true,
           [](std::string_view value, Options& options) -> Problem {
             options.time = client::Micros{};
             return take_seconds(value, 0.1, 86400, *options.time);
           }},
    Option{"--verbose", kForWatch, false, set<&Options::verbose>},
    Option{"-v", kForWatch, false, set<&Options::verbose>},
    Option{"--count", kForWatch, true,
           [](std::string_view value, Options& options) -> Problem {
             const auto count = parse_whole<std::uint64_t>(value);
             if (!count || *count == 0 || *count > 1'000'000'000) {
               return "must be a number from 1 to 1000000000";
             }
             options.count = *count;
             return std::nullopt;
           }},
    Option{"--as", kForWatch, true,
           [](std::string_view value, Options& options) -> Problem {
             const auto found =
                 std::find_if(kAsNames.begin(), kAsNames.end(),
                              [&](const AsName& each) { return each.name == value; });
             if (found == kAsNames.end()) return "must be sse, websocket, ndjson, lines or poll";
             options.as = found->as;
             return std::nullopt;
           }},
    Option{"--interval", kForWatch, true,
           [](std::string_view value, Options& options) -> Problem {
             return take_seconds(value, 0, 3600, options.interval);
           }},
    Option{"--method", kForWatch, true,
           [](std::string_view value, Options& options) -> Problem {
             if (!is_field_name(value)) return "must be a method such as POST";
             options.method = value;
             return std::nullopt;
           }},
    Option{"--data", kForWatch, true,
           [](std::string_view value, Options& options) -> Problem {
             options.data = value;
             if (options.method == "GET") options.method = "POST";
             return std::nullopt;
           }},
    Option{"--last-event-id", kForWatch, true,
           [](std::string_view value, Options& options) -> Problem {
             if (!is_field_value(value)) return "must have no control character in it";
             options.last_event_id = value;
             return std::nullopt;
           }},
    Option{"--subprotocol", kForWatch, true,
           [](std::string_view value, Options& options) -> Problem {
             auto& all = options.subprotocols;
             if (!is_field_name(value)) return "must be the name of a subprotocol";
             if (std::find(all.begin(), all.end(), value) != all.end()) {
               return "must not be given twice";
             }
             all.emplace_back(value);
             return std::nullopt;
           }},
    Option{"--send", kForWatch, true,
           [](std::string_view value, Options& options) -> Problem {
             options.sent.emplace_back(value);
             return std::nullopt;
           }},
    Option{"--transports", kForCompare, true, take_transports},
    Option{"--rate", kForCompare, true,
           [](std::string_view value, Options& options) -> Problem {
             const auto rate = parse_decimal(value);
             if (!rate || *rate < 0.1 || *rate > 5000) return "must be a number from 0.1 to 5000";
             options.rate = *rate;
             return std::nullopt;
           }},
    Option{"--payload", kForCompare, true,
           [](std::string_view value, Options& options) -> Problem {
             const auto bytes = parse_whole<std::uint64_t>(value);
             if (!bytes || *bytes < 16 || *bytes > 65536) {
               return "must be a number from 16 to 65536";
             }
             options.payload_bytes = static_cast<std::uint32_t>(*bytes);
             return std::nullopt;
           }},
};

Problem take_url(std::string_view value, Options& options) {
  auto url = parse_url(value);
  if (!url) return url.error().message;
  if (url->is_websocket() && options.command != Command::kWatch) {
    return "\"" + std::string(value) + "\" must begin with http:// or https://";
  }
  options.url = std::move(*url);
  return std::nullopt;
}

// Those in the address are for all that is asked there (RFC 7617 2), unless a field says otherwise.
void add_credentials(Options& options) {
  std::string& userinfo = options.url.userinfo;
  auto& fields = options.network.header_fields;
  const bool said = std::any_of(fields.begin(), fields.end(), [](const client::HeaderField& each) {
    return equals_ignoring_case(each.name, "Authorization");
  });
  if (userinfo.empty() || said) return;
  if (userinfo.find(':') == std::string::npos) userinfo += ':';
  fields.push_back({"Authorization", "Basic " + base64(userinfo)});
}

// What fits together, once all is known.
Problem look_at_all(const Options& options) {
  const bool websocket = options.as == WatchAs::kWebSocket || options.url.is_websocket();
  if (options.json && options.markdown) return "--json and --markdown cannot be had together";
  if (options.quick && options.longest_silence) return "--quick waits for no --silence";
  if (options.url.is_websocket() && options.as != WatchAs::kWebSocket &&
      options.as != WatchAs::kByContentType) {
    return "--as must be websocket where the address begins with ws:// or wss://";
  }
  if (!websocket && !options.sent.empty()) return "--send is for a WebSocket only";
  if (!websocket && !options.subprotocols.empty()) return "--subprotocol is for a WebSocket only";
  if (websocket && options.method != "GET") return "--method and --data are not for a WebSocket";
  return std::nullopt;
}

}  // namespace

Result<Options> parse_options(std::span<const char* const> arguments,
                              const ProxyRules::Variable& environment) {
  Options options;
  if (arguments.empty()) return InputError{"a command is missing: check, watch or compare"};
  const std::string_view first = arguments[0];
  if (first == "--help" || first == "--version") {
    if (arguments.size() > 1) {
      return InputError{std::string(first) + " stands alone, or behind a command"};
    }
    options.help = first == "--help";
    options.version = first == "--version";
    return options;
  }
  const auto command = std::find_if(kCommands.begin(), kCommands.end(),
                                    [&](const CommandInfo& each) { return each.name == first; });
  if (command == kCommands.end()) {
    return InputError{"unknown command " + std::string(first) +
                      "; there are check, watch and compare"};
  }
  options.command = command->command;

  std::vector<std::string_view> addresses;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    if (!argument.starts_with('-')) {
      addresses.push_back(argument);
      continue;
    }
    const std::size_t equals = argument.find('=');
    const std::string name(argument.substr(0, equals));
    const auto option = std::find_if(kOptions.begin(), kOptions.end(),
                                     [&](const Option& each) { return each.name == name; });
    if (option == kOptions.end()) return InputError{"unknown option " + name};
    if ((option->commands & command->mask) == 0) {
      return InputError{name + " is no option of " + std::string(command->name)};
    }
    std::string_view value;
    if (!option->has_value) {
      if (equals != argument.npos) return InputError{name + " takes no value"};
    } else if (equals != argument.npos) {
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
  if (options.help) return options;
  if (addresses.empty()) return InputError{std::string(command->name) + " needs an address"};
  if (addresses.size() > 1) {
    return InputError{"only one address can be given, and \"" + std::string(addresses[1]) +
                      "\" is a second"};
  }
  if (const Problem problem = take_url(addresses[0], options)) return InputError{*problem};
  if (const Problem problem = look_at_all(options)) return InputError{*problem};
  add_credentials(options);
  auto proxies = ProxyRules::from_environment(environment);
  if (!proxies) return proxies.error();
  options.network.proxies = std::move(*proxies);
  return options;
}

namespace {

constexpr std::string_view kGeneral = R"(Usage: playground COMMAND [OPTION]... URL

  playground check URL     what stands between here and a playground server, and
                           what it does to streams
  playground watch URL     follows an event stream, a WebSocket, NDJSON or lines
  playground compare URL   every transport of a playground server, side by side

playground COMMAND --help lists a command's options; --version prints the
version. It speaks HTTP/1.1, and WebSocket over it. Proxies are taken from
http_proxy, https_proxy, all_proxy and no_proxy.

Exit status: 0 all is well; 1 something was found; 2 it could not run.)";

constexpr std::string_view kCheckHelp = R"(Usage: playground check [OPTION]... URL

Finds out what stands between here and the playground server at URL, and what
it does to streams: buffering, cuts, refused upgrades.

  --quick              ends within 20 seconds: no long silence, no figures
  --silence SECONDS    the longest silence to wait for (65)
  --channel ID         a channel whose faults are played on the check's path
  --markdown           the report as Markdown)";

constexpr std::string_view kWatchHelp = R"(Usage: playground watch [OPTION]... URL

Prints what comes over an event stream, a WebSocket, NDJSON or lines of text,
each with its time and the time since the one before. An event stream that is
lost is asked for again, as a browser does.

  --as KIND            sse, websocket, ndjson, lines or poll; otherwise what the
                       address or the Content-Type says
  --count N            ends after so many events, messages, lines or answers
  --for SECONDS        ends after this time
  -v, --verbose        also requests, status lines and header fields
  --interval SECONDS   between the end of an answer and the next request of
                       --as poll (1)
  --last-event-id ID   where the event stream is to go on
  --send TEXT          says this once the WebSocket is open; may be repeated
  --subprotocol NAME   offered to the WebSocket's server; may be repeated
  --method METHOD      of the request (GET; POST with --data)
  --data TEXT          the request's body)";

constexpr std::string_view kCompareHelp = R"(Usage: playground compare [OPTION]... URL

Follows one channel of the playground server at URL over all transports at once,
and prints what each cost.

  --for SECONDS        how long (10)
  --transports NAMES   with commas: short-poll, long-poll, sse, sse-native,
                       sse-fetch, ndjson, websocket (all)
  --rate N             messages a second (5)
  --payload BYTES      of payload in a message (64))";

constexpr std::string_view kCommonHelp = R"(
  --json               JSON, one object a line, for programs
  --header 'N: V'      a header field for every request; may be repeated
  --insecure           takes any certificate
  --resolve HOST:PORT:ADDRESS
                       connects to ADDRESS for HOST and PORT; may be repeated
  --help               print this and exit

It speaks HTTP/1.1, and WebSocket over it.

Exit status: 0 all is well; 1 something was found; 2 it could not run.)";

}  // namespace

std::string help_text(Command command) {
  switch (command) {
    case Command::kNone:
      return std::string(kGeneral);
    case Command::kCheck:
      return std::string(kCheckHelp) + std::string(kCommonHelp);
    case Command::kWatch:
      return std::string(kWatchHelp) + std::string(kCommonHelp);
    case Command::kCompare:
      return std::string(kCompareHelp) + std::string(kCommonHelp);
  }
  return "";
}

std::string_view version_text() { return "playground " PLAYGROUND_VERSION " (HTTP/1.1)"; }

}  // namespace playground::native
