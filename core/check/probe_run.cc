#include "core/check/probe_run.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>
#include <variant>

#include "core/check/plan.h"
#include "core/client/answerer.h"
#include "core/field_text.h"
#include "core/json.h"
#include "core/json_text.h"
#include "core/probe_cookie.h"
#include "core/probe_pad.h"

namespace playground::check {

using client::kMillisecond;
using client::kSecond;

namespace {

// What is granted beyond the time that a probe takes by itself.
constexpr Micros kGrace = 6 * kSecond;
constexpr Micros kOpenGrace = 4 * kSecond;
// While bytes come, that are not whole yet, there is this much.
constexpr Micros kSlowGrace = 20 * kSecond;
// How long a failed Upgrade may make other requests fail, and how often to look.
constexpr Micros kLongestPoison = 60 * kSecond;
constexpr Micros kLook = 250 * kMillisecond;
constexpr std::size_t kQuestions = 8;  // of kRoundTrip
constexpr std::size_t kSayings = 10;   // of kBothWays
constexpr Micros kSayingGap = 150 * kMillisecond;
constexpr Micros kStreamsStay = 2 * kSecond;
// kFill: bytes of a poll's answer, and of all of them.
constexpr std::uint64_t kFillAnswer = 64 * 1024;
constexpr std::uint64_t kMostFilled = 64 * 1024 * 1024;

template <typename... F>
struct Visit : F... {
  using F::operator()...;
};
template <typename... F>
Visit(F...) -> Visit<F...>;

// "NAME=VALUE" of the Set-Cookie with the probe's own; empty without one.
std::string cookie_of(std::string_view fields, std::string_view id) {
  std::string found;
  any_field(fields, "Set-Cookie", [&](std::string_view value) {
    found = probe_cookie_in(value, id);
    return !found.empty();
  });
  return found;
}

std::size_t padding(const Probe& probe) { return static_cast<std::size_t>(probe.bytes); }

Micros beat_interval(const Probe& probe) {
  return std::max(std::min(15 * kSecond, probe.duration / 10), 200 * kMillisecond);
}

}  // namespace

ProbeRun::ProbeRun(Observation& observation, const Target& target, const Path& path,
                   client::Dispatcher& dispatcher, OnChange on_open, OnChange on_over)
    : observation_(observation),
      target_(target),
      path_(path),
      dispatcher_(dispatcher),
      on_open_(std::move(on_open)),
      on_over_(std::move(on_over)) {}

std::string ProbeRun::url(std::string_view path, std::string_view more) const {
  const bool upgrades = path == "websocket";
  std::string out = upgrades ? target_.websocket : target_.http;
  out.append(path).append("?probe=").append(observation_.id);
  if (probe().plain) out += "&plain_headers=1";
  if (probe().text) out += "&text=1";
  if (!target_.channel.empty()) out.append("&channel=").append(target_.channel);
  out += more;
  return out;
}

std::string ProbeRun::stream_parameters() const {
  std::string out;
  const auto add = [&](std::string_view name, std::int64_t value) {
    out.append("&").append(name).append("=");
    append_number(value, out);
  };
  const auto pad = [&] {
    if (probe().bytes > 0) add("pad", static_cast<std::int64_t>(probe().bytes));
  };
  switch (probe().kind) {
    case ProbeKind::kWrites:
      out = "&at=";
      for (const std::int64_t each : kWriteMoments) {
        if (out.back() != '=') out += ',';
        append_number(each, out);
      }
      pad();
      break;
    case ProbeKind::kRamp:
      out = "&at=";
      for (std::size_t i = 0; i < kRampWrites; ++i) {
        if (i > 0) out += ',';
        append_number(static_cast<std::int64_t>(i) * kRampGap / kMillisecond, out);
      }
      pad();
      break;
    case ProbeKind::kSilence:
    case ProbeKind::kBeat:
      out = "&at=0,";
      append_number(probe().duration / kMillisecond, out);
      if (probe().kind == ProbeKind::kBeat) {
        out.append("&beat=").append(name(probe().beat));
        add("beat_ms", beat_interval(probe()) / kMillisecond);
      }
      break;
    case ProbeKind::kStatus:
      add("status", probe().status);
      break;
    case ProbeKind::kEnd:
      out = probe().cut ? "&at=0,100&end=fin" : "&at=0,100";
      break;
    case ProbeKind::kEvent:
      pad();
      out += "&end=stay";
      break;
    case ProbeKind::kMessage:
    case ProbeKind::kOpen:
      out = "&end=stay";
      break;
    case ProbeKind::kStreams:
      add("at", 0);
      out += ",";
      append_number(kStreamsStay / kMillisecond, out);
      break;
    case ProbeKind::kBothWays:
      out = "&at=";
      for (std::size_t i = 0; i <= kSayings; ++i) {
        if (i > 0) out += ',';
        append_number(static_cast<std::int64_t>(i) * kSayingGap / kMillisecond, out);
      }
      out += "&end=stay";
      break;
    case ProbeKind::kFill:
      add("fill_ms", probe().duration / kMillisecond);
      break;
    default:
      break;
  }
  return out;
}

std::size_t ProbeRun::expected_records() const {
  switch (probe().kind) {
    case ProbeKind::kWrites:
      return std::size(kWriteMoments);
    case ProbeKind::kRamp:
      return kRampWrites;
    case ProbeKind::kSilence:
    case ProbeKind::kBeat:
    case ProbeKind::kEnd:
      return info(probe().transport).polls() ? 1 : 2;
    case ProbeKind::kBothWays:
      return kSayings + 1;
    default:
      return 1;
  }
}

bool ProbeRun::complete() const {
  const bool heard = observation_.records >= expected_records();
  if (probe().kind == ProbeKind::kMessage) return heard && observation_.answers > 0;
  if (probe().kind == ProbeKind::kBothWays) return heard && observation_.times.size() >= kSayings;
  return heard;
}

void ProbeRun::start(Micros now) {
  now_ = now;
  observation_.begun = true;
  observation_.began = observation_.last = now;
  const bool opens = probe().kind == ProbeKind::kOpen;
  const Micros longest = expected(probe()) + (opens ? kOpenGrace : kGrace);
  limit_ = client::Timer(dispatcher_, longest, [this](Micros at) { time_out(at); });
  const TransportInfo& transport = info(probe().transport);
  switch (probe().kind) {
    case ProbeKind::kSeen:
    case ProbeKind::kUpload:
    case ProbeKind::kHeader:
      return ask("seen", {}, now);
    case ProbeKind::kBody: {
      std::string bytes = "&bytes=";
      append_number(probe().bytes, bytes);
      return ask("body", bytes, now);
    }
    case ProbeKind::kCookie:
    case ProbeKind::kRepeated:
    case ProbeKind::kRoundTrip:
      return ask_next(now);
    case ProbeKind::kStreams:
      for (std::size_t i = 0; i < probe().bytes; ++i) {
        client::Request request;
        request.kind = client::ConnectionKind::kStream;
        request.url = url(transport.path(), stream_parameters());
        request.url += "&i=";
        append_number(i, request.url);
        others_.emplace_back(dispatcher_, request,
                             [this](const client::HostEvent& event, Micros at) {
                               if (std::holds_alternative<client::Opened>(event))
                                 ++observation_.answers;
                               now_ = at;
                             });
      }
      // Those that have no answer by now wait for another one to end.
      next_ = client::Timer(dispatcher_, kStreamsStay * 3 / 4, [this](Micros at) {
        others_.clear();
        over(Outcome::kWhole, {}, at);
      });
      return;
    default:
      break;
  }
  if (transport.polls()) return ask_next(now);
  open_stream(now);
}

void ProbeRun::open_stream(Micros now) {
  const TransportInfo& transport = info(probe().transport);
  const bool own = probe().kind == ProbeKind::kOpen || probe().kind == ProbeKind::kWrites;
  client::Request request;
  request.url = url(transport.path(), stream_parameters());
  if (transport.upgrades()) {
    request.kind = client::ConnectionKind::kWebSocket;
  } else if (transport.id == TransportId::kSse && own &&
             dispatcher_.host().has(Feature::kEventSource)) {
    request.kind = client::ConnectionKind::kEventSource;
  } else {
    request.kind = client::ConnectionKind::kStream;
    request.header_fields = {{"Accept", std::string(transport.served_as().content_type)}};
    as_lines_ = transport.served != Served::kEventStream;
  }
  open(std::move(request), now);
}

void ProbeRun::open(client::Request request, Micros now) {
  asked_ = now;
  connection_ =
      client::Connection(dispatcher_, request,
                         [this](const client::HostEvent& event, Micros at) { heard(event, at); });
}

void ProbeRun::ask(std::string path, std::string more, Micros now) {
  client::Request request;
  request.url = url(path, more);
  if (probe().kind == ProbeKind::kSeen) request.header_fields = path_.sent;
  // A browser has its own, and lets nobody send another.
  if (!observation_.cookie.empty() && !path_.is_browser) {
    request.header_fields = {{"Cookie", observation_.cookie}};
  }
  if (probe().kind == ProbeKind::kHeader) {
    // One that a page may send to another origin too, as far as its length goes.
    request.header_fields = {{"Last-Event-ID", probe_pad(0, padding(probe()))}};
  }
  if (probe().kind == ProbeKind::kUpload) {
    request.method = "POST";
    request.body = probe_pad(0, padding(probe()));
    request.content_type = "text/plain";
  }
  if (probe().kind == ProbeKind::kBody) observation_.address = request.url;
  open(std::move(request), now);
}

// Of those that ask several times.
void ProbeRun::ask_next(Micros now) {
  const TransportInfo& transport = info(probe().transport);
  std::string more;
  if (probe().kind == ProbeKind::kRepeated) {
    return ask("poll", "&plain_headers=1", now);
  }
  if (probe().kind == ProbeKind::kCookie) {
    return ask(step_ == 0 ? "cookie/set" : "cookie/seen", {}, now);
  }
  if (probe().kind == ProbeKind::kFill) {
    more = "&bytes=";
    append_number(kFillAnswer, more);
    return ask("body", more, now);
  }
  Micros hold = probe().duration;
  if (transport.holds() && probe().kind == ProbeKind::kWrites) {
    // Each is answered when a stream would have written.
    const Micros due = observation_.began + kWriteMoments[step_] * kMillisecond;
    hold = std::max<Micros>(due - now, 0);
  }
  if (hold > 0) {
    more = "&hold_ms=";
    append_number(hold / kMillisecond, more);
  }
  ask(std::string(hold > 0 ? "long-poll" : "poll"), more, now);
}

// While the server writes: over the WebSocket, or as a request beside the stream.
void ProbeRun::say_next(Micros now) {
  if (step_ >= kSayings || observation_.over()) return;
  ++step_;
  asked_ = now;
  if (info(probe().transport).upgrades()) {
    connection_.send("what the client says");
  } else {
    client::Request request;
    request.method = "POST";
    request.url = url("seen");
    request.body = "what the client says";
    request.content_type = "text/plain";
    beside_ =
        client::Connection(dispatcher_, request, [this](const client::HostEvent& event, Micros at) {
          now_ = at;
          const auto* answer = std::get_if<client::Answered>(&event);
          if (answer && answer->status == 200) {
            ++observation_.answers;
            observation_.times.push_back(at - asked_);
          }
          if (client::is_last(event)) after_record(at);
        });
  }
  next_ = client::Timer(dispatcher_, kSayingGap, [this](Micros at) { say_next(at); });
}

void ProbeRun::heard(const client::HostEvent& event, Micros now) {
  now_ = now;
  std::visit(Visit{
                 [&](const client::Opened& opened) {
                   observation_.opened = now;
                   observation_.status = opened.status;
                   observation_.fields = opened.fields;
                   on_open_(now);
                   if (opened.status != 0 && opened.status != 200)
                     over(Outcome::kAnswered, {}, now);
                 },
                 [&](const client::Chunk& chunk) { take_bytes(chunk.bytes, now); },
                 [&](const client::ServerEvent& said) {
                   observation_.bytes += said.data.size();
                   take(said.data, now);
                 },
                 [&](const client::Frame& frame) {
                   observation_.bytes += frame.data.size();
                   take(frame.data, now);
                 },
                 [&](const client::Answered& answer) { answered(answer, now); },
                 [&](const client::Closed& closed) {
                   observation_.code = closed.code;
                   if (closed.status != 0) {
                     observation_.status = closed.status;
                     observation_.fields = closed.fields;
                     return over(Outcome::kAnswered, std::string(closed.reason), now);
                   }
                   const bool broke = closed.code == 1006;
                   const bool filled = probe().kind == ProbeKind::kFill && !broke;
                   // The rest of a text without its last line end.
                   if (as_lines_) {
                     const std::string rest(lines_.rest());
                     if (!rest.empty()) take(rest, now);
                     if (observation_.over()) return;
                   }
                   over(broke                  ? Outcome::kBroke
                        : filled || complete() ? Outcome::kWhole
                                               : Outcome::kEnded,
                        std::string(closed.reason), now);
                 },
                 [&](const client::Failed& failed) {
                   // An EventSource calls every end an error.
                   const bool whole = probe().kind == ProbeKind::kWrites && complete();
                   over(whole ? Outcome::kWhole : Outcome::kBroke, std::string(failed.reason), now);
                 },
                 [](const client::Interrupted&) {},
             },
             event);
}

void ProbeRun::answered(const client::Answered& answer, Micros now) {
  if (!observation_.opened) observation_.opened = now;
  observation_.last = now;
  observation_.status = answer.status;
  observation_.fields = answer.fields;
  observation_.bytes += answer.body.size();
  if (answer.status != 200 || observation_.foreign()) return over(Outcome::kAnswered, {}, now);
  observation_.times.push_back(now - asked_);
  ++step_;
  switch (probe().kind) {
    case ProbeKind::kBody:
      observation_.differs = answer.body != probe_pad(0, padding(probe()));
      return over(Outcome::kWhole, {}, now);
    case ProbeKind::kUpload:
    case ProbeKind::kHeader:
    case ProbeKind::kSeen:
      return over(Outcome::kWhole, {}, now);
    case ProbeKind::kCookie:
      if (step_ == 1) observation_.cookie = cookie_of(answer.fields, observation_.id);
      return step_ < 2 ? ask_next(now) : over(Outcome::kWhole, {}, now);
    case ProbeKind::kFill:
      filled(answer.body.size(), now);
      return observation_.over() ? void() : ask_next(now);
    case ProbeKind::kRepeated:
      take(answer.body, now);
      if (observation_.over()) return;
      return step_ < 2 ? ask_next(now) : over(Outcome::kWhole, {}, now);
    case ProbeKind::kRoundTrip:
      return step_ < kQuestions ? ask_next(now) : over(Outcome::kWhole, {}, now);
    default:
      break;
  }
  take(answer.body, now);
  if (observation_.over()) return;
  if (probe().kind == ProbeKind::kWrites && step_ < std::size(kWriteMoments)) return ask_next(now);
  over(complete() ? Outcome::kWhole : Outcome::kEnded, {}, now);
}

// What lies on the way then is not waited for.
void ProbeRun::filled(std::size_t bytes, Micros now) {
  const Micros first = info(probe().transport).polls() ? asked_ : now;
  if (observation_.records++ == 0) observation_.arrivals.push_back({0, first, first, bytes});
  const Micros passed = now - observation_.arrivals.front().at;
  if (passed >= probe().duration || observation_.bytes >= kMostFilled) {
    over(Outcome::kWhole, {}, now);
  }
}

void ProbeRun::take_bytes(std::string_view bytes, Micros now) {
  observation_.bytes += bytes.size();
  observation_.last = now;
  if (probe().kind == ProbeKind::kFill) return filled(bytes.size(), now);
  if (as_lines_) {
    lines_.feed(bytes, [this, now](std::string_view line) { take(line, now); });
  } else {
    events_.feed(bytes, *this);
  }
}

void ProbeRun::take(std::string_view text, Micros now) {
  if (observation_.over()) return;
  observation_.last = now;
  if (probe().kind == ProbeKind::kFill) return filled(text.size(), now);
  const Json json = parse_json(text);
  if (json.find("beat")) return;
  if (json.find("received")) {
    ++observation_.answers;
    observation_.times.push_back(now - asked_);
    return after_record(now);
  }
  const auto number = count_in(json, "n");
  const auto sent = count_in(json, "sent_us");
  if (!number || !sent) {
    return over(Outcome::kAnswered, "what came is not the server's record", now);
  }
  if (const std::string* pad = text_in(json, "pad")) {
    observation_.differs |= *pad != probe_pad(*number, padding(probe()));
  }
  ++observation_.records;
  if (observation_.arrivals.size() < Observation::kMaxArrivals) {
    observation_.arrivals.push_back(
        {*number, static_cast<Micros>(*sent) - path_.clock.offset_us(), now, text.size()});
  }
  after_record(now);
}

void ProbeRun::after_record(Micros now) {
  switch (probe().kind) {
    case ProbeKind::kOpen:
    case ProbeKind::kEvent:
      if (info(probe().transport).polls()) return;
      return over(Outcome::kWhole, {}, now);
    case ProbeKind::kMessage:
      if (complete()) return over(Outcome::kWhole, {}, now);
      if (observation_.records == 1 && step_++ == 0) {
        asked_ = now;
        connection_.send(probe_pad(0, padding(probe())));
      }
      return;
    case ProbeKind::kBothWays:
      if (step_ == 0) return say_next(now);
      if (complete()) over(Outcome::kWhole, {}, now);
      return;
    default:
      return;
  }
}

void ProbeRun::time_out(Micros now) {
  const bool comes = observation_.bytes > 0 && now - observation_.last < kSecond;
  if (comes && now - observation_.began < kSlowGrace) {
    limit_ = client::Timer(dispatcher_, kSecond, [this](Micros at) { time_out(at); });
    return;
  }
  over(connection_.waits() ? Outcome::kNotSent : Outcome::kTimedOut, {}, now);
}

// Some refuse ordinary requests for a while where an Upgrade has failed.
void ProbeRun::look_for_poison() {
  const Micros since = observation_.ended;
  client::Request request;
  request.url = url("poll");
  connection_ = client::Connection(
      dispatcher_, request, [this, since](const client::HostEvent& event, Micros at) {
        if (!client::is_last(event)) return;
        const auto* answer = std::get_if<client::Answered>(&event);
        const bool fails = answer && answer->status >= 400;
        if (fails) {
          observation_.poisoned = at - since;
          observation_.poisoned_status = answer->status;
        }
        if (!fails || at - since > kLongestPoison) return on_over_(at);
        next_ = client::Timer(dispatcher_, kLook, [this](Micros) { look_for_poison(); });
      });
  limit_ = client::Timer(dispatcher_, kGrace, [this](Micros at) {
    connection_.close();
    next_.cancel();
    on_over_(at);
  });
}

void ProbeRun::over(Outcome outcome, std::string words, Micros now) {
  if (looks_for_poison_) {
    if (outcome == Outcome::kStopped) on_over_(now);
    return;
  }
  if (observation_.over()) return;
  observation_.outcome = outcome;
  observation_.words = std::move(words);
  observation_.ended = now;
  connection_.close();
  beside_.close();
  others_.clear();
  limit_.cancel();
  next_.cancel();
  const bool failed = outcome != Outcome::kWhole && outcome != Outcome::kStopped;
  looks_for_poison_ = failed && probe().kind == ProbeKind::kOpen && !probe().again &&
                      info(probe().transport).upgrades();
  if (looks_for_poison_) return look_for_poison();
  on_over_(now);
}

}  // namespace playground::check
