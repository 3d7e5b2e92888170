// One table of behaviour, and two hosts of the same server: this one on the kernel's sockets, the
// simulation's on virtual ones. What they answer is compared byte for byte, but for what no two
// servers share: ids, epochs and times.
#include <regex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "core/server/check/check_api.h"
#include "core/simulation/origin.h"
#include "core/simulation/virtual_time.h"
#include "tests/native_server/support/running_server.h"
#include "tests/native_server/support/websocket_client.h"
#include "tests/support/json.h"

namespace playground::server {
namespace {

using Pieces = std::vector<std::string>;

// What is said on a connection of its own, and how long to listen.
struct Talk {
  Pieces pieces;
  std::string until = {};  // these bytes; empty: until the server ends the connection
  bool half_close = false;
};

class ServerHost {
 public:
  virtual ~ServerHost() = default;
  // All that the server says.
  virtual std::string talk(const Talk& talk) = 0;

  std::string ask(std::string_view method, std::string_view target, std::string_view body = {}) {
    const std::string all = talk({{request(method, target, "Connection: close\r\n", body)}});
    return all.substr(all.find("\r\n\r\n") + 4);
  }
};

class LiveHost final : public ServerHost {
 public:
  explicit LiveHost(const Options& options) : server_(options) {}

  std::string talk(const Talk& talk) override {
    Client client(server_.port());
    for (const std::string& piece : talk.pieces) client.send(piece);
    if (talk.half_close) client.finish_sending();
    std::string all;
    while (talk.until.empty() || all.find(talk.until) == std::string::npos) {
      const std::string some = client.read_some();
      if (some.empty()) break;
      all += some;
    }
    return all;
  }

 private:
  RunningServer server_;
};

class SimulatedServer final : public ServerHost {
 public:
  SimulatedServer(const Limits& limits, std::string version)
      : version_(std::move(version)),
        origin_({.port = 80,
                 .lane_ports = 0,
                 .limits = limits,
                 .version = version_,
                 .check = make_check_api,
                 .admits = [policy = OriginPolicy({})](
                               const Request& request,
                               Reply& reply) { return policy.apply(request, reply); }},
                network_, 1) {}

  std::string talk(const Talk& talk) override {
    constexpr simulation::Micros kStep = 1000;
    constexpr int kMaxSteps = 70'000;
    End end;
    end.socket = network_.connect(80, end);
    std::size_t next = 0;
    for (int step = 0; step < kMaxSteps && !end.ended; ++step) {
      if (end.connected && next < talk.pieces.size()) {
        end.socket->send(talk.pieces[next++]);
        if (next == talk.pieces.size() && talk.half_close) end.socket->finish();
      }
      if (!talk.until.empty() && end.all.find(talk.until) != std::string::npos) break;
      time_.advance(time_.now_us() + kStep);
    }
    return std::move(end.all);
  }

 private:
  struct End final : simulation::SocketEvents {
    void on_connected() override { connected = true; }
    void on_bytes(std::string_view bytes) override { all += bytes; }
    void on_end(simulation::PipeEnd) override { ended = true; }

    std::unique_ptr<simulation::Socket> socket;
    bool connected = false;
    bool ended = false;
    std::string all;
  };

