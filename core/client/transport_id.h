// The transports, in the order in which the page shows them.
#ifndef PLAYGROUND_CORE_CLIENT_TRANSPORT_ID_H_
#define PLAYGROUND_CORE_CLIENT_TRANSPORT_ID_H_

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace playground::client {

enum class TransportId : std::uint8_t {
  kShortPoll,
  kLongPoll,
  kSse,
  kSseNative,  // as kSse, with the browser's own reconnection left alone
  kSseFetch,
  kNdjson,
  kWebSocket,
};

inline constexpr std::size_t kTransportCount = 7;

// What a browser must have; the names are those of its globals.
enum class Feature : std::uint8_t { kEventSource, kWebSocket, kFetch, kXmlHttpRequest };

inline constexpr std::size_t kFeatureCount = 4;

struct TransportInfo {
  TransportId id;
  std::string_view name;     // in attributes, settings and `lane=`
  std::string_view title;    // for people, at the beginning of a sentence
  std::string_view inside;   // for people, inside one
  std::string_view summary;  // one sentence on how it works
  Feature needs;
  std::string_view path;  // what of a channel it asks for
};

std::span<const TransportInfo, kTransportCount> transports();
const TransportInfo& info(TransportId id);
std::optional<TransportId> find_transport(std::string_view name);

std::string_view name(Feature feature);
std::optional<Feature> find_feature(std::string_view name);

// What a lane tries, best first: the transport it was asked for, then those that do the same with
// less, down to short polling, which works wherever a page does.
std::span<const TransportId> default_ladder(TransportId asked);

}  // namespace playground::client

#endif  // PLAYGROUND_CORE_CLIENT_TRANSPORT_ID_H_
