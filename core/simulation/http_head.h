// Reading the heads of HTTP/1.1 messages that were framed already (RFC 9112 2 to 5).
#ifndef PLAYGROUND_CORE_SIMULATION_HTTP_HEAD_H_
#define PLAYGROUND_CORE_SIMULATION_HTTP_HEAD_H_

#include <optional>
#include <string_view>

namespace playground::simulation {

// Views into the head it was read from.
struct RequestHead {
  std::string_view method;
  std::string_view path;
  std::string_view query;   // without its question mark
  std::string_view fields;  // whole lines

  std::string_view field(std::string_view name) const;
  // Of the query, as it stands there: names and numbers need no percent-encoding.
  std::optional<std::string_view> parameter(std::string_view name) const;
};

// Precondition: `head` is a whole head.
RequestHead read_request_head(std::string_view head);

// The value of the first field of that name in whole lines of fields, case ignored; empty where
// there is none.
std::string_view find_field(std::string_view fields, std::string_view name);

// The status of a response head's first line; 0 where there is none.
int read_status(std::string_view head);

// The reason phrases of the statuses that the server answers with (RFC 9110 15); "Status" for
// others.
std::string_view reason_phrase(int status);

}  // namespace playground::simulation

#endif  // PLAYGROUND_CORE_SIMULATION_HTTP_HEAD_H_
