#include "core/check/plan.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "core/check/manner.h"
#include "core/check/silence.h"

namespace playground::check {
namespace {

using client::kMillisecond;
using client::kSecond;
using enum TransportId;

constexpr std::size_t kKiB = 1024;
constexpr std::size_t kStreamsAtOnce = 10;
constexpr Micros kShortHold = 100 * kMillisecond;
constexpr Micros kFillTime = 10 * kSecond;

class Plan {
 public:
  explicit Plan(const client::Host& host) : host_(host) {}

  void add(const Probe& probe) {
    const bool can = host_.has(info(probe.transport).needs) ||
                     (probe.transport == kSse && host_.has(Feature::kFetch));
    if (can) probes_.push_back(probe);
  }
  std::vector<Probe> take() { return std::move(probes_); }

 private:
  const client::Host& host_;
  std::vector<Probe> probes_;
};

void add_writes(Plan& plan) {
  constexpr std::size_t kPadded = 4 * kKiB;
  const auto writes = [&](TransportId transport, bool plain, std::size_t bytes, bool text = false) {
    plan.add({.kind = ProbeKind::kWrites,
              .transport = transport,
              .plain = plain,
              .text = text,
              .bytes = bytes});
  };
  writes(kWebSocket, false, 0);
  writes(kSse, false, 0);
  writes(kSse, true, 0);
  writes(kOverFetch, true, 0);
  writes(kLongPoll, false, 0);
  writes(kOverFetch, false, 0);
  writes(kSse, true, kPadded);
  writes(kOverFetch, true, 0, /*text=*/true);
  writes(kSse, false, kPadded);
  writes(kOverFetch, true, kPadded);
}

void add_silences(Plan& plan, const CheckSettings& settings, TransportId transport,
                  std::initializer_list<int> seconds) {
  // The longest one first: where somebody ends it, that tells the second.
  const auto silence = [&](Micros duration) {
    plan.add({.kind = ProbeKind::kSilence, .transport = transport, .duration = duration});
  };
  silence(settings.longest_silence);
  for (const int each : seconds) {
    if (each * kSecond < settings.longest_silence) silence(each * kSecond);
  }
}

}  // namespace

std::vector<Probe> plan(const CheckSettings& settings, const Path& path, const client::Host& host) {
  Plan plan(host);
  const bool silence = settings.longest_silence > 0;
  const auto open = [&](TransportId transport, bool again) {
    // A poll that is answered at once shows little.
    plan.add({.kind = ProbeKind::kOpen,
              .transport = transport,
              .duration = info(transport).holds() ? kShortHold : 0,
              .again = again});
  };
  const auto open_again = [&](bool polls) {
    for (std::size_t i = 1; i < kTries; ++i) {
      for (const TransportId each : kCheckedTransports) {
        if (info(each).polls() == polls) open(each, true);
      }
    }
  };
  // The WebSocket comes last: where it fails, others may fail because of it.
  for (const TransportId each : kCheckedTransports) {
    if (!info(each).upgrades()) open(each, false);
  }
  plan.add({.kind = ProbeKind::kSeen});
  open_again(/*polls=*/true);
  open(kWebSocket, false);
  plan.add({.kind = ProbeKind::kRoundTrip});
  add_writes(plan);
  open_again(/*polls=*/false);
  // They take nothing but time.
  if (silence) {
    plan.add({.kind = ProbeKind::kSilence,
              .transport = kWebSocket,
              .duration = settings.longest_silence,
              .again = true});
    add_silences(plan, settings, kWebSocket, {10, 20, 30, 45, 60, 75, 100, 130, 190, 250});
  }
  for (const bool plain : {false, true}) {
    plan.add({.kind = ProbeKind::kBody, .plain = plain, .bytes = 64 * kKiB});
  }
  plan.add({.kind = ProbeKind::kRepeated});
  if (!path.crosses_origins()) plan.add({.kind = ProbeKind::kCookie});
  for (const int status : {204, 401, 429, 500, 503}) {
    plan.add({.kind = ProbeKind::kStatus, .transport = kOverFetch, .status = status});
  }
  if (!path.is_browser) {
    for (const int status : {401, 429, 503}) {
      plan.add({.kind = ProbeKind::kStatus, .transport = kWebSocket, .status = status});
    }
  }
  for (const TransportId each : {kOverFetch, kWebSocket}) {
    plan.add({.kind = ProbeKind::kEnd, .transport = each});
    plan.add({.kind = ProbeKind::kEnd, .transport = each, .cut = true});
  }
  for (const std::uint64_t bytes : {std::uint64_t{16 * kKiB}, path.max_body}) {
    plan.add({.kind = ProbeKind::kUpload, .bytes = bytes});
  }
  for (const std::size_t bytes : {3 * kKiB, 7 * kKiB, 12 * kKiB}) {
    if (bytes + 3 * kKiB < path.max_head) plan.add({.kind = ProbeKind::kHeader, .bytes = bytes});
  }
  for (const std::uint64_t bytes : {std::uint64_t{64 * kKiB}, std::uint64_t{1024 * kKiB}}) {
    for (const TransportId each : {kWebSocket, kSse}) {
      plan.add({.kind = ProbeKind::kEvent, .transport = each, .bytes = bytes});
    }
    if (bytes <= path.max_message) {
      plan.add({.kind = ProbeKind::kMessage, .transport = kWebSocket, .bytes = bytes});
    }
  }
  if (!settings.quick && path.max_message > 1024 * kKiB) {
    plan.add({.kind = ProbeKind::kMessage, .transport = kWebSocket, .bytes = path.max_message});
  }
  plan.add({.kind = ProbeKind::kStreams, .transport = kOverFetch, .bytes = kStreamsAtOnce});
  for (const TransportId each : {kWebSocket, kSse}) {
    plan.add({.kind = ProbeKind::kBothWays, .transport = each});
  }
  if (!settings.quick) {
    for (const TransportId each : kCheckedTransports) {
      if (!stays_open(info(each))) continue;
      plan.add({.kind = ProbeKind::kFill, .transport = each, .duration = kFillTime});
    }
  }
  if (silence) {
    add_silences(plan, settings, kSse, {31, 61});
    add_silences(plan, settings, kLongPoll, {26, 51});
    add_silences(plan, settings, kOverFetch, {});
  }
  return plan.take();
}

std::vector<Probe> refine(const CheckSettings& settings, const Observations& observations) {
  std::vector<Probe> more;
  const auto add = [&](const Probe& probe) {
    const auto same = [&](const Observation& each) { return each.probe == probe; };
    if (std::any_of(observations.all.begin(), observations.all.end(), same)) return;
    if (std::find(more.begin(), more.end(), probe) == more.end()) more.push_back(probe);
  };
  // Once may be chance, and who looks at a clock now and then cuts a second sooner or later: of
  // three such cuts, two agree.
  const auto ask_again = [&](Probe probe) {
    std::size_t tries = 0;
    bool waits_for_one = false;
    for (const Observation& other : observations.all) {
      probe.again = other.probe.again;
      if (other.probe != probe) continue;
      ++tries;
      waits_for_one |= !other.over();
    }
    probe.again = true;
    if (tries < kTries && !waits_for_one) more.push_back(probe);
  };
  const Micros round_trip = observations.path.clock.round_trip_us();
  for (const Observation& each : observations.all) {
    if (each.probe.kind != ProbeKind::kWrites || !each.over()) continue;
    const Manner manner = passage(each, round_trip).manner;
    const bool suspicious = manner != Manner::kAsWritten && each.outcome != Outcome::kStopped &&
                            (manner != Manner::kUnknown || each.outcome == Outcome::kTimedOut ||
                             each.outcome == Outcome::kBroke || each.outcome == Outcome::kEnded);
    if (!suspicious) continue;
    Probe again = each.probe;
    again.again = true;
    add(again);
    if (each.probe.again && each.probe.bytes == 0 && info(each.probe.transport).streams()) {
      add({.kind = ProbeKind::kRamp,
           .transport = each.probe.transport,
           .plain = each.probe.plain,
           .text = each.probe.text,
           .bytes = kRampBytes});
    }
  }
  for (const TransportId transport : kCheckedTransports) {
    if (!stays_open(info(transport))) continue;
    const SilenceFound found = silence_found(observations, transport);
    const auto waits = [&](const Observation& each) {
      return each.probe.kind == ProbeKind::kSilence && each.probe.transport == transport &&
             !each.over();
    };
    if (found.dropped && !found.cut &&
        std::none_of(observations.all.begin(), observations.all.end(), waits)) {
      // Nobody says when: by halving, to the second.
      const Micros middle = (found.passes + *found.dropped) / 2 / kSecond * kSecond;
      if (middle > found.passes && middle < *found.dropped) {
        add({.kind = ProbeKind::kSilence, .transport = transport, .duration = middle});
      }
    }
    if (found.once) ask_again(found.once->probe);
    const auto after = found.cut ? found.cut : found.dropped;
    if (!after || info(transport).polls() || transport == kOverFetch) continue;
    if (!found.cut && *found.dropped - found.passes > kSecond) continue;
    const Micros duration = std::min(2 * *after + 3 * kSecond, kMostSilence);
    if (duration > 2 * settings.longest_silence + 3 * kSecond) continue;
    const bool upgrades = info(transport).upgrades();
    for (const Beat beat : kBeats) {
      const bool control = beat == Beat::kPing || beat == Beat::kPong;
      if (beat != Beat::kEvent && control != upgrades) continue;
      add({.kind = ProbeKind::kBeat, .transport = transport, .duration = duration, .beat = beat});
      const SilenceFound beaten = silence_found(observations, transport, beat);
      if (beaten.once) ask_again(beaten.once->probe);
    }
  }
  return more;
}

Micros expected(const Probe& probe) {
  switch (probe.kind) {
    case ProbeKind::kWrites:
      return std::end(kWriteMoments)[-1] * kMillisecond;
    case ProbeKind::kRamp:
      return static_cast<Micros>(kRampWrites) * kRampGap;
    case ProbeKind::kSilence:
    case ProbeKind::kBeat:
    case ProbeKind::kFill:
    case ProbeKind::kOpen:
      return probe.duration;
    case ProbeKind::kStreams:
    case ProbeKind::kBothWays:
      return 2 * kSecond;
    default:
      return 200 * kMillisecond;
  }
}

}  // namespace playground::check
