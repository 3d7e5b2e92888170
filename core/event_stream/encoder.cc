#include "core/event_stream/encoder.h"

#include <algorithm>

namespace playground::event_stream {

void encode(const OutgoingEvent& event, std::string& out) {
  if (!event.type.empty()) out.append("event: ").append(event.type).append("\n");
  if (event.id) out.append("id: ").append(*event.id).append("\n");
  std::string_view rest = event.data;
  while (true) {
    // Not find_first_of(), which looks each character up in the set by a call.
    const auto stop =
        std::find_if(rest.begin(), rest.end(), [](char c) { return c == '\r' || c == '\n'; });
    const std::size_t end =
        stop == rest.end() ? rest.npos : static_cast<std::size_t>(stop - rest.begin());
    out.append("data: ").append(rest.substr(0, end)).append("\n");
    if (end == std::string_view::npos) break;
    const bool crlf = rest[end] == '\r' && end + 1 < rest.size() && rest[end + 1] == '\n';
    rest.remove_prefix(end + (crlf ? 2 : 1));
  }
  out += '\n';
}

}  // namespace playground::event_stream
