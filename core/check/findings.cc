#include "core/check/findings.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

#include "core/check/silence.h"
#include "core/client/answerer.h"
#include "core/field_text.h"
#include "core/probe_cookie.h"

namespace playground::check {

using client::kMillisecond;
using client::kSecond;
using enum TransportId;

namespace {

// The fields of requests that browsers send by themselves.
constexpr std::string_view kOwnFields[] = {"Host",
                                           "User-Agent",
                                           "Accept",
                                           "Accept-Encoding",
                                           "Accept-Language",
                                           "Referer",
                                           "Connection",
                                           "Pragma",
                                           "Origin",
                                           "Cookie",
                                           "DNT",
                                           "Upgrade-Insecure-Requests",
                                           "Content-Type",
                                           "Content-Length",
                                           "Last-Event-ID",
                                           "Priority",
                                           "TE",
                                           "Upgrade",
                                           "Authorization",
                                           "If-None-Match",
                                           "If-Modified-Since",
                                           "Transfer-Encoding",
                                           "Expect",
                                           "Keep-Alive",
                                           "Save-Data"};

// What is held shorter than this may be the machine's.
constexpr Micros kNoticed = 120 * kMillisecond;
constexpr Micros kClearly = 400 * kMillisecond;

bool is_own(const client::HeaderField& field) {
  // Of a page that is loaded anew; with anything else in it, it is a cache's.
  if (equals_ignoring_case(field.name, "Cache-Control")) {
    return field.value == "no-cache" || field.value == "max-age=0";
  }
  const std::string_view name = field.name;
  return equals_ignoring_case(name.substr(0, 4), "Sec-") ||
         std::any_of(std::begin(kOwnFields), std::end(kOwnFields),
                     [&](std::string_view each) { return equals_ignoring_case(each, name); });
}

class Finder {
 public:
  Finder(const Observations& observations, bool over) : all_(observations), over_(over) {}

  std::vector<Finding> take() {
    for (const TransportId each : kCheckedTransports) {
      if (stays_open(info(each))) find_held(each);
    }
    for (const TransportId each : kCheckedTransports) find_works(each);
    std::erase_if(found_, [&](const Finding& each) {
      return each.code == Code::kCouldNotTell && has(Code::kFails, *each.transport);
    });
    find_held_by_type();
    find_changes();
    find_fields();
    find_cookie();
    for (const TransportId each : kCheckedTransports) {
      if (stays_open(info(each))) find_silence(each);
    }
    find_sizes(ProbeKind::kMessage, kWebSocket, "a WebSocket message from the client");
    find_sizes(ProbeKind::kEvent, kWebSocket, "a WebSocket message from the server");
    find_sizes(ProbeKind::kEvent, kSse, "an event");
    find_sizes(ProbeKind::kUpload, kShortPoll, "a request's body");
    find_sizes(ProbeKind::kHeader, kShortPoll, "a header field");
    find_streams();
    find_statuses();
    find_ends();
    find_cache();
    find_both_ways(kWebSocket);
    find_both_ways(kSse);
    find_figures();
    constexpr auto rank = [](const Finding& each) {
      constexpr int kRanks[] = {2, 1, 0, 3};
      return kRanks[static_cast<std::size_t>(each.severity)];
    };
    std::stable_sort(found_.begin(), found_.end(),
                     [&](const Finding& a, const Finding& b) { return rank(a) < rank(b); });
    return std::move(found_);
  }

 private:
  using Indices = std::vector<std::size_t>;

