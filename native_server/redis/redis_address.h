// Where Redis is, from the option --redis.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace playground::server {

struct RedisAddress {
  struct Place {
    std::string host;
    std::uint16_t port = 0;
  };

  std::vector<Place> places;  // of Redis, or of the Sentinels that know where it is
  std::string master;         // its name among Sentinels; empty: places has Redis itself, once
  std::string socket;         // the path of a Unix socket; empty: TCP
  bool tls = false;
  std::string user;
  std::string password;
  int database = 0;
};

//   redis://[user:password@]host[:port][/database]        rediss:// with TLS
//   redis-sentinel://[user:password@]host[:port],…/master[/database]   likewise
//   unix://[user:password@]/path/of/socket[?db=database]
// User and password are percent-encoded; Sentinels are asked without them. An error names the part
// at fault and shows no password.
Result<RedisAddress> parse_redis_address(std::string_view text);

}  // namespace playground::server
