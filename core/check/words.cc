#include "core/check/words.h"

#include <array>
#include <cmath>

#include "core/client/words.h"
#include "core/json_text.h"

namespace playground::check {

using client::kMillisecond;
using client::kSecond;

namespace {

// `digits` behind the point, without trailing zeros.
std::string decimal(double value, double unit) {
  std::string out;
  append_number(std::round(value * unit) / unit, out);
  return out;
}

std::string count_text(std::uint64_t count) {
  std::string out;
  append_number(count, out);
  return out;
}

std::string inside(const Finding& finding) {
  return finding.transport ? std::string(info(*finding.transport).inside) : "a request";
}
std::string subject(const Finding& finding) {
  return finding.transport ? std::string(info(*finding.transport).title) : "A request";
}

std::string list(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += i + 1 == names.size() ? " and " : ", ";
    out += names[i];
  }
  return out;
}

std::string_view beat_text(Beat beat) {
  constexpr std::array<std::string_view, 5> kTexts{"nothing", "a comment line", "a message",
                                                   "a ping", "a pong that nobody asked for"};
  return kTexts[static_cast<std::size_t>(beat)];
}

std::string beats_text(const std::vector<Beat>& beats) {
  std::vector<std::string> names;
  for (const Beat each : beats) names.emplace_back(beat_text(each));
  return list(names);
}

std::string by_text(const Finding& finding) {
  return finding.by.empty() ? std::string() : " from " + finding.by;
}

std::string how_text(const Finding& finding) {
  switch (finding.how) {
    case How::kNotArrived:
      return "Nothing of it has arrived at the server.";
    case How::kNotUpgraded:
      return "The request has arrived at the server without its Upgrade.";
    case How::kAnswered:
      return "The answer is " + count_text(static_cast<std::uint64_t>(finding.status)) +
             by_text(finding) + ".";
    case How::kAnswerLost:
      return "The request has arrived, and the server has answered it; that answer has not come.";
    case How::kNothingComes:
      return "It opens, and nothing comes.";
    case How::kRestMissing:
      return "Its beginning came, and the rest of it did not.";
    case How::kForeign:
      return "What came is an answer" + by_text(finding) + ", not the server's.";
    case How::kRefused:
      return "It cannot be opened, and browsers do not say why.";
    case How::kClosed:
      return "It was ended in order.";
    case How::kBroken:
      return "It was ended without warning.";
    case How::kStopped:
      return "The check was ended before.";
    case How::kQuick:
      return "This check was not to take so long.";
    case How::kUntold:
      return "With which status an Upgrade is refused, no browser tells a page.";
    case How::kHeldBack:
      return "What the server writes is held back, so that it cannot be seen from here.";
    case How::kHeldUp:
      return "Upgrades that are not answered may keep connections of this browser.";
    case How::kOtherOrigin:
      return "This page is of another origin than the server, to which it sends no cookies.";
    case How::kSlow:
      return "The line is too slow for it to have come.";
    case How::kNone:
      return {};
  }
  return {};
}

std::string manner_text(const Finding& finding) {
  switch (finding.manner) {
    case Manner::kUntilEnd:
      return "Six writes over 3.1 s arrived together, after the last of them.";
    case Manner::kOneBehind:
      return "Each of six writes arrived when the next one was written.";
    case Manner::kForATime:
      return "Of six writes over 3.1 s, some were held for up to " +
             client::duration_text(finding.duration) + ".";
    default:
      return "Of six writes over 3.1 s, not all arrived.";
  }
}

}  // namespace

std::string http_text(const std::string& id) {
  return id == "http/1.1" ? "HTTP/1.1" : id.starts_with("h") ? "HTTP/" + id.substr(1) : id;
}

std::string seconds_text(Micros duration) {
  const double seconds = static_cast<double>(duration) / static_cast<double>(kSecond);
  return decimal(seconds, seconds < 100 ? 10 : 1) + " s";
}