  template <typename Which>
  Indices which(Which&& which) const {
    Indices found;
    for (std::size_t i = 0; i < all_.all.size(); ++i) {
      const Observation& each = all_.all[i];
      const bool asked = each.over() && each.outcome != Outcome::kStopped &&
                         each.outcome != Outcome::kSkipped && each.outcome != Outcome::kNotSent;
      if (asked && which(each.probe)) found.push_back(i);
    }
    return found;
  }
  Indices which(ProbeKind kind, TransportId transport) const {
    return which(
        [=](const Probe& probe) { return probe.kind == kind && probe.transport == transport; });
  }
  // Whether a probe of the kind is still to come.
  bool pending(ProbeKind kind, TransportId transport) const {
    return std::any_of(all_.all.begin(), all_.all.end(), [=](const Observation& each) {
      return each.probe.kind == kind && each.probe.transport == transport && !each.over();
    });
  }
  // Whether the reader has ended the check before one of the kind was over.
  bool stopped(ProbeKind kind, TransportId transport) const {
    return std::any_of(all_.all.begin(), all_.all.end(), [=](const Observation& each) {
      return each.probe.kind == kind && each.probe.transport == transport &&
             each.outcome == Outcome::kStopped;
    });
  }
  const Observation& at(std::size_t index) const { return all_.all[index]; }
  Micros round_trip() const { return all_.path.clock.round_trip_us(); }

  Finding& add(Code code, Severity severity, std::optional<TransportId> transport, Indices probes) {
    found_.push_back({.code = code, .severity = severity, .transport = transport});
    found_.back().probes = std::move(probes);
    return found_.back();
  }
  Finding& could_not_tell(std::string_view what, How how,
                          std::optional<TransportId> transport = std::nullopt,
                          const Indices& probes = {}) {
    Finding& finding = add(Code::kCouldNotTell, Severity::kUnknown, transport, probes);
    finding.what = what;
    finding.how = how;
    return finding;
  }
  bool has(Code code, TransportId transport) const {
    return std::any_of(found_.begin(), found_.end(), [=](const Finding& each) {
      return each.code == code && each.transport == transport;
    });
  }

  // Why an observation did not come to its end, as far as both ends can say.
  void explain(const Observation& seen, Finding& finding) const {
    finding.status = seen.status;
    const bool answered = seen.status != 0 && seen.status != 200;
    const bool upgrades = info(seen.probe.transport).upgrades();
    if (upgrades && seen.seen && seen.seen->requests > 0 && !seen.seen->upgrade) {
      finding.how = How::kNotUpgraded;
    } else if (answered || seen.foreign()) {
      finding.how = answered ? How::kAnswered : How::kForeign;
      if (seen.foreign()) finding.by = client::answered_by(seen.fields);
    } else if (seen.opened) {
      finding.how = How::kNothingComes;
    } else if (!seen.seen) {
      finding.how = How::kRefused;
    } else if (seen.seen->requests == 0) {
      finding.how = How::kNotArrived;
    } else if (seen.seen->status == 200 || seen.seen->status == 101) {
      finding.how = How::kAnswerLost;
    } else {
      finding.how = How::kAnswered;
      finding.status = seen.seen->status;
    }
  }

  void find_works(TransportId transport) {
    const Indices tries = which(ProbeKind::kOpen, transport);
    if (tries.empty()) return;
    std::vector<Micros> times;
    std::size_t last_bad = 0;
    for (const std::size_t i : tries) {
      if (at(i).outcome == Outcome::kWhole) {
        times.push_back(at(i).ended - at(i).began - at(i).probe.duration);
      } else {
        last_bad = i;
      }
    }
    if (times.size() == tries.size()) {
      std::sort(times.begin(), times.end());
      Finding& works = add(Code::kWorks, Severity::kGood, transport, tries);
      works.duration = times[times.size() / 2];
      works.count = works.of = times.size();
      return;
    }
    if (times.empty() && pending(ProbeKind::kOpen, transport) && tries.size() < 2) return;
    const bool none = times.empty();
    // What is held back opens, and says nothing: that is known as such, or will be.
    const bool silent = at(last_bad).outcome == Outcome::kTimedOut;
    if (none && silent && (has(Code::kHeld, transport) || pending(ProbeKind::kWrites, transport))) {
      return;
    }
    Finding& fails =
        add(none ? Code::kFails : Code::kSometimes, Severity::kTrouble, transport, tries);
    fails.count = times.size();
    fails.of = tries.size();
    explain(at(last_bad), fails);
    for (const std::size_t i : tries) {
      if (at(i).poisoned == 0) continue;
      Finding& poisons = add(Code::kPoisons, Severity::kTrouble, transport, {i});
      poisons.duration = at(i).poisoned;
      poisons.status = at(i).poisoned_status;
    }
  }

