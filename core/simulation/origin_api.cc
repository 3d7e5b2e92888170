#include "core/simulation/origin_api.h"

#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/fault.h"
#include "core/json_text.h"
#include "core/scenario.h"
#include "core/server/api_text.h"
#include "core/server/held_poll.h"
#include "core/server/silence.h"
#include "core/server/subscriber.h"
#include "core/server/websocket_subscriber.h"
#include "core/server/wire_log_answer.h"
#include "core/utf8.h"

namespace playground::simulation {
namespace {

using server::Effects;
using server::error_body;
using server::Exchange;
using server::json_number;
using server::kChannels;
using server::WireFormat;

// As long as the one a server would compute (RFC 6455 4.2.2): nobody here compares it.
constexpr std::string_view kAcceptKey = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

// The last message the reader has. False where `text` is no number.
bool read_cursor(std::string_view text, server::Channel& channel, const Exchange& exchange,
                 std::uint64_t& cursor) {
  const auto found = channel.cursor(text, exchange.way->effects());
  cursor = found.value_or(0);
  return found.has_value();
}

}  // namespace

const OriginApi::Route OriginApi::kRoutes[] = {
    {"GET", "/poll", true, &OriginApi::poll},
    {"GET", "/wire", true, &OriginApi::wire},
    {"GET", "/wire/log", true, &OriginApi::wire_log},
    {"GET", "/long-poll", true, &OriginApi::long_poll},
    {"GET", "/sse", true, &OriginApi::event_stream},
    {"GET", "/stream", true, &OriginApi::ndjson},
    {"GET", "/websocket", true, &OriginApi::websocket},
    {"GET", "/api/time", false, &OriginApi::time},
    {"GET", "/api/config", false, &OriginApi::config},
    {"POST", "/api/channels", false, &OriginApi::create},
    {"DELETE", "", true, &OriginApi::end},
    {"POST", "/messages", true, &OriginApi::publish},
    {"POST", "/faults", true, &OriginApi::add_fault},
    {"GET", "/faults", true, &OriginApi::list_faults},
    {"DELETE", "/faults", true, &OriginApi::lift_faults},
    {"DELETE", "/faults/", true, &OriginApi::lift_fault},
};

OriginApi::OriginApi(server::Hub& hub, server::Schedule& schedule, const server::Limits& limits,
                     std::string config, std::uint64_t seed)
    : hub_(hub), schedule_(schedule), limits_(limits), config_(std::move(config)), random_(seed) {}

void OriginApi::answer(Exchange& exchange) {
  const RequestHead request = read_request_head(exchange.head);
  Reply reply = reply_to(exchange, request);
  exchange.keep_alive = reply.stream_type.empty() && !reply.upgraded;
  write_head(reply, request, exchange.response);
  if (reply.session) {
    exchange.session = std::move(reply.session);
  } else {
    exchange.response += reply.body;
  }
}

OriginApi::Reply OriginApi::reply_to(Exchange& exchange, const RequestHead& request) {
  Asked asked{request, exchange.body, {}};
  bool of_channel = request.path.substr(0, kChannels.size()) == kChannels;
  if (of_channel) {
    const std::string_view rest = request.path.substr(kChannels.size());
    const std::string_view id = rest.substr(0, rest.find('/'));
    asked.rest = rest.substr(id.size());
    asked.channel = hub_.find(id);
    if (!asked.channel) return {404, error_body("there is no channel " + std::string(id))};
    asked.channel->touch();
    if (const auto lane = request.parameter("lane"); lane && !server::asks_for_wire(asked.rest)) {
      if (!server::WireMeter::is_lane_name(*lane)) {
        return {400, error_body("lane must be 1 to 32 characters of a-z, 0-9 and -")};
      }
      asked.lane = *lane;
      exchange.lane = asked.channel->wire().lane(*lane);
      if (!exchange.lane) return {400, error_body("lane: the channel has too many lanes")};
    }
    if (server::meets_faults(asked.rest, asked.lane)) {
      exchange.way = asked.channel->faults().way(asked.lane, asked.rest.substr(1));
      Reply reply;
      if (play_faults(exchange.way->effects(), asked, asked.rest == "/websocket", reply)) {
        return reply;
      }
    }
  }
  const std::string_view path = of_channel ? asked.rest : request.path;
  for (const Route& route : kRoutes) {
    if (route.of_channel != of_channel || route.method != request.method) continue;
    const bool with_number = route.path.size() > 1 && route.path.back() == '/';
    if (with_number ? path.substr(0, route.path.size()) == route.path : path == route.path) {
      return (this->*route.handler)(exchange, asked);
    }
  }
  return {404, error_body("there is nothing at " + std::string(request.path))};
}

bool OriginApi::play_faults(const Effects& effects, const Asked& asked, bool upgrade,
                            Reply& reply) {
  if (!upgrade && asked.channel->faults().poisoned(asked.lane)) {
    reply = {500, error_body("fault: upgrade-poison")};
    return true;
  }
  if (effects.status != 0) {
    reply.status = effects.status;
    if (effects.status != 204) reply.body = error_body("fault: status");
    return true;
  }
  if (!upgrade) return false;
  if (effects.upgrade_poison_us != 0) {
    asked.channel->faults().poison(asked.lane, effects.upgrade_poison_us);
    reply = {503, error_body("fault: upgrade-poison")};
    return true;
  }
  if (effects.upgrade_status != 0) {
    reply = {effects.upgrade_status, error_body("fault: upgrade-refused")};
    return true;
  }
  if (effects.upgrade_hang) {
    reply.session = std::make_unique<server::Silence>();
    return true;
  }
  return false;
}

OriginApi::Reply OriginApi::config(Exchange&, const Asked&) { return {200, config_}; }

OriginApi::Reply OriginApi::time(Exchange&, const Asked&) {
  return {200, json_number("now_us", schedule_.now_us())};
}

OriginApi::Reply OriginApi::create(Exchange&, const Asked& asked) {
  const auto scenario = parse_scenario(asked.body);
  if (!scenario) return {400, error_body(scenario.error().message)};
  std::string id;
  for (int i = 0; i < 32; ++i) id += "0123456789abcdef"[random_.next() >> 60];
  if (hub_.create(id, *scenario) != server::Hub::Created::kYes) {
    return {503, error_body("there are as many channels as the server allows")};
  }
  if (asked.request.parameter("wire_log") == "1") hub_.find(id)->wire().keep_logs();
  return {201, "{\"id\":\"" + id + "\"}"};
}

OriginApi::Reply OriginApi::end(Exchange&, const Asked& asked) {
  const std::string_view rest = asked.request.path.substr(kChannels.size());
  hub_.remove(rest.substr(0, rest.find('/')));
  return {204};
}

OriginApi::Reply OriginApi::publish(Exchange&, const Asked& asked) {
  if (!is_utf8(asked.body)) return {400, error_body("the body is not UTF-8")};
  return {201, json_number("seq", asked.channel->publish(asked.body))};
}

OriginApi::Reply OriginApi::poll(Exchange& exchange, const Asked& asked) {
  std::uint64_t after = 0;
  if (!read_cursor(asked.request.parameter("after").value_or(""), *asked.channel, exchange,
                   after)) {
    return {400, error_body("after must be a sequence number")};
  }
  return {200, asked.channel->answer(after, Served::kPoll)};
}

OriginApi::Reply OriginApi::long_poll(Exchange& exchange, const Asked& asked) {
  std::uint64_t after = 0;
  if (!read_cursor(asked.request.parameter("after").value_or(""), *asked.channel, exchange,
                   after)) {
    return {400, error_body("after must be a sequence number")};
  }
  double seconds = server::kDefaultHoldSeconds;
  if (const auto text = asked.request.parameter("timeout")) {
    // Whole seconds: libraries of C++ differ in whether they read others without a locale.
    const auto number = server::parse_whole<std::uint64_t>(*text);
    if (!number || static_cast<double>(*number) > server::kLongestHoldSeconds) {
      return {400, error_body("timeout must be a number of seconds from 0 to 60")};
    }
    seconds = static_cast<double>(*number);
  }
  if (after != asked.channel->log().last() || seconds == 0) {
    return {200, asked.channel->answer(after, Served::kLongPoll)};
  }
  const auto held_us = static_cast<std::int64_t>(seconds * static_cast<double>(server::kSecondUs));
  Reply reply;
  reply.session = std::make_unique<server::HeldPoll>(*asked.channel, after, schedule_,
                                                     schedule_.now_us() + held_us);
  return reply;
}

OriginApi::Reply OriginApi::event_stream(Exchange& exchange, const Asked& asked) {
  const std::string_view last_event_id = asked.request.field("Last-Event-ID");
  const bool resumes = !last_event_id.empty();
  std::uint64_t after = 0;
  if (!read_cursor(resumes ? last_event_id : asked.request.parameter("after").value_or(""),
                   *asked.channel, exchange, after)) {
    return {400, error_body(std::string(resumes ? "Last-Event-ID" : "after") +
                            " must be a sequence number")};
  }
  Reply reply;
  reply.session = std::make_unique<server::Subscriber>(*asked.channel, WireFormat::kEventStream,
                                                       after, exchange.way->effects().control_id);
  reply.stream_type = "text/event-stream";
  return reply;
}

OriginApi::Reply OriginApi::ndjson(Exchange& exchange, const Asked& asked) {
  std::uint64_t after = 0;
  if (!read_cursor(asked.request.parameter("after").value_or(""), *asked.channel, exchange,
                   after)) {
    return {400, error_body("after must be a sequence number")};
  }
  Reply reply;
  reply.session = std::make_unique<server::Subscriber>(*asked.channel, WireFormat::kNdjson, after);
  reply.stream_type = info(Served::kNdjson).content_type;
  return reply;
}

OriginApi::Reply OriginApi::websocket(Exchange& exchange, const Asked& asked) {
  std::uint64_t after = 0;
  if (asked.request.field("Upgrade") != "websocket") {
    return {426, error_body("this path is a WebSocket: the header Upgrade must be `websocket`")};
  }
  if (!read_cursor(asked.request.parameter("after").value_or(""), *asked.channel, exchange,
                   after)) {
    return {400, error_body("after must be a sequence number")};
  }
  Reply reply;
  reply.session =
      std::make_unique<server::WebSocketSubscriber>(*asked.channel, after, limits_.body_bytes);
  reply.upgraded = true;
  return reply;
}

OriginApi::Reply OriginApi::wire(Exchange&, const Asked& asked) {
  const auto lane = asked.request.parameter("lane");
  return {200, lane ? asked.channel->wire().to_json(*lane) : asked.channel->wire().to_json()};
}

OriginApi::Reply OriginApi::wire_log(Exchange&, const Asked& asked) {
  const auto parameter = [&](std::string_view name) {
    const auto value = asked.request.parameter(name);
    return value ? std::optional<std::string>(*value) : std::nullopt;
  };
  auto answer = server::answer_wire_log(
      asked.channel->wire(), {parameter("lane"), parameter("seq"), parameter("connection")});
  return {answer.status, std::move(answer.body)};
}

OriginApi::Reply OriginApi::add_fault(Exchange&, const Asked& asked) {
  const auto json = nlohmann::json::parse(asked.body, nullptr, /*allow_exceptions=*/false);
  const auto fault = parse_fault(json);
  if (!fault) return {400, error_body(fault.error().message)};
  const auto number = asked.channel->faults().add(*fault);
  if (!number) return {503, error_body("the channel has as many faults as it may have")};
  return {201, json_number("id", *number)};
}

OriginApi::Reply OriginApi::list_faults(Exchange&, const Asked& asked) {
  return {200, asked.channel->faults().to_json()};
}

OriginApi::Reply OriginApi::lift_faults(Exchange&, const Asked& asked) {
  asked.channel->faults().lift_all();
  return {204};
}

OriginApi::Reply OriginApi::lift_fault(Exchange&, const Asked& asked) {
  const std::string_view text = asked.rest.substr(std::string_view("/faults/").size());
  const auto number = server::parse_whole<std::uint64_t>(text);
  if (!number || !asked.channel->faults().lift(*number)) {
    return {404, error_body("there is no fault " + std::string(text))};
  }
  return {204};
}

// The fields in the order in which the native server writes them on Debian 12.
void OriginApi::write_head(const Reply& reply, const RequestHead& request, std::string& out) {
  out += "HTTP/1.1 ";
  append_number(reply.upgraded ? 101 : reply.status, out);
  out += ' ';
  out += reason_phrase(reply.upgraded ? 101 : reply.status);
  out += "\r\n";
  if (reply.upgraded) {
    out += "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ";
    out += kAcceptKey;
    out += "\r\n\r\n";
    return;
  }
  const bool stream = !reply.stream_type.empty();
  if (!reply.session && reply.status != 204) {
    out += "Content-Length: ";
    append_number(reply.body.size(), out);
    out += "\r\n";
  }
  if (reply.status != 204) {
    out += "Content-Type: ";
    out += stream ? reply.stream_type : "application/json";
    out += "\r\n";
  }
  if (stream) {
    out +=
        "Cache-Control: no-cache, no-transform\r\nTransfer-Encoding: chunked\r\n"
        "X-Accel-Buffering: no\r\n";
  }
  if (reply.status == 426) out += "Upgrade: websocket\r\n";
  if (const std::string_view origin = request.field("Origin"); !origin.empty()) {
    out += "Access-Control-Allow-Origin: ";
    out += origin;
    out += "\r\n";
  }
  out += stream ? "Connection: close\r\nVary: Origin\r\n\r\n"
                : "Vary: Origin\r\nCache-Control: no-store\r\n\r\n";
}

}  // namespace playground::simulation