std::string bytes_text(std::uint64_t bytes) {
  constexpr std::uint64_t kKiB = 1024;
  const auto value = static_cast<double>(bytes);
  if (bytes < kKiB) return count_text(bytes) + " bytes";
  if (bytes < kKiB * kKiB) return decimal(value / 1024, 10) + " KiB";
  return decimal(value / 1024 / 1024, 10) + " MiB";
}

std::string_view name(Who who) {
  constexpr std::array<std::string_view, 3> kNames{"reader", "application", "operator"};
  return kNames[static_cast<std::size_t>(who)];
}

std::string_view title(Who who) {
  constexpr std::array<std::string_view, 3> kTitles{"you", "the application", "who runs the proxy"};
  return kTitles[static_cast<std::size_t>(who)];
}

std::string title(const Finding& finding) {
  const std::string what = subject(finding);
  switch (finding.code) {
    case Code::kWorks:
      return what + " works";
    case Code::kFails:
      return what + " does not work";
    case Code::kSometimes:
      return what + " works only sometimes";
    case Code::kPoisons:
      return "Where a WebSocket has failed, other requests fail";
    case Code::kAsWritten:
      return what + " arrives as it is written";
    case Code::kHeld:
      if (finding.manner == Manner::kUntilEnd) return what + " is held back until it ends";
      if (finding.manner == Manner::kOneBehind) return what + " is always one write behind";
      return what + " is held back";
    case Code::kDelayed:
      return what + " comes up to " + client::duration_text(finding.duration) + " late";
    case Code::kHeldByType:
      return "Streams are held back by their media type";
    case Code::kCompressed:
      return "Answers are compressed on the way";
    case Code::kChanged:
      return "Contents are changed on the way";
    case Code::kUnchanged:
      return "Bodies arrive as sent";
    case Code::kFieldsAdded:
      return "Requests get header fields on the way";
    case Code::kFieldDropped:
      return finding.what + " is taken out of requests";
    case Code::kHostChanged:
      return "The server is asked under another name";
    case Code::kVersionLowered:
      return "The server is asked in HTTP/1.0";
    case Code::kCookiePasses:
      return "A cookie comes back as it was set";
    case Code::kCookieChanged:
      return "A cookie is changed on the way";
    case Code::kCookieDropped:
      return "A cookie does not come back";
    case Code::kSilenceCut:
      return finding.transport && info(*finding.transport).polls()
                 ? "A poll that is held is ended after " + seconds_text(finding.duration)
                 : what + " is cut after " + seconds_text(finding.duration) + " of silence";
    case Code::kCutAnyway:
      return what + " is ended after " + seconds_text(finding.duration) + ", whatever passes";
    case Code::kSilenceDropped:
      return what + " is forgotten after " + seconds_text(finding.duration) + " of silence";
    case Code::kSilencePasses:
      return what + " may be silent for " + seconds_text(finding.duration);
    case Code::kBeatHelps:
      return "A heartbeat keeps " + inside(finding) + " open";
    case Code::kBeatUseless:
      return "Not every heartbeat keeps " + inside(finding) + " open";
    case Code::kFits:
      return bytes_text(finding.bytes) + " fit into " + finding.what;
    case Code::kDoesNotFit:
      return bytes_text(finding.other_bytes) + " do not fit into " + finding.what;
    case Code::kStreams:
      return count_text(finding.count) +
             (finding.count >= finding.of ? " streams and more" : " streams") + " at once";
    case Code::kStatusChanged:
      return "A status " + count_text(finding.of) + " arrives as " +
             count_text(static_cast<std::uint64_t>(finding.status));
    case Code::kStatusesPass:
      return "Statuses arrive as sent";
    case Code::kPauseDropped:
      return "Retry-After does not arrive";
    case Code::kEndDisguised:
      return "An answer that breaks off looks whole";
    case Code::kEndsPass:
      return "Ends arrive as they were";
    case Code::kCached:
      return "A poll is answered by a cache";
    case Code::kBothWays:
      return what + " goes both ways";
    case Code::kOneWay:
      return what + " goes one way only";
    case Code::kFigures:
      return "A round trip takes " + client::duration_text(finding.duration);
    case Code::kThroughput:
      return what + " brings " + bytes_text(finding.bytes) + " a second";
    case Code::kCouldNotTell:
      return "Could not tell " + finding.what + (finding.transport ? ": " + inside(finding) : "");
  }
  return {};
}

