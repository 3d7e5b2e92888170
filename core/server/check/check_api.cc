#include "core/server/check/check_api.h"

#include <utility>

#include "core/json_text.h"
#include "core/probe_cookie.h"
#include "core/probe_pad.h"
#include "core/server/api_text.h"
#include "core/server/websocket_handshake.h"
#include "core/transport.h"

namespace playground::server {

constexpr std::string_view kMaxProbes = "--max-probes";
constexpr std::string_view kMaxProbesPerAddress = "--max-probes-per-address";
constexpr std::string_view kRetryAfterSeconds = "7";
// Without a Path it belongs to the folder of the address, whatever a proxy has put before it; so no
// other probe has it.
constexpr std::string_view kCookieAttributes = "; Max-Age=60; SameSite=Strict; HttpOnly";

void CheckApi::end() {
  open_.for_each([](ProbeSession& session) { session.end(); });
}

void CheckApi::answer(std::string_view path, const Request& request, Reply& reply) {
  // What comes here is shown by nobody as anything but data.
  reply.add_field("X-Content-Type-Options", "nosniff");
  if (path.starts_with("probes/")) {
    const std::string_view id = path.substr(std::string_view("probes/").size());
    const auto seen = log_.find(id);
    if (!seen)
      return refuse(reply, 404, "no request of the probe " + std::string(id) + " has come");
    reply.body = to_json(*seen);
    return;
  }
  auto parsed = parse_probe(request);
  if (!parsed) return refuse(reply, 400, parsed.error().message);
  Probe& probe = *parsed;
  const auto record = log_.note(probe.id, request, schedule_.now_us());
  const auto answered = [&](int status) {
    record->status = reply.status = status;
    record->ended(SeenEnd::kAnswered, schedule_.now_us());
  };
  if (probe.status != 0) {
    if (probe.status >= 400) refuse(reply, probe.status, "the probe asks for this status");
    if (probe.status == 429 || probe.status == 503)
      reply.add_field("Retry-After", kRetryAfterSeconds);
    return answered(probe.status);
  }
  const ServedInfo* served = find_served(path);
  if (served != nullptr && !served->polls) {
    if (served->upgrades && !check_websocket_handshake(request, reply))
      return answered(reply.status);
    if (!has_room(request.client, reply)) return answered(reply.status);
    record->status = served->upgrades ? 101 : 200;
    reply.form = served->upgrades ? Reply::Form::kUpgrade : Reply::Form::kStream;
    const WireFormat format = stream_format(*served, request.is_1_1);
    if (!served->upgrades) {
      const bool text = probe.text && served != &info(Served::kEventStream);
      reply.type = text ? std::string_view("text/plain; charset=utf-8") : served->content_type;
      if (!probe.plain) reply.add_field("X-Accel-Buffering", "no");
    }
    reply.session =
        std::make_unique<ProbeStream>(open_, schedule_, std::move(probe), record,
                                      std::string(request.client), format, limits_.message_bytes);
    return;
  }
  if (path == "long-poll" && probe.hold_us > 0) {
    if (!has_room(request.client, reply)) return answered(reply.status);
    record->status = 200;
    reply.form = Reply::Form::kHeld;
    reply.session = std::make_unique<HeldProbe>(open_, schedule_, std::move(probe), record,
                                                std::string(request.client));
    return;
  }
  answered(200);
  if (path == "cookie/set") {
    reply.add_field("Set-Cookie", probe_cookie(probe.id).append(kCookieAttributes));
  }
  if (path == "seen" || path.starts_with("cookie/")) {
    record->messages = record->requests;
    record->bytes = request.body.size();
    reply.body = to_json(*record);
  } else if (path == "body") {
    reply.type = "text/plain; charset=utf-8";
    reply.body = probe_pad(0, probe.body);
  } else {
    JsonObject(reply.body).add("n", record->requests).add("sent_us", schedule_.now_us());
  }
}

bool CheckApi::has_room(std::string_view client, Reply& reply) {
  std::size_t of_client = 0;
  open_.for_each([&](const ProbeSession& session) { of_client += session.client() == client; });
  const bool all = open_.size() >= limits_.probes;
  if (!all && of_client < limits_.probes_per_address) return true;
  const std::string_view limit = all ? kMaxProbes : kMaxProbesPerAddress;
  ++metrics_.refusals[limit];
  return refused(reply, 503,
                 limit_sentence(all ? "there are as many streams of checks as the server allows"
                                    : "there are as many streams of checks as the server allows "
                                      "an address",
                                limit));
}

std::unique_ptr<CheckPaths> make_check_api(Schedule& schedule, const Limits& limits,
                                           Metrics& metrics) {
  return std::make_unique<CheckApi>(schedule, limits, metrics);
}

}  // namespace playground::server
