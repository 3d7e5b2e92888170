#include "core/client/environment_words.h"

#include <array>
#include <cstddef>

namespace playground::client {

// In the order of the environments.
constexpr std::array<EnvironmentWords, kEnvironmentCount> kEnvironmentWords{{
    {.title = "This browser, as it is",
     .summary = "Everything is there, and nothing stands between the page and the server.",
     .source = "Nothing is masked and no fault is asked for."},
    {.title = "No EventSource",
     .summary = "Old Edge (EdgeHTML 16 to 18): WebAssembly, fetch and its streams, but no "
                "EventSource.",
     .source = "EventSource came to Edge with Chromium, in version 79 (MDN browser compatibility "
               "data)."},
    {.title = "Internet Explorer 11",
     .summary = "Neither EventSource nor fetch: XMLHttpRequest and WebSocket are what there is.",
     .source = "IE never had EventSource, fetch or WebAssembly (MDN browser compatibility data). "
               "That it allows six WebSockets a server and drops idle ones after 30 s is not "
               "played."},
    {.title = "WeChat mini-program",
     .summary = "wx.request and wx.connectSocket in place of XMLHttpRequest and WebSocket; no "
                "EventSource, and no stream that every device has.",
     .source = "WeChat's documentation of wx.request: 60 s a request, ten at once, five sockets. "
               "Streams by enableChunked (base library 2.20.1) are left out. Long polls, held for "
               "20 s, stay below the limit."},
    {.title = "React Native",
     .summary = "WebSocket and XMLHttpRequest are there; EventSource is not, and a fetch gives its "
                "body only when it is whole.",
     .source = "React Native's networking documentation; its fetch has no body stream."},
    {.title = "Service worker",
     .summary = "No EventSource in browsers' practice; fetch with streams does the same work.",
     .source = "Browsers end an idle service worker within half a minute or so, which is not "
               "played: lanes run for as long as the page."},
    {.title = "HTTP/1.1 with seven tabs",
     .summary = "Six other tabs of this site hold an event stream each: the browser opens no "
                "seventh connection, and no error says so.",
     .source = "Six connections per host over HTTP/1.1 in Chromium and Firefox, WebSockets counted "
               "apart (freenet-core's issue 5213; WHATWG HTML 9.2 warns of it)."},
    {.title = "Buffering proxy",
     .summary = "Something on the way keeps a response until it ends: streams open, and stay "
                "silent.",
     .source = "nginx by default (proxy_buffering on) and many corporate proxies; tested against "
               "the real nginx in deploy/nginx."},
    {.title = "Proxy without Upgrade",
     .summary = "A proxy that does not forward the Upgrade header: no WebSocket gets through.",
     .source = "nginx without proxy_set_header Upgrade answers a handshake with the server's "
               "400; tested in deploy/nginx."},
    {.title = "Antivirus, one behind",
     .summary = "A filter on the reader's machine passes each piece of a stream when the next one "
                "comes: every message is one late.",
     .source = "FeatureHub's issue 296: an antivirus proxy that holds the newest event back."},
    {.title = "Serverless gateway",
     .summary = "A connection that is silent for 30 s is cut: heartbeats every 15 s are what keeps "
                "a quiet stream alive.",
     .source = "Google's load balancer cuts at 30 s, AWS ALB at 60 s, API Gateway ends idle "
               "WebSockets at 10 min (their documentation)."},
    {.title = "Hidden tab",
     .summary = "The reader looks at another tab: timers fire once a second, and once a minute "
                "after five minutes; streams go on.",
     .source = "Chromium's throttling of timers in hidden pages, and Firefox's of one second.",
     .simulated_only =
         "A page cannot hide itself, and a live run has a worker's timers where it can: run it "
         "simulated."},
}};

const EnvironmentWords& words_of(const EnvironmentInfo& environment) {
  return kEnvironmentWords[static_cast<std::size_t>(&environment - environments().data())];
}

}  // namespace playground::client
