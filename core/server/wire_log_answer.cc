#include "core/server/wire_log_answer.h"

#include <cstdint>
#include <utility>

#include "core/byte_text.h"
#include "core/json_text.h"
#include "core/server/api_text.h"

namespace playground::server {
namespace {

WireLogAnswer refused(int status, std::string_view sentence) {
  return {status, error_body(sentence)};
}

std::string to_json(std::string_view lane, const WireExcerpt& excerpt) {
  std::string out = "{\"lane\":";
  append_json_string(lane, out);
  out += ",\"connection\":";
  append_number(excerpt.connection, out);
  out += ",\"parts\":[";
  for (const WireExcerpt::Part& part : excerpt.parts) {
    if (out.back() != '[') out += ',';
    out += part.inbound ? "{\"direction\":\"in\",\"at_us\":" : "{\"direction\":\"out\",\"at_us\":";
    append_number(part.at_us, out);
    out += ",\"skipped\":";
    append_number(part.skipped, out);
    out += ",\"bytes\":";
    append_byte_text(part.bytes, out);
    out += '}';
  }
  return out += "]}";
}

}  // namespace

WireLogAnswer answer_wire_log(WireMeter& meter, const WireLogQuestion& question) {
  if (!question.lane) return refused(400, "lane must be named");
  const auto number = [](const std::optional<std::string>& text) {
    return text ? parse_whole<std::uint64_t>(*text) : std::nullopt;
  };
  const auto seq = number(question.seq);
  if (question.seq && !seq) return refused(400, "seq must be a sequence number");
  const auto connection = number(question.connection);
  if (question.connection && !connection) {
    return refused(400, "connection must be a connection's number");
  }
  const std::string& lane = *question.lane;
  if (!meter.has(lane)) return refused(404, "no request has named the lane " + lane);
  const WireLog* log = meter.log(lane);
  if (!log) return refused(503, "the channel keeps the bytes of as many lanes as it may");
  const auto excerpt = seq ? log->message(*seq) : log->connection(connection);
  if (excerpt) return {200, to_json(lane, *excerpt)};
  std::string sentence = "the bytes kept of lane " + lane;
  if (seq) {
    sentence.append(" do not hold message ").append(*question.seq);
  } else if (connection) {
    sentence.append(" do not hold connection ").append(*question.connection);
  } else {
    sentence += " begin now";
  }
  return refused(404, sentence);
}

}  // namespace playground::server
