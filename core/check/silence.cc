#include "core/check/silence.h"

#include <algorithm>

namespace playground::check {

SilenceFound silence_found(const Observations& observations, TransportId transport, Beat beat) {
  SilenceFound found;
  for (const Observation& each : observations.all) {
    const Probe& probe = each.probe;
    const bool asked = probe.kind == (beat == Beat::kNone ? ProbeKind::kSilence : ProbeKind::kBeat);
    if (!asked || probe.transport != transport || probe.beat != beat) continue;
    const bool polls = info(transport).polls();
    // A poll is silent from its request on, a stream from its first write.
    const Micros from = polls                   ? each.began
                        : each.arrivals.empty() ? each.opened.value_or(each.began)
                                                : each.arrivals.front().at;
    switch (each.outcome) {
      case Outcome::kWhole:
        found.passes = std::max(found.passes, probe.duration);
        break;
      case Outcome::kEnded:
      case Outcome::kBroke:
      case Outcome::kAnswered: {
        Micros after = each.ended - from;
        // A browser asks once more by itself, where a connection that it had kept breaks; and what
        // is held back shows its end only to the server.
        const bool by_server = polls ? each.seen && each.seen->requests > 1 : each.arrivals.empty();
        if (by_server) {
          if (!each.seen || !each.seen->end.starts_with("peer")) break;
          after = each.seen->ended - each.seen->at;
        }
        if (found.cut && *found.cut <= after) break;
        found.cut = after;
        found.by = &each;
        break;
      }
      case Outcome::kTimedOut:
        if (found.dropped && *found.dropped <= probe.duration) break;
        if (!polls && each.arrivals.empty()) break;
        found.dropped = probe.duration;
        if (!found.cut) found.by = &each;
        break;
      default:
        break;
    }
  }
  return found;
}

}  // namespace playground::check
