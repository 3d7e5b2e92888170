#include "core/check/observation.h"

#include <algorithm>
#include <array>

#include "core/client/answerer.h"

namespace playground::check {

std::string_view name(ProbeKind kind) {
  constexpr std::array<std::string_view, kProbeKindCount> kNames{
      "open",     "writes",  "ramp",      "silence", "beat",      "status",  "end",
      "seen",     "cookie",  "body",      "upload",  "header",    "message", "event",
      "repeated", "streams", "both-ways", "fill",    "round-trip"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view name(Outcome outcome) {
  constexpr std::array<std::string_view, 9> kNames{
      "none", "whole", "ended", "broke", "answered", "timed-out", "not-sent", "skipped", "stopped"};
  return kNames[static_cast<std::size_t>(outcome)];
}

bool Observation::foreign() const {
  return status != 0 && status != 101 && !client::is_playground(fields);
}

bool Observation::server_saw_end() const { return seen && seen->end.starts_with("peer"); }

Micros Observation::first_end() const {
  return server_saw_end() ? std::min(ended, seen->ended) : ended;
}

Micros Observation::lived() const {
  if (!opened) return 0;
  return first_end() - (seen && seen->requests > 0 ? std::min(*opened, seen->at) : *opened);
}

bool Path::crosses_origins() const { return is_browser && page != client::origin_of(server); }

}  // namespace playground::check
