// The head of a request (RFC 9112 3, 5) as this program sends it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/client/host.h"
#include "native_client/net/network_settings.h"
#include "native_client/net/proxy.h"
#include "native_client/net/url.h"

namespace playground::native {

// Whether it can be sent as a field: a token (RFC 9110 5.6.2), and a value without control
// characters (5.5).
bool is_field_name(std::string_view name);
bool is_field_value(std::string_view value);
// Whether it says how a message is framed, or concerns the connection alone (RFC 9112 6, RFC 9110
// 7.6.1, RFC 6455 11.3): the program's own affair. Host is not among them.
bool is_framing_field(std::string_view name);

struct RequestHead {
  std::string_view method = "GET";
  const Url& url;
  // Replace the program's own of the same name; framing fields are left out.
  std::vector<client::HeaderField> fields = {};
  // Sent as they are, after all others.
  std::vector<client::HeaderField> own = {};
  // What gets the request in absolute form (RFC 9112 3.2.2); null: the server.
  const Proxy* proxy = nullptr;
  // Another server than the one that was asked for: what the command line says of Authorization and
  // Cookie is not for it.
  bool redirected_away = false;
};

// Blank line included. What the command line says of header fields comes last, and counts.
std::string text_of(const RequestHead& head, const NetworkSettings& settings);

}  // namespace playground::native
