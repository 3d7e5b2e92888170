#include "native_server/redis/redis_address.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "core/server/api_text.h"
#include "core/server/request.h"

namespace playground::server {
namespace {

constexpr std::uint16_t kRedisPort = 6379;
constexpr std::uint16_t kSentinelPort = 26379;
constexpr int kMaxDatabase = 1'000'000;

struct Scheme {
  std::string_view name;
  bool tls = false;
  bool sentinels = false;
  bool socket = false;
};
constexpr std::array kSchemes{Scheme{.name = "redis"}, Scheme{.name = "rediss", .tls = true},
                              Scheme{.name = "redis-sentinel", .sentinels = true},
                              Scheme{.name = "rediss-sentinel", .tls = true, .sentinels = true},
                              Scheme{.name = "unix", .socket = true}};

// Takes off what is before `separator`, and the separator; nothing where there is none.
std::optional<std::string_view> take_before(std::string_view& text, std::string_view separator) {
  const std::size_t end = text.find(separator);
  if (end == text.npos) return std::nullopt;
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(end + separator.size());
  return part;
}

Result<RedisAddress::Place> parse_place(std::string_view text, std::uint16_t port) {
  std::string_view host = text;
  std::string_view digits;
  const std::size_t bracket = text.starts_with('[') ? text.find(']') : 0;
  if (bracket == text.npos) return InputError{"must close the bracket of an IPv6 address"};
  const std::size_t colon = text.find(':', bracket);
  if (colon != text.npos) {
    host = text.substr(0, colon);
    digits = text.substr(colon + 1);
    const auto number = parse_whole<std::uint16_t>(digits);
    if (!number || *number == 0) return InputError{"must have a port from 1 to 65535"};
    port = *number;
  }
  if (bracket > 0) host = host.substr(1, bracket - 1);
  if (host.empty()) return InputError{"must name a host"};
  return RedisAddress::Place{std::string(host), port};
}

std::optional<InputError> take_database(std::string_view text, RedisAddress& address) {
  if (text.empty()) return std::nullopt;
  const auto number = parse_whole<int>(text);
  if (!number || *number < 0 || *number > kMaxDatabase) {
    return InputError{"must have the number of a database after its last slash"};
  }
  address.database = *number;
  return std::nullopt;
}

}  // namespace

Result<RedisAddress> parse_redis_address(std::string_view text) {
  const auto scheme_name = take_before(text, "://");
  const auto scheme = std::find_if(kSchemes.begin(), kSchemes.end(), [&](const Scheme& each) {
    return scheme_name && each.name == *scheme_name;
  });
  if (scheme == kSchemes.end()) {
    return InputError{
        "must begin with redis://, rediss://, redis-sentinel://, rediss-sentinel:// or unix://"};
  }
  RedisAddress address;
  address.tls = scheme->tls;
  const std::size_t at = text.substr(0, text.find('/')).rfind('@');
  if (at != text.npos) {
    std::string_view user = text.substr(0, at);
    text.remove_prefix(at + 1);
    const auto name = take_before(user, ":");
    if (!name) return InputError{"must have user:password, or :password, before the @"};
    if (user.find_first_of("?#") != user.npos) {
      return InputError{"must have ? and # of a password as %3F and %23"};
    }
    address.user = decoded_path(*name);
    address.password = decoded_path(user);
  }
  if (scheme->socket) {
    const std::size_t query = std::min(text.find('?'), text.size());
    address.socket = decoded_path(text.substr(0, query));
    if (!address.socket.starts_with('/')) return InputError{"must have a path that begins with /"};
    const std::string_view parameters = text.substr(query);
    if (parameters.empty()) return address;
    if (!parameters.starts_with("?db=")) return InputError{"may have ?db= and nothing else"};
    if (auto problem = take_database(parameters.substr(4), address)) return std::move(*problem);
    return address;
  }
  const std::size_t slash = std::min(text.find('/'), text.size());
  std::string_view hosts = text.substr(0, slash);
  std::string_view path = text.substr(std::min(slash + 1, text.size()));
  const std::uint16_t port = scheme->sentinels ? kSentinelPort : kRedisPort;
  if (scheme->sentinels) {
    while (const auto host = take_before(hosts, ",")) {
      auto place = parse_place(*host, port);
      if (!place) return place.error();
      address.places.push_back(std::move(*place));
    }
    address.master = path.substr(0, path.find('/'));
    if (address.master.empty()) return InputError{"must name the master after the Sentinels"};
    path = path.find('/') == path.npos ? std::string_view() : path.substr(path.find('/') + 1);
  }
  auto place = parse_place(hosts, port);
  if (!place) return place.error();
  address.places.push_back(std::move(*place));
  if (auto problem = take_database(path, address)) return std::move(*problem);
  return address;
}

}  // namespace playground::server
