#include "core/event_stream/encoder.h"

#include "core/json_text.h"

namespace playground::event_stream {

void encode(const OutgoingEvent& event, std::string& out) {
  if (!event.type.empty()) {
    out += "event: ";
    out += event.type;
    out += '\n';
  }
  if (event.id) {
    out += "id: ";
    out += *event.id;
    out += '\n';
  }
  std::string_view rest = event.data;
  while (true) {
    const std::size_t end = rest.find_first_of("\r\n");
    out += "data: ";
    out += rest.substr(0, end);
    out += '\n';
    if (end == std::string_view::npos) break;
    const bool crlf = rest[end] == '\r' && end + 1 < rest.size() && rest[end + 1] == '\n';
    rest.remove_prefix(end + (crlf ? 2 : 1));
  }
  out += '\n';
}

void encode_retry(std::uint32_t milliseconds, std::string& out) {
  out += "retry: ";
  append_number(milliseconds, out);
  out += '\n';
}

}  // namespace playground::event_stream
