// The command line.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/client/host.h"
#include "core/result.h"
#include "core/transport.h"
#include "native_client/net/network_settings.h"
#include "native_client/net/url.h"

namespace playground::native {

enum class Command { kNone, kCheck, kWatch, kCompare };

// How `watch` reads what comes.
enum class WatchAs { kByContentType, kEventStream, kWebSocket, kNdjson, kLines, kPoll };

struct Options {
  Command command = Command::kNone;
  bool help = false;
  bool version = false;
  Url url;
  NetworkSettings network;
  bool json = false;
  // How long, at most; of compare, exactly. Watch goes on without end where there is none.
  std::optional<client::Micros> time;

  // check
  bool quick = false;
  bool markdown = false;
  std::optional<client::Micros> longest_silence;
  std::string channel;

  // watch
  WatchAs as = WatchAs::kByContentType;
  bool verbose = false;
  std::uint64_t count = 0;  // of events, messages, lines or answers; 0: any number
  client::Micros interval = client::kSecond;
  std::string method = "GET";
  std::string data;
  std::string last_event_id;
  std::vector<std::string> subprotocols;
  std::vector<std::string> sent;  // over the WebSocket, once it is open

  // compare
  std::vector<TransportId> transports;
  std::uint32_t payload_bytes = 64;
  double rate = 5;
};

// `arguments` without the program's name: a command, its options as `--name value` or
// `--name=value`, and an address, in any order behind the command. The error is a sentence that
// names what is wrong.
Result<Options> parse_options(std::span<const char* const> arguments,
                              const ProxyRules::Variable& environment);

std::string help_text(Command command);
std::string_view version_text();

}  // namespace playground::native
