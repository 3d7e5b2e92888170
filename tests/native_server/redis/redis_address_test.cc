#include "native_server/redis/redis_address.h"

#include <string>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>

namespace playground::server {
namespace {

using Strings = std::vector<std::string>;

Strings places(const RedisAddress& address) {
  Strings all;
  for (const auto& [host, port] : address.places) all.push_back(host + " " + std::to_string(port));
  return all;
}

TEST_CASE("an address has what it says, and defaults for the rest") {
  const auto plain = parse_redis_address("redis://cache");
  REQUIRE(plain);
  CHECK(places(*plain) == Strings{"cache 6379"});
  CHECK_FALSE(plain->tls);
  CHECK(plain->password.empty());
  CHECK(plain->database == 0);

  const auto all = parse_redis_address("rediss://me:p%40ss%3A%2F@[2001:db8::1]:6380/7");
  REQUIRE(all);
  CHECK(places(*all) == Strings{"2001:db8::1 6380"});
  CHECK(all->tls);
  CHECK(all->user == "me");
  CHECK(all->password == "p@ss:/");
  CHECK(all->database == 7);

  const auto sentinels = parse_redis_address("redis-sentinel://:pw@a,b:27000,[::1]/main/3");
  REQUIRE(sentinels);
  CHECK(places(*sentinels) == Strings{"a 26379", "b 27000", "::1 26379"});
  CHECK(sentinels->master == "main");
  CHECK(sentinels->password == "pw");
  CHECK(sentinels->database == 3);

  const auto socket = parse_redis_address("unix://:pw@/run/redis%20x.sock?db=2");
  REQUIRE(socket);
  CHECK(socket->socket == "/run/redis x.sock");
  CHECK(socket->password == "pw");
  CHECK(socket->database == 2);
}

TEST_CASE("what is wrong with an address is said, without the password") {
  const std::pair<const char*, const char*> wrong[] = {
      {"", "begin with redis://"},
      {"cache:6379", "begin with redis://"},
      {"http://cache", "begin with redis://"},
      {"redis://", "name a host"},
      {"redis://:6379", "name a host"},
      {"redis://cache:0", "port from 1 to 65535"},
      {"redis://cache:70000", "port from 1 to 65535"},
      {"redis://cache:", "port from 1 to 65535"},
      {"redis://[::1", "close the bracket"},
      {"redis://cache/x", "number of a database"},
      {"redis://cache/-1", "number of a database"},
      {"redis://secret@cache", "user:password"},
      {"redis://:sec#ret@cache", "%23"},
      {"redis-sentinel://a,b", "name the master"},
      {"redis-sentinel://a,,b/main", "name a host"},
      {"unix://run/redis.sock", "begins with /"},
      {"unix:///run/redis.sock?x=1", "?db="},
  };
  for (const auto& [text, says] : wrong) {
    CAPTURE(text);
    const auto address = parse_redis_address(text);
    REQUIRE_FALSE(address);
    CHECK(address.error().message.find(says) != std::string::npos);
    CHECK(address.error().message.find("secret") == std::string::npos);
  }
}

}  // namespace
}  // namespace playground::server
