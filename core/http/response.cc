#include "core/http/response.h"

#include <utility>

#include "core/http/head.h"
#include "core/json_text.h"
#include "core/server/api_text.h"

namespace playground::http {

using server::Exchange;
using server::Reply;
using server::Request;

bool keeps_alive(const Request& request) {
  return !request.field_has("Connection", "close") &&
         (request.is_1_1 || request.field_has("Connection", "keep-alive"));
}

void respond(Reply reply, Exchange& exchange) {
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
  if (!exchange.keep_alive) {
    out += "Connection: close\r\n";
  } else if (!request.is_1_1) {
    out += "Connection: keep-alive\r\n";
  }
  out += "\r\n";
  if (request.method == "HEAD") return;
  exchange.session = std::move(reply.session);
  if (exchange.session || !has_content) return;
  out += reply.body;
  exchange.messages = reply.messages;
}

std::string refusal_response(int status, std::string_view sentence) {
  server::Reply reply;
  reply.status = status;
  reply.body = server::error_body(sentence);
  Exchange exchange;
  exchange.request = read_request("GET * HTTP/1.1\r\nConnection: close\r\n\r\n");
  respond(std::move(reply), exchange);
  return std::move(exchange.response);
}

}  // namespace playground::http
