#include "core/client/settings.h"

#include <string>

#include <catch2/catch_test_macros.hpp>

namespace playground::client {
namespace {

TEST_CASE("settings name the server, the lanes, the scenario and what to do without") {
  const auto settings = parse_settings(R"({
    "server": "http://localhost:8088/", "lanes": ["sse", "websocket"],
    "scenario": {"rate": 20}, "without": ["EventSource"], "shortPollMs": 250,
    "ladder": ["sse", "short-poll"]})");
  REQUIRE(settings);
  CHECK(settings->server == "http://localhost:8088");
  CHECK(settings->lanes == std::vector{TransportId::kSse, TransportId::kWebSocket});
  CHECK(settings->scenario.rate == 20);
  CHECK(settings->without == std::vector{Feature::kEventSource});
  CHECK(settings->short_poll_interval == 250 * kMillisecond);
  CHECK(settings->ladder == std::vector{TransportId::kSse, TransportId::kShortPoll});
}

TEST_CASE(
    "lane ports and what streams say to those on their way are used unless it is asked otherwise") {
  const auto initial = parse_settings(R"({"server":"http://h","lanes":["sse"]})");
  REQUIRE(initial);
  CHECK(initial->lane_ports);
  CHECK_FALSE(initial->plain_headers);
  const auto asked = parse_settings(
      R"({"server":"http://h","lanes":["sse"],"lanePorts":false,"plainHeaders":true})");
  REQUIRE(asked);
  CHECK_FALSE(asked->lane_ports);
  CHECK(asked->plain_headers);
}

TEST_CASE("a ladder that is not named is each transport's own, and an empty one is none") {
  const auto without = parse_settings(R"({"server":"http://h","lanes":["sse"]})");
  REQUIRE(without);
  CHECK_FALSE(without->ladder);
  const auto empty = parse_settings(R"({"server":"http://h","lanes":["sse"],"ladder":[]})");
  REQUIRE(empty);
  REQUIRE(empty->ladder);
  CHECK(empty->ladder->empty());
}

TEST_CASE("what is wrong with settings is said with the name of the member") {
  const struct {
    const char* json;
    const char* named;
  } rows[] = {
      {"", "JSON object"},
      {"[]", "JSON object"},
      {R"({"lanes":["sse"]})", "server"},
      {R"({"server":"localhost:8088","lanes":["sse"]})", "localhost:8088"},
      {R"({"server":"http://","lanes":["sse"]})", "server"},
      {R"({"server":"http://h/?q","lanes":["sse"]})", "server"},
      {R"({"server":7,"lanes":["sse"]})", "server"},
      {R"({"server":"http://h"})", "lanes"},
      {R"({"server":"http://h","lanes":"sse"})", "lanes"},
      {R"({"server":"http://h","lanes":["carrier-pigeon"]})", "carrier-pigeon"},
      {R"({"server":"http://h","lanes":["sse","sse"]})", "twice"},
      {R"({"server":"http://h","lanes":["sse"],"scenario":{"rate":0}})", "rate"},
      {R"({"server":"http://h","lanes":["sse"],"scenario":5})", "scenario"},
      {R"({"server":"http://h","lanes":["sse"],"without":["Telepathy"]})", "Telepathy"},
      {R"({"server":"http://h","lanes":["sse"],"shortPollMs":49})", "shortPollMs"},
      {R"({"server":"http://h","lanes":["sse"],"ladder":["rope"]})", "rope"},
      {R"({"server":"http://h","lanes":["sse"],"ladder":["sse","sse"]})", "ladder"},
      {R"({"server":"http://h","lanes":["sse"],"ladder":"sse"})", "ladder"},
      {R"({"server":"http://h","lanes":["sse"],"speed":1})", "speed"},
      {R"({"server":"http://h","lanes":["sse"],"lanePorts":"one"})", "lanePorts"},
      {R"({"server":"http://h","lanes":["sse"],"plainHeaders":1})", "plainHeaders"},
      {R"({"lanes":["sse"],"simulated":true})", "simulated"},
      {R"({"lanes":["sse"],"simulated":{"warp":9}})", "warp"},
      {R"({"lanes":["sse"],"simulated":{"seed":-1}})", "seed"},
      {R"({"lanes":["sse"],"simulated":{"lossPercent":51}})", "lossPercent"},
      {R"({"lanes":["sse"],"simulated":{"tls":1}})", "tls"},
      {R"({"lanes":["sse"],"simulated":{"browser":"netscape"}})", "netscape"},
      {R"({"lanes":["sse"],"simulated":{"http":3}})", "http"},
      {R"({"lanes":["sse"],"simulated":{"happenings":{}}})", "happenings"},
      {R"({"lanes":["sse"],"simulated":{"happenings":[{"kind":"fire","afterS":1,"forS":1}]}})",
       "fire"},
      {R"({"lanes":["sse"],"simulated":{"happenings":[{"kind":"offline","afterS":1}]}})", "forS"},
      {R"({"lanes":["sse"],"simulated":{"happenings":[5]}})", "happening"},
      {R"({"lanes":["sse"],"simulated":{"servers":3}})", "servers"},
      {R"({"lanes":["sse"],"simulated":{"happenings":[{"kind":"stop-2","afterS":1,"forS":1}]}})",
       "servers: 2"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.json);
    const auto settings = parse_settings(row.json);
    REQUIRE_FALSE(settings);
    CHECK(settings.error().message.find(row.named) != std::string::npos);
  }
}

TEST_CASE("what is refused begins with the name of the setting") {
  const struct {
    const char* json;
    const char* beginning;
  } rows[] = {
      {R"({"server":7,"lanes":["sse"]})", "server: "},
      {R"({"server":"http://h","lanes":["sse"],"scenario":{"faults":[{"kind":"x"}]}})",
       "scenario: faults: "},
      {R"({"server":"http://h","lanes":["sse"],"environment":"the moon"})",
       "environment: it must be one of "},
      {R"({"lanes":["sse"],"simulated":{"lossPercent":51}})", "simulated: lossPercent "},
  };
  for (const auto& row : rows) {
    const auto settings = parse_settings(row.json);
    REQUIRE_FALSE(settings);
    CAPTURE(settings.error().message);
    CHECK(settings.error().message.starts_with(row.beginning));
  }
}

}  // namespace
}  // namespace playground::client
