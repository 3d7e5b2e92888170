#include "core/server/wire_log_answer.h"

#include <cstdint>

#include "core/json_text.h"
#include "core/server/api_text.h"

namespace playground::server {
namespace {

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
