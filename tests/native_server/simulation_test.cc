// The simulated server against this one: the same requests, as each browser sends them, must cost
// the same number of bytes, requests and connections.
#include <string>
#include <string_view>

#include <catch2/catch_test_macros.hpp>

#include "core/simulation/world.h"
#include "tests/native_server/support/running_server.h"

namespace playground::server {
namespace {

using client::ConnectionKind;
using simulation::BrowserKind;

// Published at once, so that every reader finds the same.
constexpr std::string_view kScenario = R"({"rate":5000,"count":50,"payload_bytes":200})";
constexpr std::string_view kLast = "\"seq\":50,";

struct Row {
  ConnectionKind kind;
  const char* target;  // behind the channel's path
  bool whole;          // the answer ends
};

constexpr Row kRows[] = {
    {ConnectionKind::kRequest, "/poll?after=0&lane=x", true},
    {ConnectionKind::kRequest, "/poll?after=50&lane=x", true},
    {ConnectionKind::kRequest, "/poll?after=nothing&lane=x", true},
    {ConnectionKind::kRequest, "/nothing?lane=x", true},
    {ConnectionKind::kRequest, "/long-poll?after=0&timeout=1&lane=x", true},
    {ConnectionKind::kRequest, "/long-poll?after=50&timeout=1&lane=x", true},
    {ConnectionKind::kRequest, "/poll?after=0&lane=x&fault=204", true},
    {ConnectionKind::kRequest, "/poll?after=0&lane=x&fault=503", true},
    {ConnectionKind::kEventSource, "/sse?after=0&lane=x", false},
    {ConnectionKind::kStream, "/sse?after=20&lane=x", false},
    {ConnectionKind::kStream, "/stream?after=0&lane=x", false},
    {ConnectionKind::kWebSocket, "/websocket?after=0&lane=x", false},
};

// The fault that a row asks for, as the body of a POST; empty for none.
std::string fault_of(std::string_view target) {
  const std::size_t at = target.find("fault=");
  if (at == std::string_view::npos) return {};
  return R"({"kind":"status","status":)" + std::string(target.substr(at + 6)) + "}";
}

std::string live(const Row& row, BrowserKind browser, const RunningServer& server) {
  const std::string channel = server.create(kScenario);
  while (server.get(channel + "/poll?after=49").body.find(kLast) == std::string::npos) {
  }
  if (const std::string fault = fault_of(row.target); !fault.empty()) {
    REQUIRE(server.post(channel + "/faults", fault).status == 201);
  }
  const std::string host = "localhost:" + std::to_string(server.port());
  const std::string target = channel + row.target;
  const std::string origin = "http://" + host;
  simulation::HeadFacts facts;
  facts.target = target;
  facts.host = host;
  facts.page_origin = origin;
  facts.own_origin = origin;
  facts.websocket_key = "8/UP111POsEdOQA/dT6RUQ==";
  Client client(server.port());
  client.send(simulation::request_head(simulation::profile(browser), row.kind, facts));
  if (row.whole) {
    client.read_response();
  } else {
    std::string all;
    while (all.find(kLast) == std::string::npos) all += client.read_some();
  }
  return server.get(channel + "/wire?lane=x").body;
}

std::string simulated(const Row& row, BrowserKind browser, std::uint16_t port) {
  simulation::WorldSettings settings;
  settings.page.browser = browser;
  settings.page.server = "http://localhost:" + std::to_string(port);
  settings.page.port = port;
  settings.lane_ports = 0;
  simulation::World world(settings, 1);
  auto& origin = world.origin();
  const std::string answer = origin.ask("POST", "/api/channels", kScenario).body;
  const std::string channel = "/api/channels/" + answer.substr(7, 32);
  world.advance(kSecondUs);
  if (const std::string fault = fault_of(row.target); !fault.empty()) {
    REQUIRE(origin.ask("POST", channel + "/faults", fault).status == 201);
  }
  client::Request request;
  request.kind = row.kind;
  request.url = settings.page.server + channel + row.target;
  if (row.kind == ConnectionKind::kWebSocket) request.url.replace(0, 4, "ws");
  world.dispatcher().open(request, [](const client::HostEvent&, client::Micros) {});
  world.advance(4 * kSecondUs);
  return origin.ask("GET", channel + "/wire?lane=x").body;
}

TEST_CASE("the simulation's bytes are this server's bytes") {
  RunningServer server;
  for (const BrowserKind browser : {BrowserKind::kChromium, BrowserKind::kFirefox}) {
    for (const Row& row : kRows) {
      CAPTURE(simulation::profile(browser).name, row.target);
      const std::string counts = live(row, browser, server);
      CHECK(counts.find("\"bytes_in\":0") == std::string::npos);
      CHECK(simulated(row, browser, server.port()) == counts);
    }
  }
}

}  // namespace
}  // namespace playground::server
