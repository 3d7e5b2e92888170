#include "core/server/request_rate.h"

#include <string>

#include <catch2/catch_test_macros.hpp>

#include "core/server/schedule.h"

namespace playground::server {
namespace {

TEST_CASE("a client has a second's requests at once, and then as many a second") {
  RequestRate rate(10);
  for (int i = 0; i < 10; ++i) CHECK(rate.take("a", 0));
  CHECK_FALSE(rate.take("a", 0));
  CHECK(rate.take("b", 0));
  CHECK_FALSE(rate.take("a", kSecondUs / 10 - 1));
  CHECK(rate.take("a", kSecondUs / 10));
  CHECK_FALSE(rate.take("a", kSecondUs / 10));
}

TEST_CASE("a pause gives no more than a second's requests") {
  RequestRate rate(3);
  int taken = 0;
  while (rate.take("a", 100 * kSecondUs)) ++taken;
  CHECK(taken == 3);
}

TEST_CASE("without a limit everything passes, and nothing is kept") {
  RequestRate rate(0);
  for (int i = 0; i < 1000; ++i) CHECK(rate.take("a", 0));
  CHECK(rate.buckets() == 0);
}

TEST_CASE("clients that have gone are forgotten") {
  RequestRate rate(10);
  for (int i = 0; i < 1000; ++i) rate.take(std::to_string(i), kSecondUs);
  CHECK(rate.buckets() == 1000);
  rate.take("later", 3 * kSecondUs);
  CHECK(rate.buckets() == 1);
}

}  // namespace
}  // namespace playground::server
