#include "core/server/api_text.h"

namespace playground::server {

std::string error_body(std::string_view sentence) {
  std::string body = "{\"error\":";
  append_json_string(sentence, body);
  return body += '}';
}

}  // namespace playground::server