std::string seen(const Finding& finding) {
  switch (finding.code) {
    case Code::kWorks:
      return "The first record came after " + client::duration_text(finding.duration) + ", in " +
             count_text(finding.count) + " of " + count_text(finding.of) + " tries.";
    case Code::kFails:
      return "None of " + count_text(finding.of) + " tries brought a record. " + how_text(finding);
    case Code::kSometimes:
      return count_text(finding.count) + " of " + count_text(finding.of) +
             " tries brought a record. Of one that did not: " + how_text(finding);
    case Code::kPoisons:
      return "They were answered " + count_text(static_cast<std::uint64_t>(finding.status)) +
             " for " + client::duration_text(finding.duration) + ".";
    case Code::kAsWritten:
      return "Six writes over 3.1 s each arrived when they were written, with and without the "
             "header fields that ask for it.";
    case Code::kHeld: {
      std::string text = manner_text(finding);
      if (finding.bytes > 0) {
        text += " Where " + bytes_text(finding.bytes) + " had been written, they passed.";
      }
      if (finding.plain_only) {
        text +=
            " With X-Accel-Buffering: no and Cache-Control: no-transform they arrive as they "
            "are written.";
      }
      return text;
    }
    case Code::kDelayed:
      return "Small writes one after another wait for each other; larger gaps pass.";
    case Code::kHeldByType:
      return manner_text(finding) + " That was text/plain; the same lines as " +
             std::string(info(kOverFetch).served_as().content_type) +
             " arrive as they are written.";
    case Code::kCompressed:
      return (finding.what.empty()
                  ? "What came was encoded, which it was not when the server sent it"
                  : "Content-Encoding: " + finding.what + ", which the server did not send") +
             (finding.plain_only ? ", where nothing asks those on the way to leave it." : ".") +
             (finding.other_bytes > 0 ? " A body of " + bytes_text(finding.other_bytes) +
                                            " came as " + bytes_text(finding.bytes) + "."
                                      : "");
    case Code::kChanged:
      return "What came is not what the server sent.";
    case Code::kUnchanged:
      return "No compression, no byte changed.";
    case Code::kFieldsAdded:
      return list(finding.names) + (finding.names.size() == 1 ? " was" : " were") +
             " in the request as it arrived, and not as it was sent.";
    case Code::kFieldDropped:
      return "It was sent, and has not arrived.";
    case Code::kHostChanged:
      return "Host: " + finding.what + " has arrived.";
    case Code::kVersionLowered:
      return "It answers without chunks, and a connection carries one answer.";
    case Code::kCookiePasses:
      return "The server set one, and the next request brought it.";
    case Code::kCookieChanged:
      return "The server set one, and the next request brought it with another value.";
    case Code::kCookieDropped:
      if (finding.what == "Set-Cookie") {
        return "The server set one, and its answer arrived without Set-Cookie.";
      }
      return finding.what.empty() ? "The server set one, and the next request arrived without it."
                                  : "It was sent, and the request arrived without it.";
    case Code::kCutAnyway:
    case Code::kSilenceCut: {
      std::string text = how_text(finding);
      if (finding.server_too) {
        text += finding.what == "peer-reset" ? " The server saw it broken at the same moment."
                                             : " The server saw it closed at the same moment.";
        text += " Who stands between has ended both sides.";
      } else if (!finding.what.empty()) {
        text += " The server heard of it at another moment.";
      } else {
        text += " The server has not heard of it.";
      }
      return text;
    }
    case Code::kSilenceDropped:
      return "What the server wrote then never came, and nobody ended the connection. " +
             (finding.other > 0 ? seconds_text(finding.other) + " of silence still passed."
                                : std::string("No shorter silence was tried."));
    case Code::kSilencePasses:
      return "What the server wrote then arrived. No longer silence was tried.";
    case Code::kBeatHelps:
      return "With " + beats_text(finding.beats) + " now and then it stayed open for " +
             seconds_text(finding.duration) + ".";
    case Code::kBeatUseless:
      return "In spite of " + beats_text(finding.beats) + " it was cut.";
    case Code::kFits:
      return "That is the largest that was tried, and it passed.";
    case Code::kDoesNotFit:
      return (finding.bytes > 0 ? bytes_text(finding.bytes) + " passed. " : std::string()) +
             (finding.count > 0 ? "It was closed with code " + count_text(finding.count) + "."
              : finding.how == How::kNone ? std::string("It did not come.")
                                          : how_text(finding));
    case Code::kStreams:
      return count_text(finding.of) + " were opened at once, of which " +
             count_text(finding.count) + " were answered" +
             (finding.what.empty() ? std::string(".")
                                   : "; the client speaks " + http_text(finding.what) + ".") +
             (finding.count < finding.of ? " The others wait until one ends, and nobody is told."
                                         : std::string());
    case Code::kStatusChanged:
      return how_text(Finding{.how = How::kAnswered, .status = finding.status, .by = finding.by});
    case Code::kStatusesPass:
      return "204, 401, 429, 500 and 503, as the server answered them" +
             std::string(finding.count > 0 ? ", and those with which it refused an Upgrade."
                                           : ".") +
             (finding.how == How::kUntold ? " " + how_text(finding) : "");
    case Code::kPauseDropped:
      return "A status " + count_text(static_cast<std::uint64_t>(finding.status)) +
             " was answered with Retry-After, and arrived without.";
    case Code::kEndDisguised:
      return "The server broke an answer off in the middle; the client saw it end in order.";
    case Code::kEndsPass:
      return "What ends in order ends in order, and what breaks off is seen to break off.";
    case Code::kCached:
      return "The second answer to the same question was the first one again.";
    case Code::kBothWays:
      return "While the server wrote, what the client said was answered after " +
             client::duration_text(finding.duration) + ".";
    case Code::kOneWay:
      return "What the client said was not answered; of it " + count_text(finding.count) +
             " arrived at the server.";
    case Code::kFigures:
      return "Give or take " + client::duration_text(finding.other) + ".";
    case Code::kThroughput:
      return (finding.transport && info(*finding.transport).polls()
                  ? "In answers of 64 KiB, one after another, within "
                  : "As much as passed within ") +
             seconds_text(finding.duration) + ", with nothing else going on.";
    case Code::kCouldNotTell:
      return how_text(finding);
  }
  return {};
}

