#include "core/server/wire_meter.h"

#include <algorithm>

#include "core/json_text.h"

namespace playground::server {
namespace {

constexpr std::size_t kMaxNameBytes = 32;

void append_lane(std::string_view name, const WireCount& count, std::string& out) {
  out += "{\"lane\":";
  append_json_string(name, out);
  out += ",\"bytes_in\":";
  append_number(count.bytes_in, out);
  out += ",\"bytes_out\":";
  append_number(count.bytes_out, out);
  out += ",\"requests\":";
  append_number(count.requests, out);
  out += ",\"connections\":";
  append_number(count.connections, out);
  out += '}';
}

}  // namespace

void CarriedLanes::count_request(const Lane& lane, std::size_t bytes) {
  ++lane->requests;
  lane->bytes_in += bytes;
  if (std::find(lanes_.begin(), lanes_.end(), lane) != lanes_.end()) return;
  // Lanes of channels that are gone would otherwise pile up on a long-lived connection.
  std::erase_if(lanes_, [](const Lane& each) { return each.use_count() == 1; });
  lanes_.push_back(lane);
  ++lane->connections;
}

bool WireMeter::is_lane_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !name.empty() && name.size() <= kMaxNameBytes &&
         std::all_of(name.begin(), name.end(), allowed);
}

Lane WireMeter::lane(std::string_view name) {
  const auto found = lanes_.find(name);
  if (found != lanes_.end()) return found->second;
  if (lanes_.size() >= max_lanes_) return nullptr;
  return lanes_.emplace(name, std::make_shared<WireCount>()).first->second;
}

std::string WireMeter::to_json(std::string_view name) const {
  std::string out;
  const auto found = lanes_.find(name);
  append_lane(name, found == lanes_.end() ? WireCount{} : *found->second, out);
  return out;
}

std::string WireMeter::to_json() const {
  std::string out = "{\"lanes\":[";
  for (const auto& [name, count] : lanes_) {
    if (out.back() != '[') out += ',';
    append_lane(name, *count, out);
  }
  return out + "]}";
}

}  // namespace playground::server
