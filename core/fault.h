// What can go wrong between a server and a reader, as data: what happens, to whom, when, for how
// long. The server plays faults on real bytes, the simulator on virtual ones.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/json.h"
#include "core/json_text.h"
#include "core/result.h"

namespace playground {

enum class FaultKind : std::uint8_t {
  // On the path of the bytes, in force while the fault lasts.
  kDelay,      // everything comes `milliseconds` late, give or take up to `jitter_ms`; in order
  kBandwidth,  // no more than `bytes_per_s`
  kStall,      // half-open: nothing passes either way, and nobody is told
  kBuffer,     // held until `bytes` have collected; with 0 until the response ends
  kOneBehind,  // each write passes when the next one comes
  // The connection's end, once.
  kCut,    // without warning: FIN in the middle of the response, or RST with `reset`
  kClose,  // cleanly: the last chunk, a Close frame
  // The connection's end, whenever nothing has passed for `seconds`.
  kIdleCut,
  // At the door, for requests that come while the fault lasts.
  kStatus,          // `status` instead of the answer
  kUpgradeRefused,  // `status` instead of 101
  kUpgradeHang,     // no answer at all to an Upgrade
  kUpgradeSwallow,  // 101, and then no frame either way
  kUpgradeFlap,     // 101, and the connection's end after `milliseconds`
  kUpgradePoison,   // Upgrade refused, and 500 to the reader's other requests for `seconds`
  // In the server's own bookkeeping.
  kEvict,      // once: the log forgets all it holds
  kControlId,  // greetings and heartbeats of an event stream carry an id, and move the cursor
  kReplay,     // a reader that resumes gets `messages` again that it already has
};

inline constexpr std::size_t kFaultKindCount = 17;

// Of one channel at a time, begun or not; so also of a scenario.
inline constexpr std::size_t kMaxFaults = 100;

struct Fault {
  FaultKind kind = FaultKind::kDelay;
  // Whom it concerns: a lane (its `lane=`), a transport, or with both empty everyone.
  std::string lane = {};
  std::string transport = {};  // the last part of a path (ServedInfo)
  // When: seconds from now (or from the channel's beginning, in a scenario), and how long; 0 means
  // until it is lifted.
  double after_s = 0;
  double for_s = 0;
  // How much, where the kind has it.
  double milliseconds = 200;
  double jitter_ms = 0;
  double bytes_per_s = 10'000;
  double bytes = 0;
  double seconds = 60;
  double status = 503;
  double messages = 3;
  bool reset = false;

  bool operator==(const Fault&) const = default;
};

std::string_view name(FaultKind kind);

// Whether it happens at one moment, and so has no length.
bool is_moment(FaultKind kind);

// From a JSON object with `kind` and what goes with that kind. An unknown member, one that the kind
// does not have, a wrong type or a value out of range is an error that names the member.
Result<Fault> parse_fault(const Json& json);

// With the members of its kind only.
void add_members(const Fault& fault, JsonObject& object);
std::string to_json(const Fault& fault);

}  // namespace playground
