#include "core/check/silence.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace playground::check {

namespace {

struct End {
  Micros after;
  const Observation* by;
};

// A browser asks again by itself, where a connection that it had kept breaks before an answer.
bool asked_again(const Observation& seen) {
  return info(seen.probe.transport).polls() && seen.seen && seen.seen->requests > 1;
}

// After what silence a probe was ended; nothing where that cannot be said.
std::optional<Micros> silent_for(const Observation& seen, Micros round_trip) {
  if (asked_again(seen)) {
    return (seen.seen->at - seen.began) / static_cast<Micros>(seen.seen->requests - 1);
  }
  // A poll is silent from its request on, a stream from its first write.
  if (info(seen.probe.transport).polls()) return seen.first_end() - seen.began;
  if (!seen.arrivals.empty()) return ended_after(seen, seen.arrivals.front(), round_trip);
  // What is held back shows its end only to the server.
  if (!seen.server_saw_end()) return std::nullopt;
  return seen.seen->ended - seen.seen->at;
}

}  // namespace

bool agree(Micros one, Micros other) {
  return std::abs(one - other) <= std::max(client::kSecond, other / 10);
}

Micros ended_after(const Observation& seen, const Arrival& record, Micros round_trip) {
  return seen.first_end() - std::min(record.at, record.sent + round_trip);
}

SilenceFound silence_found(const Observations& observations, TransportId transport, Beat beat) {
  SilenceFound found;
  std::vector<End> ends;
  const Micros round_trip = observations.path.clock.round_trip_us();
  // What a beat does not help against ends as silence does.
  const SilenceFound silent =
      beat == Beat::kNone ? SilenceFound{} : silence_found(observations, transport);
  for (const Observation& each : observations.all) {
    const Probe& probe = each.probe;
    const bool asked = probe.kind == (beat == Beat::kNone ? ProbeKind::kSilence : ProbeKind::kBeat);
    if (!asked || probe.transport != transport || probe.beat != beat) continue;
    if (each.outcome == Outcome::kWhole) {
      found.passes = std::max(found.passes, probe.duration);
    } else if (each.outcome == Outcome::kTimedOut && !asked_again(each) &&
               (beat == Beat::kNone || silent.dropped)) {
      const bool began = info(transport).polls() || !each.arrivals.empty();
      if (!began || (found.dropped && *found.dropped <= probe.duration)) continue;
      found.dropped = probe.duration;
      found.by = &each;
    } else if (each.outcome == Outcome::kEnded || each.outcome == Outcome::kBroke ||
               each.outcome == Outcome::kAnswered || each.outcome == Outcome::kTimedOut) {
      // What the server itself answers was not cut.
      if (each.outcome == Outcome::kAnswered && !each.foreign()) continue;
      if (const auto after = silent_for(each, round_trip)) ends.push_back({*after, &each});
    }
  }
  std::sort(ends.begin(), ends.end(), [](const End& a, const End& b) { return a.after < b.after; });
  const bool always = beat != Beat::kNone && ends.size() >= kTries && found.passes == 0;
  for (std::size_t i = 0; i < ends.size() && !found.cut; ++i) {
    const bool twice = always || (i + 1 < ends.size() && agree(ends[i].after, ends[i + 1].after)) ||
                       (silent.cut && agree(ends[i].after, *silent.cut));
    if (!twice) continue;
    found.cut = ends[i].after;
    found.by = ends[i].by;
  }
  // Longer silence has passed since: it was chance.
  if (!found.cut && !ends.empty() && ends.back().after > found.passes) found.once = ends.back().by;
  return found;
}

}  // namespace playground::check
