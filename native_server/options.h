// The command line.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/server/limits.h"
#include "native_server/net/trusted_proxies.h"
#include "native_server/redis/redis_address.h"
#include "native_server/request_log.h"

namespace playground::server {

struct Options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8088;  // 0: the kernel's choice
  std::string web;            // the folder with the page's files; empty: those in the program
  std::uint16_t lane_ports = 6;
  std::vector<std::string> origins;  // whose pages may use the server, besides its own
  std::vector<Network> trusted_proxies;
  bool strangers = false;  // it is open to them: strangers_limits(), unless options say otherwise
  bool help = false;
  bool version = false;
  LogFormat log = LogFormat::kNone;
  std::optional<RedisAddress> redis;  // where channels are shared with other servers
  std::string name;                   // what readers know it by among them; empty: four digits
  Limits limits;
};

// `arguments` without the program's name, as `--name value` or `--name=value`; and what stands in
// the files that --config names.
Result<Options> parse_options(std::span<const char* const> arguments);

std::string_view help_text();
std::string_view version_text();

}  // namespace playground::server
