// Every limit of the server, with the refusal that names it.
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "tests/native_server/support/record_reader.h"
#include "tests/native_server/support/running_server.h"
#include "tests/native_server/support/websocket_client.h"

namespace playground::server {
namespace {

bool names(const Response& response, std::string_view option) {
  return response.body.find("(" + std::string(option) + ")") != std::string::npos;
}

Options with(void (*change)(Limits&)) {
  Options options = test_options();
  change(options.limits);
  return options;
}

TEST_CASE("channels in all, and of one address") {
  RunningServer all(with([](Limits& limits) { limits.channels = 2; }));
  RunningServer each(with([](Limits& limits) { limits.channels_per_address = 2; }));
  for (const auto& [server, option] :
       {std::pair{&all, "--max-channels"}, std::pair{&each, "--max-channels-per-address"}}) {
    CAPTURE(option);
    server->create();
    const std::string second = server->create();
    const Response refused = server->post("/api/channels", "{}");
    CHECK(refused.status == 503);
    CHECK(names(refused, option));
    fetch(server->port(), request("DELETE", second));
    CHECK(server->post("/api/channels", "{}").status == 201);
  }
}

TEST_CASE("streams and held polls") {
  RunningServer server(with([](Limits& limits) { limits.readers = 1; }));
  const std::string channel = server.create("{}");
  const auto reader = open_reader(Transport::kEventStream, server.port(), channel);
  reader->next();
  for (const std::string& target :
       {channel + "/sse", channel + "/stream", channel + "/long-poll?timeout=1&after=1",
        std::string("/sse")}) {
    CAPTURE(target);
    const Response refused = server.get(target);
    // A held poll that is answered by a message in the meantime was never refused.
    if (refused.status == 200 && target.find("long-poll") != std::string::npos) continue;
    CHECK(refused.status == 503);
    CHECK(names(refused, "--max-subscribers"));
  }
  const Response upgrade = server.get("/echo", kHandshake);
  CHECK(upgrade.status == 503);
  CHECK(names(upgrade, "--max-subscribers"));
}

TEST_CASE("streams and held polls of one address") {
  RunningServer server(with([](Limits& limits) { limits.readers_per_address = 2; }));
  const std::string channel = server.create_quiet();
  {
    const auto stream = open_reader(Transport::kEventStream, server.port(), channel);
    const auto socket = open_reader(Transport::kWebSocket, server.port(), channel);
    stream->next();
    socket->next();
    for (const std::string& target :
         {channel + "/sse", channel + "/long-poll?timeout=9&after=1", std::string("/sse")}) {
      CAPTURE(target);
      const Response refused = server.get(target);
      CHECK(refused.status == 503);
      CHECK(names(refused, "--max-subscribers-per-address"));
    }
    CHECK(server.get("/echo", kHandshake).status == 503);
    CHECK(server.get(channel + "/poll").status == 200);
  }
  // When they have gone there is room again; the server learns it a moment later.
  for (int i = 0; i < 2; ++i) {
    while (server.get(channel + "/long-poll?timeout=0&after=1").status != 200) usleep(1000);
  }
  CHECK(server.get(channel + "/long-poll?timeout=0&after=1").status == 200);
}

TEST_CASE("strangers have no named channels") {
  Options options = test_options();
  options.limits = strangers_limits();
  RunningServer server(options);
  const Response refused = fetch(server.port(), request("PUT", "/api/channels/mine", {}, "{}"));
  CHECK(refused.status == 403);
  CHECK(names(refused, "--public"));
  CHECK(server.post("/api/channels", "{}").status == 201);
  const std::string metrics = server.get("/metrics").body;
  CHECK(metrics.find("playground_refusals_total{limit=\"--public\"} 1\n") != metrics.npos);
}

TEST_CASE("rate and payload of a scenario") {
  RunningServer server(with([](Limits& limits) {
    limits.rate = 10;
    limits.payload_bytes = 100;
  }));
  const Response fast = server.post("/api/channels", R"({"rate":11})");
  CHECK(fast.status == 400);
  CHECK(names(fast, "--max-rate"));
  const Response large = server.post("/api/channels", R"({"payload_bytes":101})");
  CHECK(large.status == 400);
  CHECK(names(large, "--max-payload"));
  CHECK(server.post("/api/channels", R"({"rate":10,"payload_bytes":100})").status == 201);
}

TEST_CASE("head, body and message") {
  RunningServer server(with([](Limits& limits) {
    limits.head_bytes = 2000;
    limits.body_bytes = 1000;
    limits.message_bytes = 500;
  }));
  const std::string channel = server.create_quiet();
  const Response head = server.get("/healthz", "X: " + std::string(2000, 'x') + "\r\n");
  CHECK(head.status == 431);
  CHECK(names(head, "--max-head"));
  const Response body = server.post(channel + "/messages", std::string(1001, 'x'));
  CHECK(body.status == 413);
  CHECK(names(body, "--max-body"));
  CHECK(server.post(channel + "/messages", std::string(1000, 'x')).status == 201);
  WebSocketClient echo(server.port(), "/echo");
  echo.send_text(std::string(500, 'x'));
  CHECK(echo.next().payload.size() == 500);
  echo.send_text(std::string(501, 'x'));
  const WebSocketClient::Frame echo_close = echo.next();
  CHECK(echo_close.close_code == 1009);
  CHECK(echo_close.payload.ends_with("(--max-message)"));
  WebSocketClient publisher(server.port(), channel + "/websocket");
  publisher.send_text(std::string(1001, 'x'));
  WebSocketClient::Frame close = publisher.next();
  while (close.opcode != websocket::Opcode::kClose) close = publisher.next();
  CHECK(close.close_code == 1009);
  CHECK(close.payload.ends_with("(--max-body)"));
  const std::string metrics = server.get("/metrics").body;
  for (const char* refusals : {"{limit=\"--max-head\"} 1\n", "{limit=\"--max-body\"} 2\n",
                               "{limit=\"--max-message\"} 1\n"}) {
    CAPTURE(refusals);
    CHECK(metrics.find(std::string("\nplayground_refusals_total") + refusals) != std::string::npos);
  }
}

TEST_CASE("a head of any shape is taken up to --max-head, and names that beyond") {
  constexpr std::size_t kMaxHead = 60'000;
  RunningServer server(with([](Limits& limits) { limits.head_bytes = kMaxHead; }));
  std::string many;
  while (many.size() < kMaxHead - 200) many += "X: y\r\n";
  const auto answers = [&](std::string_view target, std::string_view fields) {
    const Response response = server.get(target, fields);
    CHECK((response.status == 200 || names(response, "--max-head")));
    return response.status;
  };
  // A file's path as well as the API's: those go through cpp-httplib, which has limits of its own.
  CHECK(answers("/healthz", "Cookie: " + std::string(kMaxHead - 200, 'c') + "\r\n") == 200);
  CHECK(answers("/healthz", many) == 200);
  CHECK(answers("/healthz?" + std::string(kMaxHead - 200, 'q'), {}) == 200);
  CHECK(server.get("/" + std::string(kMaxHead - 200, 'q')).status == 404);
  CHECK(answers("/healthz", "Cookie: " + std::string(kMaxHead, 'c') + "\r\n") == 431);
  CHECK(answers("/healthz", many + many) == 431);
  CHECK(answers("/healthz?" + std::string(kMaxHead, 'q'), {}) == 414);
}

TEST_CASE("messages over a WebSocket count like requests of their address") {
  RunningServer server(with([](Limits& limits) { limits.requests_per_s = 20; }));
  WebSocketClient publisher(server.port(), server.create_quiet() + "/websocket");
  for (int i = 0; i < 60; ++i) publisher.send_text("x");
  WebSocketClient::Frame close = publisher.next();
  while (close.opcode != websocket::Opcode::kClose) close = publisher.next();
  CHECK(close.close_code == 1008);
  CHECK(close.payload.ends_with("(--max-requests-per-second)"));
}

TEST_CASE("a channel ends when its lifetime is over, in order, and is gone") {
  RunningServer server(with([](Limits& limits) { limits.channel_lifetime_us = kSecondUs / 5; }));
  const std::string channel = server.create(R"({"rate":100})");
  const auto reader = open_reader(Transport::kEventStream, server.port(), channel);
  while (reader->next()) {
  }
  const Response over = server.get(channel + "/poll");
  CHECK(over.status == 404);
  CHECK(names(over, "--max-lifetime"));
}

TEST_CASE("streams that nothing but a proxy keeps open end, and those of other readers stay") {
  RunningServer server(with([](Limits& limits) { limits.channel_unasked_us = kSecondUs / 2; }));
  const std::string left = server.create_quiet();
  const std::string followed = server.create(R"({"rate":10})");
  const auto kept_by_proxy =
      open_reader(Transport::kEventStream, server.port(), left, {}, "lane=a");
  const auto reader = open_reader(Transport::kEventStream, server.port(), followed);
  while (kept_by_proxy->next()) {
  }
  CHECK(server.get(left + "/poll").status == 404);
  reader->expect_messages(1, 15);
}

TEST_CASE("a page that is being left ends its channel with a beacon") {
  RunningServer server;
  const std::string channel = server.create_quiet();
  const auto reader = open_reader(Transport::kEventStream, server.port(), channel);
  const std::string beacon = "Origin: http://a\r\nContent-Type: text/plain;charset=UTF-8\r\n";
  CHECK(fetch(server.port(), request("POST", channel + "/end", beacon)).status == 204);
  while (reader->next()) {
  }
  CHECK(server.get(channel + "/poll").status == 404);
}

TEST_CASE("requests a second of an address, with the connection's end") {
  RunningServer server(with([](Limits& limits) { limits.requests_per_s = 5; }));
  Client client(server.port());
  int served = 0;
  Response response;
  // Five at once; the bucket may give one or two more while they are sent.
  for (; served < 20; ++served) {
    client.send(request("GET", "/healthz"));
    response = client.read_response();
    if (response.status != 200) break;
  }
  CHECK(served >= 5);
  CHECK(response.status == 429);
  CHECK(names(response, "--max-requests-per-second"));
  CHECK(client.at_end());
}

TEST_CASE("slow and idle clients make room for one who asks") {
  RunningServer server(with([](Limits& limits) { limits.connections = 4; }));
  const std::string channel = server.create_quiet();
  const auto reader = open_reader(Transport::kEventStream, server.port(), channel);
  reader->next();
  std::vector<Client> slow;
  for (int i = 0; i < 8; ++i) {
    slow.emplace_back(server.port());
    slow.back().send("GET / HT");
    CHECK(server.get("/healthz").status == 200);
  }
  // The one that waited the longest went first; the stream was left alone.
  CHECK(slow.front().at_end());
  server.post(channel + "/messages", "still here");
  CHECK(reader->next_message().seq == 1);
}

TEST_CASE("where every connection is a stream, a further one is told so") {
  RunningServer server(with([](Limits& limits) {
    limits.connections = 2;
    limits.readers = 2;
  }));
  const std::string channel = server.create_quiet();
  const auto first = open_reader(Transport::kEventStream, server.port(), channel);
  const auto second = open_reader(Transport::kWebSocket, server.port(), channel);
  first->next();
  second->next();
  Client refused(server.port());
  const Response response = refused.read_response();
  CHECK(response.status == 503);
  CHECK(names(response, "--max-connections"));
}

TEST_CASE("the configuration names the limits") {
  RunningServer server(with([](Limits& limits) { limits.channels = 7; }));
  const std::string config = server.get("/api/config").body;
  for (const char* name : {"connections", "subscribers", "subscribers_per_address",
                           "channels_per_address", "rate", "payload_bytes", "head_bytes",
                           "body_bytes", "message_bytes", "lifetime_s", "requests_per_s"}) {
    CHECK(config.find('"' + std::string(name) + "\":") != std::string::npos);
  }
  CHECK(config.find("\"channels\":7") != std::string::npos);
}

}  // namespace
}  // namespace playground::server
