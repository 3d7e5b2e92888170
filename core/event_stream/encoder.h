// Writes text/event-stream (WHATWG HTML 9.2.5).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace playground::event_stream {

// An event to be written. An empty `type` is a plain message; without `id` the reader's last event
// id stays as it is.
struct OutgoingEvent {
  std::string_view type;
  std::string_view data;
  std::optional<std::string_view> id;
};

// Appends the event with its blank line. Data with line ends becomes several `data` lines.
// Precondition: `type` and `id` hold no CR, LF or NUL.
void encode(const OutgoingEvent& event, std::string& out);

}  // namespace playground::event_stream
