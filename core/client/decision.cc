#include "core/client/decision.h"

#include <array>

namespace playground::client {
namespace {

using enum Reason;

constexpr std::array<ReasonInfo, kReasonCount> kReasons{{
    {kDelivers, "delivers", false, "transport durationMs"},
    {kBack, "back", false, "transport durationMs after"},
    {kCouldNotConnect, "could-not-connect", true, "transport end pauseMs"},
    {kLost, "lost", true, "transport end pauseMs after"},
    {kLostOffline, "lost-offline", true, "transport end"},
    {kSilent, "silent", true, "transport durationMs after"},
    {kFellBack, "fell-back", true, "transport other cause end durationMs pauseMs after"},
    {kNothingLeft, "nothing-left", true, "transport cause end durationMs pauseMs"},
    {kClimbs, "climbs", true, "transport other durationMs after"},
    {kClockJumped, "clock-jumped", false, "transport"},
    {kLacks, "lacks", true, "other lacking"},
    {kNothingToUse, "nothing-to-use", true, "lacking"},
    {kProbes, "probes", false, "transport other"},
    {kStillFails, "still-fails", true, "transport other cause end pauseMs"},
    {kTookOver, "took-over", false, "transport other end count after"},
    {kSuspect, "suspect", true, "transport durationMs"},
    {kShowsLife, "shows-life", false, "transport"},
    {kRenewed, "renewed", false, "transport durationMs after"},
    {kWaitsOffline, "waits-offline", true, "transport"},
    {kTriedAtOnce, "tried-at-once", false, "transport after"},
    {kToldToWait, "told-to-wait", false, "transport pauseMs"},
    {kBrowserConnects, "browser-connects", true, "transport"},
    {kBrowserReconnects, "browser-reconnects", true, "transport"},
    {kBrowserGaveUp, "browser-gave-up", true, "transport end"},
    {kGap, "gap", true, "transport first last count keptFirst keptLast"},
    {kNumberedAnew, "numbered-anew", true, "transport after first last count"},
    {kWaitsForConnection, "waits-for-connection", true, "transport durationMs after"},
    {kOtherServer, "other-server", false, "transport server after"},
    {kFoundOut, "found-out", true, "transport cause"},
    {kCutWhenSilent, "cut-when-silent", true, "transport durationMs count"},
    {kHeldWrites, "held-writes", true, "transport durationMs"},
    {kLumps, "lumps", true, "transport durationMs count"},
    {kWritesOneBehind, "one-behind", true, "transport"},
    {kEndpointNotThere, "endpoint-not-there", true, "server"},
    {kEndpointNotAllowed, "endpoint-not-allowed", true, "server origin"},
    {kEndpointPreflight, "endpoint-preflight", true, "server origin said"},
    {kEndpointMixedContent, "endpoint-mixed-content", true, "server origin"},
    {kEndpointPolicy, "endpoint-policy", true, "server"},
    {kEndpointLocalNetwork, "endpoint-local-network", true, "server origin"},
    {kEndpointNotStream, "endpoint-not-a-stream", true, "server status type"},
    {kEndpointNotWebSocket, "endpoint-not-a-websocket", true, "server status"},
    {kChannelLost, "channel-lost", true, "said"},
    {kOnline, "online", false, ""},
    {kOffline, "offline", true, ""},
    {kNetworkNotNeeded, "network-not-needed", false, ""},
    {kFaultBegins, "fault-begins", true, "fault"},
    {kFaultEnds, "fault-ends", false, "fault"},
    {kFaultLifted, "fault-lifted", false, "fault"},
    {kFaultsLifted, "faults-lifted", false, ""},
    {kTooManyFaults, "too-many-faults", true, "fault count"},
    {kFaultRefused, "fault-refused", true, "fault said"},
    {kFaultUnanswered, "fault-unanswered", true, "fault"},
    {kServerNotThere, "server-not-there", true, "server"},
    {kNoConnectionLeft, "no-connection-left", true, "server"},
    {kPageNotAllowed, "page-not-allowed", true, "server origin"},
    {kPageWithoutOrigin, "page-without-origin", true, "server"},
    {kLocalNetworkDenied, "local-network-denied", true, "server origin"},
    {kNotPlayground, "not-a-playground-server", true, "server status type"},
    {kScenarioRefused, "scenario-refused", true, "server said"},
    {kServerRefuses, "server-refuses", true, "server said"},
    {kServerAway, "server-away", true, "server status answeredBy pauseMs"},
    {kServerBusy, "server-busy", true, "server status answeredBy pauseMs"},
}};

}  // namespace

std::span<const ReasonInfo, kReasonCount> reasons() { return kReasons; }

const ReasonInfo& info(Reason reason) { return kReasons[static_cast<std::size_t>(reason)]; }

std::string_view name(Cause cause) {
  static constexpr std::array<std::string_view, 13> kNames{"",
                                                           "lacks",
                                                           "refused",
                                                           "ends-unheard",
                                                           "ends-soon",
                                                           "does-not-hold",
                                                           "buffered",
                                                           "no-answer",
                                                           "stopped",
                                                           "not-upgraded",
                                                           "swallowed",
                                                           "held-back",
                                                           "no-connection-left"};
  return kNames[static_cast<std::size_t>(cause)];
}

std::string_view name(EndCause cause) {
  static constexpr std::array<std::string_view, 4> kNames{"server", "network", "status",
                                                          "protocol"};
  return kNames[static_cast<std::size_t>(cause)];
}

}  // namespace playground::client
