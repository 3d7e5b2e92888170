#include "core/client/decision_words.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/client/observed_lane.h"
#include "core/client/words.h"
#include "core/json_text.h"
#include "core/view/track.h"

namespace playground::client {
namespace {

// A sentence and the labels, with a bar between two; a reason why there is no channel has one, its
// title. `{name}` stands for what word() says; a part in brackets is left out where one of its
// words is empty.
struct Words {
  std::string_view sentence;
  std::string_view labels = {};
};

// In the order of the reasons.
constexpr std::array<Words, kReasonCount> kWords{{
    {"{it} delivers, {duration} after the start."},
    {"{it} is back after {duration}{own}[, and goes on after {after}]."},
    {"{it} could not connect ({end}). Trying again in {pause}."},
    {"{lost}. Trying again in {pause}[, after {after}].", "cut"},
    {"{lost}. Waiting until the browser is online again.", "cut"},
    {"{it} {silent}: the connection counts as **dead**. Opening a new one[, after {after}].",
     "silent {duration}"},
    {"{why}. Trying {other}[ after {after}]; {transport} gets another chance in {pause}.",
     "{moment}|{other}"},
    {"{why}. Nothing is left to try; starting again in {pause}.", "{moment}"},
    {"{it} got no answer within {duration}, and no other request gets one. Trying **{other}** "
     "again[, after {after}]."},
    {"The clock jumped while {it} was connecting. Beginning again."},
    {"This browser has {lacking}. Using **{other}** instead.", "no {feature}: {other}"},
    {"This browser has {lacking}, and the lane has **nothing else to use**: it cannot run.",
     "no {feature}"},
    {"Trying **{other}** again, while {transport} goes on.", "trying {other}"},
    {"**{Other}** still fails ({probe}); {transport} goes on. The next try is in {pause}."},
    {"{it} delivers again and takes over from {other}[, which ended ({end})][, after {after}]"
     "[. Meanwhile {twice}].",
     "{transport}"},
    {"{it} is **suspect**: the machine slept or the network changed, and the last sign of life is "
     "{duration} old. Opening a second connection to see."},
    {"{it} shows life: it stays."},
    {"{it} goes on over a new connection[, after {after}]; the old one had been silent for "
     "{duration}.",
     "new connection"},
    {"The browser says that it is **offline**: {it} waits until it is online again.", "offline"},
    {"Online again: {it} is tried at once[, after {after}]."},
    {"{it}: the server asks for a pause of {pause} before reconnecting."},
    {"{it} could not connect. The browser is CONNECTING by itself, after a pause it does not "
     "disclose.",
     "cut"},
    {"{it} lost its connection. The browser is CONNECTING by itself, after a pause it does not "
     "disclose.",
     "cut"},
    {"{it} is CLOSED ({end}): for anything but a 200 with an event stream, EventSource gives up "
     "**for good**.",
     "CLOSED"},
    {"{it}: the server{keeps}. **{gap}** can no longer be fetched: {missing}.", "gap {count}"},
    {"{it}: the server has begun **numbering anew** and does not know {after}. Going on with "
     "{next}[; {gap} can no longer be fetched: {missing}].",
     "numbered anew"},
    {"{it} **waits inside the browser**, for {duration} so far: this page has six connections to "
     "the "
     "server open already, and a browser opens no more over HTTP/1.1. Neither the transport nor "
     "the "
     "server is to blame.",
     "waits"},
    {"{it} is at **server {server}** now[, and goes on after {after}].", "server {server}"},
    {"The server has been asked about {transport}: {why}."},
    {"{it} has been cut {count} times in a row after the same **silence of {duration}**: something "
     "in between ends what is silent for so long. A heartbeat that comes more often prevents it.",
     "idle limit"},
    {"{it} comes **{duration} late**, message after message, though the server answers sooner: "
     "something in between holds each write back.",
     "held {duration}"},
    {"{it} comes **in lumps** of {count} messages, every {duration}: something in between holds "
     "writes back until enough are together.",
     "lumps of {count}"},
    {"{it} is **one behind**: each message comes when the next one is sent. Something in between "
     "holds each write back until another follows.",
     "one behind"},
    {"{it}: **nothing answers** at {server}{or}.", "not there"},
    {"{it}: {server} answers, but it does **not allow** pages of {origin} to read that: its answer "
     "lacks `Access-Control-Allow-Origin: {origin}` (or `*`).",
     "not allowed"},
    {"{it}: {server} lets pages of {origin} read it, but does **not allow** what this request "
     "carries: its answer to OPTIONS lacks {said}.",
     "not allowed"},
    {"{it}: a page that came over https may not ask {server}, which is **mixed content**. No "
     "header "
     "of the server allows it: it needs https or wss itself.",
     "mixed content"},
    {"{it}: the **policy of this page** forbids it. Its Content-Security-Policy lacks "
     "`connect-src {server}`.",
     "policy"},
    {"{it}: the browser does **not allow** pages of {origin} to reach the local network, where "
     "{server} is. The reader can allow it in the browser's settings for this site; no header of "
     "the server does.",
     "not allowed"},
    {"{it}: {server} answers with {status}[, {type}]: that is **not {stream}**.", "{status}"},
    {"{it}: {server} answers requests[, this one with {status}], but this address did **not become "
     "a WebSocket**: it is not one, or it refuses this page's origin or the subprotocol.",
     "no WebSocket"},
    {"The server does not know this channel any more: it was restarted, or the channel is over "
     "({said}). Starting a new one."},
    {"The browser says that it is **online** again."},
    {"The browser says that it is **offline**. Asking the server whether that matters."},
    {"The server answers all the same: it needs no network."},
    {"From now on: **{fault}**."},
    {"Over: {fault}."},
    {"**Lifted**: {fault}."},
    {"Every fault is **lifted**."},
    {"The fault is not played ({fault}): there are {count} already."},
    {"The server refused the fault: {said}[. Not played: {fault}]."},
    {"The server could not be reached for the fault[. Not played: {fault}]."},
    {"The playground server at {server} does not answer. `make run` starts it in the project's "
     "folder; it is asked again every second.",
     "No playground server at {host}"},
    {"The server at {server} answers, but not these requests: they wait in the browser, which "
     "opens six connections to a server over HTTP/1.1. Other tabs, or other code of this page, "
     "have them all.",
     "The browser has no connection to {host} left"},
    {"What answers at {server} does not let pages of {origin} read it. If that is a playground "
     "server, start it with `--allow-origin {origin}`; it is asked again every second.",
     "{host} does not allow this page"},
    {"This page comes from a file or a sandboxed frame: it has no origin that the server at "
     "{server} could allow. Open it from a web server on `localhost`, or from the playground "
     "server itself.",
     "A page without an origin is not allowed"},
    {"The browser does not let pages of {origin} reach {server}: their permission for the local "
     "network is denied. Allow it in the browser's settings for this site; the server is asked "
     "again every second.",
     "The browser does not allow {host}"},
    {"What answers at {server} is not a playground server: it says {status}[, {type}].",
     "{host} is not a playground server"},
    {"The server refused the scenario: {said}.", "{host} refuses the run"},
    {"The server at {server} refuses this page: {said}.", "{host} refuses this page"},
    {"The playground server at {server} is away: {answeredBy} answers in its place, with {status}. "
     "It is asked again in {pause}.",
     "The server behind {host} is away"},
    {"{Answerer} at {server} wants fewer requests ({status}). It is asked again in {pause}.",
     "{host} asks for a pause"},
}};

// Why a transport is given up, in the order of the causes.
constexpr std::array<Words, 13> kCauses{{
    {},
    {},
    {"{it} cannot be opened ({end}), three times in a row"},
    {"{it} opens and ends without a message ({end}), three times in a row"},
    {"{it} delivers and ends within {duration} ({end}), three times in a row", "cut"},
    {"{lost} {duration} after it had taken over: it does not hold", "cut"},
    {"{it} is OPEN but nothing arrived within {duration}: something in between is **buffering**",
     "silent {duration}"},
    {"{it} got no answer within {duration}"},
    {"its requests have not arrived there; something in between **stops** them"},
    {"its requests arrived without `Upgrade`; something in between **drops** it"},
    {"it answered 101 at once, and that has not come back; something in between **swallows** it"},
    {"it answered at once, and that has not come back; something in between **holds it back**"},
    {"its requests **wait in the browser**, which opens six connections to a server over HTTP/1.1: "
     "other tabs hold them, or other code of this page"},
}};

std::string number_text(std::uint64_t number) {
  std::string text;
  append_number(number, text);
  return text;
}

std::string tell(std::string_view words, const Parameters& given);

std::string messages(std::uint64_t first, std::uint64_t last) {
  return first > 0 && first <= last ? messages_text(first, last) : std::string();
}

std::string lacking_text(const std::vector<Feature>& lacking) {
  std::string text;
  for (const Feature each : lacking) {
    text += (text.empty() ? "no " : " and no ") + strong(name(each));
  }
  return text;
}

std::string word(std::string_view name, const Parameters& given) {
  const bool one = given.count == 1;
  if (name == "it" || name == "transport") {
    if (!given.endpoint.empty()) return name == "it" ? strong(given.endpoint) : given.endpoint;
    if (name == "it") return strong(info(*given.transport).title);
    return std::string(info(*given.transport).inside);
  }
  if (name == "other") return std::string(info(*given.other).inside);
  if (name == "Other") return std::string(info(*given.other).title);
  if (name == "duration") return duration_text(given.duration);
  if (name == "pause") return duration_text(given.pause);
  if (name == "after") return messages(given.after, given.after);
  if (name == "next") return messages(given.last + 1, given.last + 1);
  if (name == "gap") return messages(given.first, given.last);
  if (name == "count") return number_text(given.count);
  if (name == "missing") return tell(one ? "{count} is missing" : "{count} are missing", given);
  if (name == "end") return given.end ? given.end->detail : std::string();
  if (name == "said") return given.said;
  if (name == "server") return given.server;
  if (name == "host") return given.server.substr(given.server.find("://") + 3);
  if (name == "origin") return given.origin;
  if (name == "status") {
    if (given.status == 0) return "";
    return "status " + number_text(static_cast<std::uint64_t>(given.status));
  }
  if (name == "type") return given.type;
  // A certificate that the browser does not trust looks the same to a page.
  if (name == "or") {
    const bool tls = given.server.starts_with("https") || given.server.starts_with("wss");
    return tls ? ", or the browser does not trust its certificate: opened in a tab it says" : "";
  }
  if (name == "stream") {
    return info(*given.transport).served == Served::kEventStream
               ? "an event stream (status 200, `text/event-stream`)"
               : "what was asked for (status 200)";
  }
  if (name == "answeredBy") return given.answered_by;
  if (name == "Answerer") return given.answered_by.empty() ? "The server" : given.answered_by;
  if (name == "fault") return given.fault ? fault_sentence(*given.fault) : std::string();
  if (name == "lacking") return lacking_text(given.lacking);
  if (name == "feature") return std::string(playground::name(given.lacking.front()));
  if (name == "why") return tell(kCauses[static_cast<std::size_t>(given.cause)].sentence, given);
  if (name == "moment") return tell(kCauses[static_cast<std::size_t>(given.cause)].labels, given);
  if (name == "own") {
    return info(*given.transport).reconnects_itself ? ", a pause of the browser's own" : "";
  }
  if (name == "silent") {
    return tell(info(*given.transport).polls()
                    ? "has had no answer for {duration}, longer than the server holds a request"
                    : "has been silent for {duration}, longer than the server's heartbeat allows",
                given);
  }
  if (name == "lost") {
    return tell(given.end->cause == EndCause::kClosedByServer
                    ? "{it} was ended by the server ({end})"
                    : "{it} lost its connection ({end})",
                given);
  }
  if (name == "probe") {
    if (given.end) return given.end->detail;
    return given.cause == Cause::kBuffered ? "open, but nothing arrives" : "no answer";
  }
  if (name == "twice" && given.count > 0) {
    return tell(one ? "{count} message came over both, and was taken once"
                    : "{count} messages came over both, and were taken once",
                given);
  }
  if (name == "keeps") {
    const std::string kept = messages(given.kept_first, given.kept_last);
    return kept.empty() ? "'s log is empty" : " keeps no more than " + kept;
  }
  return {};
}

std::string tell(std::string_view words, const Parameters& given) {
  std::string told;
  std::size_t part = std::string::npos;  // where the one in brackets begins
  bool empty = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == '[') {
      part = told.size();
      empty = false;
    } else if (words[i] == ']') {
      if (empty) told.resize(part);
    } else if (words[i] == '{') {
      const std::size_t end = words.find('}', i);
      const std::string each = word(words.substr(i + 1, end - i - 1), given);
      empty = empty || each.empty();
      told += each;
      i = end;
    } else {
      told += words[i];
    }
  }
  return told;
}

