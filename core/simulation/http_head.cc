#include "core/simulation/http_head.h"

#include <algorithm>
#include <charconv>

#include "core/server/field_text.h"

namespace playground::simulation {
namespace {

// The next part of `text` up to `separator`, which is taken off as well.
std::string_view take_until(std::string_view& text, std::string_view separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + separator.size(), text.size()));
  return part;
}

}  // namespace

RequestHead read_request_head(std::string_view head) {
  std::string_view line = take_until(head, "\r\n");
  RequestHead request;
  request.method = take_until(line, " ");
  std::string_view target = take_until(line, " ");
  request.path = take_until(target, "?");
  request.query = target;
  request.fields = head;
  return request;
}

std::string_view RequestHead::field(std::string_view name) const {
  return find_field(fields, name);
}

std::optional<std::string_view> RequestHead::parameter(std::string_view name) const {
  std::string_view rest = query;
  while (!rest.empty()) {
    std::string_view value = take_until(rest, "&");
    if (take_until(value, "=") == name) return value;
  }
  return std::nullopt;
}

std::string_view find_field(std::string_view fields, std::string_view name) {
  while (!fields.empty()) {
    const std::string_view line = take_until(fields, "\r\n");
    if (line.size() <= name.size() || line[name.size()] != ':') continue;
    if (!server::equals_ignoring_case(line.substr(0, name.size()), name)) continue;
    std::string_view value = line.substr(name.size() + 1);
    value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
    return value;
  }
  return {};
}

int read_status(std::string_view head) {
  take_until(head, " ");
  int status = 0;
  std::from_chars(head.data(), head.data() + head.size(), status);
  return status;
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 101:
      return "Switching Protocols";
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 204:
      return "No Content";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 426:
      return "Upgrade Required";
    case 429:
      return "Too Many Requests";
    case 500:
      return "Internal Server Error";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "Status";
  }
}

}  // namespace playground::simulation
