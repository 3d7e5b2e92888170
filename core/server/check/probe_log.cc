#include "core/server/check/probe_log.h"

#include <array>
#include <utility>

#include "core/field_text.h"
#include "core/json_text.h"

namespace playground::server {

constexpr std::array<std::string_view, 6> kSeenEnds{"open",       "answered", "cut",
                                                    "peer-close", "peer-fin", "peer-reset"};

std::shared_ptr<SeenProbe> ProbeLog::note(const std::string& id, const Request& request,
                                          std::int64_t now_us) {
  std::shared_ptr<SeenProbe>& kept = probes_[id];
  if (!kept) {
    order_.push_back(id);
    if (order_.size() > kMaxProbes) {
      probes_.erase(order_.front());
      order_.pop_front();
    }
  }
  // Another request under the id has another record: the one before may be in use still.
  auto seen = std::make_shared<SeenProbe>();
  seen->requests = (kept ? kept->requests : 0) + 1;
  seen->at_us = now_us;
  seen->method = request.method;
  seen->target = request.target;
  seen->is_1_1 = request.is_1_1;
  const std::string_view fields = request.fields.substr(0, SeenProbe::kMaxFields);
  seen->fields = fields.substr(0, fields.rfind('\n') + 1);
  seen->upgrade = request.field_has("Upgrade", "websocket");
  kept = seen;
  return seen;
}

std::shared_ptr<const SeenProbe> ProbeLog::find(std::string_view id) const {
  const auto found = probes_.find(id);
  return found == probes_.end() ? nullptr : found->second;
}

std::string to_json(const SeenProbe& seen) {
  std::string out;
  JsonObject object(out);
  object.add("requests", seen.requests)
      .add("at_us", seen.at_us)
      .add("method", seen.method)
      .add("target", seen.target)
      .add("version", seen.is_1_1 ? "1.1" : "1.0");
  {
    JsonArray fields(object.value("fields"));
    for_each_field(seen.fields, [&](std::string_view name, std::string_view value) {
      JsonArray pair(fields.next());
      append_json_string(name, pair.next());
      append_json_string(value, pair.next());
    });
  }
  object.add("upgrade", seen.upgrade)
      .add("status", seen.status)
      .add("writes", seen.writes)
      .add("beats", seen.beats)
      .add("messages", seen.messages)
      .add("bytes", seen.bytes)
      .add("pongs", seen.pongs)
      .add("end", kSeenEnds[static_cast<std::size_t>(seen.end)])
      .add("ended_us", seen.ended_us);
  return out;
}

}  // namespace playground::server