  struct Held {
    Manner manner = Manner::kUnknown;  // kAsWritten: it is not
    bool known = false;
    Micros duration = 0;
    Indices probes;
  };
  // What the writes of a kind say, once what is suspicious has been seen twice.
  Held held(TransportId transport, bool plain, bool padded, bool text = false) const {
    Held found;
    found.probes = which([=](const Probe& probe) {
      return probe.kind == ProbeKind::kWrites && probe.transport == transport &&
             probe.plain == plain && (probe.bytes > 0) == padded && probe.text == text;
    });
    if (found.probes.empty()) return found;
    const Passage first = passage(at(found.probes.front()), round_trip());
    if (first.manner == Manner::kAsWritten) {
      found.known = true;
      found.manner = Manner::kAsWritten;
      return found;
    }
    if (found.probes.size() < 2) return found;
    const Passage again = passage(at(found.probes.back()), round_trip());
    found.known = again.manner != Manner::kUnknown;
    found.manner = again.manner;
    found.duration = std::min(first.held, again.held);
    // Once may be chance: then it is not said.
    if (again.manner == Manner::kAsWritten) return found;
    if (first.manner == Manner::kUnknown) return found;
    if (first.manner != again.manner) found.manner = Manner::kForATime;
    if (found.manner == Manner::kForATime) {
      found.duration = held_twice(at(found.probes.front()), at(found.probes.back()), round_trip());
      if (found.duration < kNoticed) found.manner = Manner::kAsWritten;
    }
    return found;
  }

  void find_held(TransportId transport) {
    const bool streams = info(transport).streams();
    const Held ours = held(transport, false, false);
    const Held plain = streams ? held(transport, true, false) : ours;
    const bool ours_held = ours.known && ours.manner != Manner::kAsWritten;
    const bool plain_held = plain.known && plain.manner != Manner::kAsWritten;
    if (!ours_held && !plain_held) {
      if (ours.known && plain.known) {
        Indices probes = ours.probes;
        if (streams) probes.insert(probes.end(), plain.probes.begin(), plain.probes.end());
        add(Code::kAsWritten, Severity::kGood, transport, probes);
      } else if (over_ && !short_life(transport) &&
                 (!ours.probes.empty() || !plain.probes.empty())) {
        Finding& unknown =
            could_not_tell("whether it is held back", How::kNone, transport, ours.probes);
        if (stopped(ProbeKind::kWrites, transport)) {
          unknown.how = How::kStopped;
        } else {
          explain(at((ours.probes.empty() ? plain : ours).probes.back()), unknown);
        }
      }
      return;
    }
    const Held& what = plain_held ? plain : ours;
    if (what.manner == Manner::kForATime && what.duration < kSecond) {
      // So little is believed where both kinds show it, or one of them clearly.
      const bool both = !streams || (ours_held && plain_held);
      const bool delayed = both || what.duration >= kClearly;
      Finding& finding = add(delayed ? Code::kDelayed : Code::kAsWritten,
                             delayed ? Severity::kNote : Severity::kGood, transport, what.probes);
      if (delayed) finding.duration = what.duration;
      return;
    }
    Finding& finding = add(Code::kHeld, Severity::kTrouble, transport, what.probes);
    finding.manner = what.manner;
    finding.duration = what.duration;
    finding.plain_only = plain_held && ours.known && !ours_held;
    for (const std::size_t i : which(ProbeKind::kRamp, transport)) {
      if (at(i).probe.plain != plain_held || at(i).probe.text) continue;
      finding.bytes = held_bytes(at(i), round_trip());
      finding.probes.push_back(i);
    }
    const Held padded = held(transport, plain_held, true);
    if (finding.bytes == 0 && padded.known && padded.manner == Manner::kAsWritten) {
      finding.bytes = at(padded.probes.front()).probe.bytes;
    }
  }

