#include "core/client/words.h"

#include <algorithm>
#include <array>

#include "core/json.h"
#include "core/json_text.h"

namespace playground::client {
namespace {

struct FaultWords {
  std::string_view word;
  std::string_view sentence;  // `{name}` stands for what figure() says
};

// In the order of the kinds.
constexpr std::array<FaultWords, kFaultKindCount> kFaults{{
    {"delay", "everything comes {milliseconds} late"},
    {"bandwidth", "no more than {bytes_per_s} bytes a second pass"},
    {"stall", "nothing passes either way, and nobody is told"},
    {"buffering", "a proxy holds bytes back until {bytes} are together"},
    {"one behind", "a filter holds each piece back until the next one comes"},
    {"cut", "connections are cut"},
    {"close", "the server ends its streams cleanly"},
    {"idle limit", "a connection that is silent for {seconds} is cut"},
    {"refusals", "requests are answered {status}"},
    {"no Upgrade", "an Upgrade is refused with {status}"},
    {"no Upgrade", "an Upgrade gets no answer"},
    {"frames swallowed", "a WebSocket opens, and no frame passes"},
    {"flapping", "a WebSocket is ended {milliseconds} after it opened"},
    {"no Upgrade",
     "an Upgrade is refused, and for {seconds} so is everything else its reader asks for"},
    {"log forgotten", "the server forgets what it has sent"},
    {"ids on control events", "greetings and heartbeats carry an id, which moves the cursor"},
    {"replay", "a reader that resumes gets {messages} messages again"},
}};

const FaultWords& words_of(const Fault& fault) {
  return kFaults[static_cast<std::size_t>(fault.kind)];
}

std::string figure(const Fault& fault, std::string_view name) {
  if (name == "milliseconds") {
    return duration_text(static_cast<Micros>(fault.milliseconds * kMillisecond));
  }
  if (name == "seconds") return duration_text(micros(fault.seconds));
  const double number = name == "status"     ? fault.status
                        : name == "messages" ? fault.messages
                        : name == "bytes"    ? fault.bytes
                                             : fault.bytes_per_s;
  std::string text;
  append_number(static_cast<std::int64_t>(number), text);
  return text;
}

std::string what_happens(const Fault& fault) {
  if (fault.kind == FaultKind::kBuffer && fault.bytes == 0) {
    return "a proxy holds each response back until it ends";
  }
  if (fault.kind == FaultKind::kCut && fault.reset) return "connections are reset";
  std::string text(words_of(fault).sentence);
  const std::size_t begin = text.find('{');
  if (begin == text.npos) return text;
  const std::size_t end = text.find('}', begin);
  const std::string name = text.substr(begin + 1, end - begin - 1);
  return text.replace(begin, end + 1 - begin, figure(fault, name));
}

bool is_of_upgrade(FaultKind kind) {
  return kind >= FaultKind::kUpgradeRefused && kind <= FaultKind::kUpgradePoison;
}

}  // namespace

std::string duration_text(Micros duration) {
  duration = std::max<Micros>(0, duration);
  std::string out;
  if (duration < kSecond) {
    append_number((duration + kMillisecond / 2) / kMillisecond, out);
    return out + " ms";
  }
  if (duration < 10 * kSecond) {
    const Micros tenths = (duration + kSecond / 20) / (kSecond / 10);
    append_number(tenths / 10, out);
    out += '.';
    append_number(tenths % 10, out);
    return out + " s";
  }
  if (duration < 120 * kSecond) {
    append_number((duration + kSecond / 2) / kSecond, out);
    return out + " s";
  }
  append_number((duration + 30 * kSecond) / (60 * kSecond), out);
  return out + " min";
}

std::string strong(std::string_view words) { return "**" + std::string(words) + "**"; }

std::string messages_text(std::uint64_t first, std::uint64_t last) {
  std::string out = first == last ? "message " : "messages ";
  append_number(first, out);
  if (first != last) {
    out += " to ";
    append_number(last, out);
  }
  return out;
}

std::string error_in(const Answered& answer) {
  const Json json = parse_json(answer.body);
  if (const std::string* error = text_in(json, "error")) return *error;
  std::string text = "status ";
  append_number(answer.status, text);
  return text;
}

std::string fault_sentence(const Fault& fault) {
  std::string sentence = what_happens(fault);
  const auto lane = find_transport(fault.lane);
  if (lane) sentence.append(", on the lane ").append(info(*lane).title);
  if (!fault.transport.empty()) {
    sentence.append(", to requests for `").append(fault.transport).append("`");
  }
  return sentence;
}

std::string_view fault_word(const Fault& fault) { return words_of(fault).word; }

bool concerns(const Fault& fault, TransportId asked, TransportId running) {
  if (!fault.lane.empty() && fault.lane != info(asked).name) return false;
  if (is_of_upgrade(fault.kind)) {
    return info(asked).upgrades() || info(running).upgrades();
  }
  return fault.transport.empty() || fault.transport == info(running).path();
}

}  // namespace playground::client