std::string connection_text(const Lane& lane, Micros now) {
  const Attempt& attempt = *lane.current();
  const Micros silence = now - attempt.last_sign_at();
  const TransportInfo& transport = info(lane.running());
  if (transport.holds()) return "held " + duration_text(now - attempt.requested_at());
  if (transport.polls()) {
    return "every " + duration_text(lane.endpoint().short_poll_interval) +
           (lane.open() ? " · status 200" : "");
  }
  if (transport.ready_state) {
    if (lane.open()) return "readyState 1 OPEN";
    const auto since = attempt.interrupted_at();
    return "readyState 0 CONNECTING" + (since ? " for " + duration_text(now - *since) : "");
  }
  if (!lane.open()) return "waiting for the response";
  if (silence > view::Track::kQuiet) return "open, silent for " + duration_text(silence);
  return "open, status 200";
}

}  // namespace

std::string sentence(const Decision& decision) {
  return tell(kWords[static_cast<std::size_t>(decision.reason)].sentence, decision.parameters);
}

std::vector<std::string> labels(const Decision& decision) {
  std::vector<std::string> labels;
  std::string_view left = kWords[static_cast<std::size_t>(decision.reason)].labels;
  while (!left.empty()) {
    const std::string_view each = left.substr(0, left.find('|'));
    std::string label = tell(each, decision.parameters);
    if (!label.empty()) labels.push_back(std::move(label));
    left.remove_prefix(std::min(left.size(), each.size() + 1));
  }
  return labels;
}

