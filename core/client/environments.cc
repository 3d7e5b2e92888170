#include "core/client/environments.h"

#include <array>

namespace playground::client {

constexpr std::array kNoEventSource{Feature::kEventSource};
constexpr std::array kNoStreams{Feature::kEventSource, Feature::kFetch};

// Buffers what is a stream; an answer that ends passes.
constexpr std::string_view kBuffering =
    R"([{"kind":"buffer","transport":"sse"},{"kind":"buffer","transport":"stream"}])";
constexpr std::string_view kOneBehind =
    R"([{"kind":"one-behind","transport":"sse"},{"kind":"one-behind","transport":"stream"}])";
constexpr std::string_view kNoUpgrade = R"([{"kind":"upgrade-refused","status":400}])";
constexpr std::string_view kIdleLimit = R"([{"kind":"idle-cut","seconds":30}])";

constexpr EnvironmentInfo kEnvironments[] = {
    {.id = "modern",
     .title = "This browser, as it is",
     .summary = "Everything is there, and nothing stands between the page and the server.",
     .source = "Nothing is masked and no fault is asked for."},
    {.id = "edgehtml",
     .title = "No EventSource",
     .summary = "Old Edge (EdgeHTML 16 to 18): WebAssembly, fetch and its streams, but no "
                "EventSource.",
     .source = "EventSource came to Edge with Chromium, in version 79 (MDN browser compatibility "
               "data).",
     .without = kNoEventSource},
    {.id = "ie11",
     .title = "Internet Explorer 11",
     .summary = "Neither EventSource nor fetch: XMLHttpRequest and WebSocket are what there is.",
     .source = "IE never had EventSource, fetch or WebAssembly (MDN browser compatibility data). "
               "That it allows six WebSockets a server and drops idle ones after 30 s is not "
               "played.",
     .without = kNoStreams},
    {.id = "mini-program",
     .title = "WeChat mini-program",
     .summary = "wx.request and wx.connectSocket in place of XMLHttpRequest and WebSocket; no "
                "EventSource, and no stream that every device has.",
     .source = "WeChat's documentation of wx.request: 60 s a request, ten at once, five sockets. "
               "Streams by enableChunked (base library 2.20.1) are left out. Long polls, held for "
               "20 s, stay below the limit.",
     .without = kNoStreams},
    {.id = "react-native",
     .title = "React Native",
     .summary = "WebSocket and XMLHttpRequest are there; EventSource is not, and a fetch gives its "
                "body only when it is whole.",
     .source = "React Native's networking documentation; its fetch has no body stream.",
     .without = kNoStreams},
    {.id = "service-worker",
     .title = "Service worker",
     .summary = "No EventSource in browsers' practice; fetch with streams does the same work.",
     .source = "Browsers end an idle service worker within half a minute or so, which is not "
               "played: lanes run for as long as the page.",
     .without = kNoEventSource},
    {.id = "six-connections",
     .title = "HTTP/1.1 with seven tabs",
     .summary = "Six other tabs of this site hold an event stream each: the browser opens no "
                "seventh connection, and no error says so.",
     .source = "Six connections per host over HTTP/1.1 in Chromium and Firefox, WebSockets counted "
               "apart (freenet-core's issue 5213; WHATWG HTML 9.2 warns of it).",
     .other_tabs = 6},
    {.id = "buffering-proxy",
     .title = "Buffering proxy",
     .summary = "Something on the way keeps a response until it ends: streams open, and stay "
                "silent.",
     .source = "nginx by default (proxy_buffering on) and many corporate proxies; tested against "
               "the real nginx in deploy/nginx.",
     .faults = kBuffering},
    {.id = "no-upgrade",
     .title = "Proxy without Upgrade",
     .summary = "A proxy that does not forward the Upgrade header: no WebSocket gets through.",
     .source = "nginx without `proxy_set_header Upgrade` answers a handshake with the server's "
               "400; tested in deploy/nginx.",
     .faults = kNoUpgrade},
    {.id = "one-behind",
     .title = "Antivirus, one behind",
     .summary = "A filter on the reader's machine passes each piece of a stream when the next one "
                "comes: every message is one late.",
     .source = "FeatureHub's issue 296: an antivirus proxy that holds the newest event back.",
     .faults = kOneBehind},
    {.id = "idle-limits",
     .title = "Serverless gateway",
     .summary = "A connection that is silent for 30 s is cut: heartbeats every 15 s are what keeps "
                "a quiet stream alive.",
     .source = "Google's load balancer cuts at 30 s, AWS ALB at 60 s, API Gateway ends idle "
               "WebSockets at 10 min (their documentation).",
     .faults = kIdleLimit},
    {.id = "hidden-tab",
     .title = "Hidden tab",
     .summary = "The reader looks at another tab: timers fire once a second, and once a minute "
                "after five minutes; streams go on.",
     .source = "Chromium's throttling of timers in hidden pages, and Firefox's of one second.",
     .hidden = true,
     .simulated_only =
         "A page cannot hide itself, and a live run has a worker's timers where it can: run it "
         "simulated."},
};

std::span<const EnvironmentInfo> environments() { return kEnvironments; }

const EnvironmentInfo* find_environment(std::string_view id) {
  for (const EnvironmentInfo& each : kEnvironments) {
    if (each.id == id) return &each;
  }
  return nullptr;
}

}  // namespace playground::client
