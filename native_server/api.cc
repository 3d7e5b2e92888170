#include "native_server/api.h"

#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/fault.h"
#include "core/json_text.h"
#include "core/scenario.h"
#include "core/server/api_text.h"
#include "core/server/held_poll.h"
#include "core/server/silence.h"
#include "core/server/websocket_subscriber.h"
#include "core/server/wire_log_answer.h"
#include "core/utf8.h"
#include "native_server/channel_id.h"
#include "native_server/http/refusal.h"
#include "native_server/http/websocket_handshake.h"
#include "native_server/prometheus.h"

namespace playground::server {
namespace {

constexpr const char* kJson = "application/json";
constexpr const char* kWebSocket = "/api/channels/:id/websocket";
constexpr std::string_view kEcho = "/echo";

void set_json(httplib::Response& response, int status, std::string body) {
  response.status = status;
  response.set_content(std::move(body), kJson);
}

double hold_seconds(const httplib::Request& request) {
  if (!request.has_param("timeout")) return kDefaultHoldSeconds;
  const auto seconds = parse_whole<double>(request.get_param_value("timeout"));
  if (!seconds || !(*seconds >= 0 && *seconds <= kLongestHoldSeconds)) {
    throw Refusal{400, "timeout must be a number of seconds from 0 to 60"};
  }
  return *seconds;
}

}  // namespace

const Api::Route Api::kRoutes[] = {
    {"POST", "/api/channels", &Api::create},
    {"PUT", "/api/channels/:id", &Api::create_named},
    {"DELETE", "/api/channels/:id", &Api::remove},
    {"POST", "/api/channels/:id/messages", &Api::publish},
    {"GET", "/api/channels/:id/poll", &Api::poll},
    {"GET", "/api/channels/:id/long-poll", &Api::long_poll},
    {"GET", "/api/channels/:id/sse", &Api::event_stream},
    {"GET", "/api/channels/:id/stream", &Api::ndjson},
    {"GET", kWebSocket, &Api::not_upgraded},
    {"GET", "/api/channels/:id/wire", &Api::wire},
    {"GET", "/api/channels/:id/wire/log", &Api::wire_log},
    {"POST", "/api/channels/:id/faults", &Api::add_fault},
    {"GET", "/api/channels/:id/faults", &Api::list_faults},
    {"DELETE", "/api/channels/:id/faults", &Api::lift_faults},
    {"DELETE", "/api/channels/:id/faults/:fault", &Api::lift_fault},
    {"GET", "/api/time", &Api::time},
    {"GET", "/api/config", &Api::config},
    {"GET", "/echo", &Api::not_upgraded},
    {"GET", "/metrics", &Api::metrics_text},
    {"GET", "/healthz", &Api::health},
};

// Runs a handler; what it throws to refuse becomes the response.
template <typename Handle>
void Api::guarded(Response& response, Handle&& handle) {
  try {
    handle();
  } catch (const Refusal& refusal) {
    if (!refusal.limit.empty()) ++metrics_.refusals[refusal.limit];
    set_json(response, refusal.status, error_body(refusal.sentence));
  }
}

Api::Api(Router& router, Hub& hub, Schedule& schedule, const Limits& limits, Metrics& metrics,
         OriginPolicy origins, std::function<std::size_t()> readers,
         std::function<std::string()> prometheus)
    : router_(router),
      hub_(hub),
      schedule_(schedule),
      limits_(limits),
      metrics_(metrics),
      origins_(std::move(origins)),
      readers_(std::move(readers)),
      prometheus_(std::move(prometheus)),
      repeats_(hub) {
  set_lane_ports({});
  router_.set_pre_routing_handler(
      [this](const auto& request, auto& response) { return prepare(request, response); });
  std::set<std::string> patterns;
  for (const Route& route : kRoutes) {
    add(route);
    patterns.insert(route.pattern);
  }
  for (const std::string& pattern : patterns) add_refusals(pattern);
  router_.WebSocket(kWebSocket, [this](const Request& request, httplib::ws::WebSocket&) {
    router_.exchange().session =
        std::make_unique<WebSocketSubscriber>(*channel_, cursor_after(request), limits_.body_bytes);
  });
  router_.WebSocket(std::string(kEcho), [this](const Request&, httplib::ws::WebSocket&) {
    router_.exchange().session = std::make_unique<Echo>(echoes_, metrics_, limits_.message_bytes);
  });
}

void Api::handle(Exchange& exchange) {
  if (repeats_.answer(exchange)) return;
  is_poll_ = false;
  router_.handle(exchange);
  if (is_poll_) repeats_.learn(exchange, channel_id_, lane_);
}

void Api::end() {
  for (Echo* echo : Echoes(echoes_)) echo->end();
}

void Api::set_lane_ports(std::span<const std::uint16_t> ports) {
  nlohmann::ordered_json config;
  config["version"] = PLAYGROUND_VERSION;
  config["lane_ports"] = ports;
  config["limits"] = {
      {"connections", limits_.connections},
      {"subscribers", limits_.readers},
      {"channels", limits_.channels},
      {"channels_per_address", limits_.channels_per_address},
      {"rate", limits_.rate},
      {"payload_bytes", limits_.payload_bytes},
      {"head_bytes", limits_.head_bytes},
      {"body_bytes", limits_.body_bytes},
      {"message_bytes", limits_.message_bytes},
      {"lifetime_s", limits_.channel_lifetime_us / kSecondUs},
      {"requests_per_s", limits_.requests_per_s},
  };
  config_ = config.dump();
}

void Api::add(const Route& route) {
  const std::string_view method = route.method;
  const auto handler = [this, handle = route.handler](const Request& request, Response& response) {
    guarded(response, [&] { (this->*handle)(request, response); });
  };
  if (method == "GET") router_.Get(route.pattern, handler);
  if (method == "POST") router_.Post(route.pattern, handler);
  if (method == "PUT") router_.Put(route.pattern, handler);
  if (method == "DELETE") router_.Delete(route.pattern, handler);
}

// Behind the routes there are, so that only other methods get here.
void Api::add_refusals(const std::string& pattern) {
  std::string allowed = "OPTIONS";
  for (const Route& route : kRoutes) {
    if (route.pattern == pattern) allowed.append(", ").append(route.method);
  }
  const auto refuse = [allowed](const Request& request, Response& response) {
    response.set_header("Allow", allowed);
    set_json(response, httplib::MethodNotAllowed_405,
             error_body("the method " + request.method + " is not for " + request.path));
  };
  router_.Get(pattern, refuse);
  router_.Post(pattern, refuse);
  router_.Put(pattern, refuse);
  router_.Patch(pattern, refuse);
  router_.Delete(pattern, refuse);
}

httplib::Server::HandlerResponse Api::prepare(const Request& request, Response& response) {
  using httplib::Server;
  const std::string_view path = request.path;
  if (!path.starts_with("/api/") && path != kEcho) return Server::HandlerResponse::Unhandled;

  bool handled = false;
  guarded(response, [&] {
    handled = true;  // unless nothing is found wrong
    response.set_header("Cache-Control", "no-store");
    apply_origin_policy(origins_, request, response);

    std::string_view last_segment;
    channel_ = nullptr;
    if (path.starts_with(kChannels)) {
      const std::string_view rest = path.substr(kChannels.size());
      channel_id_ = rest.substr(0, rest.find('/'));
      last_segment = rest.substr(channel_id_.size());
      channel_ = hub_.find(channel_id_);
      const bool creates = request.method == "PUT" && last_segment.empty();
      if (!channel_ && !creates && hub_.outlived(channel_id_)) {
        throw limit_reached(404, "the channel " + channel_id_ + " has had its time",
                            "--max-lifetime");
      }
      if (!channel_ && !creates) throw Refusal{404, "there is no channel " + channel_id_};
      if (channel_) channel_->touch();
    }
    // The lane in a question about a lane is not the asker's.
    lane_.clear();
    if (channel_ && request.has_param("lane") && !asks_for_wire(last_segment)) {
      lane_ = request.get_param_value("lane");
      if (!WireMeter::is_lane_name(lane_)) {
        throw Refusal{400, "lane must be 1 to 32 characters of a-z, 0-9 and -"};
      }
      router_.exchange().lane = channel_->wire().lane(lane_);
      if (!router_.exchange().lane) throw Refusal{400, "lane: the channel has too many lanes"};
    }
    if (request.method == "OPTIONS") return answer_preflight(response);
    const bool upgrade = (last_segment == "/websocket" || path == kEcho) && request.method == "GET";
    if (channel_ && meets_faults(last_segment, lane_)) {
      router_.exchange().way = channel_->faults().way(lane_, last_segment.substr(1));
      if (play_faults(upgrade, response)) return;
    }
    if (upgrade) {
      check_websocket_handshake(request, response);
      if (channel_) cursor_after(request);
      require_room();
    }
    handled = false;
  });
  return handled ? Server::HandlerResponse::Handled : Server::HandlerResponse::Unhandled;
}

bool Api::play_faults(bool upgrade, Response& response) {
  const Effects& effects = router_.exchange().way->effects();
  if (!upgrade && channel_->faults().poisoned(lane_)) throw Refusal{500, "fault: upgrade-poison"};
  if (effects.status != 0) {
    response.status = effects.status;
    if (effects.status != httplib::NoContent_204) {
      set_json(response, effects.status, error_body("fault: status"));
    }
    return true;
  }
  if (!upgrade) return false;
  if (effects.upgrade_poison_us != 0) {
    channel_->faults().poison(lane_, effects.upgrade_poison_us);
    throw Refusal{503, "fault: upgrade-poison"};
  }
  if (effects.upgrade_status != 0) {
    throw Refusal{effects.upgrade_status, "fault: upgrade-refused"};
  }
  if (effects.upgrade_hang) {
    response.status = httplib::OK_200;
    router_.hold(response, kJson, std::make_unique<Silence>());
    return true;
  }
  return false;
}

void Api::begin_channel(std::string id) {
  const auto scenario = parse_scenario(router_.exchange().body);
  if (!scenario) throw Refusal{400, scenario.error().message};
  if (scenario->rate > limits_.rate) {
    throw limit_reached(400, "rate is over what the server allows", "--max-rate");
  }
  if (scenario->payload_bytes > limits_.payload_bytes) {
    throw limit_reached(400, "payload_bytes is over what the server allows", "--max-payload");
  }
  switch (hub_.create(std::move(id), *scenario, router_.exchange().client)) {
    case Hub::Created::kYes:
      return;
    case Hub::Created::kTooMany:
      throw limit_reached(503, "there are as many channels as the server allows", "--max-channels");
    case Hub::Created::kTooManyOfOwner:
      throw limit_reached(503, "there are as many channels as the server allows an address",
                          "--max-channels-per-address");
  }
}

void Api::create(const Request& request, Response& response) {
  const std::string id = random_channel_id();
  begin_channel(id);
  if (request.get_param_value("wire_log") == "1") hub_.find(id)->wire().keep_logs();
  set_json(response, httplib::Created_201, "{\"id\":\"" + id + "\"}");
}

void Api::create_named(const Request&, Response& response) {
  if (!WireMeter::is_lane_name(channel_id_)) {
    throw Refusal{400, "a channel's name must be 1 to 32 characters of a-z, 0-9 and -"};
  }
  const bool is_new = channel_ == nullptr;
  if (is_new) {
    begin_channel(channel_id_);
    channel_ = hub_.find(channel_id_);
  }
  set_json(response, is_new ? httplib::Created_201 : httplib::OK_200,
           "{\"id\":\"" + channel_id_ + "\",\"epoch\":\"" + channel_->epoch() + "\"}");
}

void Api::remove(const Request&, Response& response) {
  channel_ = nullptr;
  hub_.remove(channel_id_);
  response.status = httplib::NoContent_204;
}

void Api::publish(const Request& request, Response& response) {
  if (!is_utf8(request.body)) throw Refusal{400, "the body is not UTF-8"};
  channel_->publish(request.body, [&](std::uint64_t seq) {
    set_json(response, httplib::Created_201, json_number("seq", seq));
  });
}

void Api::poll(const Request& request, Response& response) {
  channel_->answer(cursor_after(request), Served::kPoll,
                   [&](std::string json) { set_json(response, httplib::OK_200, std::move(json)); });
  is_poll_ = true;
}

void Api::long_poll(const Request& request, Response& response) {
  const std::uint64_t after = cursor_after(request);
  const double seconds = hold_seconds(request);
  if (after != channel_->log().last() || seconds == 0) {
    return channel_->answer(after, Served::kLongPoll, [&](std::string json) {
      set_json(response, httplib::OK_200, std::move(json));
    });
  }
  require_room();
  const auto held_us = static_cast<std::int64_t>(seconds * static_cast<double>(kSecondUs));
  response.status = httplib::OK_200;
  router_.hold(
      response, kJson,
      std::make_unique<HeldPoll>(channel_->audience(), after, schedule_.now_us() + held_us));
}

void Api::event_stream(const Request& request, Response& response) {
  const std::string last_event_id = request.get_header_value("Last-Event-ID");
  const std::uint64_t after =
      last_event_id.empty() ? cursor_after(request) : cursor(last_event_id, "Last-Event-ID");
  const bool chunked = request.version == "HTTP/1.1";
  stream(response, "text/event-stream", chunked,
         chunked ? WireFormat::kEventStream : WireFormat::kEventStreamPlain, after);
}

void Api::ndjson(const Request& request, Response& response) {
  const bool chunked = request.version == "HTTP/1.1";
  stream(response, "application/x-ndjson", chunked,
         chunked ? WireFormat::kNdjson : WireFormat::kNdjsonPlain, cursor_after(request));
}

void Api::stream(Response& response, const char* content_type, bool chunked, WireFormat format,
                 std::uint64_t cursor) {
  require_room();
  response.status = httplib::OK_200;
  response.headers.erase("Cache-Control");
  response.set_header("Cache-Control", "no-cache, no-transform");
  response.set_header("X-Accel-Buffering", "no");
  router_.stream(response, content_type, chunked,
                 std::make_unique<Subscriber>(channel_->audience(), format, cursor,
                                              router_.exchange().way->effects().control_id));
}

// prepare() has seen that the handshake is in order, but cpp-httplib has not.
void Api::not_upgraded(const Request&, Response&) {
  throw Refusal{400, "the header Upgrade must be `websocket` and nothing else"};
}

void Api::add_fault(const Request& request, Response& response) {
  const auto json = nlohmann::json::parse(request.body, nullptr, /*allow_exceptions=*/false);
  const auto fault = parse_fault(json);
  if (!fault) throw Refusal{400, fault.error().message};
  const auto number = channel_->faults().add(*fault);
  if (!number) throw Refusal{503, "the channel has as many faults as it may have"};
  set_json(response, httplib::Created_201, json_number("id", *number));
}

void Api::list_faults(const Request&, Response& response) {
  set_json(response, httplib::OK_200, channel_->faults().to_json());
}

void Api::lift_faults(const Request&, Response& response) {
  channel_->faults().lift_all();
  response.status = httplib::NoContent_204;
}

void Api::lift_fault(const Request& request, Response& response) {
  const std::string& text = request.path_params.at("fault");
  const auto number = parse_whole<std::uint64_t>(text);
  if (!number || !channel_->faults().lift(*number)) throw Refusal{404, "there is no fault " + text};
  response.status = httplib::NoContent_204;
}

void Api::wire(const Request& request, Response& response) {
  if (!request.has_param("lane")) {
    return set_json(response, httplib::OK_200, channel_->wire().to_json());
  }
  set_json(response, httplib::OK_200, channel_->wire().to_json(request.get_param_value("lane")));
}

void Api::wire_log(const Request& request, Response& response) {
  const auto parameter = [&](const char* name) {
    return request.has_param(name) ? std::optional(request.get_param_value(name)) : std::nullopt;
  };
  auto answer = answer_wire_log(channel_->wire(),
                                {parameter("lane"), parameter("seq"), parameter("connection")});
  set_json(response, answer.status, std::move(answer.body));
}

void Api::time(const Request&, Response& response) {
  set_json(response, httplib::OK_200, json_number("now_us", schedule_.now_us()));
}

void Api::config(const Request&, Response& response) {
  set_json(response, httplib::OK_200, config_);
}

void Api::metrics_text(const Request&, Response& response) {
  response.set_content(prometheus_(), kPrometheusType);
}

void Api::health(const Request&, Response& response) { response.set_content("ok", "text/plain"); }

std::uint64_t Api::cursor(const std::string& text, const char* name) const {
  const auto cursor = channel_->cursor(text, router_.exchange().way->effects());
  if (!cursor) throw Refusal{400, std::string(name) + " must be a sequence number"};
  return *cursor;
}

std::uint64_t Api::cursor_after(const Request& request) const {
  return cursor(request.get_param_value("after"), "after");
}

void Api::require_room() const {
  if (readers_() >= limits_.readers) {
    throw limit_reached(503, "there are as many streams and held polls as the server allows",
                        "--max-subscribers");
  }
}

}  // namespace playground::server
