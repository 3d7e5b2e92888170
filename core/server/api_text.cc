#include "core/server/api_text.h"

#include <algorithm>
#include <cstddef>

namespace playground::server {

std::string error_body(std::string_view sentence) {
  std::string body;
  JsonObject(body).add("error", sentence);
  return body;
}

void refuse(Reply& reply, int status, std::string_view sentence) {
  reply.status = status;
  reply.body = error_body(sentence);
}

std::string limit_sentence(std::string sentence, std::string_view limit) {
  sentence.append(" (").append(limit).append(")");
  return sentence;
}

std::string_view take_word(std::string_view& text) {
  const std::size_t end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

std::optional<double> parse_decimal(std::string_view text) {
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction = text.substr(std::min(point + 1, text.size()));
  if (whole.empty() || (point < text.size() && fraction.empty())) return std::nullopt;
  double value = 0;
  for (const char digit : whole) {
    if (digit < '0' || digit > '9') return std::nullopt;
    value = value * 10 + (digit - '0');
  }
  double unit = 0.1;
  for (const char digit : fraction) {
    if (digit < '0' || digit > '9') return std::nullopt;
    value += unit * (digit - '0');
    unit /= 10;
  }
  return value;
}

}  // namespace playground::server
