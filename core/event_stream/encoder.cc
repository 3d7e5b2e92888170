#include "core/event_stream/encoder.h"

namespace playground::event_stream {

void encode(const OutgoingEvent& event, std::string& out) {
  if (!event.type.empty()) out.append("event: ").append(event.type).append("\n");
  if (event.id) out.append("id: ").append(*event.id).append("\n");
  std::string_view rest = event.data;
  while (true) {
    const std::size_t end = rest.find_first_of("\r\n");
    out.append("data: ").append(rest.substr(0, end)).append("\n");
    if (end == std::string_view::npos) break;
    const bool crlf = rest[end] == '\r' && end + 1 < rest.size() && rest[end + 1] == '\n';
    rest.remove_prefix(end + (crlf ? 2 : 1));
  }
  out += '\n';
}

}  // namespace playground::event_stream
