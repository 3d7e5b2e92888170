#include "core/client/fault_words.h"

#include "core/client/words.h"
#include "core/json_text.h"

namespace playground::client {
namespace {

std::string number_text(double number) {
  std::string text;
  append_number(static_cast<std::int64_t>(number), text);
  return text;
}

std::string what_happens(const Fault& fault) {
  const auto milliseconds = [&] {
    return duration_text(static_cast<Micros>(fault.milliseconds * kMillisecond));
  };
  const auto status = [&] { return number_text(fault.status); };
  switch (fault.kind) {
    case FaultKind::kDelay:
      return "everything comes " + milliseconds() + " late";
    case FaultKind::kBandwidth:
      return "no more than " + number_text(fault.bytes_per_s) + " bytes a second pass";
    case FaultKind::kStall:
      return "nothing passes either way, and nobody is told";
    case FaultKind::kBuffer:
      if (fault.bytes == 0) return "a proxy holds each response back until it ends";
      return "a proxy holds bytes back until " + number_text(fault.bytes) + " are together";
    case FaultKind::kOneBehind:
      return "a filter holds each piece back until the next one comes";
    case FaultKind::kCut:
      return fault.reset ? "connections are reset" : "connections are cut";
    case FaultKind::kClose:
      return "the server ends its streams in order";
    case FaultKind::kIdleCut:
      return "a connection that is silent for " + duration_text(micros(fault.seconds)) + " is cut";
    case FaultKind::kStatus:
      return "requests are answered " + status();
    case FaultKind::kUpgradeRefused:
      return "an Upgrade is refused with " + status();
    case FaultKind::kUpgradeHang:
      return "an Upgrade gets no answer";
    case FaultKind::kUpgradeSwallow:
      return "a WebSocket opens, and no frame passes";
    case FaultKind::kUpgradeFlap:
      return "a WebSocket is ended " + milliseconds() + " after it opened";
    case FaultKind::kUpgradePoison:
      return "an Upgrade is refused, and for " + duration_text(micros(fault.seconds)) +
             " whatever else its reader asks for";
    case FaultKind::kEvict:
      return "the server forgets what it has sent";
    case FaultKind::kControlId:
      return "greetings and heartbeats carry an id, which moves the cursor";
    case FaultKind::kReplay:
      return "who resumes gets " + number_text(fault.messages) + " messages again";
  }
  return {};
}

bool is_of_upgrade(FaultKind kind) {
  return kind >= FaultKind::kUpgradeRefused && kind <= FaultKind::kUpgradePoison;
}

}  // namespace

std::string fault_sentence(const Fault& fault) {
  std::string sentence = what_happens(fault);
  const auto lane = find_transport(fault.lane);
  if (lane) sentence.append(", on the lane ").append(info(*lane).title);
  if (!fault.transport.empty()) {
    sentence.append(", to requests for `").append(fault.transport).append("`");
  }
  return sentence;
}

std::string_view fault_word(const Fault& fault) {
  switch (fault.kind) {
    case FaultKind::kBuffer:
      return "buffering";
    case FaultKind::kOneBehind:
      return "one behind";
    case FaultKind::kStatus:
      return "refusals";
    case FaultKind::kIdleCut:
      return "idle limit";
    case FaultKind::kEvict:
      return "log forgotten";
    case FaultKind::kUpgradeRefused:
    case FaultKind::kUpgradeHang:
    case FaultKind::kUpgradePoison:
      return "no Upgrade";
    case FaultKind::kUpgradeSwallow:
      return "frames swallowed";
    case FaultKind::kUpgradeFlap:
      return "flapping";
    case FaultKind::kControlId:
      return "ids on control events";
    default:
      return name(fault.kind);
  }
}

bool concerns(const Fault& fault, TransportId asked, TransportId running) {
  if (!fault.lane.empty() && fault.lane != info(asked).name) return false;
  if (is_of_upgrade(fault.kind)) {
    return info(asked).upgrades() || info(running).upgrades();
  }
  return fault.transport.empty() || fault.transport == info(running).path();
}

}  // namespace playground::client
