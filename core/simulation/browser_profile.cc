#include "core/simulation/browser_profile.h"

namespace playground::simulation {
namespace {

// The heads are those that tests/browser/request_heads.mjs prints, field by field in their order.
//
// Chromium 156.0.8078.79 of Debian 12, headless, on Linux. With a window it says `Chrome` instead
// of `HeadlessChrome` (eight bytes less), and more languages if its user reads more.
#define PLAYGROUND_CHROMIUM_AGENT                                                       \
  "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) " \
  "HeadlessChrome/156.0.0.0 Safari/537.36\r\n"
#define PLAYGROUND_CHROMIUM_HINTS "sec-ch-ua: \"Not:A-Brand\";v=\"8\", \"Chromium\";v=\"156\"\r\n"
#define PLAYGROUND_CHROMIUM_END                                                 \
  "Sec-Fetch-Site: {site}\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\n" \
  "{referer}Accept-Encoding: gzip, deflate, br, zstd\r\n"                       \
  "Accept-Language: en-US,en;q=0.9\r\n"

constexpr BrowserProfile kChromium{
    "Chromium",
    6,            // g_max_sockets_per_group, net/socket/client_socket_pool_manager.cc
    255,          // its second value, for WebSockets
    300'000'000,  // kUsedIdleSocketTimeout
    3'000'000,    // EventSource::kDefaultReconnectDelay
    1'000'000,    // hidden pages: once a second…
    300'000'000,
    60'000'000,  // …and once a minute after five ("intensive throttling")
    {"{method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: keep-alive\r\nPragma: no-cache\r\n"
     "Cache-Control: no-cache\r\n{last_event_id}sec-ch-ua-platform: "
     "\"Linux\"\r\n" PLAYGROUND_CHROMIUM_AGENT
     "Accept: text/event-stream\r\n" PLAYGROUND_CHROMIUM_HINTS
     "sec-ch-ua-mobile: ?0\r\n{origin}" PLAYGROUND_CHROMIUM_END "\r\n",
     "{method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nPragma: no-cache\r\n"
     "Cache-Control: no-cache\r\n" PLAYGROUND_CHROMIUM_AGENT
     "Upgrade: websocket\r\nOrigin: {page}\r\nSec-WebSocket-Version: 13\r\n"
     "Accept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: en-US,en;q=0.9\r\n"
     "Sec-WebSocket-Key: {key}\r\n"
     "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n",
     "{method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: keep-alive\r\nPragma: no-cache\r\n"
     "Cache-Control: no-cache\r\nsec-ch-ua-platform: \"Linux\"\r\n" PLAYGROUND_CHROMIUM_AGENT
         PLAYGROUND_CHROMIUM_HINTS
     "sec-ch-ua-mobile: ?0\r\nAccept: */*\r\n{origin}" PLAYGROUND_CHROMIUM_END "\r\n",
     "{method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: keep-alive\r\n{length}"
     "sec-ch-ua-platform: \"Linux\"\r\n" PLAYGROUND_CHROMIUM_AGENT PLAYGROUND_CHROMIUM_HINTS
     "{type}sec-ch-ua-mobile: ?0\r\nAccept: */*\r\n{origin}" PLAYGROUND_CHROMIUM_END "\r\n"},
};

#undef PLAYGROUND_CHROMIUM_AGENT
#undef PLAYGROUND_CHROMIUM_HINTS
#undef PLAYGROUND_CHROMIUM_END

// Firefox 153.7.0 ESR of Debian 12, on Linux.
#define PLAYGROUND_FIREFOX_BEGIN(accept)                                                   \
  "{method} {target} HTTP/1.1\r\nHost: {host}\r\n"                                         \
  "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0\r\n" \
  "Accept: " accept                                                                        \
  "\r\nAccept-Language: en-US,en;q=0.9\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n"
#define PLAYGROUND_FIREFOX_END(mode) \
  "Sec-Fetch-Dest: empty\r\nSec-Fetch-Mode: " mode "\r\nSec-Fetch-Site: {site}\r\n"

constexpr BrowserProfile kFirefox{
    "Firefox",
    6,            // network.http.max-persistent-connections-per-server
    200,          // network.websocket.max-connections
    115'000'000,  // network.http.keep-alive.timeout
    5'000'000,    // DEFAULT_RECONNECTION_TIME_VALUE, dom/base/EventSource.cpp
    1'000'000,    // dom.min_background_timeout_value
    0,
    0,
    {PLAYGROUND_FIREFOX_BEGIN("text/event-stream") "{last_event_id}{origin}Connection: "
                                                   "keep-alive\r\n"
                                                   "{referer}" PLAYGROUND_FIREFOX_END(
                                                       "cors") "Priority: u=4\r\nPragma: "
                                                               "no-cache\r\nCache-Control: "
                                                               "no-cache\r\n\r\n",
     PLAYGROUND_FIREFOX_BEGIN(
         "*/*") "Sec-WebSocket-Version: 13\r\nOrigin: {page}\r\n"
                "Sec-WebSocket-Extensions: permessage-deflate\r\nSec-WebSocket-Key: {key}\r\n"
                "Connection: Upgrade\r\n" PLAYGROUND_FIREFOX_END(
                    "websocket") "Pragma: no-cache\r\nCache-Control: no-cache\r\nUpgrade: "
                                 "websocket\r\n\r\n",
     PLAYGROUND_FIREFOX_BEGIN("*/*") "{referer}{origin}Connection: "
                                     "keep-alive\r\n" PLAYGROUND_FIREFOX_END(
                                         "cors") "Priority: u=4\r\nPragma: "
                                                 "no-cache\r\nCache-Control: no-cache\r\n\r\n",
     PLAYGROUND_FIREFOX_BEGIN("*/*") "{type}{length}{origin}Connection: keep-alive\r\n"
                                     "{referer}" PLAYGROUND_FIREFOX_END("cors") "\r\n"},
};

#undef PLAYGROUND_FIREFOX_BEGIN
#undef PLAYGROUND_FIREFOX_END

void append_field(std::string_view name, std::string_view value, std::string& out) {
  out.append(name).append(": ").append(value).append("\r\n");
}

void append_named(std::string_view name, const HeadFacts& facts, std::string& out) {
  const bool same_origin = facts.own_origin == facts.page_origin;
  if (name == "method") out += facts.method;
  if (name == "target") out += facts.target;
  if (name == "host") out += facts.host;
  if (name == "page") out += facts.page_origin;
  if (name == "site") out += same_origin ? "same-origin" : "same-site";
  if (name == "key") out += facts.websocket_key;
  if (name == "referer" && facts.referrer) {
    append_field("Referer", std::string(facts.page_origin) + "/", out);
  }
  if (name == "origin" && (!same_origin || facts.method != "GET")) {
    append_field("Origin", facts.page_origin, out);
  }
  if (name == "type" && !facts.content_type.empty()) {
    append_field("Content-Type", facts.content_type, out);
  }
  if (name == "length" && facts.body_bytes > 0) {
    append_field("Content-Length", std::to_string(facts.body_bytes), out);
  }
  if (name == "last_event_id" && !facts.last_event_id.empty()) {
    append_field("Last-Event-ID", facts.last_event_id, out);
  }
}

}  // namespace

const BrowserProfile& profile(BrowserKind kind) {
  return kind == BrowserKind::kChromium ? kChromium : kFirefox;
}

std::string request_head(const BrowserProfile& browser, client::ConnectionKind kind,
                         const HeadFacts& facts) {
  std::string_view rest = browser.heads[static_cast<std::size_t>(kind)];
  std::string out;
  out.reserve(rest.size() + 256);
  for (std::size_t open = rest.find('{'); open != rest.npos; open = rest.find('{')) {
    const std::size_t close = rest.find('}', open);
    out += rest.substr(0, open);
    append_named(rest.substr(open + 1, close - open - 1), facts, out);
    rest.remove_prefix(close + 1);
  }
  out += rest;
  return out.insert(out.size() - 2, facts.more);
}

}  // namespace playground::simulation
