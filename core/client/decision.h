// Decisions as data: a reason of a closed set, with its parameters. docs/reasons.md lists them;
// decision_words.h turns them into sentences.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/client/feed.h"
#include "core/fault.h"

namespace playground::client {

enum class Reason : std::uint8_t {
  // Of a lane
  kDelivers,
  kBack,
  kCouldNotConnect,
  kLost,
  kLostOffline,
  kSilent,
  kFellBack,
  kNothingLeft,
  kClimbs,
  kClockJumped,
  kLacks,
  kNothingToUse,
  kProbes,
  kStillFails,
  kTookOver,
  kSuspect,
  kShowsLife,
  kRenewed,
  kWaitsOffline,
  kTriedAtOnce,
  kToldToWait,
  kBrowserConnects,
  kBrowserReconnects,
  kBrowserGaveUp,
  kGap,
  kNumberedAnew,
  kWaitsForConnection,
  kOtherServer,
  kFoundOut,
  kCutWhenSilent,
  kHeldWrites,
  kLumps,
  kWritesOneBehind,
  // Of a lane that follows somebody's endpoint: why it cannot be followed
  kEndpointNotThere,
  kEndpointNotAllowed,
  kEndpointPreflight,
  kEndpointMixedContent,
  kEndpointPolicy,
  kEndpointLocalNetwork,
  kEndpointNotStream,
  kEndpointNotWebSocket,
  // Of the run
  kChannelLost,
  kOnline,
  kOffline,
  kNetworkNotNeeded,
  kFaultBegins,
  kFaultEnds,
  kFaultLifted,
  kFaultsLifted,
  kTooManyFaults,
  kFaultRefused,
  kFaultUnanswered,
  // Why there is no channel
  kServerNotThere,
  kNoConnectionLeft,
  kPageNotAllowed,
  kPageWithoutOrigin,
  kLocalNetworkDenied,
  kNotPlayground,
  kScenarioRefused,
  kServerRefuses,
  kServerAway,
  kServerBusy,
};
inline constexpr std::size_t kReasonCount = 62;

// What is held against a transport.
enum class Cause : std::uint8_t {
  kNone,
  kLacks,        // the browser does not have what it needs
  kRefused,      // it cannot be opened
  kEndsUnheard,  // it opens, and ends without a message
  kEndsSoon,     // it delivers, and ends soon
  kDoesNotHold,  // it has taken over, and ends soon
  kBuffered,     // it opens, and nothing arrives
  kNoAnswer,
  // By what the server has seen of it:
  kStopped,           // its requests have not arrived
  kNotUpgraded,       // they have, without an Upgrade
  kSwallowed,         // the 101 has not come back
  kHeldBack,          // the answer's head has not come back
  kNoConnectionLeft,  // they wait in the browser, whose connections others hold
};

// A reason's row says which of them it has; a lane gives `transport` and `after` to all.
struct Parameters {
  std::optional<TransportId> transport = {};  // that runs, or did
  std::optional<TransportId> other = {};      // that is tried, takes over, or is taken over from
  Cause cause = Cause::kNone;
  std::optional<End> end = {};  // of the connection
  Micros duration = 0;          // that has passed
  Micros pause = 0;             // until the next attempt
  std::uint64_t after = 0;      // the newest message; 0 where there is none
  std::uint64_t first = 0;      // the messages that are missing
  std::uint64_t last = 0;
  std::uint64_t count = 0;
  std::uint64_t kept_first = 0;  // those that the server still has; none if last is less
  std::uint64_t kept_last = 0;
  std::vector<Feature> lacking = {};  // in the browser
  std::optional<Fault> fault = {};
  std::string said = {};         // by the server
  std::string server = {};       // its origin; in kOtherServer its name, as a greeting's
  std::string origin = {};       // the page's
  int status = 0;                // of what answered
  std::string type = {};         // its media type; empty where it names none
  std::string answered_by = {};  // who did, where it was not the playground server
  std::string endpoint = {};     // the name of the lane's, where it follows one: not in its row
};

struct Decision {
  std::uint64_t number = 0;              // from 1, within a run
  Micros at = 0;                         // since the start of the run
  std::optional<TransportId> lane = {};  // as it was asked for; none where it concerns them all
  Reason reason = Reason::kOnline;
  Parameters parameters = {};
};

struct ReasonInfo {
  Reason reason;
  std::string_view name;  // in JSON
  bool trouble;
  std::string_view parameters;  // their names in JSON, a space between two
};

std::span<const ReasonInfo, kReasonCount> reasons();
const ReasonInfo& info(Reason reason);
std::string_view name(Cause cause);
std::string_view name(EndCause cause);

}  // namespace playground::client
