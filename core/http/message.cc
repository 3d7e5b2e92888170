#include "core/http/message.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "core/http_date.h"
#include "core/json_text.h"
#include "core/server/api_text.h"

namespace playground::http {

using server::Exchange;
using server::Reply;
using server::Request;

namespace {

struct ReasonPhrase {
  int status;
  std::string_view text;
};

// RFC 9110 15, and what was registered since.
constexpr ReasonPhrase kReasonPhrases[] = {
    {101, "Switching Protocols"},
    {200, "OK"},
    {201, "Created"},
    {204, "No Content"},
    {301, "Moved Permanently"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {407, "Proxy Authentication Required"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {417, "Expectation Failed"},
    {418, "(Unused)"},
    {421, "Misdirected Request"},
    {425, "Too Early"},
    {426, "Upgrade Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {451, "Unavailable For Legal Reasons"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {511, "Network Authentication Required"},
};

// The next part of `text` up to `separator`, which is taken off as well.
std::string_view take_until(std::string_view& text, std::string_view separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + separator.size(), text.size()));
  return part;
}

}  // namespace

Request read_request(std::string_view head) {
  std::string_view line = take_until(head, "\r\n");
  Request request;
  request.method = take_until(line, " ");
  request.target = take_until(line, " ");
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!equals_ignoring_case(request.target.substr(0, scheme.size()), scheme)) continue;
    request.target.remove_prefix(scheme.size());
    const std::size_t end = std::min(request.target.find_first_of("/?#"), request.target.size());
    request.authority = request.target.substr(0, end);
    request.target.remove_prefix(end);
    if (request.target.empty()) request.target = "/";
  }
  request.path = server::decoded_path(request.target);
  request.is_1_1 = line == "HTTP/1.1";
  request.fields = head.substr(0, head.size() - std::min<std::size_t>(2, head.size()));
  return request;
}

int read_status(std::string_view head) {
  take_until(head, " ");
  int status = 0;
  std::from_chars(head.data(), head.data() + head.size(), status);
  return status;
}

std::string_view reason_phrase(int status) {
  for (const ReasonPhrase& each : kReasonPhrases) {
    if (each.status == status) return each.text;
  }
  return "Unknown";
}

bool keeps_alive(const Request& request) {
  return !request.field_has("Connection", "close") &&
         (request.is_1_1 || request.field_has("Connection", "keep-alive"));
}

void respond(Reply reply, Exchange& exchange) {
  exchange.later = std::move(reply.later);
  if (exchange.later) return;
  const Request& request = exchange.request;
  const bool stream = reply.form == Reply::Form::kStream;
  // RFC 9110 8.6: these have no content, and may not claim that they have none.
  const bool has_content = reply.status >= 200 && reply.status != 204 && reply.status != 304;
  exchange.keep_alive = !stream && reply.form != Reply::Form::kUpgrade && keeps_alive(request);
  exchange.lane = std::move(reply.lane);
  exchange.response_path = std::move(reply.response_path);

  std::string& out = exchange.response;
  out.clear();
  out.reserve(256 + reply.body.size());
  out += "HTTP/1.1 ";
  append_number(reply.status, out);
  out.append(" ").append(reason_phrase(reply.status)).append("\r\n");
  out.append("Date: ").append(http_date(exchange.now_us)).append("\r\n");
  out.append(kPlaygroundField).append(": 1\r\n");
  if (reply.form == Reply::Form::kUpgrade) {
    out.append(reply.fields).append("\r\n");
    exchange.session = std::move(reply.session);
    return;
  }
  if (reply.form == Reply::Form::kWhole && has_content) {
    out += "Content-Length: ";
    append_number(reply.body.size(), out);
    out += "\r\n";
  }
  if (has_content) out.append("Content-Type: ").append(reply.type).append("\r\n");
  out += reply.fields;
  if (stream && request.is_1_1) out += "Transfer-Encoding: chunked\r\n";
  // One list of all that concerns this connection alone (RFC 9110 7.6.1); an Upgrade does (7.8).
  std::string connection = find_field(reply.fields, "Upgrade").empty() ? "" : "Upgrade";
  const std::string_view goes_on = !exchange.keep_alive ? "close"
                                   : !request.is_1_1    ? "keep-alive"
                                                        : "";
  if (!connection.empty() && !goes_on.empty()) connection += ", ";
  connection += goes_on;
  if (!connection.empty()) out.append("Connection: ").append(connection).append("\r\n");
  out += "\r\n";
  if (request.method == "HEAD") return;
  exchange.session = std::move(reply.session);
  if (exchange.session || !has_content) return;
  out += reply.body;
  exchange.messages = reply.messages;
}

std::string refusal_response(int status, std::string_view sentence, std::int64_t now_us) {
  Reply reply;
  reply.status = status;
  reply.body = server::error_body(sentence);
  if (status == 429) reply.add_field("Retry-After", "1");  // by then there are requests again
  Exchange exchange;
  exchange.now_us = now_us;
  exchange.request = read_request("GET * HTTP/1.1\r\nConnection: close\r\n\r\n");
  respond(std::move(reply), exchange);
  return std::move(exchange.response);
}

}  // namespace playground::http