  void find_held_by_type() {
    const Held text = held(kOverFetch, true, false, true);
    if (!text.known || text.manner == Manner::kAsWritten || has(Code::kHeld, kOverFetch)) return;
    if (text.manner == Manner::kForATime && text.duration < kSecond) return;
    Finding& finding = add(Code::kHeldByType, Severity::kTrouble, kOverFetch, text.probes);
    finding.manner = text.manner;
    finding.duration = text.duration;
  }

  void find_changes() {
    Indices looked;
    Indices changed;
    Indices coded;
    std::string coding;
    client::BodySize size;
    bool only_plain = true;
    for (std::size_t i = 0; i < all_.all.size(); ++i) {
      const Observation& each = at(i);
      if (!each.over() || each.status == 0 || each.foreign()) continue;
      if (each.probe.kind == ProbeKind::kBody) looked.push_back(i);
      if (each.differs) changed.push_back(i);
      const std::string_view found = find_field(each.fields, "Content-Encoding");
      const bool coded_by_name = !found.empty() && !equals_ignoring_case(found, "identity");
      const bool smaller = each.size && each.size->encoded < each.size->decoded;
      if (!coded_by_name && !smaller) continue;
      if (coded_by_name) coding = found;
      if (smaller) size = *each.size;
      coded.push_back(i);
      only_plain &= each.probe.plain;
    }
    if (!changed.empty()) add(Code::kChanged, Severity::kTrouble, std::nullopt, changed);
    if (!coded.empty()) {
      Finding& finding = add(Code::kCompressed, Severity::kNote, std::nullopt, coded);
      finding.what = coding;
      finding.bytes = size.encoded;
      finding.other_bytes = size.decoded;
      finding.plain_only = only_plain;
    }
    if (!looked.empty() && changed.empty() && coded.empty()) {
      add(Code::kUnchanged, Severity::kGood, std::nullopt, looked);
    }
  }

  void find_fields() {
    for (const std::size_t i : which(ProbeKind::kSeen, kShortPoll)) {
      if (!at(i).seen || at(i).seen->requests == 0) continue;
      const Seen& seen = *at(i).seen;
      std::vector<std::string> added;
      const auto has_field = [&](std::string_view wanted) {
        return std::any_of(seen.fields.begin(), seen.fields.end(),
                           [&](const client::HeaderField& each) {
                             return equals_ignoring_case(each.name, wanted);
                           });
      };
      for (const client::HeaderField& each : seen.fields) {
        if (!is_own(each)) added.push_back(each.name);
      }
      if (!added.empty()) {
        add(Code::kFieldsAdded, Severity::kNote, std::nullopt, {i}).names = std::move(added);
      }
      for (const client::HeaderField& each : all_.path.sent) {
        if (has_field(each.name)) continue;
        add(Code::kFieldDropped, Severity::kTrouble, std::nullopt, {i}).what = each.name;
      }
      if (!has_field("Accept-Encoding")) {
        add(Code::kFieldDropped, Severity::kNote, std::nullopt, {i}).what = "Accept-Encoding";
      }
      const std::string_view authority = client::origin_of(all_.path.server);
      const std::string_view host = authority.substr(authority.find("://") + 3);
      for (const client::HeaderField& each : seen.fields) {
        if (!equals_ignoring_case(each.name, "Host") || equals_ignoring_case(each.value, host)) {
          continue;
        }
        add(Code::kHostChanged, Severity::kNote, std::nullopt, {i}).what = each.value;
      }
      if (seen.version == "1.0") add(Code::kVersionLowered, Severity::kNote, std::nullopt, {i});
    }
  }

