// The transports: one table, in the order in which the page shows them. Code asks for what a
// transport can do; only its row, its class and the tests know it by name.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace playground {

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

// What the server serves of a channel. Several transports may read the same.
enum class Served : std::uint8_t { kPoll, kLongPoll, kEventStream, kNdjson, kWebSocket };
inline constexpr std::size_t kServedCount = 5;

struct ServedInfo {
  std::string_view path;  // the last part of its path; also in a fault's `transport` and in metrics
  std::string_view content_type = {};  // of the response; none where the connection leaves HTTP
  bool polls = false;                  // each request gets one whole answer
  bool holds = false;                  // a poll is answered when there is something to say
  bool upgrades = false;  // asked for by an Upgrade (RFC 9110 7.8): both ways from then on
};

struct TransportInfo {
  TransportId id;
  std::string_view name;     // in attributes, settings and `lane=`
  std::string_view title;    // for people, at the beginning of a sentence
  std::string_view inside;   // for people, inside one
  std::string_view summary;  // one sentence on how it works
  Feature needs;
  Served served;
  // What a lane tries, best first: this one, then those that do the same with less, down to short
  // polling, which works wherever a page does.
  std::span<const TransportId> ladder;
  bool reconnects_itself = false;  // the browser reconnects, and shows no more than that
  bool ready_state = false;        // its object shows a readyState; elsewhere there is a status
  bool shown = false;              // unless the reader asks for others

  const ServedInfo& served_as() const;
  // The page's custom CSS property.
  std::string colour() const { return "--tp-" + std::string(name); }
  std::string_view path() const { return served_as().path; }
  bool polls() const { return served_as().polls; }
  bool holds() const { return served_as().holds; }
  bool upgrades() const { return served_as().upgrades; }
  bool two_way() const { return served_as().upgrades; }
  // One response that goes on.
  bool streams() const { return !polls() && !upgrades(); }
};

std::span<const TransportInfo, kTransportCount> transports();
const TransportInfo& info(TransportId id);
std::optional<TransportId> find_transport(std::string_view name);

std::span<const ServedInfo, kServedCount> all_served();  // in the order of Served
const ServedInfo& info(Served served);
// By the last part of a path; null where nothing is served there.
const ServedInfo* find_served(std::string_view path);
// The stream whose content type `head` names; null where it names none.
const ServedInfo* find_stream(std::string_view head);

std::string_view name(Feature feature);
std::optional<Feature> find_feature(std::string_view name);

}  // namespace playground
