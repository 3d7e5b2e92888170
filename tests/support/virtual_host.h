// A host without a world: it remembers what was opened, says what the test tells it to say, and its
// clock moves when the test moves it.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "core/client/dispatcher.h"
#include "core/client/host.h"
#include "core/event_stream/encoder.h"
#include "core/poll/batch.h"
#include "core/record.h"

namespace playground {

// Of every answer of a virtual server.
inline constexpr std::string_view kFields = "Content-Type: text/plain\r\nPlayground: 1\r\n";

class VirtualHost final : public client::Host {
 public:
  static constexpr client::Micros kEpoch = 1'790'000'000'000'000;

  client::Dispatcher dispatcher{*this};
  client::Micros now = 1000;
  std::set<Feature> missing;
  client::Environment surroundings;
  client::Page around;
  std::size_t connections = 6;  // to an origin

  // Open connections and running timers.
  std::map<client::ConnectionId, client::Request> open_now;
  std::multimap<client::Micros, client::TimerId> timers;
  // Every request ever made, and every text sent over a WebSocket.
  std::vector<client::Request> requests;
  std::vector<std::string> sent;

  bool has(Feature feature) const override { return !missing.contains(feature); }
  void open(client::ConnectionId id, const client::Request& request) override {
    open_now.emplace(id, request);
    requests.push_back(request);
  }
  void send(client::ConnectionId id, std::string_view text) override {
    if (open_now.contains(id)) sent.emplace_back(text);
  }
  void close(client::ConnectionId id) override { open_now.erase(id); }
  void set_timer(client::TimerId id, client::Micros delay) override {
    timers.emplace(now + delay, id);
  }
  void cancel_timer(client::TimerId id) override {
    std::erase_if(timers, [id](const auto& each) { return each.second == id; });
  }
  client::Micros epoch_offset() const override { return kEpoch; }
  client::Environment environment() const override { return surroundings; }
  client::Page page() const override { return around; }
  std::size_t connections_per_origin() const override { return connections; }

  // The open connection whose address has `part` in it; there must be exactly one.
  client::ConnectionId find(std::string_view part) const {
    client::ConnectionId found = 0;
    for (const auto& [id, request] : open_now) {
      if (request.url.find(part) == std::string::npos) continue;
      INFO("two connections to " << part);
      REQUIRE(found == 0);
      found = id;
    }
    INFO("no connection to " << part);
    REQUIRE(found != 0);
    return found;
  }
  bool has_open(std::string_view part) const {
    for (const auto& [id, request] : open_now) {
      if (request.url.find(part) != std::string::npos) return true;
    }
    return false;
  }

  void tell(client::ConnectionId id, const client::HostEvent& event) {
    if (client::is_last(event)) open_now.erase(id);
    dispatcher.deliver(id, event, now);
  }

  // Lets time pass; what is due on the way happens at its moment.
  void advance(client::Micros by) {
    const client::Micros end = now + by;
    while (!timers.empty() && timers.begin()->first <= end) {
      const auto [at, id] = *timers.begin();
      timers.erase(timers.begin());
      now = std::max(now, at);
      dispatcher.due(id, now);
    }
    now = end;
  }
  // Time passes, and nothing runs; what was due comes late, all at once, as after a sleep.
  void sleep(client::Micros by) {
    now += by;
    advance(0);
  }
  void become(const client::Environment& environment) {
    surroundings = environment;
    dispatcher.environment(environment, now);
  }
};

// Speaks for the server on one transport, in whatever form it has there.
class ServerVoice {
 public:
  // Without a connection it speaks on the only one that there is to the transport's path.
  ServerVoice(VirtualHost& host, TransportId transport, client::ConnectionId id = 0)
      : host_(host), transport_(transport), id_(id) {}

  // What the lane's current request asks for: "sse?", "poll?", …
  std::string path() const {
    using enum TransportId;
    switch (transport_) {
      case kShortPoll:
        return "/poll?";
      case kLongPoll:
        return "/long-poll?";
      case kSse:
      case kSseNative:
      case kSseFetch:
        return "/sse?";
      case kNdjson:
        return "/stream?";
      case kWebSocket:
        return "/websocket?";
    }
    return {};
  }
  bool is_poll() const {
    return transport_ == TransportId::kShortPoll || transport_ == TransportId::kLongPoll;
  }
  // Of its answers.
  std::string fields() const {
    return "Playground: 1\r\nContent-Type: " +
           std::string(info(transport_).served_as().content_type) + "\r\n";
  }
  client::ConnectionId connection() const { return id_ != 0 ? id_ : host_.find(path()); }

  // The head of a stream; a poll has none before its answer.
  void open() {
    if (!is_poll()) host_.tell(connection(), client::Opened{200, fields()});
  }
  void greet(std::uint64_t last = 0) {
    if (!is_poll()) say(Greeting{last, 15});
  }
  void say(const Record& record) {
    std::string json;
    std::visit([&](const auto& each) { encode(each, json); }, record);
    const auto id = connection();
    using enum TransportId;
    switch (transport_) {
      case kShortPoll:
      case kLongPoll: {
        std::string body;
        poll::BatchWriter writer(body);
        writer.begin();
        std::uint64_t last = 0;
        if (const auto* message = std::get_if<Message>(&record)) {
          writer.message(json);
          last = message->seq;
        }
        const auto* reset = std::get_if<Reset>(&record);
        if (reset != nullptr) last = reset->last;
        writer.end(last, reset != nullptr ? std::optional(*reset) : std::nullopt);
        return host_.tell(id, client::Answered{200, body, fields()});
      }
      case kSse:
      case kSseNative: {
        const auto name = event_name(record);
        return host_.tell(id, client::ServerEvent{name.empty() ? "message" : name, json, ""});
      }
      case kSseFetch: {
        std::string bytes;
        event_stream::encode({event_name(record), json, std::nullopt}, bytes);
        return host_.tell(id, client::Chunk{bytes});
      }
      case kNdjson:
        return host_.tell(id, client::Chunk{json + "\n"});
      case kWebSocket:
        return host_.tell(id, client::Frame{json});
    }
  }
  void cut() { host_.tell(connection(), client::Failed{"cut"}); }
  // EventSource: the browser reconnects by itself.
  void interrupt() { host_.tell(connection(), client::Interrupted{}); }

 private:
  VirtualHost& host_;
  TransportId transport_;
  client::ConnectionId id_;
};

}  // namespace playground
