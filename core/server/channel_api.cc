#include "core/server/channel_api.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/fault.h"
#include "core/json.h"
#include "core/json_text.h"
#include "core/scenario.h"
#include "core/server/api_text.h"
#include "core/server/held_poll.h"
#include "core/server/pending_answer.h"
#include "core/server/subscriber.h"
#include "core/server/websocket_handshake.h"
#include "core/server/websocket_subscriber.h"
#include "core/transport.h"
#include "core/utf8.h"

namespace playground::server {
namespace {

constexpr std::string_view kApi = "/api/";
constexpr std::string_view kChannels = "/api/channels/";
constexpr std::string_view kCheck = "/api/check/";
constexpr std::string_view kWebSocket = "/websocket";
constexpr std::string_view kEcho = "/echo";
// By which a page of another origin tells a refusal of ours from one of a gateway.
constexpr std::string_view kExposedFields = "Playground, Retry-After";
// What a stream says to those on its way: none of them is to compress or collect it.
constexpr std::string_view kStreamCaching = "no-cache, no-transform";
constexpr std::string_view kPlainStreamCaching = "no-cache";

// How long a long poll may be held, in seconds.
constexpr double kLongestHoldSeconds = 60;
constexpr double kDefaultHoldSeconds = 20;

// A request that never gets an answer.
class Silence final : public Session {
 public:
  void begin(Outlet& outlet, std::string) override { outlet_ = &outlet; }
  bool on_bytes(std::string_view) override { return true; }
  void end() override { outlet_->finish(); }