  const std::string version_;
  simulation::VirtualTime time_{1'790'000'000'000'000};
  simulation::Link link_{{.round_trip = 200}, 1};
  simulation::Network network_{link_, time_.schedule()};
  simulation::Origin origin_;
};

// Without what no two servers share.
std::string comparable(std::string text) {
  static const std::regex times(R"re((sent_us|now_us|at_us|sent)(\\?"):\d+)re");
  static const std::regex ids(R"re([0-9a-f]{32})re");
  static const std::regex epochs(R"re(\\?"epoch\\?":\\?"[0-9a-f]+\\?"|(id: \d+)-[0-9a-f]+)re");
  static const std::regex dates(R"(Date: [^\r\\]* GMT)");
  text = std::regex_replace(text, times, "$1$2:0");
  text = std::regex_replace(text, ids, "{id}");
  text = std::regex_replace(text, epochs, "$1");
  return std::regex_replace(text, dates, "Date: then");
}

constexpr std::string_view kClose = "Connection: close\r\n";

std::string get(std::string_view target, std::string_view fields = {}) {
  return request("GET", target, std::string(kClose).append(fields));
}
std::string ask(std::string_view method, std::string_view target, std::string_view fields = {},
                std::string_view body = {}) {
  return request(method, target, std::string(kClose).append(fields), body);
}

struct Row {
  std::string bytes;       // `{c}` is the path of the row's channel
  std::string until = {};  // of a stream
  std::string fault = {};  // put on the channel before
  bool half_close = false;
};

constexpr std::string_view kLastRecord = "\"seq\":3,";

// Every route, every refusal, every fault at the door.
std::vector<Row> rows() {
  const std::string last(kLastRecord);
  const std::string handshake(kHandshake);
  std::vector<Row> rows = {
      // Channels
      {ask("POST", "/api/channels", {}, R"({"rate":2})")},
      {ask("POST", "/api/channels?wire_log=1")},
      {ask("POST", "/api/channels", {}, "nonsense")},
      {ask("POST", "/api/channels", {}, R"({"rate":0.01})")},
      {ask("POST", "/api/channels", {}, R"({"rate":900})")},
      {ask("POST", "/api/channels", {}, R"({"payload_bytes":30000})")},
      {ask("POST", "/api/channels", {}, R"({"faults":[{"kind":"none"}]})")},
      {ask("PUT", "/api/channels/name", {}, R"({"rate":2})")},
      {ask("PUT", "/api/channels/name")},
      {ask("PUT", "/api/channels/NAME")},
      {ask("PUT", "/api/channels/")},
      {ask("DELETE", "{c}")},
      {ask("DELETE", "/api/channels/none")},
      {ask("GET", "{c}")},
      // Reading
      {get("{c}/poll")},
      {get("{c}/poll?after=2&lane=x")},
      {get("{c}/poll?after=3")},
      {get("{c}/poll?after=99")},
      {get("{c}/poll?after=%32")},
      {get("{c}/poll?after=x")},
      {get("{c}/poll?after=-1")},
      {get("{c}/poll?after=99999999999999999999999")},
      {get("{c}/poll?lane=")},
      {get("{c}/poll?lane=UPPER")},
      {get("{c}/poll?lane=a+b")},
      {get("{c}/%70oll")},
      {get("{c}/poll#after=2")},
      {get("{c}/poll?after=2#x")},
      {get("{c}/poll", "Accept: */;q=x\r\n")},
      {get("{c}/poll", "Range: bytes=9-1\r\n")},
      {get("{c}/long-poll?after=2")},
      {get("{c}/long-poll?after=3&timeout=0")},
      {get("{c}/long-poll?after=3&timeout=0.05")},
      {get("{c}/long-poll?after=3&timeout=1e-2")},
      {get("{c}/long-poll?after=3&timeout=61")},
      {get("{c}/long-poll?timeout=")},
      {get("{c}/long-poll?timeout=nan")},
      {get("{c}/sse"), last},
      {get("{c}/sse?after=1&lane=x"), last},
      {get("{c}/sse", "Last-Event-ID: 1\r\n"), last},
      {get("{c}/sse", "Last-Event-ID: x\r\n")},
      {get("{c}/sse?after=99"), last},
      {get("{c}/sse?after=x")},
      {get("{c}/stream"), last},
      {get("{c}/stream?after=x")},
      {get("{c}/sse?plain_headers=1"), last},
      {get("{c}/stream?after=1&plain_headers=1"), last},
      {get("{c}/sse?plain_headers=0"), last},
      {get("{c}/poll?plain_headers=1")},
      {"GET {c}/sse HTTP/1.0\r\n\r\n", last},
      {"GET {c}/stream HTTP/1.0\r\n\r\n", last},
      {"GET {c}/poll HTTP/1.0\r\n\r\n"},
      {"GET {c}/poll HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET {c}/poll HTTP/1.0\r\n\r\n"},
      {request("GET", "{c}/websocket", handshake), last},
      {request("GET", "{c}/websocket?after=2&lane=x", handshake), last},
      {get("{c}/websocket?after=x", handshake)},
      {get("{c}/websocket")},
      {get("{c}/websocket", "Upgrade: h2c\r\n")},
      {get("{c}/websocket", "Upgrade: websocket, h2c\r\n")},
      {get("{c}/websocket", "Upgrade: websocket\r\n")},
      {ask("POST", "{c}/websocket", handshake)},
      {ask("HEAD", "{c}/websocket", handshake)},
      {get("/echo")},
      // Publishing
      {ask("POST", "{c}/messages", {}, "hello")},
      {ask("POST", "{c}/messages?lane=x", {}, "hello")},
      {ask("POST", "{c}/messages", {}, "a\xff")},
      {ask("POST", "{c}/messages")},
      // Faults
      {ask("POST", "{c}/faults", {}, R"({"kind":"delay","milliseconds":200})")},
      {ask("POST", "{c}/faults", {}, R"({"kind":"none"})")},
      {ask("POST", "{c}/faults", {}, "nonsense")},
      {get("{c}/faults"), {}, R"({"kind":"delay","milliseconds":200})"},
      {ask("DELETE", "{c}/faults/1"), {}, R"({"kind":"delay","milliseconds":200})"},
      {ask("DELETE", "{c}/faults/2"), {}, R"({"kind":"delay","milliseconds":200})"},
      {ask("DELETE", "{c}/faults/x")},
      {ask("DELETE", "{c}/faults/")},
      {ask("DELETE", "{c}/faults"), {}, R"({"kind":"delay","milliseconds":200})"},
      // The wire
      {get("{c}/wire")},
      {get("{c}/wire?lane=x")},
      {get("{c}/wire?lane=UPPER")},
      {get("{c}/wire/log")},
      {get("{c}/wire/log?lane=x")},
      {get("{c}/wire/log?lane=x&seq=y")},
      {request("GET", "{c}/poll?lane=x&after=0", "X: 1\r\n") + get("{c}/wire?lane=x")},
      {request("GET", "{c}/poll?lane=x&after=0", "X: 1\r\n") +
       request("GET", "{c}/wire/log?lane=x") + request("GET", "{c}/poll?lane=x&after=0") +
       get("{c}/wire/log?lane=x&seq=2")},
      // The server
      {get("/api/time")},
      {get("/api/config")},
      {get("/api/config", "via: 1.1 proxy\r\n")},
      {get("/api/config", "Forwarded: for=192.0.2.1\r\n")},
      {get("/api/config", "x-forwarded-proto: https\r\n")},
      {get("/api/config", "X-Forwarded: x\r\nViaduct: y\r\n")},
      {get("/healthz")},
      // A check
      {get("/api/check/poll?probe=a")},
      {get("/api/check/poll?probe=a&plain_headers=1")},
      {get("/api/check/poll?probe=A")},
      {get("/api/check/poll?probe=a&channel=none")},
      {get("/api/check/sse?probe=b&at=0,3,6&pad=7")},
      {get("/api/check/stream?probe=c&text=1&plain_headers=1")},
      {get("/api/check/stream?probe=d&status=429")},
      {get("/api/check/long-poll?probe=e&hold_ms=3")},
      {get("/api/check/websocket?probe=f")},
      {get("/api/check/body?probe=g&bytes=70000")},
      {get("/api/check/probes/none")},
      {ask("DELETE", "/api/check/seen?probe=h")},
      {get("/api/")},
      {get("/api/nothing")},
      {get("{c}/nothing")},
      {get("{c}/poll/")},
      // Methods
      {ask("PATCH", "{c}/poll", {}, "x")},
      {ask("POST", "{c}/poll")},
      {ask("GET", "/api/channels")},
      {ask("DELETE", "/healthz")},
      {ask("TRACE", "/api/time")},
      {ask("BREW", "/api/time")},
      {ask("HEAD", "{c}/poll")},
      {ask("HEAD", "{c}/sse")},
      {ask("HEAD", "{c}/long-poll?after=3")},
      {ask("HEAD", "/healthz")},
      {ask("OPTIONS", "{c}/messages", "Origin: http://localhost:3000\r\n")},
      {ask("OPTIONS", "{c}/messages", "Origin: http://evil.example\r\n")},
      {ask("OPTIONS", "/api/nothing")},
      // Origins
      {get("{c}/poll", "Origin: http://localhost:3000\r\n")},
      {get("{c}/poll", "Origin: http://evil.example\r\n")},
      {get("{c}/poll?after=x", "Origin: http://localhost:3000\r\n")},
      {ask("POST", "{c}/messages", "Origin: http://evil.example\r\n", "x")},
      {get("{c}/websocket", handshake + "Origin: http://evil.example\r\n")},
      // Framing
      {"nonsense\r\n\r\n"},
      {"GET  HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"GET / HTTP/2.0\r\nHost: a\r\n\r\n"},
      {"GET /api/time HTTP/1.1\r\n\r\n"},
      {"GET /api/time HTTP/1.1\nHost: a\n\n"},
      {"GET /api/time HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"},
      {"GET /api/time HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n"},
      {"GET /api/time HTTP/1.1\r\nHost: a\r\nX: y\r\n folded\r\n\r\n"},
      {"POST {c}/messages HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"},
      {"POST {c}/messages HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx"},
      {"POST {c}/messages HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n"},
      {"POST {c}/messages HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999\r\n\r\nbegun"},
      {ask("POST", "{c}/messages", "Expect: miracle\r\n", "x")},
      {"GET /" + std::string(17000, 'a')},
      {get("/healthz", "X: " + std::string(10'000, 'x') + "\r\n")},
      {"\r\n\r\n" + get("/healthz")},
      {"GET /api/time HT", {}, {}, true},
      // Sent ahead
      {request("POST", "{c}/messages", {}, "a") + request("GET", "{c}/poll?after=3") +
       request("GET", "/healthz") + request("GET", "{c}/long-poll?after=4&timeout=0.01") +
       request("GET", "{c}/nothing") + get("{c}/poll?after=4")},
      {get("/healthz") + get("{c}/poll")},
  };
  // At the door, on every path that faults meet and on one that they do not.
  for (const char* fault :
       {R"({"kind":"status","status":503})", R"({"kind":"status","status":204})",
        R"({"kind":"status","status":401})", R"({"kind":"upgrade-refused","status":403})",
        R"({"kind":"upgrade-poison","seconds":60})"}) {
    for (const char* path : {"/poll", "/long-poll", "/sse", "/stream", "/wire"}) {
      const std::string target = "{c}" + std::string(path);
      const bool streams = std::string_view(path) == "/sse" || std::string_view(path) == "/stream";
      const bool passes = std::string_view(fault).find("upgrade") != std::string_view::npos;
      rows.push_back({get(target), streams && passes ? last : std::string(), fault});
    }
    rows.push_back({get("{c}/websocket", handshake), {}, fault});
    rows.push_back({request("GET", "{c}/websocket", handshake) + get("{c}/poll"), {}, fault});
    rows.push_back({ask("POST", "{c}/messages", {}, "x"), {}, fault});
    rows.push_back({ask("POST", "{c}/messages?lane=x", {}, "x"), {}, fault});
  }
  rows.push_back(
      {request("GET", "{c}/websocket", handshake), {}, R"({"kind":"upgrade-hang"})", true});
  rows.push_back(
      {request("GET", "{c}/websocket", handshake), "101", R"({"kind":"upgrade-swallow"})"});
  rows.push_back({get("{c}/sse"), last, R"({"kind":"control-id"})"});
  rows.push_back({get("{c}/sse?after=3"), last, R"({"kind":"replay","messages":2})"});
  rows.push_back({get("{c}/poll?after=3"), {}, R"({"kind":"buffer"})"});
  rows.push_back({request("GET", "{c}/poll?after=3") + get("{c}/poll?after=1"),
                  {},
                  R"({"kind":"delay","milliseconds":5})"});
  return rows;
}

std::string with_channel(std::string text, std::string_view channel) {
  for (std::size_t at = 0; (at = text.find("{c}", at)) != std::string::npos;) {
    text.replace(at, 3, channel);
  }
  return text;
}

Limits table_limits() {
  Limits limits;
  limits.connections = 100;
  limits.readers = 50;
  limits.channels = 1000;
  limits.channels_per_address = 1000;
  limits.rate = 800;
  limits.payload_bytes = 20'000;
  limits.lanes_per_channel = 3;
  limits.requests_per_s = 0;
  limits.linger_us = kSecondUs / 100;
  return limits;
}

struct Hosts {
  explicit Hosts(const Limits& limits) : live(options_of(limits)), simulated(limits, version()) {}

  static Options options_of(const Limits& limits) {
    Options options = test_options();
    options.limits = limits;
    return options;
  }
  std::string version() { return read_json(live.ask("GET", "/api/config")).at("version"); }

  LiveHost live;
  SimulatedServer simulated;
};

// A channel that has published its three messages.
std::string new_channel(ServerHost& host) {
  const std::string created =
      host.ask("POST", "/api/channels", R"({"rate":800,"count":3,"payload_bytes":20})");
  const std::string channel = "/api/channels/" + created.substr(created.rfind('"') - 32, 32);
  while (host.ask("GET", channel + "/poll").find(kLastRecord) == std::string::npos) {
  }
  return channel;
}

std::string answer(ServerHost& host, const Row& row, Pieces pieces) {
  const std::string channel = new_channel(host);
  if (!row.fault.empty()) host.ask("POST", channel + "/faults", row.fault);
  for (std::string& piece : pieces) piece = with_channel(std::move(piece), channel);
  return comparable(host.talk({std::move(pieces), row.until, row.half_close}));
}

TEST_CASE("the simulated server answers every request as this one does, byte for byte") {
  Hosts hosts(table_limits());
  for (const Row& row : rows()) {
    CAPTURE(row.bytes.substr(0, 300), row.fault);
    const std::string live = answer(hosts.live, row, {row.bytes});
    CHECK((row.half_close || !live.empty()));
    CHECK(answer(hosts.simulated, row, {row.bytes}) == live);
  }
}

TEST_CASE("limits are refused by both, with the option in the sentence") {
  Limits limits = table_limits();
  limits.channels = 4;
  limits.channels_per_address = 2;
  limits.lanes_per_channel = 1;
  limits.readers = 0;
  Hosts hosts(limits);
  std::vector<std::string> said[2];
  for (const bool simulated : {false, true}) {
    ServerHost& host = simulated ? static_cast<ServerHost&>(hosts.simulated) : hosts.live;
    const std::string channel = new_channel(host);
    for (const std::string& each :
         {get("{c}/poll?lane=a"), get("{c}/poll?lane=b"), get("{c}/sse"), get("{c}/stream"),
          get("{c}/long-poll?after=3"), get("{c}/websocket", kHandshake), get("/echo", kHandshake),
          ask("POST", "/api/channels"), ask("POST", "/api/channels"),
          ask("POST", "/api/channels")}) {
      said[simulated].push_back(comparable(host.talk({{with_channel(each, channel)}})));
    }
  }
  REQUIRE(said[0].size() == said[1].size());
  for (std::size_t i = 0; i < said[0].size(); ++i) CHECK(said[1][i] == said[0][i]);
  CHECK(said[0].back().find("--max-channels-per-address") != std::string::npos);
}

TEST_CASE("too many requests a second are refused by both") {
  Limits limits = table_limits();
  limits.requests_per_s = 5;
  Hosts hosts(limits);
  std::string many;
  for (int i = 0; i < 9; ++i) many += request("GET", "/healthz");
  const std::string live = comparable(hosts.live.talk({{many}}));
  CHECK(live.find("--max-requests-per-second") != std::string::npos);
  // The live one was asked for its version before.
  hosts.simulated.ask("GET", "/healthz");
  CHECK(comparable(hosts.simulated.talk({{many}})) == live);
}

TEST_CASE("a request that is cut anywhere is answered as the whole one, by both") {
  Hosts hosts(table_limits());
  const Row wholes[] = {
      {get("{c}/poll?after=1&lane=x")},
      {ask("POST", "{c}/messages", {}, "hello")},
      {request("GET", "/healthz") + get("{c}/nothing")},
      {request("GET", "{c}/websocket", kHandshake), std::string(kLastRecord)},
      {"GET /api/time HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n"},
  };
  for (const Row& row : wholes) {
    const std::string whole = answer(hosts.live, row, {row.bytes});
    const std::size_t placeholder = row.bytes.find("{c}");
    for (std::size_t at = 1; at < row.bytes.size(); ++at) {
      if (placeholder < at && at < placeholder + 3) continue;
      CAPTURE(row.bytes, at);
      const Pieces pieces{row.bytes.substr(0, at), row.bytes.substr(at)};
      CHECK(answer(hosts.live, row, pieces) == whole);
      CHECK(answer(hosts.simulated, row, pieces) == whole);
    }
  }
}

}  // namespace
}  // namespace playground::server
