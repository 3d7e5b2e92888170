// What differs between browsers, as data: their limits, their clocks for hidden pages, and the
// exact heads of their requests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/client/host.h"
#include "core/simulation/virtual_time.h"

namespace playground::simulation {

// WebKit is missing: nobody has captured its heads.
enum class BrowserKind : std::uint8_t { kChromium, kFirefox };

struct BrowserProfile {
  std::string_view name;
  // Over HTTP/1.1, for each origin (scheme, host and port).
  std::size_t connections_per_origin;
  // For each host, and in all.
  std::size_t web_sockets;
  // An unused connection is closed after this.
  Micros idle_connection;
  // EventSource without a `retry` field (HTML 9.2.1).
  Micros reconnection_time;
  // Timers of a hidden page fire at whole steps of this; of one hidden for longer than
  // `hidden_long`, at whole steps of `hidden_long_step`. 0: not slowed further.
  Micros hidden_step;
  Micros hidden_long;
  Micros hidden_long_step;
  // By ConnectionKind. What changes is in braces: the words {method}, {target}, {host}, {page},
  // {site} and {key}, and the whole fields {referer}, {origin}, {type}, {length} and
  // {last_event_id}, which are left out where there is nothing to say.
  std::string_view heads[4];
};

const BrowserProfile& profile(BrowserKind kind);

// What a request's head is made from.
struct HeadFacts {
  std::string_view method = "GET";
  std::string_view target;       // path and query
  std::string_view host;         // "localhost:8088"
  std::string_view page_origin;  // "http://localhost:8088"
  std::string_view own_origin;   // of the request, likewise
  std::string_view content_type = {};
  std::size_t body_bytes = 0;
  std::string_view last_event_id = {};
  // Whether the page says where it is: the playground's own pages have `Referrer-Policy:
  // no-referrer`; a page without a policy sends its origin.
  bool referrer = false;
  // 16 bytes in base64, of a WebSocket.
  std::string_view websocket_key = {};
  std::string more = {};  // the page's own field lines, after the browser's
};

// The request's head with its blank line, as this browser writes it. The page is on the same site.
std::string request_head(const BrowserProfile& browser, client::ConnectionKind kind,
                         const HeadFacts& facts);

}  // namespace playground::simulation