 private:
  Outlet* outlet_ = nullptr;
};

// What is served at a path of a channel; null where that is none of its streams and polls.
const ServedInfo* served_at(std::string_view rest) {
  return rest.empty() ? nullptr : find_served(rest.substr(1));
}

// Whether faults are played on a path of a channel: those on which it is followed, and what a lane
// says.
bool meets_faults(std::string_view rest, std::string_view lane) {
  return served_at(rest) != nullptr || (rest == "/messages" && !lane.empty());
}

// Whether a path of a channel asks about a lane, and is not one of its requests.
bool asks_for_wire(std::string_view rest) { return rest == "/wire" || rest == "/wire/log"; }

// Whether a stream is to go out as an application's that says nothing to those on its way.
bool plain_headers(const Request& request) { return request.parameter("plain_headers") == "1"; }

// Nothing where it is not a number of seconds in range.
std::optional<double> hold_seconds(const Request& request) {
  const auto text = request.parameter("timeout");
  if (!text) return kDefaultHoldSeconds;
  const auto seconds = parse_decimal(*text);
  if (!seconds || *seconds > kLongestHoldSeconds) return std::nullopt;
  return seconds;
}

}  // namespace

// The methods of one path are together; a 405 names them in this order.
const ChannelApi::Route ChannelApi::kRoutes[] = {
    {"GET", true, "/poll", &ChannelApi::poll},
    {"GET", true, "/long-poll", &ChannelApi::long_poll},
    {"GET", true, "/sse", &ChannelApi::stream},
    {"GET", true, "/stream", &ChannelApi::stream},
    {"GET", true, kWebSocket, &ChannelApi::websocket},
    {"POST", true, "/messages", &ChannelApi::publish},
    {"POST", true, "/end", &ChannelApi::remove},
    {"PUT", true, "", &ChannelApi::create_named},
    {"DELETE", true, "", &ChannelApi::remove},
    {"GET", true, "/wire", &ChannelApi::wire},
    {"GET", true, "/wire/log", &ChannelApi::wire_log},
    {"POST", true, "/faults", &ChannelApi::add_fault},
    {"GET", true, "/faults", &ChannelApi::list_faults},
    {"DELETE", true, "/faults", &ChannelApi::lift_faults},
    {"DELETE", true, "/faults/", &ChannelApi::lift_fault},
    {"POST", false, "/api/channels", &ChannelApi::create},
    {"GET", false, "/api/time", &ChannelApi::time},
    {"GET", false, "/api/config", &ChannelApi::config},
    {"GET", false, kEcho, &ChannelApi::echo},
    {"GET", false, "/api/check/poll", &ChannelApi::check},
    {"GET", false, "/api/check/long-poll", &ChannelApi::check},
    {"GET", false, "/api/check/sse", &ChannelApi::check},
    {"GET", false, "/api/check/stream", &ChannelApi::check},
    {"GET", false, "/api/check/websocket", &ChannelApi::check},
    {"GET", false, "/api/check/seen", &ChannelApi::check},
    {"POST", false, "/api/check/seen", &ChannelApi::check},
    {"GET", false, "/api/check/cookie/set", &ChannelApi::check},
    {"GET", false, "/api/check/cookie/seen", &ChannelApi::check},
    {"GET", false, "/api/check/body", &ChannelApi::check},
    {"GET", false, "/api/check/probes/", &ChannelApi::check},
    {"GET", false, "/metrics", &ChannelApi::metrics_text},
    {"GET", false, "/healthz", &ChannelApi::health},
};

ChannelApi::ChannelApi(Hub& hub, Schedule& schedule, const Limits& limits, Metrics& metrics,
                       Host host)
    : hub_(hub),
      schedule_(schedule),
      limits_(limits),
      metrics_(metrics),
      host_(std::move(host)),
      check_(host_.check ? host_.check(schedule, limits, metrics) : nullptr) {}

bool ChannelApi::serves(std::string_view path) {
  return path.starts_with(kApi) ||
         std::any_of(std::begin(kRoutes), std::end(kRoutes),
                     [&](const Route& route) { return !route.of_channel && route.path == path; });
}

std::vector<std::string> ChannelApi::routes() {
  std::vector<std::string> all;
  for (const Route& route : kRoutes) {
    std::string text(route.method);
    text.append(route.of_channel ? " /api/channels/{}" : " ").append(route.path);
    if (text.back() == '/') text += "{}";
    all.push_back(std::move(text));
  }
  return all;
}

void ChannelApi::end() {
  for (Echo* echo : Echoes(echoes_)) echo->end();
  if (check_) check_->end();
}

std::size_t ChannelApi::readers() const {
  return hub_.readers() + echoes_.size() + (check_ ? check_->readers() : 0) + host_.other_readers();
}

Reply ChannelApi::answer(const Request& request) {
  Reply reply;
  Asked asked{request};
  asked.rest = request.path;
  const bool of_api = request.path.starts_with(kApi) || request.path == kEcho;
  if (!of_api || enter(asked, reply)) route(asked, reply);
  if (of_api && reply.form != Reply::Form::kUpgrade) {
    const bool stream = reply.form == Reply::Form::kStream;
    const bool plain = plain_headers(request);
    if (stream || !plain) {
      reply.add_field("Cache-Control", !stream ? "no-store"
                                       : plain ? kPlainStreamCaching
                                               : kStreamCaching);
    }
    if (asked.rest.starts_with(kCheck)) {
      // What stands between names itself in its own fields.
      reply.add_field("Access-Control-Expose-Headers", "*");
      // By which a page of another origin is told how large an answer was on its way.
      reply.add_field("Timing-Allow-Origin", "*");
    } else if (reply.status >= 400) {
      reply.add_field("Access-Control-Expose-Headers", kExposedFields);
    }
  }
  return reply;
}

bool ChannelApi::enter(Asked& asked, Reply& reply) {
  if (!host_.admits(asked.request, reply) || !find_channel(asked, reply) ||
      !find_lane(asked, reply)) {
    return false;
  }
  if (asked.request.method == "OPTIONS") {
    answer_preflight(reply);
    return false;
  }
  const bool of_check = asked.rest.starts_with(kCheck);
  if (of_check && !find_check_channel(asked, reply)) return false;
  if (!asked.channel || !(of_check || meets_faults(asked.rest, asked.lane))) return true;
  const std::string_view path = asked.rest.substr(of_check ? kCheck.size() - 1 : 0);
  const ServedInfo* served = served_at(path);
  const bool upgrade = asked.request.method == "GET" && served != nullptr && served->upgrades;
  reply.response_path = asked.channel->faults().path(asked.lane, path.substr(1));
  if (!play_faults(asked, upgrade, reply)) return false;
  if (reply.lane && served)
    ++reply.lane->arrived[static_cast<std::size_t>(served - &info(Served{}))];
  return true;
}

bool ChannelApi::find_channel(Asked& asked, Reply& reply) {
  asked.of_channel = asked.request.path.starts_with(kChannels);
  if (!asked.of_channel) return true;
  const std::string_view behind = std::string_view(asked.request.path).substr(kChannels.size());
  asked.id = behind.substr(0, behind.find('/'));
  asked.rest = behind.substr(asked.id.size());
  asked.channel = hub_.find(asked.id);
  if (asked.channel) {
    asked.channel->touch();
    return true;
  }
  const std::string id(asked.id);
  if (!looked_up(asked, id, reply)) return false;
  if (asked.request.method == "PUT" && asked.rest.empty()) return true;
  if (!hub_.outlived(id)) return refused(reply, 404, "there is no channel " + id);
  return limit_reached(reply, 404, "the channel " + id + " has had its time", "--max-lifetime");
}

// Whether all is known of a channel that is not here; otherwise the request waits, or is refused.
bool ChannelApi::looked_up(const Asked& asked, const std::string& id, Reply& reply) {
  if (!hub_.shared() || asked.request.waited == Waited::kDone || !WireMeter::is_lane_name(id)) {
    return true;
  }
  if (asked.request.waited == Waited::kNot) {
    reply.later = [this, id](std::function<void(Waited)> ready) {
      hub_.look_up(id, std::move(ready));
    };
    return false;
  }
  if (hub_.channels() >= limits_.channels) {
    return limit_reached(reply, 503, "there are as many channels as the server allows",
                         "--max-channels");
  }
  return refused(reply, 503, to_text(AppendError::kUnavailable));
}

// A check may be played in the conditions of a channel: its faults are on the probes' path. What is
// asked about a probe passes without.
bool ChannelApi::find_check_channel(Asked& asked, Reply& reply) {
  const auto id = asked.request.parameter("channel");
  if (!id || asked.rest.starts_with("/api/check/probes/")) return true;
  asked.channel = hub_.find(*id);
  if (!asked.channel) {
    return looked_up(asked, *id, reply) && refused(reply, 404, "there is no channel " + *id);
  }
  asked.channel->touch();
  return true;
}

// In a question about a lane, `lane` is not the asker's.
bool ChannelApi::find_lane(Asked& asked, Reply& reply) {
  if (!asked.channel || asks_for_wire(asked.rest)) return true;
  auto lane = asked.request.parameter("lane");
  if (!lane) return true;
  if (!WireMeter::is_lane_name(*lane)) {
    return refused(reply, 400, "lane must be 1 to 32 characters of a-z, 0-9 and -");
  }
  asked.lane = std::move(*lane);
  reply.lane = asked.channel->wire().lane(asked.lane);
  return reply.lane || refused(reply, 400, "lane: the channel has too many lanes");
}

bool ChannelApi::play_faults(const Asked& asked, bool upgrade, Reply& reply) {
  const Effects& effects = reply.response_path->effects();
  FaultBoard& faults = asked.channel->faults();
  if (!upgrade && faults.poisoned(asked.lane)) return refused(reply, 500, "fault: upgrade-poison");
  if (effects.status != 0) return refused(reply, effects.status, "fault: status");
  if (!upgrade) return true;
  if (effects.upgrade_poison_us != 0) {
    faults.poison(asked.lane, effects.upgrade_poison_us);
    return refused(reply, 503, "fault: upgrade-poison");
  }
  if (effects.upgrade_status != 0) {
    return refused(reply, effects.upgrade_status, "fault: upgrade-refused");
  }
  if (!effects.upgrade_hang) return true;
  reply.form = Reply::Form::kHeld;
  reply.session = std::make_unique<Silence>();
  return false;
}

void ChannelApi::route(Asked& asked, Reply& reply) {
  const bool head = asked.request.method == "HEAD";
  std::string allowed;
  for (const Route& route : kRoutes) {
    if (route.of_channel != asked.of_channel) continue;
    const std::size_t size = route.path.size();
    if (size > 1 && route.path.back() == '/') {
      if (!asked.rest.starts_with(route.path)) continue;
      asked.parameter = asked.rest.substr(size);
      if (asked.parameter.empty() || asked.parameter.find('/') != asked.parameter.npos) continue;
    } else if (asked.rest != route.path) {
      continue;
    }
    if (route.handler == &ChannelApi::metrics_text && !host_.metrics_text) continue;
    if (route.handler == &ChannelApi::check && !check_) continue;
    if (route.method == asked.request.method || (head && route.method == "GET")) {
      return (this->*route.handler)(asked, reply);
    }
    allowed.append(", ").append(route.method);
  }
  if (allowed.empty()) return refuse(reply, 404, "there is nothing at " + asked.request.path);
  reply.add_field("Allow", "OPTIONS" + allowed);
  refuse(reply, 405,
         "the method " + std::string(asked.request.method) + " is not for " + asked.request.path);
}

// Channels

bool ChannelApi::take_scenario(const Asked& asked, Scenario& scenario, Reply& reply) {
  auto parsed = parse_scenario(asked.request.body);
  if (!parsed) return refused(reply, 400, parsed.error().message);
  scenario = std::move(*parsed);
  if (scenario.rate > limits_.rate) {
    return limit_reached(reply, 400, "rate is over what the server allows", "--max-rate");
  }
  if (scenario.payload_bytes > limits_.payload_bytes) {
    return limit_reached(reply, 400, "payload_bytes is over what the server allows",
                         "--max-payload");
  }
  return true;
}

bool ChannelApi::begun(Hub::Created created, Reply& reply) {
  switch (created) {
    case Hub::Created::kYes:
      break;
    case Hub::Created::kTooMany:
      return limit_reached(reply, 503, "there are as many channels as the server allows",
                           "--max-channels");
    case Hub::Created::kTooManyOfOwner:
      return limit_reached(reply, 503, "there are as many channels as the server allows an address",
                           "--max-channels-per-address");
    case Hub::Created::kFull:
      return refused(reply, 503, to_text(AppendError::kFull));
    case Hub::Created::kUnavailable:
    case Hub::Created::kNone:
      return refused(reply, 503, to_text(AppendError::kUnavailable));
  }
  return true;
}

void ChannelApi::begin_channel(const Asked& asked, std::string id, Reply& reply,
                               std::function<std::string()> answer) {
  Scenario scenario;
  if (!take_scenario(asked, scenario, reply)) return;
  reply.status = 201;
  if (!hub_.shared()) {
    if (begun(hub_.create(std::move(id), scenario, asked.request.client), reply)) {
      reply.body = answer();
    }
    return;
  }
  const PendingAnswer later;
  hub_.create(std::move(id), scenario, asked.request.client, [=, this](Hub::Created created) {
    Reply outcome;
    if (begun(created, outcome)) return later.give(answer());
    later.fail(PendingAnswer::Failure::kUnavailable, std::move(outcome.body));
  });
  later.settle(reply);
}

void ChannelApi::create(const Asked& asked, Reply& reply) {
  const std::string id = host_.new_channel_id();
  const bool keeps_logs = asked.request.parameter("wire_log") == "1";
  begin_channel(asked, id, reply, [this, id, keeps_logs] {
    if (keeps_logs) hub_.find(id)->wire().keep_logs();
    return "{\"id\":\"" + id + "\"}";
  });
}

void ChannelApi::create_named(const Asked& asked, Reply& reply) {
  const std::string id(asked.id);
  if (!WireMeter::is_lane_name(id)) {
    return refuse(reply, 400, "a channel's name must be 1 to 32 characters of a-z, 0-9 and -");
  }
  if (!limits_.named_channels) {
    limit_reached(reply, 403, "a server that is open to strangers has no named channels",
                  "--public");
    return;
  }
  const auto answer = [this, id] {
    return "{\"id\":\"" + id + "\",\"epoch\":\"" + hub_.find(id)->epoch() + "\"}";
  };
  if (!asked.channel) return begin_channel(asked, id, reply, answer);
  reply.body = answer();
}

void ChannelApi::remove(const Asked& asked, Reply& reply) {
  reply.status = 204;
  if (!hub_.shared()) {
    hub_.remove(asked.id);
    return;
  }
  const PendingAnswer answer;
  hub_.remove(asked.id, [answer](bool ended) {
    if (!ended) return answer.fail(to_text(AppendError::kUnavailable));
    answer.give(std::string());
  });
  answer.settle(reply);
}

void ChannelApi::publish(const Asked& asked, Reply& reply) {
  if (!is_utf8(asked.request.body)) return refuse(reply, 400, "the body is not UTF-8");
  reply.status = 201;
  const PendingAnswer answer;
  asked.channel->publish(asked.request.body, [answer](const auto& seq) {
    if (!seq) return answer.fail(to_text(seq.error()));
    answer.give(json_number("seq", *seq));
  });
  answer.settle(reply);
}

// Reading

void ChannelApi::answer_batch(const Asked& asked, std::uint64_t after, Served served,
                              Reply& reply) {
  const Log& log = asked.channel->log();
  if (kMayShare && after + 1 < log.window().first() && !log.trouble().empty()) {
    return refuse(reply, 503, log.trouble());  // what is not here could not be read
  }
  const PendingAnswer answer;
  asked.channel->answer(after, served, [answer](PollBatch batch) {
    answer.give(std::move(batch.json), batch.messages);
  });
  answer.settle(reply);
}

void ChannelApi::poll(const Asked& asked, Reply& reply) {
  if (const auto after = cursor_after(asked, reply)) {
    answer_batch(asked, *after, Served::kPoll, reply);
  }
}

void ChannelApi::long_poll(const Asked& asked, Reply& reply) {
  const auto after = cursor_after(asked, reply);
  if (!after) return;
  const auto seconds = hold_seconds(asked.request);
  if (!seconds) return refuse(reply, 400, "timeout must be a number of seconds from 0 to 60");
  if (*after != asked.channel->log().last() || *seconds == 0) {
    return answer_batch(asked, *after, Served::kLongPoll, reply);
  }
  if (!has_room(reply)) return;
  const auto held_us = static_cast<std::int64_t>(*seconds * static_cast<double>(kSecondUs));
  reply.form = Reply::Form::kHeld;
  reply.session =
      std::make_unique<HeldPoll>(asked.channel->audience(), *after, schedule_.now_us() + held_us);
}

void ChannelApi::stream(const Asked& asked, Reply& reply) {
  const ServedInfo& served = *served_at(asked.rest);
  const bool events = &served == &info(Served::kEventStream);
  const std::string_view last_event_id =
      events ? asked.request.field("Last-Event-ID") : std::string_view();
  const auto after = last_event_id.empty() ? cursor_after(asked, reply)
                                           : cursor(asked, last_event_id, "Last-Event-ID", reply);
  if (!after || !has_room(reply)) return;
  reply.type = served.content_type;
  if (!plain_headers(asked.request)) reply.add_field("X-Accel-Buffering", "no");
  reply.form = Reply::Form::kStream;
  const WireFormat format = stream_format(served, asked.request.is_1_1);
  const Subscriber::Manner manner{.of_lane = !asked.lane.empty(),
                                  .control_ids = reply.response_path->effects().control_id};
  reply.session = std::make_unique<Subscriber>(asked.channel->audience(), format, *after, manner);
}

void ChannelApi::websocket(const Asked& asked, Reply& reply) {
  if (!check_websocket_handshake(asked.request, reply)) {
    if (reply.lane) reply.lane->not_upgraded += !asked.request.field_has("Upgrade", "websocket");
    return;
  }
  const auto after = cursor_after(asked, reply);
  if (!after || !has_room(reply)) return;
  upgrade(asked, std::make_unique<WebSocketSubscriber>(*asked.channel, *after, limits_.body_bytes),
          reply);
}

void ChannelApi::echo(const Asked& asked, Reply& reply) {
  if (!check_websocket_handshake(asked.request, reply) || !has_room(reply)) return;
  upgrade(asked, std::make_unique<Echo>(echoes_, metrics_, limits_.message_bytes), reply);
}

void ChannelApi::check(const Asked& asked, Reply& reply) {
  const ServedInfo* served = served_at(asked.rest.substr(kCheck.size() - 1));
  if (served && served != &info(Served::kPoll) && !has_room(reply)) return;
  check_->answer(asked.rest.substr(kCheck.size()), asked.request, reply);
  if (reply.form == Reply::Form::kUpgrade) upgrade(asked, std::move(reply.session), reply);
}

// RFC 6455 4.2.2. Neither a cache nor a page of another origin has a use for more fields.
void ChannelApi::upgrade(const Asked& asked, std::unique_ptr<Session> session, Reply& reply) {
  reply.status = 101;
  reply.form = Reply::Form::kUpgrade;
  reply.fields = "Upgrade: websocket\r\nConnection: Upgrade\r\n";
  reply.add_field("Sec-WebSocket-Accept",
                  host_.accept_key(asked.request.field("Sec-WebSocket-Key")));
  reply.session = std::move(session);
  if (reply.lane) ++reply.lane->upgraded;
}

// Faults

void ChannelApi::add_fault(const Asked& asked, Reply& reply) {
  const Json json = parse_json(asked.request.body);
  const auto fault = parse_fault(json);
  if (!fault) return refuse(reply, 400, fault.error().message);
  if (!asked.channel->faults().has_room()) {
    return refuse(reply, 503, "the channel has as many faults as it may have");
  }
  reply.status = 201;
  Neighbours* neighbours = asked.channel->log().neighbours();
  if (!neighbours) {
    reply.body = json_number("id", *asked.channel->faults().add(*fault));
    return;
  }
  const PendingAnswer answer;
  neighbours->add_fault(*fault, [answer](const auto& number) {
    if (!number) return answer.fail(to_text(number.error()));
    answer.give(json_number("id", *number));
  });
  answer.settle(reply);
}

void ChannelApi::list_faults(const Asked& asked, Reply& reply) {
  reply.body = asked.channel->faults().to_json();
}

void ChannelApi::lift_faults(const Asked& asked, Reply& reply) {
  FaultBoard& faults = asked.channel->faults();
  if (lift_shared(asked, faults.numbers(), reply)) return;
  faults.lift_all();
  reply.status = 204;
}

void ChannelApi::lift_fault(const Asked& asked, Reply& reply) {
  const auto number = parse_whole<std::uint64_t>(asked.parameter);
  FaultBoard& faults = asked.channel->faults();
  if (!number || !faults.has(*number)) {
    return refuse(reply, 404, "there is no fault " + std::string(asked.parameter));
  }
  if (lift_shared(asked, {*number}, reply)) return;
  faults.lift(*number);
  reply.status = 204;
}

// False where the channel is this server's alone.
bool ChannelApi::lift_shared(const Asked& asked, const std::vector<std::uint64_t>& numbers,
                             Reply& reply) {
  Neighbours* neighbours = asked.channel->log().neighbours();
  if (!neighbours) return false;
  const PendingAnswer answer;
  neighbours->lift_faults(numbers, [answer](std::optional<AppendError> error) {
    if (error) return answer.fail(to_text(*error));
    answer.give(std::string());
  });
  reply.status = 204;
  answer.settle(reply);
  return true;
}

// Questions

void ChannelApi::wire(const Asked& asked, Reply& reply) {
  const auto lane = asked.request.parameter("lane");
  if (Neighbours* neighbours = asked.channel->log().neighbours()) {
    const PendingAnswer answer;
    neighbours->wire_counts(lane, [answer](std::string json) { answer.give(std::move(json)); });
    return answer.settle(reply);
  }
  reply.body = lane ? asked.channel->wire().to_json(*lane) : asked.channel->wire().to_json();
}

void ChannelApi::wire_log(const Asked& asked, Reply& reply) {
  answer_wire_log(asked.channel->wire(), asked.request, reply);
  Neighbours* neighbours = asked.channel->log().neighbours();
  if (reply.status != 404 || !neighbours) return;
  // It may have gone over another server's wire.
  const std::string_view target = asked.request.target;
  const PendingAnswer answer;
  neighbours->wire_log(target.substr(target.find('?') + 1),
                       [answer, refusal = std::exchange(reply.body, {})](std::string json) {
                         if (json.empty())
                           return answer.fail(PendingAnswer::Failure::kNotFound, refusal);
                         answer.give(std::move(json));
                       });
  reply.status = 200;
  answer.settle(reply);
}

void ChannelApi::time(const Asked&, Reply& reply) {
  // By which a page of another origin is told what it speaks with the server.
  reply.add_field("Timing-Allow-Origin", "*");
  reply.body = json_number("now_us", schedule_.now_us());
}

void ChannelApi::config(const Asked& asked, Reply& reply) {
  JsonObject config(reply.body);
  config.add("version", host_.version);
  {
    JsonArray ports(config.value("lane_ports"));
    for (const auto port : lane_ports_) append_number(port, ports.next());
  }
  config.add("proxied", asked.request.passed_proxy());
  if (hub_.shared()) {
    config.add("server", hub_.shared()->server()).add("servers", hub_.shared()->servers());
  }
  JsonObject(config.value("limits"))
      .add("connections", limits_.connections)
      .add("subscribers", limits_.readers)
      .add("subscribers_per_address", limits_.readers_per_address)
      .add("channels", limits_.channels)
      .add("channels_per_address", limits_.channels_per_address)
      .add("rate", limits_.rate)
      .add("payload_bytes", limits_.payload_bytes)
      .add("head_bytes", limits_.head_bytes)
      .add("body_bytes", limits_.body_bytes)
      .add("message_bytes", limits_.message_bytes)
      .add("lifetime_s", limits_.channel_lifetime_us / kSecondUs)
      .add("requests_per_s", limits_.requests_per_s)
      .add("probes", check_ ? limits_.probes : 0)
      .add("probes_per_address", check_ ? limits_.probes_per_address : 0);
}

void ChannelApi::metrics_text(const Asked&, Reply& reply) {
  reply.type = host_.metrics_type;
  reply.body = host_.metrics_text();
}

void ChannelApi::health(const Asked&, Reply& reply) {
  reply.type = "text/plain";
  const std::string trouble = hub_.shared() ? hub_.shared()->trouble() : std::string();
  reply.body = trouble.empty() ? "ok" : "degraded: the channels' logs: " + trouble;
}

std::optional<std::uint64_t> ChannelApi::cursor(const Asked& asked, std::string_view text,
                                                std::string_view name, Reply& reply) const {
  const auto cursor = asked.channel->cursor(text, reply.response_path->effects());
  if (!cursor) refuse(reply, 400, std::string(name) + " must be a sequence number");
  return cursor;
}

std::optional<std::uint64_t> ChannelApi::cursor_after(const Asked& asked, Reply& reply) const {
  return cursor(asked, asked.request.parameter("after").value_or(""), "after", reply);
}

bool ChannelApi::has_room(Reply& reply) {
  return readers() < limits_.readers ||
         limit_reached(reply, 503, "there are as many streams and held polls as the server allows",
                       "--max-subscribers");
}

bool ChannelApi::limit_reached(Reply& reply, int status, std::string sentence,
                               std::string_view limit) {
  ++metrics_.refusals[limit];
  return refused(reply, status, limit_sentence(std::move(sentence), limit));
}

}  // namespace playground::server
