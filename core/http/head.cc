#include "core/http/head.h"

#include <algorithm>
#include <charconv>

namespace playground::http {
namespace {

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
    case 407:
      return "Proxy Authentication Required";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 417:
      return "Expectation Failed";
    case 418:
      return "(Unused)";
    case 421:
      return "Misdirected Request";
    case 425:
      return "Too Early";
    case 426:
      return "Upgrade Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 451:
      return "Unavailable For Legal Reasons";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    case 511:
      return "Network Authentication Required";
    default:
      return "Unknown";
  }
}

}  // namespace playground::http
