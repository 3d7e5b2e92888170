#include "core/server/wire_meter.h"

#include <algorithm>
#include <utility>

#include "core/json_text.h"
#include "core/server/api_text.h"

namespace playground::server {
namespace {

constexpr std::size_t kMaxNameBytes = 32;

void append_lane(std::string_view name, const MeteredLane& lane, std::string& out) {
  JsonObject json(out);
  json.add("lane", name)
      .add("bytes_in", lane.count.bytes_in)
      .add("bytes_out", lane.count.bytes_out)
      .add("requests", lane.count.requests)
      .add("connections", lane.count.connections);
  JsonObject arrived(json.value("arrived"));
  for (std::size_t i = 0; i < lane.arrived.size(); ++i) {
    if (lane.arrived[i] > 0) arrived.add(info(static_cast<Served>(i)).path, lane.arrived[i]);
  }
  if (lane.not_upgraded > 0) arrived.add("not_upgraded", lane.not_upgraded);
  if (lane.upgraded > 0) arrived.add("upgraded", lane.upgraded);
}

void append_excerpt(std::string_view lane, const WireExcerpt& excerpt, std::string& out) {
  JsonObject answer(out);
  answer.add("lane", lane).add("connection", excerpt.connection).value("parts") += '[';
  for (const WireExcerpt::Part& part : excerpt.parts) {
    if (out.back() != '[') out += ',';
    JsonObject each(out);
    each.add("direction", part.inbound ? "in" : "out");
    each.add("at_us", part.at_us).add("skipped", part.skipped);
    append_byte_text(part.bytes, each.value("bytes"));
  }
  out += ']';
}

}  // namespace

void CarriedLanes::begin_request(const Lane& lane, std::string_view request) {
  current_ = kNone;
  if (!lane) return;
  const auto found = std::find_if(lanes_.begin(), lanes_.end(),
                                  [&](const Carried& each) { return each.lane == lane; });
  if (found != lanes_.end()) {
    current_ = static_cast<std::size_t>(found - lanes_.begin());
  } else {
    // Lanes of channels that are gone would otherwise pile up on a long-lived connection.
    std::erase_if(lanes_, [](const Carried& each) { return each.lane.use_count() == 1; });
    current_ = lanes_.size();
    lanes_.push_back({lane, ++lane->count.connections});
  }
  ++lane->count.requests;
  read(WireLog::Kind::kRequest, request);
}

void CarriedLanes::read(WireLog::Kind kind, std::string_view bytes) {
  if (current_ == kNone) return;
  Carried& carried = lanes_[current_];
  carried.lane->count.bytes_in += bytes.size();
  if (carried.lane->log) {
    carried.lane->log->add(carried.number, kind, schedule_.now_us(), carried.bytes_in, {&bytes, 1},
                           bytes.size());
  }
  carried.bytes_in += bytes.size();
}

void CarriedLanes::sent(std::span<const Piece> pieces, std::size_t size) {
  if (current_ == kNone) return;
  Carried& carried = lanes_[current_];
  carried.lane->count.bytes_out += size;
  if (carried.lane->log) {
    std::vector<std::string_view> parts;
    for (const Piece& piece : pieces) parts.push_back(piece.bytes);
    carried.lane->log->add(carried.number, WireLog::Kind::kOut, schedule_.now_us(),
                           carried.bytes_out, parts, size);
  }
  carried.bytes_out += size;
}

void CarriedLanes::hand_over(const Piece& piece) {
  if (current_ == kNone) return;
  Carried& carried = lanes_[current_];
  const std::uint64_t begin =
      std::exchange(carried.handed_over, carried.handed_over + piece.bytes.size());
  if (carried.lane->log && piece.messages.first != 0) {
    carried.lane->log->mark(carried.number, piece.messages, begin, carried.handed_over);
  }
}

bool WireMeter::is_lane_name(std::string_view name) {
  return !name.empty() && name.size() <= kMaxNameBytes &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

Lane WireMeter::lane(std::string_view name) {
  const auto found = lanes_.find(name);
  if (found != lanes_.end()) return found->second;
  if (lanes_.size() >= max_lanes_) return nullptr;
  const Lane lane = std::make_shared<MeteredLane>();
  if (keeps_logs_) keep_log(*lane);
  return lanes_.emplace(name, lane).first->second;
}

void WireMeter::keep_log(MeteredLane& lane) {
  if (lane.log || logs_ >= kMaxLogs) return;
  lane.log = std::make_unique<WireLog>();
  ++logs_;
}

const WireLog* WireMeter::log(std::string_view name) {
  const auto found = lanes_.find(name);
  if (found == lanes_.end()) return nullptr;
  keep_log(*found->second);
  return found->second->log.get();
}

std::string WireMeter::to_json(std::string_view name) const {
  std::string out;
  const auto found = lanes_.find(name);
  static const MeteredLane kNothing;
  append_lane(name, found == lanes_.end() ? kNothing : *found->second, out);
  return out;
}

std::string WireMeter::to_json() const {
  std::string out = "{\"lanes\":[";
  for (const auto& [name, lane] : lanes_) {
    if (out.back() != '[') out += ',';
    append_lane(name, *lane, out);
  }
  return out + "]}";
}

void answer_wire_log(WireMeter& meter, const Request& request, Reply& reply) {
  const auto lane = request.parameter("lane");
  const auto seq_text = request.parameter("seq");
  const auto connection_text = request.parameter("connection");
  if (!lane) return refuse(reply, 400, "lane must be named");
  const auto seq = parse_whole<std::uint64_t>(seq_text.value_or(""));
  if (seq_text && !seq) return refuse(reply, 400, "seq must be a sequence number");
  const auto connection = parse_whole<std::uint64_t>(connection_text.value_or(""));
  if (connection_text && !connection) {
    return refuse(reply, 400, "connection must be a connection's number");
  }
  if (!meter.has(*lane)) return refuse(reply, 404, "no request has named the lane " + *lane);
  const WireLog* log = meter.log(*lane);
  if (!log) return refuse(reply, 503, "the channel keeps the bytes of as many lanes as it may");
  const auto excerpt = seq ? log->message(*seq) : log->connection(connection);
  if (excerpt) return append_excerpt(*lane, *excerpt, reply.body);
  refuse(reply, 404,
         "the bytes kept of lane " + *lane +
             (seq          ? " do not hold message " + *seq_text
              : connection ? " do not hold connection " + *connection_text
                           : " begin now"));
}

}  // namespace playground::server
