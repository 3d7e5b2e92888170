// A run with a server around it whose answers the test decides on, in virtual time.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "core/client/run.h"
#include "core/client/snapshot.h"
#include "core/json_text.h"
#include "tests/support/decisions.h"
#include "tests/support/json.h"
#include "tests/support/virtual_host.h"

namespace playground::client {

// The server's ordinary answers, 2 ms after they are asked for.
struct RunScene {
  // `more`: further members of the settings.
  explicit RunScene(const std::string& lanes = R"(["sse","websocket"])",
                    const std::string& more = {}) {
    auto settings =
        parse_settings(R"({"server":"http://server:8088","lanes":)" + lanes + more + "}");
    REQUIRE(settings);
    run = std::make_unique<Run>(std::move(*settings), host.dispatcher, 1);
    run->start(host.now);
  }

  // Whether there was anything to answer.
  bool answer_open_requests() {
    bool answered = false;
    const auto open = host.open_now;
    for (const auto& [id, request] : open) {
      const bool control = request.kind == ConnectionKind::kRequest &&
                           request.url.find("poll?") == std::string::npos &&
                           (held.empty() || request.url.find(held) == std::string::npos ||
                            (request.apart && answers_apart));
      if (!control || !host.open_now.contains(id)) continue;
      answered = true;
      if (gone) {
        host.tell(id, Failed{"refused"});
        continue;
      }
      host.advance(kMillisecond);
      const auto [status, body] = answer(request);
      host.advance(kMillisecond);
      host.tell(id, Answered{status, body, fields});
    }
    return answered;
  }
  void pass(Micros time) {
    for (const Micros end = host.now + time; host.now < end;) {
      if (answer_open_requests()) continue;
      host.advance(std::min<Micros>(10 * kMillisecond, end - host.now));
    }
    answer_open_requests();
  }

  // What is held back has been asked for; or `time` has passed.
  void pass_until_asked(std::string_view part, Micros time) {
    for (const Micros end = host.now + time; host.now < end && !host.has_open(part);) {
      pass(10 * kMillisecond);
    }
  }

  std::pair<int, std::string> answer(const Request& request) {
    const auto asks = [&](std::string_view part) {
      return request.url.find(part) != std::string::npos;
    };
    if (gateway_status != 0) return {gateway_status, "<html>"};
    if (asks("/api/config")) {
      return {200, R"({"version":"0","lane_ports":)" + lane_ports + R"(,"proxied":)" +
                       (proxied ? "true}" : "false}")};
    }
    if (asks(":9001/api/time")) return {lane_port_status, R"({"now_us":1})"};
    if (asks("/api/time")) {
      std::string time;
      append_number(host.now + VirtualHost::kEpoch + 250'000, time);
      return {200, R"({"now_us":)" + time + "}"};
    }
    if (request.method == "POST" && asks("/faults")) return {fault_status, fault_answer};
    if (request.method == "POST") {
      scenario = request.body;
      return {channel_status, channel_answer};
    }
    if (request.method == "DELETE") {
      deleted = true;
      return {204, ""};
    }
    if (asks("/wire")) {
      ++wire_questions;
      return {wire_status, wire};
    }
    FAIL("nobody answers " << request.url);
    return {};
  }
  nlohmann::json snapshot() { return read_json(snapshot_json(*run, host.now)); }
  // How often this was asked of the server.
  std::size_t times_asked(std::string_view method, std::string_view url_end) const {
    std::size_t times = 0;
    for (const Request& each : host.requests) {
      if (each.method == method && each.url.ends_with(url_end)) ++times;
    }
    return times;
  }
  bool decided(Reason reason) const { return times_decided(run->decisions(), reason) > 0; }
  const Parameters& parameters(Reason reason) const {
    return newest(run->decisions(), reason).parameters;
  }

  VirtualHost host;
  std::unique_ptr<Run> run;
  bool gone = false;
  bool deleted = false;
  int gateway_status = 0;      // of every answer, in place of the server's
  std::string fields;          // of every answer
  std::string held;            // what has this in its address gets no answer
  bool answers_apart = false;  // but where it has a connection of its own
  int lane_port_status = 200;
  int channel_status = 201;
  int wire_status = 200;
  int fault_status = 201;
  std::string fault_answer = R"({"id":1})";
  int wire_questions = 0;
  std::string lane_ports = "[]";
  bool proxied = false;
  std::string channel_answer = R"({"id":"c1"})";
  std::string wire = R"({"lanes":[]})";
  std::string scenario;
};

}  // namespace playground::client