  void find_cookie() {
    if (all_.path.crosses_origins()) {
      if (over_) could_not_tell("whether a cookie comes back", How::kOtherOrigin);
      return;
    }
    for (const std::size_t i : which(ProbeKind::kCookie, kShortPoll)) {
      const Observation& each = at(i);
      if (each.outcome != Outcome::kWhole || !each.seen || each.seen->requests < 2) continue;
      std::string_view came;
      for (const client::HeaderField& field : each.seen->fields) {
        if (!equals_ignoring_case(field.name, "Cookie")) continue;
        const std::string_view pair = probe_cookie_in(field.value, each.id);
        if (!pair.empty()) came = pair;
      }
      if (came == probe_cookie(each.id)) {
        add(Code::kCookiePasses, Severity::kGood, std::nullopt, {i});
      } else if (!came.empty()) {
        add(Code::kCookieChanged, Severity::kTrouble, std::nullopt, {i});
      } else {
        Finding& dropped = add(Code::kCookieDropped, Severity::kTrouble, std::nullopt, {i});
        if (!all_.path.is_browser) dropped.what = each.cookie.empty() ? "Set-Cookie" : "Cookie";
      }
    }
  }

  void find_silence(TransportId transport) {
    const Indices asked = which(ProbeKind::kSilence, transport);
    if (has(Code::kFails, transport)) return;
    const SilenceFound found = silence_found(all_, transport);
    if (const auto life = short_life(transport); life && !found.cut) {
      Finding& finding = add(Code::kCutAnyway, Severity::kTrouble, transport,
                             which(ProbeKind::kWrites, transport));
      finding.duration = life->whole;
      finding.how = How::kBroken;
      return;
    }
    if (!found.cut && !found.dropped) {
      if (found.passes > 0 && !pending(ProbeKind::kSilence, transport)) {
        add(Code::kSilencePasses, Severity::kGood, transport, asked).duration = found.passes;
      } else if (over_ && transport != kOverFetch) {
        const bool tried =
            std::any_of(all_.all.begin(), all_.all.end(), [=](const Observation& each) {
              return each.probe.kind == ProbeKind::kSilence && each.probe.transport == transport;
            });
        const bool held = has(Code::kHeld, transport) && !asked.empty();
        could_not_tell("when silence is cut",
                       held    ? How::kHeldBack
                       : tried ? How::kStopped
                               : How::kQuick,
                       transport, asked);
      }
      return;
    }
    const Beaten beats = beaten(transport, found.cut);
    Finding& finding = add(beats.cut_anyway ? Code::kCutAnyway
                           : found.cut      ? Code::kSilenceCut
                                            : Code::kSilenceDropped,
                           Severity::kTrouble, transport, asked);
    finding.other = found.passes;
    if (found.cut) {
      finding.duration = *found.cut;
      const Observation& by = *found.by;
      finding.how = by.outcome == Outcome::kAnswered ? How::kAnswered
                    : by.outcome == Outcome::kEnded  ? How::kClosed
                                                     : How::kBroken;
      finding.status = by.status;
      if (by.outcome == Outcome::kAnswered) finding.by = client::answered_by(by.fields);
      if (by.server_saw_end()) {
        finding.server_too = std::abs(by.seen->ended - by.ended) < kSecond + round_trip();
        finding.what = by.seen->end;
      }
    } else {
      finding.duration = *found.dropped;
    }
    if (!beats.cut_anyway) find_beats(transport, beats);
  }

  struct Life {
    Micros whole;   // from its first write on
    Micros silent;  // from its last one on
  };
  // Of the streams that ended while the server went on writing, the shortest; nothing where one
  // did not end.
  std::optional<Life> short_life(TransportId transport) const {
    const Indices writes = which(ProbeKind::kWrites, transport);
    std::optional<Life> shortest;
    for (const std::size_t i : writes) {
      const Observation& each = at(i);
      const bool cut = each.outcome == Outcome::kBroke || each.outcome == Outcome::kEnded;
      if (!cut || each.arrivals.size() < 2) return std::nullopt;
      const Life life{ended_after(each, each.arrivals.front(), round_trip()),
                      ended_after(each, each.arrivals.back(), round_trip())};
      if (!shortest || life.whole < shortest->whole) shortest = life;
    }
    return writes.size() < 2 ? std::nullopt : shortest;
  }

