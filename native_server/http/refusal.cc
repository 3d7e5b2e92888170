#include "native_server/http/refusal.h"

#include <utility>

#include <httplib.h>

#include "core/server/api_text.h"

namespace playground::server {

Refusal limit_reached(int status, std::string sentence, std::string_view limit) {
  sentence.append(" (").append(limit).append(")");
  return {status, std::move(sentence), limit};
}

std::string refusal_response(int status, std::string_view sentence) {
  const std::string body = error_body(sentence);
  std::string response = "HTTP/1.1 ";
  append_number(status, response);
  response.append(" ").append(httplib::status_message(status));
  response += "\r\nContent-Type: application/json\r\nContent-Length: ";
  append_number(body.size(), response);
  response.append("\r\nConnection: close\r\n\r\n").append(body);
  return response;
}

}  // namespace playground::server
