#include "core/server/wire_meter.h"

#include <string>

#include <catch2/catch_test_macros.hpp>

namespace playground::server {
namespace {

TEST_CASE("a lane's name is 1 to 32 of a-z, 0-9 and -") {
  CHECK(WireMeter::is_lane_name("sse-1"));
  CHECK(WireMeter::is_lane_name(std::string(32, 'a')));
  CHECK_FALSE(WireMeter::is_lane_name(""));
  CHECK_FALSE(WireMeter::is_lane_name(std::string(33, 'a')));
  CHECK_FALSE(WireMeter::is_lane_name("A"));
  CHECK_FALSE(WireMeter::is_lane_name("a_b"));
  CHECK_FALSE(WireMeter::is_lane_name("a\"b"));
}

TEST_CASE("there are no more lanes than may be, and those there are stay") {
  WireMeter meter(2);
  const Lane a = meter.lane("a");
  REQUIRE(a);
  REQUIRE(meter.lane("b"));
  CHECK_FALSE(meter.lane("c"));
  CHECK(meter.lane("a") == a);
}

TEST_CASE("the counts are JSON, of one lane or of all") {
  WireMeter meter(8);
  CHECK(meter.to_json() == R"({"lanes":[]})");
  meter.lane("a")->count = {1, 2, 3, 4};
  meter.lane("b");
  CHECK(meter.to_json("a") ==
        R"({"lane":"a","bytes_in":1,"bytes_out":2,"requests":3,"connections":4,"arrived":{}})");
  CHECK(
      meter.to_json("unseen") ==
      R"({"lane":"unseen","bytes_in":0,"bytes_out":0,"requests":0,"connections":0,"arrived":{}})");
  CHECK(
      meter.to_json() ==
      R"({"lanes":[{"lane":"a","bytes_in":1,"bytes_out":2,"requests":3,"connections":4,"arrived":{}},)"
      R"({"lane":"b","bytes_in":0,"bytes_out":0,"requests":0,"connections":0,"arrived":{}}]})");
}

}  // namespace
}  // namespace playground::server