  struct Beaten {
    std::vector<Beat> help;
    std::vector<Beat> useless;
    bool cut_anyway;  // what silence seems to cut is cut then whatever passes
  };
  Beaten beaten(TransportId transport, std::optional<Micros> cut) const {
    Beaten found{{}, {}, cut.has_value()};
    for (const Beat beat : kBeats) {
      const SilenceFound each = silence_found(all_, transport, beat);
      if (each.cut || each.dropped) {
        found.useless.push_back(beat);
      } else if (each.passes > 0) {
        found.help.push_back(beat);
      }
      const bool other = each.passes > 0 || each.dropped;
      found.cut_anyway = found.cut_anyway && !other && (!each.cut || agree(*each.cut, *cut));
    }
    if (!found.cut_anyway || !found.useless.empty()) return found;
    const auto life = short_life(transport);
    found.cut_anyway = life && agree(life->whole, *cut) &&
                       std::abs(life->whole - *cut) < std::abs(life->silent - *cut);
    return found;
  }

  void find_beats(TransportId transport, const Beaten& beats) {
    const Indices asked = which(ProbeKind::kBeat, transport);
    if (!beats.help.empty()) {
      Finding& finding = add(Code::kBeatHelps, Severity::kGood, transport, asked);
      finding.beats = beats.help;
      finding.duration = at(asked.front()).probe.duration;
    }
    if (!beats.useless.empty()) {
      add(Code::kBeatUseless, Severity::kTrouble, transport, asked).beats = beats.useless;
    }
  }

  void find_sizes(ProbeKind kind, TransportId transport, std::string_view what) {
    if (has(Code::kFails, transport) || has(Code::kCutAnyway, transport)) return;
    const Indices asked = which(kind, transport);
    std::uint64_t fits = 0;
    std::uint64_t fails = 0;
    std::size_t bad = 0;
    bool slow = false;
    const SilenceFound silence = silence_found(all_, transport);
    for (const std::size_t i : asked) {
      const std::uint64_t bytes = at(i).probe.bytes;
      if (at(i).outcome == Outcome::kWhole) {
        fits = std::max(fits, bytes);
      } else if (silence.cut && at(i).lived() > *silence.cut * 3 / 4) {
        slow = true;  // the other way nothing passed for so long
      } else if (at(i).outcome == Outcome::kTimedOut && !passes_in_time(transport, at(i))) {
        slow = true;
      } else if (fails == 0 || bytes < fails) {
        fails = bytes;
        bad = i;
      }
    }
    if (asked.empty() || pending(kind, transport)) return;
    // What is held back would not say that it has arrived.
    if (fails > 0 && at(bad).outcome == Outcome::kTimedOut && has(Code::kHeld, transport)) return;
    if (fails == 0 && slow) {
      could_not_tell("how large " + std::string(what) + " may be", How::kSlow, transport, asked);
      return;
    }
    if (fails == 0) {
      Finding& finding = add(Code::kFits, Severity::kGood, transport, asked);
      finding.what = what;
      finding.bytes = fits;
      return;
    }
    // Nobody needs header fields that long; a reader wants to know of it.
    const bool harmless = kind == ProbeKind::kHeader && fits > 0;
    Finding& finding =
        add(Code::kDoesNotFit, harmless ? Severity::kNote : Severity::kTrouble, transport, asked);
    finding.what = what;
    finding.bytes = fits;
    finding.other_bytes = fails;
    explain(at(bad), finding);
    if (finding.how == How::kNothingComes && at(bad).bytes > 0) finding.how = How::kRestMissing;
    if (at(bad).code != 0) finding.count = at(bad).code;
  }

  // Whether, as fast as the line is known to be, it should have come.
  bool passes_in_time(TransportId transport, const Observation& each) const {
    double bytes_per_us = 0;
    for (const std::size_t i : which(ProbeKind::kFill, transport)) bytes_per_us = speed(at(i));
    if (bytes_per_us == 0 && !info(transport).upgrades()) {
      for (const std::size_t i : which(ProbeKind::kBody, kShortPoll)) {
        const auto took = static_cast<double>(std::max<Micros>(at(i).ended - at(i).began, 1));
        if (at(i).outcome == Outcome::kWhole) {
          bytes_per_us = std::max(bytes_per_us, static_cast<double>(at(i).bytes) / took);
        }
      }
    }
    const auto had = static_cast<double>(each.ended - each.began);
    return bytes_per_us * had > 4 * static_cast<double>(each.probe.bytes);
  }

