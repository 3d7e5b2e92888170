#include "core/check/seen.h"

#include <utility>

#include "core/json.h"

namespace playground::check {

std::optional<Seen> parse_seen(std::string_view body, Micros clock_offset) {
  const Json json = parse_json(body);
  const auto requests = count_in(json, "requests");
  if (!requests) return std::nullopt;
  const auto text = [&](std::string_view name) {
    const std::string* found = text_in(json, name);
    return found ? *found : std::string();
  };
  const auto count = [&](std::string_view name) { return count_in(json, name).value_or(0); };
  Seen seen;
  seen.requests = *requests;
  seen.at = static_cast<Micros>(count("at_us")) - clock_offset;
  seen.method = text("method");
  seen.target = text("target");
  seen.version = text("version");
  if (const Json::Elements* fields = array_in(json, "fields")) {
    for (const Json& each : *fields) {
      const Json::Elements* pair = each.elements();
      if (!pair || pair->size() != 2 || !(*pair)[0].text() || !(*pair)[1].text()) continue;
      seen.fields.push_back({*(*pair)[0].text(), *(*pair)[1].text()});
    }
  }
  const Json* upgrade = member_in(json, "upgrade");
  seen.upgrade = upgrade && upgrade->truth() && *upgrade->truth();
  seen.status = static_cast<int>(count("status"));
  seen.writes = count("writes");
  seen.beats = count("beats");
  seen.messages = count("messages");
  seen.bytes = count("bytes");
  seen.pongs = count("pongs");
  seen.end = text("end");
  if (const auto ended = count("ended_us"); ended > 0) {
    seen.ended = static_cast<Micros>(ended) - clock_offset;
  }
  return seen;
}

}  // namespace playground::check
