#include "core/transport.h"

namespace playground {
namespace {

using enum TransportId;

constexpr std::array kShortPollLadder{kShortPoll};
constexpr std::array kLongPollLadder{kLongPoll, kShortPoll};
constexpr std::array kSseLadder{kSse, kSseFetch, kLongPoll, kShortPoll};
// What a plain page has: no fallback, but a browser without EventSource must show something.
constexpr std::array kSseNativeLadder{kSseNative, kSseFetch, kLongPoll, kShortPoll};
constexpr std::array kSseFetchLadder{kSseFetch, kLongPoll, kShortPoll};
constexpr std::array kNdjsonLadder{kNdjson, kLongPoll, kShortPoll};
constexpr std::array kWebSocketLadder{kWebSocket, kSse, kSseFetch, kLongPoll, kShortPoll};

constexpr std::array<ServedInfo, kServedCount> kServed{{
    {.path = "poll", .content_type = "application/json", .polls = true},
    {.path = "long-poll", .content_type = "application/json", .polls = true, .holds = true},
    {.path = "sse", .content_type = "text/event-stream"},
    {.path = "stream", .content_type = "application/x-ndjson"},
    {.path = "websocket", .upgrades = true},
}};

constexpr std::array<TransportInfo, kTransportCount> kTransports{{
    {kShortPoll, "short-poll", "Short polling", "short polling",
     "The page asks again and again; most answers are empty.", Feature::kXmlHttpRequest,
     Served::kPoll, kShortPollLadder, /*reconnects_itself=*/false, /*ready_state=*/false,
     /*shown=*/true},
    {kLongPoll, "long-poll", "Long polling", "long polling",
     "The server keeps each request waiting until it has something to say.",
     Feature::kXmlHttpRequest, Served::kLongPoll, kLongPollLadder, /*reconnects_itself=*/false,
     /*ready_state=*/false, /*shown=*/true},
    {kSse, "sse", "SSE", "SSE",
     "One HTTP response that never ends; the browser reads events off it, and we reconnect.",
     Feature::kEventSource, Served::kEventStream, kSseLadder, /*reconnects_itself=*/false,
     /*ready_state=*/true, /*shown=*/true},
    {kSseNative, "sse-native", "SSE, browser's own", "SSE with the browser's own reconnection",
     "The same EventSource, left to reconnect by itself: what a plain page has.",
     Feature::kEventSource, Served::kEventStream, kSseNativeLadder, /*reconnects_itself=*/true,
     /*ready_state=*/true},
    {kSseFetch, "sse-fetch", "SSE over fetch", "SSE over fetch",
     "The same event stream, read by our own parser from the body of a fetch.", Feature::kFetch,
     Served::kEventStream, kSseFetchLadder},
    {kNdjson, "ndjson", "NDJSON stream", "an NDJSON stream",
     "One HTTP response that never ends, with one JSON text a line.", Feature::kFetch,
     Served::kNdjson, kNdjsonLadder, /*reconnects_itself=*/false, /*ready_state=*/false,
     /*shown=*/true},
    {kWebSocket, "websocket", "WebSocket", "WebSocket",
     "A protocol of its own over the upgraded connection: frames, both ways.", Feature::kWebSocket,
     Served::kWebSocket, kWebSocketLadder, /*reconnects_itself=*/false, /*ready_state=*/true,
     /*shown=*/true},
}};

constexpr std::array<std::string_view, kFeatureCount> kFeatures{"EventSource", "WebSocket", "fetch",
                                                                "XMLHttpRequest"};

}  // namespace

const ServedInfo& TransportInfo::served_as() const { return playground::info(served); }

std::span<const TransportInfo, kTransportCount> transports() { return kTransports; }

const TransportInfo& info(TransportId id) { return kTransports[static_cast<std::size_t>(id)]; }

std::optional<TransportId> find_transport(std::string_view name) {
  for (const TransportInfo& each : kTransports) {
    if (each.name == name) return each.id;
  }
  return std::nullopt;
}

std::span<const ServedInfo, kServedCount> all_served() { return kServed; }

const ServedInfo& info(Served served) { return kServed[static_cast<std::size_t>(served)]; }

const ServedInfo* find_served(std::string_view path) {
  for (const ServedInfo& each : kServed) {
    if (each.path == path) return &each;
  }
  return nullptr;
}

const ServedInfo* find_stream(std::string_view head) {
  for (const ServedInfo& each : kServed) {
    if (each.polls || each.upgrades) continue;
    if (head.find(each.content_type) != std::string_view::npos) return &each;
  }
  return nullptr;
}

std::string_view name(Feature feature) { return kFeatures[static_cast<std::size_t>(feature)]; }

std::optional<Feature> find_feature(std::string_view name) {
  for (std::size_t i = 0; i < kFeatureCount; ++i) {
    if (kFeatures[i] == name) return static_cast<Feature>(i);
  }
  return std::nullopt;
}

}  // namespace playground