  // Bytes a microsecond; 0 where there is too little to say.
  static double speed(const Observation& fill) {
    if (fill.arrivals.empty()) return 0;
    const Micros passed = fill.last - fill.arrivals.front().at;
    if (passed < kSecond / 2) return 0;
    return static_cast<double>(fill.bytes) / static_cast<double>(passed);
  }

  void find_streams() {
    const bool held_up = std::any_of(all_.all.begin(), all_.all.end(), [](const Observation& each) {
      return each.probe.kind == ProbeKind::kStreams && each.outcome == Outcome::kSkipped;
    });
    const char* const how_many = "how many streams there may be at once";
    if (held_up && all_.path.is_browser && over_) could_not_tell(how_many, How::kHeldUp);
    for (const std::size_t i : which(ProbeKind::kStreams, kOverFetch)) {
      // Where the transport fails that is said.
      if (at(i).answers == 0) {
        if (has(Code::kHeld, kOverFetch)) could_not_tell(how_many, How::kHeldBack);
        continue;
      }
      Finding& finding = add(Code::kStreams, Severity::kNote, std::nullopt, {i});
      finding.count = at(i).answers;
      finding.of = at(i).probe.bytes;
      finding.what = all_.path.http_version;
    }
  }

  void find_statuses() {
    Indices passed;
    Indices asked = which(ProbeKind::kStatus, kOverFetch);
    const Indices upgrades = which(ProbeKind::kStatus, kWebSocket);
    if (!has(Code::kFails, kWebSocket)) asked.insert(asked.end(), upgrades.begin(), upgrades.end());
    std::uint64_t of_upgrades = 0;
    for (const std::size_t i : asked) {
      const Observation& each = at(i);
      if (each.status == each.probe.status) {
        passed.push_back(i);
        of_upgrades += info(each.probe.transport).upgrades() ? 1U : 0U;
        const bool pause = each.status == 429 || each.status == 503;
        if (pause && find_field(each.fields, "Retry-After").empty()) {
          add(Code::kPauseDropped, Severity::kTrouble, std::nullopt, {i}).status = each.status;
        }
        continue;
      }
      if (each.status == 0) continue;
      Finding& finding = add(Code::kStatusChanged, Severity::kTrouble, std::nullopt, {i});
      finding.of = static_cast<std::uint64_t>(each.probe.status);
      finding.status = each.status;
      if (each.foreign()) finding.by = client::answered_by(each.fields);
    }
    const bool more =
        pending(ProbeKind::kStatus, kOverFetch) || pending(ProbeKind::kStatus, kWebSocket);
    if (passed.empty() || more) return;
    Finding& finding = add(Code::kStatusesPass, Severity::kGood, std::nullopt, passed);
    finding.count = of_upgrades;
    if (all_.path.is_browser) finding.how = How::kUntold;
  }

  void find_ends() {
    Indices passed;
    for (const TransportId transport : {kOverFetch, kWebSocket}) {
      for (const std::size_t i : which(ProbeKind::kEnd, transport)) {
        const Observation& each = at(i);
        if (!each.opened) continue;
        const bool in_order = each.outcome == Outcome::kWhole || each.outcome == Outcome::kEnded;
        if (each.probe.cut && in_order) {
          add(Code::kEndDisguised, Severity::kNote, transport, {i});
        } else if (each.probe.cut || each.outcome == Outcome::kWhole) {
          passed.push_back(i);
        }
      }
    }
    if (passed.size() >= 2) add(Code::kEndsPass, Severity::kGood, std::nullopt, passed);
  }

