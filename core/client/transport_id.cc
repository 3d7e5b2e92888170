#include "core/client/transport_id.h"

namespace playground::client {
namespace {

using enum TransportId;

constexpr std::array<TransportInfo, kTransportCount> kTransports{{
    {kShortPoll, "short-poll", "Short polling", "short polling",
     "The page asks again and again; most answers are empty.", Feature::kXmlHttpRequest, "poll"},
    {kLongPoll, "long-poll", "Long polling", "long polling",
     "The server keeps each request waiting until it has something to say.",
     Feature::kXmlHttpRequest, "long-poll"},
    {kSse, "sse", "SSE", "SSE",
     "One HTTP response that never ends; the browser reads events off it, and we reconnect.",
     Feature::kEventSource, "sse"},
    {kSseNative, "sse-native", "SSE, browser's own", "SSE with the browser's own reconnection",
     "The same EventSource, left to reconnect by itself: what a plain page has.",
     Feature::kEventSource, "sse"},
    {kSseFetch, "sse-fetch", "SSE over fetch", "SSE over fetch",
     "The same event stream, read by our own parser from the body of a fetch.", Feature::kFetch,
     "sse"},
    {kNdjson, "ndjson", "NDJSON stream", "an NDJSON stream",
     "One HTTP response that never ends, with one JSON text a line.", Feature::kFetch, "stream"},
    {kWebSocket, "websocket", "WebSocket", "WebSocket",
     "A protocol of its own over the upgraded connection: frames, both ways.", Feature::kWebSocket,
     "websocket"},
}};

constexpr std::array<std::string_view, kFeatureCount> kFeatures{"EventSource", "WebSocket", "fetch",
                                                                "XMLHttpRequest"};

constexpr std::array kShortPollLadder{kShortPoll};
constexpr std::array kLongPollLadder{kLongPoll, kShortPoll};
constexpr std::array kSseLadder{kSse, kSseFetch, kLongPoll, kShortPoll};
// What a plain page has: nothing to fall to, but a browser without EventSource must show something.
constexpr std::array kSseNativeLadder{kSseNative, kSseFetch, kLongPoll, kShortPoll};
constexpr std::array kSseFetchLadder{kSseFetch, kLongPoll, kShortPoll};
constexpr std::array kNdjsonLadder{kNdjson, kLongPoll, kShortPoll};
constexpr std::array kWebSocketLadder{kWebSocket, kSse, kSseFetch, kLongPoll, kShortPoll};

}  // namespace

std::span<const TransportInfo, kTransportCount> transports() { return kTransports; }

const TransportInfo& info(TransportId id) { return kTransports[static_cast<std::size_t>(id)]; }

std::optional<TransportId> find_transport(std::string_view name) {
  for (const TransportInfo& each : kTransports) {
    if (each.name == name) return each.id;
  }
  return std::nullopt;
}

std::string_view name(Feature feature) { return kFeatures[static_cast<std::size_t>(feature)]; }

std::optional<Feature> find_feature(std::string_view name) {
  for (std::size_t i = 0; i < kFeatureCount; ++i) {
    if (kFeatures[i] == name) return static_cast<Feature>(i);
  }
  return std::nullopt;
}

std::span<const TransportId> default_ladder(TransportId asked) {
  switch (asked) {
    case kShortPoll:
      return kShortPollLadder;
    case kLongPoll:
      return kLongPollLadder;
    case kSse:
      return kSseLadder;
    case kSseNative:
      return kSseNativeLadder;
    case kSseFetch:
      return kSseFetchLadder;
    case kNdjson:
      return kNdjsonLadder;
    case kWebSocket:
      return kWebSocketLadder;
  }
  return {};
}

}  // namespace playground::client
