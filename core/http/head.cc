#include "core/http/head.h"

#include <algorithm>
#include <charconv>

namespace playground::http {
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

server::Request read_request(std::string_view head) {
  std::string_view line = take_until(head, "\r\n");
  server::Request request;
  request.method = take_until(line, " ");
  request.target = take_until(line, " ");
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

}  // namespace playground::http