  void find_cache() {
    for (const std::size_t i : which(ProbeKind::kRepeated, kShortPoll)) {
      const auto& answers = at(i).arrivals;
      if (answers.size() == 2 && answers[0].number == answers[1].number) {
        add(Code::kCached, Severity::kTrouble, kShortPoll, {i});
      }
    }
  }

  void find_both_ways(TransportId transport) {
    if (has(Code::kFails, transport)) return;
    for (const std::size_t i : which(ProbeKind::kBothWays, transport)) {
      const Observation& each = at(i);
      if (!each.times.empty()) {
        std::vector<Micros> times = each.times;
        std::sort(times.begin(), times.end());
        add(Code::kBothWays, Severity::kGood, transport, {i}).duration = times[times.size() / 2];
      } else if (each.records > 0) {
        Finding& finding = add(Code::kOneWay, Severity::kTrouble, transport, {i});
        if (each.seen) finding.count = each.seen->messages;
      }
    }
  }

  void find_figures() {
    for (const std::size_t i : which(ProbeKind::kRoundTrip, kShortPoll)) {
      std::vector<Micros> times = at(i).times;
      if (times.size() < 3) continue;
      std::sort(times.begin(), times.end());
      Finding& finding = add(Code::kFigures, Severity::kNote, std::nullopt, {i});
      finding.duration = times[times.size() / 2];
      finding.other = (times[times.size() * 3 / 4] - times[times.size() / 4] + 1) / 2;
    }
    for (const TransportId transport : kCheckedTransports) {
      for (const std::size_t i : which(ProbeKind::kFill, transport)) {
        if (speed(at(i)) == 0) continue;
        Finding& finding = add(Code::kThroughput, Severity::kNote, transport, {i});
        finding.bytes = static_cast<std::uint64_t>(speed(at(i)) * static_cast<double>(kSecond));
        finding.duration = at(i).last - at(i).arrivals.front().at;
      }
    }
  }

  const Observations& all_;
  const bool over_;
  std::vector<Finding> found_;
};

}  // namespace

std::string_view name(Code code) {
  constexpr std::array<std::string_view, kCodeCount> kNames{
      "works",          "fails",          "sometimes",
      "poisons",        "as-written",     "held",
      "delayed",        "held-by-type",   "compressed",
      "changed",        "unchanged",      "fields-added",
      "field-dropped",  "host-changed",   "version-lowered",
      "cookie-passes",  "cookie-changed", "cookie-dropped",
      "silence-cut",    "cut-anyway",     "silence-dropped",
      "silence-passes", "beat-helps",     "beat-useless",
      "fits",           "does-not-fit",   "streams",
      "status-changed", "statuses-pass",  "pause-dropped",
      "end-disguised",  "ends-pass",      "cached",
      "both-ways",      "one-way",        "figures",
      "throughput",     "could-not-tell"};
  return kNames[static_cast<std::size_t>(code)];
}

std::string_view name(Severity severity) {
  constexpr std::array<std::string_view, 4> kNames{"good", "note", "trouble", "unknown"};
  return kNames[static_cast<std::size_t>(severity)];
}

std::vector<Finding> find(const Observations& observations, bool over) {
  return Finder(observations, over).take();
}

std::vector<std::string> between(const Observations& observations) {
  std::vector<std::string> found;
  const auto add = [&](std::string_view text) {
    if (!text.empty() && std::find(found.begin(), found.end(), text) == found.end())
      found.emplace_back(text);
  };
  const auto add_via = [&](std::string_view value) {
    while (!value.empty()) {
      const std::size_t comma = value.find(',');
      const std::string_view member = trimmed(value.substr(0, comma));
      add(member.substr(std::min(member.find(' ') + 1, member.size())));
      value.remove_prefix(comma == value.npos ? value.size() : comma + 1);
    }
    return false;
  };
  for (const Observation& each : observations.all) {
    add(find_field(each.fields, "Server"));
    any_field(each.fields, "Via", add_via);
    if (!each.seen) continue;
    for (const client::HeaderField& field : each.seen->fields) {
      if (equals_ignoring_case(field.name, "Via")) add_via(field.value);
    }
  }
  return found;
}

}  // namespace playground::check