std::string meaning(const Finding& finding) {
  switch (finding.code) {
    case Code::kHeld:
      return "A reader sees an open connection, and nothing on it.";
    case Code::kSilenceCut:
      if (finding.transport && info(*finding.transport).polls()) {
        return "A long poll must be answered sooner.";
      }
      return "A stream on which nothing happens for so long is lost, and must reconnect.";
    case Code::kCutAnyway:
      return "No heartbeat helps: whoever reads it must reconnect, and go on where it was.";
    case Code::kSilenceDropped:
      return "Both ends believe that it is open; only a heartbeat that is missed tells.";
    case Code::kPoisons:
      return "Who tries a WebSocket first has no fallback for as long.";
    case Code::kEndDisguised:
      return "A reader cannot tell a broken stream from one that is over: count the records.";
    case Code::kCached:
      return "A poll may bring what is long out of date.";
    case Code::kFieldDropped:
      return finding.what == "Last-Event-ID" ? "An event stream that reconnects begins anew." : "";
    case Code::kCookieChanged:
    case Code::kCookieDropped:
      return "A server that knows its readers by a cookie does not know this one again." +
             std::string(finding.what.empty() && finding.code == Code::kCookieDropped
                             ? " Something on the way takes it out, or this browser takes no "
                               "cookies from here."
                             : "");
    case Code::kVersionLowered:
      return "A broken answer cannot be told from a whole one.";
    default:
      return {};
  }
}

}  // namespace playground::check
