#include "core/client/decision_words.h"

#include <set>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "reasons_doc.h"

namespace playground::client {
namespace {

using enum TransportId;

const End kCut{.cause = EndCause::kNetwork, .status = 0, .detail = "cut"};
const End kLeft{.cause = EndCause::kClosedByServer, .status = 0, .detail = "code 1001 Going Away"};
const std::string kServer = "http://server:8088";
const std::string kOrigin = "https://example.org";
const Fault kLate{.kind = FaultKind::kDelay, .milliseconds = 200};

struct Row {
  Reason reason;
  Parameters parameters;
  std::string sentence;
  std::vector<std::string> labels = {};
};

const Row kRows[] = {
    {Reason::kDelivers,
     {.transport = kSse, .duration = 35 * kMillisecond, .after = 7},
     "**SSE** delivers, 35 ms after the start."},
    {Reason::kBack,
     {.transport = kSse, .duration = 3 * kSecond, .after = 7},
     "**SSE** is back after 3.0 s, and goes on after message 7."},
    {Reason::kBack,
     {.transport = kSseNative, .duration = 3 * kSecond, .after = 1},
     "**SSE, browser's own** is back after 3.0 s, a pause of the browser's own, and goes on after "
     "message 1."},
    {Reason::kBack, {.transport = kSse, .duration = 3 * kSecond}, "**SSE** is back after 3.0 s."},
    {Reason::kCouldNotConnect,
     {.transport = kSse, .end = kCut, .pause = 300 * kMillisecond},
     "**SSE** could not connect (cut). Trying again in 300 ms."},
    {Reason::kLost,
     {.transport = kSse, .end = kCut, .pause = 300 * kMillisecond, .after = 7},
     "**SSE** lost its connection (cut). Trying again in 300 ms, after message 7.",
     {"cut"}},
    {Reason::kLost,
     {.transport = kWebSocket, .end = kLeft, .pause = 300 * kMillisecond},
     "**WebSocket** was ended by the server (code 1001 Going Away). Trying again in 300 ms.",
     {"cut"}},
    {Reason::kLostOffline,
     {.transport = kSse, .end = kCut},
     "**SSE** lost its connection (cut). Waiting until the browser is online again.",
     {"cut"}},
    {Reason::kSilent,
     {.transport = kSse, .duration = 20 * kSecond, .after = 7},
     "**SSE** has been silent for 20 s, longer than the server's heartbeat allows: the connection "
     "counts as **dead**. Opening a new one, after message 7.",
     {"silent 20 s"}},
    {Reason::kSilent,
     {.transport = kShortPoll, .duration = 5 * kSecond},
     "**Short polling** has had no answer for 5.0 s, longer than the server holds a request: the "
     "connection counts as **dead**. Opening a new one.",
     {"silent 5.0 s"}},
    {Reason::kFellBack,
     {.transport = kWebSocket,
      .other = kSse,
      .cause = Cause::kRefused,
      .end = kCut,
      .pause = 8 * kSecond,
      .after = 7},
     "**WebSocket** cannot be opened (cut), three times in a row. Trying SSE after message 7; "
     "WebSocket gets another chance in 8.0 s.",
     {"SSE"}},
    {Reason::kFellBack,
     {.transport = kSse,
      .other = kLongPoll,
      .cause = Cause::kEndsUnheard,
      .end = kCut,
      .pause = 8 * kSecond},
     "**SSE** opens and ends without a message (cut), three times in a row. Trying long polling; "
     "SSE gets another chance in 8.0 s.",
     {"long polling"}},
    {Reason::kFellBack,
     {.transport = kSse,
      .other = kLongPoll,
      .cause = Cause::kEndsSoon,
      .end = kCut,
      .duration = 5 * kSecond,
      .pause = 8 * kSecond},
     "**SSE** delivers and ends within 5.0 s (cut), three times in a row. Trying long polling; SSE "
     "gets another chance in 8.0 s.",
     {"cut", "long polling"}},
    {Reason::kFellBack,
     {.transport = kWebSocket,
      .other = kLongPoll,
      .cause = Cause::kDoesNotHold,
      .end = kLeft,
      .duration = kSecond,
      .pause = 15 * kSecond},
     "**WebSocket** was ended by the server (code 1001 Going Away) 1.0 s after it had taken over: "
     "it does not hold. Trying long polling; WebSocket gets another chance in 15 s.",
     {"cut", "long polling"}},
    {Reason::kFellBack,
     {.transport = kSse,
      .other = kLongPoll,
      .cause = Cause::kBuffered,
      .duration = 2 * kSecond,
      .pause = 8 * kSecond},
     "**SSE** is OPEN but nothing arrived within 2.0 s: something in between is **buffering**. "
     "Trying long polling; SSE gets another chance in 8.0 s.",
     {"silent 2.0 s", "long polling"}},
    {Reason::kNothingLeft,
     {.transport = kShortPoll,
      .cause = Cause::kNoAnswer,
      .duration = 2 * kSecond,
      .pause = 400 * kMillisecond},
     "**Short polling** got no answer within 2.0 s. Nothing is left to try; starting again in 400 "
     "ms."},
    {Reason::kClimbs,
     {.transport = kSse, .other = kWebSocket, .duration = 2 * kSecond, .after = 7},
     "**SSE** got no answer within 2.0 s, and no other request gets one. Trying **WebSocket** "
     "again, after message 7."},
    {Reason::kClockJumped,
     {.transport = kSse},
     "The clock jumped while **SSE** was connecting. Beginning again."},
    {Reason::kLacks,
     {.other = kSseFetch, .lacking = {Feature::kEventSource}},
     "This browser has no **EventSource**. Using **SSE over fetch** instead.",
     {"no EventSource: SSE over fetch"}},
    {Reason::kNothingToUse,
     {.lacking = {Feature::kEventSource, Feature::kFetch}},
     "This browser has no **EventSource** and no **fetch**, and the lane has **nothing else to "
     "use**: it cannot run.",
     {"no EventSource"}},
    {Reason::kProbes,
     {.transport = kLongPoll, .other = kWebSocket},
     "Trying **WebSocket** again, while long polling goes on.",
     {"trying WebSocket"}},
    {Reason::kStillFails,
     {.transport = kLongPoll,
      .other = kWebSocket,
      .cause = Cause::kRefused,
      .end = kCut,
      .pause = 20 * kSecond},
     "**WebSocket** still fails (cut); long polling goes on. The next try is in 20 s."},
    {Reason::kStillFails,
     {.transport = kLongPoll, .other = kSse, .cause = Cause::kBuffered, .pause = 20 * kSecond},
     "**SSE** still fails (open, but nothing arrives); long polling goes on. The next try is in 20 "
     "s."},
    {Reason::kStillFails,
     {.transport = kLongPoll, .other = kSse, .cause = Cause::kNoAnswer, .pause = 20 * kSecond},
     "**SSE** still fails (no answer); long polling goes on. The next try is in 20 s."},
    {Reason::kTookOver,
     {.transport = kWebSocket, .other = kLongPoll, .after = 7},
     "**WebSocket** delivers again and takes over from long polling, after message 7.",
     {"WebSocket"}},
    {Reason::kTookOver,
     {.transport = kWebSocket, .other = kLongPoll, .end = kCut, .after = 7, .count = 2},
     "**WebSocket** delivers again and takes over from long polling, which ended (cut), after "
     "message 7. Meanwhile 2 messages came over both, and were taken once.",
     {"WebSocket"}},
    {Reason::kTookOver,
     {.transport = kWebSocket, .other = kLongPoll, .count = 1},
     "**WebSocket** delivers again and takes over from long polling. Meanwhile 1 message came over "
     "both, and was taken once.",
     {"WebSocket"}},
    {Reason::kSuspect,
     {.transport = kSse, .duration = 3600 * kSecond},
     "**SSE** is **suspect**: the machine slept or the network changed, and the last sign of life "
     "is 60 min old. Opening a second connection to see."},
    {Reason::kShowsLife, {.transport = kSse}, "**SSE** shows life: it stays."},
    {Reason::kRenewed,
     {.transport = kSse, .duration = 60 * kSecond, .after = 7},
     "**SSE** goes on over a new connection, after message 7; the old one had been silent for 60 "
     "s.",
     {"new connection"}},
    {Reason::kWaitsOffline,
     {.transport = kSse},
     "The browser says that it is **offline**: **SSE** waits until it is online again.",
     {"offline"}},
    {Reason::kTriedAtOnce,
     {.transport = kSse, .after = 7},
     "Online again: **SSE** is tried at once, after message 7."},
    {Reason::kToldToWait,
     {.transport = kSseFetch, .pause = 4 * kSecond},
     "**SSE over fetch**: the server asks for a pause of 4.0 s before reconnecting."},
    {Reason::kBrowserConnects,
     {.transport = kSseNative},
     "**SSE, browser's own** could not connect. The browser is CONNECTING by itself, after a pause "
     "it does not disclose.",
     {"cut"}},
    {Reason::kBrowserReconnects,
     {.transport = kSseNative},
     "**SSE, browser's own** lost its connection. The browser is CONNECTING by itself, after a "
     "pause it does not disclose.",
     {"cut"}},
    {Reason::kBrowserGaveUp,
     {.transport = kSseNative, .end = kCut},
     "**SSE, browser's own** is CLOSED (cut): for anything but a 200 with an event stream, "
     "EventSource gives up **for good**.",
     {"CLOSED"}},
    {Reason::kGap,
     {.transport = kSse, .first = 2, .last = 4, .count = 3, .kept_first = 5, .kept_last = 9},
     "**SSE**: the server keeps no more than messages 5 to 9. **messages 2 to 4** can no longer "
     "be fetched: 3 are missing.",
     {"gap 3"}},
    {Reason::kGap,
     {.transport = kSse, .first = 2, .last = 2, .count = 1, .kept_first = 3, .kept_last = 2},
     "**SSE**: the server's log is empty. **message 2** can no longer be fetched: 1 is missing.",
     {"gap 1"}},
    {Reason::kNumberedAnew,
     {.transport = kSse, .after = 40, .first = 1, .last = 2, .count = 2},
     "**SSE**: the server has begun **numbering anew** and does not know message 40. Going on with "
     "message 3; messages 1 to 2 can no longer be fetched: 2 are missing.",
     {"numbered anew"}},
    {Reason::kNumberedAnew,
     {.transport = kSse, .after = 40, .first = 1},
     "**SSE**: the server has begun **numbering anew** and does not know message 40. Going on with "
     "message 1.",
     {"numbered anew"}},
    {Reason::kWaitsForConnection,
     {.transport = TransportId::kShortPoll, .duration = 5 * kSecond},
     "**Short polling** **waits inside the browser**, for 5.0 s so far: this page has six "
     "connections to the server open already, and a browser opens no more over HTTP/1.1. Neither "
     "the transport nor the server is to blame.",
     {"waits"}},
    {Reason::kOtherServer,
     {.transport = kSse, .after = 41, .server = "2"},
     "**SSE** is at **server 2** now, and goes on after message 41.",
     {"server 2"}},
    {Reason::kOtherServer,
     {.transport = kSse, .server = "b"},
     "**SSE** is at **server b** now.",
     {"server b"}},
    {Reason::kFoundOut,
     {.transport = TransportId::kWebSocket, .cause = Cause::kNotUpgraded},
     "The server has been asked about WebSocket: its requests arrived without `Upgrade`; something "
     "in between **drops** it.",
     {}},
    {Reason::kCutWhenSilent,
     {.transport = TransportId::kSse, .duration = 8 * kSecond, .count = 3},
     "**SSE** has been cut 3 times in a row after the same **silence of 8.0 s**: something in "
     "between ends what is silent for so long. A heartbeat that comes more often prevents it.",
     {"idle limit"}},
    {Reason::kHeldWrites,
     {.transport = TransportId::kSse, .duration = 205 * kMillisecond},
     "**SSE** comes **205 ms late**, message after message, though the server answers sooner: "
     "something in between holds each write back.",
     {"held 205 ms"}},
    {Reason::kLumps,
     {.transport = TransportId::kNdjson, .duration = 2 * kSecond, .count = 20},
     "**NDJSON stream** comes **in lumps** of 20 messages, every 2.0 s: something in between holds "
     "writes back until enough are together.",
     {"lumps of 20"}},
    {Reason::kWritesOneBehind,
     {.transport = TransportId::kSse},
     "**SSE** is **one behind**: each message comes when the next one is sent. Something in "
     "between holds each write back until another follows.",
     {"one behind"}},
    {Reason::kLost,
     {.transport = kSseFetch, .end = kCut, .pause = kSecond, .endpoint = "my prices"},
     "**my prices** lost its connection (cut). Trying again in 1.0 s.",
     {"cut"}},
    {Reason::kEndpointNotThere,
     {.transport = kSseFetch, .server = "http://a:1", .endpoint = "a"},
     "**a**: **nothing answers** at http://a:1.",
     {"not there"}},
    {Reason::kEndpointNotThere,
     {.transport = kWebSocket, .server = "wss://a:1", .endpoint = "a"},
     "**a**: **nothing answers** at wss://a:1, or the browser does not trust its certificate: "
     "opened in a tab it says.",
     {"not there"}},
    {Reason::kEndpointNotAllowed,
     {.transport = kSseFetch, .server = "http://a:1", .origin = kOrigin, .endpoint = "a"},
     "**a**: http://a:1 answers, but it does **not allow** pages of https://example.org to read "
     "that: its answer lacks `Access-Control-Allow-Origin: https://example.org` (or `*`).",
     {"not allowed"}},
    {Reason::kEndpointPreflight,
     {.transport = kSseFetch,
      .said = "`Access-Control-Allow-Headers: X-Key`",
      .server = "http://a:1",
      .origin = kOrigin,
      .endpoint = "a"},
     "**a**: http://a:1 lets pages of https://example.org read it, but does **not allow** what "
     "this request carries: its answer to OPTIONS lacks `Access-Control-Allow-Headers: X-Key`.",
     {"not allowed"}},
    {Reason::kEndpointMixedContent,
     {.transport = kSseFetch, .server = "http://a:1", .origin = kOrigin, .endpoint = "a"},
     "**a**: a page that came over https may not ask http://a:1, which is **mixed content**. No "
     "header of the server allows it: it needs https or wss itself.",
     {"mixed content"}},
    {Reason::kEndpointPolicy,
     {.transport = kSseFetch, .server = "http://a:1", .endpoint = "a"},
     "**a**: the **policy of this page** forbids it. Its Content-Security-Policy lacks "
     "`connect-src http://a:1`.",
     {"policy"}},
    {Reason::kEndpointLocalNetwork,
     {.transport = kSseFetch, .server = "http://a:1", .origin = kOrigin, .endpoint = "a"},
     "**a**: the browser does **not allow** pages of https://example.org to reach the local "
     "network, where http://a:1 is. The reader can allow it in the browser's settings for this "
     "site; no header of the server does.",
     {"not allowed"}},
    {Reason::kEndpointNotStream,
     {.transport = kSseFetch,
      .server = "http://a:1",
      .status = 200,
      .type = "text/html",
      .endpoint = "a"},
     "**a**: http://a:1 answers with status 200, text/html: that is **not an event stream (status "
     "200, `text/event-stream`)**.",
     {"status 200"}},
    {Reason::kEndpointNotStream,
     {.transport = kNdjson, .server = "http://a:1", .status = 404, .endpoint = "a"},
     "**a**: http://a:1 answers with status 404: that is **not what was asked for (status 200)**.",
     {"status 404"}},
    {Reason::kEndpointNotWebSocket,
     {.transport = kWebSocket, .server = "ws://a:1", .status = 426, .endpoint = "a"},
     "**a**: ws://a:1 answers requests, this one with status 426, but this address did **not "
     "become a WebSocket**: it is not one, or it refuses this page's origin or the subprotocol.",
     {"no WebSocket"}},
    {Reason::kEndpointNotWebSocket,
     {.transport = kWebSocket, .server = "ws://a:1", .endpoint = "a"},
     "**a**: ws://a:1 answers requests, but this address did **not become a WebSocket**: it is "
     "not one, or it refuses this page's origin or the subprotocol.",
     {"no WebSocket"}},
    {Reason::kChannelLost,
     {.said = "no such channel"},
     "The server does not know this channel any more: it was restarted, or the channel is over (no "
     "such channel). Starting a new one."},
    {Reason::kOnline, {}, "The browser says that it is **online** again."},
    {Reason::kOffline,
     {},
     "The browser says that it is **offline**. Asking the server whether that matters."},
    {Reason::kNetworkNotNeeded, {}, "The server answers all the same: it needs no network."},
    {Reason::kFaultBegins, {.fault = kLate}, "From now on: **everything comes 200 ms late**."},
    {Reason::kFaultEnds, {.fault = kLate}, "Over: everything comes 200 ms late."},
    {Reason::kFaultLifted, {.fault = kLate}, "**Lifted**: everything comes 200 ms late."},
    {Reason::kFaultsLifted, {}, "Every fault is **lifted**."},
    {Reason::kTooManyFaults,
     {.count = 100, .fault = kLate},
     "The fault is not played (everything comes 200 ms late): there are 100 already."},
    {Reason::kFaultRefused,
     {.fault = kLate, .said = "the board is full"},
     "The server refused the fault: the board is full. Not played: everything comes 200 ms late."},
    {Reason::kFaultRefused,
     {.said = "the board is full"},
     "The server refused the fault: the board is full."},
    {Reason::kFaultUnanswered,
     {.fault = kLate},
     "The server could not be reached for the fault. Not played: everything comes 200 ms late."},
    {Reason::kFaultUnanswered, {}, "The server could not be reached for the fault."},
    {Reason::kServerNotThere,
     {.server = kServer},
     "The playground server at http://server:8088 does not answer. `make run` starts it in the "
     "project's folder; it is asked again every second.",
     {"No playground server at server:8088"}},
    {Reason::kNoConnectionLeft,
     {.server = kServer},
     "The server at http://server:8088 answers, but not these requests: they wait in the browser, "
     "which opens six connections to a server over HTTP/1.1. Other tabs, or other code of this "
     "page, have them all.",
     {"The browser has no connection to server:8088 left"}},
    {Reason::kPageNotAllowed,
     {.server = kServer, .origin = kOrigin},
     "What answers at http://server:8088 does not let pages of https://example.org read it. If "
     "that is a playground server, start it with `--allow-origin https://example.org`; it is asked "
     "again every second.",
     {"server:8088 does not allow this page"}},
    {Reason::kPageWithoutOrigin,
     {.server = kServer, .origin = "null"},
     "This page comes from a file or a sandboxed frame: it has no origin that the server at "
     "http://server:8088 could allow. Open it from a web server on `localhost`, or from the "
     "playground server itself.",
     {"A page without an origin is not allowed"}},
    {Reason::kLocalNetworkDenied,
     {.server = kServer, .origin = kOrigin},
     "The browser does not let pages of https://example.org reach http://server:8088: their "
     "permission for the local network is denied. Allow it in the browser's settings for this "
     "site; the server is asked again every second.",
     {"The browser does not allow server:8088"}},
    {Reason::kNotPlayground,
     {.server = kServer, .status = 404, .type = "text/html"},
     "What answers at http://server:8088 is not a playground server: it says status 404, "
     "text/html.",
     {"server:8088 is not a playground server"}},
    {Reason::kNotPlayground,
     {.server = kServer, .status = 502},
     "What answers at http://server:8088 is not a playground server: it says status 502.",
     {"server:8088 is not a playground server"}},
    {Reason::kScenarioRefused,
     {.said = "the board is full", .server = kServer},
     "The server refused the scenario: the board is full.",
     {"server:8088 refuses the run"}},
    {Reason::kServerRefuses,
     {.said = "the header Host is a name", .server = kServer},
     "The server at http://server:8088 refuses this page: the header Host is a name.",
     {"server:8088 refuses this page"}},
    {Reason::kServerAway,
     {.pause = kSecond, .server = kServer, .status = 502, .answered_by = "nginx"},
     "The playground server at http://server:8088 is away: nginx answers in its place, with status "
     "502. It is asked again in 1.0 s.",
     {"The server behind server:8088 is away"}},
    {Reason::kServerBusy,
     {.pause = 20 * kSecond, .server = kServer, .status = 429},
     "The server at http://server:8088 wants fewer requests (status 429). It is asked again in 20 "
     "s.",
     {"server:8088 asks for a pause"}},
};

TEST_CASE("every reason has its sentence, and its words for the time line") {
  std::set<Reason> told;
  for (const Row& row : kRows) {
    CAPTURE(info(row.reason).name);
    const Decision decision{.reason = row.reason, .parameters = row.parameters};
    CHECK(sentence(decision) == row.sentence);
    CHECK(labels(decision) == row.labels);
    told.insert(row.reason);
  }
  CHECK(told.size() == kReasonCount);
}

TEST_CASE("the rows of the reasons stand in their order, each with a name of its own") {
  std::set<std::string_view> names;
  for (const ReasonInfo& each : reasons()) {
    CHECK(&info(each.reason) == &each);
    names.insert(each.name);
  }
  CHECK(names.size() == kReasonCount);
}

// `name`s of a cell: "`transport` `after`" as "transport after".
std::string words_of(std::string_view cell) {
  std::string words;
  for (std::size_t at = cell.find('`'); at != std::string_view::npos; at = cell.find('`', at)) {
    const std::size_t end = cell.find('`', at + 1);
    words += (words.empty() ? "" : " ") + std::string(cell.substr(at + 1, end - at - 1));
    at = end + 1;
  }
  return words;
}

TEST_CASE("docs/reasons.md lists the reasons, in their order, with their parameters") {
  std::vector<std::string> documented;
  const std::string_view doc = kReasonsDoc;
  const std::string_view table = doc.substr(doc.find("| reason |"));
  for (std::size_t at = table.find("\n| `"); at != std::string_view::npos;) {
    const std::string_view row = table.substr(at + 1, table.find('\n', at + 1) - at - 1);
    const std::size_t last = row.rfind('|', row.size() - 2);
    const std::size_t first = row.find('|', 1);
    documented.push_back(words_of(row.substr(0, first)) + ": " + words_of(row.substr(last)));
    at = table.find("\n| `", at + 1);
  }
  std::vector<std::string> known;
  for (const ReasonInfo& each : reasons()) {
    known.push_back(std::string(each.name) + ": " + std::string(each.parameters));
  }
  CHECK(documented == known);
}

}  // namespace
}  // namespace playground::client
