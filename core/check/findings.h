// What the observations of a check mean, as data. Nothing is found that was not seen: where that
// does not suffice, the finding is that it could not be told, and why.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/check/manner.h"
#include "core/check/observation.h"

namespace playground::check {

enum class Code : std::uint8_t {
  kWorks,
  kFails,
  kSometimes,   // `count` of `of` tries
  kPoisons,     // for `duration` others fail with `status` after it has failed
  kAsWritten,   // nothing holds it back
  kHeld,        // `manner`, `duration`, `bytes`
  kDelayed,     // small writes, by `duration`: less than a second
  kHeldByType,  // what is said to be text/plain is held, the same lines otherwise not
  kCompressed,  // `what`: the coding, where it is named; `other_bytes` came as `bytes`
  kChanged,     // a body
  kUnchanged,
  kFieldsAdded,   // `names`, to requests
  kFieldDropped,  // `what`, from requests
  kHostChanged,   // `what`: as it arrived
  kVersionLowered,
  kCookiePasses,
  kCookieChanged,
  kCookieDropped,   // `what`: "Set-Cookie" or "Cookie", where that is known
  kSilenceCut,      // after `duration`; `how`
  kCutAnyway,       // after `duration`, whatever passes
  kSilenceDropped,  // after at least `other` and at most `duration`
  kSilencePasses,   // of `duration`
  kBeatHelps,       // `beats`
  kBeatUseless,     // `beats`
  kFits,            // `what` of `bytes`
  kDoesNotFit,      // `what` of `bytes`, of `other_bytes` did not
  kStreams,         // `count` at once, of `of`
  kStatusChanged,   // `of` became `status`
  kStatusesPass,    // `count` of an Upgrade's among them
  kPauseDropped,    // Retry-After
  kEndDisguised,    // a cut looks like an end in order
  kEndsPass,
  kCached,
  kBothWays,  // an answer takes `duration`
  kOneWay,
  kFigures,       // round trip `duration`, give or take `other`
  kThroughput,    // `bytes` a second, for `duration`
  kCouldNotTell,  // `what`, because of `how`
};
inline constexpr std::size_t kCodeCount = 38;
std::string_view name(Code code);

enum class Severity : std::uint8_t { kGood, kNote, kTrouble, kUnknown };
std::string_view name(Severity severity);

// Why a transport fails, or how silence ends.
enum class How : std::uint8_t {
  kNone,
  kNotArrived,    // nothing has come to the server
  kNotUpgraded,   // its request has, without its Upgrade
  kAnswered,      // by `status`, of `by`
  kAnswerLost,    // the server has answered, and that did not come
  kNothingComes,  // it opens, and nothing follows
  kRestMissing,   // its beginning came
  kForeign,       // what came is somebody else's
  kRefused,       // it could not be opened; nobody says why
  kClosed,        // in order
  kBroken,        // FIN in the middle, or RST
  kStopped,       // the reader has ended the check
  kQuick,         // it was not to take so long
  kUntold,        // no browser tells a page
  kHeldBack,      // because what came was held back
  kHeldUp,        // Upgrades that hang may have the browser's connections
  kOtherOrigin,   // the page is of another one than the server
  kSlow,          // the line is
};

// How often something has to come where silence is cut after `cut`.
constexpr Micros safe_silence(Micros cut) { return std::min(25 * client::kSecond, cut / 2); }

struct Finding {
  Code code = Code::kCouldNotTell;
  Severity severity = Severity::kNote;
  std::optional<TransportId> transport = {};
  Manner manner = Manner::kUnknown;
  How how = How::kNone;
  bool plain_only = false;  // only without the fields that ask those on the way not to
  bool server_too = false;  // the server saw its end at the same moment
  Micros duration = 0;
  Micros other = 0;
  std::uint64_t bytes = 0;
  std::uint64_t other_bytes = 0;
  std::uint64_t count = 0;
  std::uint64_t of = 0;
  int status = 0;
  std::string by = {};
  std::string what = {};
  std::vector<std::string> names = {};
  std::vector<Beat> beats = {};
  std::vector<std::size_t> probes = {};  // the observations that show it
};

// In the order in which a reader wants them: trouble first. `over`: no more will come.
std::vector<Finding> find(const Observations& observations, bool over);

// Who stands between, as far as they say (Server, Via, Forwarded…): "nginx/1.22.1".
std::vector<std::string> between(const Observations& observations);

}  // namespace playground::check