std::string title(const Lane& lane) {
  if (!lane.endpoint().name.empty()) return lane.endpoint().name;
  std::string title(info(lane.asked()).title);
  if (lane.running() != lane.asked()) title += " → " + std::string(info(lane.running()).inside);
  return title;
}

std::string state_text(const Lane& lane, Micros now) {
  switch (lane.state()) {
    case LaneState::kIdle:
      return "stopped";
    case LaneState::kWaiting:
      if (!lane.known().online) return "offline, waiting";
      return "next try in " + duration_text(std::max<Micros>(0, lane.next_attempt_at() - now));
    case LaneState::kClosed:
      return lane.can_run() ? "readyState 2 CLOSED" : "cannot run in this browser";
    case LaneState::kChecking:
      return connection_text(lane, now) + " · suspect";
    case LaneState::kProbing:
    case LaneState::kTrial:
      return connection_text(lane, now) + " · trying " + std::string(info(*lane.probing()).inside);
    case LaneState::kConnecting:
    case LaneState::kLive:
      return connection_text(lane, now);
  }
  return {};
}

std::string tag_text(const Lane& lane) {
  switch (lane.tag().cause) {
    case Cause::kLacks:
      return "no " + std::string(name(lane.tag().lacking));
    case Cause::kEndsUnheard:
    case Cause::kEndsSoon:
    case Cause::kDoesNotHold:
      return "flapping";
    case Cause::kNoAnswer:
      return "no answer";
    case Cause::kStopped:
      return "stopped on the way";
    case Cause::kNotUpgraded:
      return "no Upgrade";
    case Cause::kHeldBack:
      return "held back";
    case Cause::kNoConnectionLeft:
      return "no connection left";
    case Cause::kSwallowed:
    case Cause::kRefused:
    case Cause::kBuffered:
      return std::string(name(lane.tag().cause));
    case Cause::kNone:
      break;
  }
  if (lane.state() == LaneState::kClosed) return "gave up";
  return lane.state() == LaneState::kWaiting ? "reconnecting" : "";
}

std::string tag_text(const ObservedLane& observed) {
  const std::string tag = tag_text(observed.lane());
  if (!tag.empty() || !observed.path_trouble()) return tag;
  switch (*observed.path_trouble()) {
    case Reason::kHeldWrites:
      return "held back";
    case Reason::kLumps:
      return "lumps";
    case Reason::kWritesOneBehind:
      return "one behind";
    default:
      return "";
  }
}

}  // namespace playground::client
