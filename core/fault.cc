#include "core/fault.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "core/transport.h"

namespace playground {
namespace {

struct NumberField {
  std::string_view name;
  double Fault::*member;
  double minimum;
  double maximum;
  std::string_view unit;
};

constexpr NumberField kAfter{"after_s", &Fault::after_s, 0, 86'400, "seconds"};
constexpr NumberField kFor{"for_s", &Fault::for_s, 0, 86'400, "seconds, 0 until it is lifted"};
constexpr NumberField kMilliseconds{"milliseconds", &Fault::milliseconds, 0, 60'000,
                                    "milliseconds"};
constexpr NumberField kJitter{"jitter_ms", &Fault::jitter_ms, 0, 60'000, "milliseconds"};
constexpr NumberField kBytesPerS{"bytes_per_s", &Fault::bytes_per_s, 1, 1e9, "bytes/s"};
constexpr NumberField kBytes{"bytes", &Fault::bytes, 0, 1 << 20, "bytes, 0 until the end"};
constexpr NumberField kSeconds{"seconds", &Fault::seconds, 0.1, 86'400, "seconds"};
constexpr NumberField kStatusField{"status", &Fault::status, 200, 599, "an HTTP status"};
constexpr NumberField kMessages{"messages", &Fault::messages, 1, 1000, "messages"};

constexpr double kNegligible = 1e-9;

struct KindRow {
  FaultKind kind;
  std::string_view name;
  bool moment;
  std::array<const NumberField*, 2> numbers;
  bool has_reset = false;
};

constexpr std::array<KindRow, kFaultKindCount> kKinds{{
    {FaultKind::kDelay, "delay", false, {&kMilliseconds, &kJitter}},
    {FaultKind::kBandwidth, "bandwidth", false, {&kBytesPerS}},
    {FaultKind::kStall, "stall", false, {}},
    {FaultKind::kBuffer, "buffer", false, {&kBytes}},
    {FaultKind::kOneBehind, "one-behind", false, {}},
    {FaultKind::kCut, "cut", true, {}, true},
    {FaultKind::kClose, "close", true, {}},
    {FaultKind::kIdleCut, "idle-cut", false, {&kSeconds}},
    {FaultKind::kStatus, "status", false, {&kStatusField}},
    {FaultKind::kUpgradeRefused, "upgrade-refused", false, {&kStatusField}},
    {FaultKind::kUpgradeHang, "upgrade-hang", false, {}},
    {FaultKind::kUpgradeSwallow, "upgrade-swallow", false, {}},
    {FaultKind::kUpgradeFlap, "upgrade-flap", false, {&kMilliseconds}},
    {FaultKind::kUpgradePoison, "upgrade-poison", false, {&kSeconds}},
    {FaultKind::kEvict, "evict", true, {}},
    {FaultKind::kControlId, "control-id", false, {}},
    {FaultKind::kReplay, "replay", false, {&kMessages}},
}};

const KindRow& row_of(FaultKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

InputError wrong(std::string_view member, std::string_view must) {
  return {std::string(member) + " of a fault must be " + std::string(must)};
}

// The names, for a helpful error: "a, b or c".
template <typename Rows, typename Name>
std::string one_of(const Rows& rows, Name name_of) {
  std::string out = "one of";
  for (const auto& row : rows) out += " " + std::string(name_of(row));
  return out;
}

const NumberField* field_of(const KindRow& kind, std::string_view name) {
  if (name == kAfter.name) return &kAfter;
  if (name == kFor.name && !kind.moment) return &kFor;
  for (const NumberField* field : kind.numbers) {
    if (field != nullptr && field->name == name) return field;
  }
  return nullptr;
}

std::optional<InputError> take_number(const NumberField& field, const Json& value, Fault& fault) {
  const double number = value.number().value_or(std::nan(""));
  if (!(number >= field.minimum && number <= field.maximum)) {
    std::string range = "a number from ";
    append_number(field.minimum, range);
    append_number(field.maximum, range += " to ");
    return wrong(field.name, range.append(" (").append(field.unit) += ')');
  }
  // So little is nothing in every unit, and could not be written as exactly as it was read.
  fault.*field.member = number < kNegligible ? 0 : number;
  return std::nullopt;
}

std::optional<InputError> take_target(std::string_view member, const Json& value,
                                      std::string& target) {
  if (value.text() == nullptr) return wrong(member, "a name");
  target = *value.text();
  return std::nullopt;
}

std::optional<InputError> take_member(const KindRow& kind, std::string_view member,
                                      const Json& value, Fault& fault) {
  if (member == "kind") return std::nullopt;
  if (member == "lane") return take_target(member, value, fault.lane);
  if (member == "transport") {
    if (auto problem = take_target(member, value, fault.transport)) return problem;
    if (find_served(fault.transport) != nullptr) return std::nullopt;
    return wrong(member, one_of(all_served(), [](const ServedInfo& each) { return each.path; }));
  }
  if (member == "reset" && kind.has_reset) {
    if (value.truth() == nullptr) return wrong(member, "true or false");
    fault.reset = *value.truth();
    return std::nullopt;
  }
  const NumberField* field = field_of(kind, member);
  if (field != nullptr) return take_number(*field, value, fault);
  std::string quoted;
  append_json_string(member.substr(0, 64), quoted);
  return InputError{quoted.append(" is not a member of a fault of kind ").append(kind.name)};
}

}  // namespace

std::string_view name(FaultKind kind) { return row_of(kind).name; }

bool is_moment(FaultKind kind) { return row_of(kind).moment; }

Result<Fault> parse_fault(const Json& json) {
  if (json.members() == nullptr) return InputError{"a fault must be a JSON object"};
  const Json* kind = json.find("kind");
  const auto row = std::find_if(kKinds.begin(), kKinds.end(), [&](const KindRow& each) {
    return kind != nullptr && kind->is(each.name);
  });
  if (row == kKinds.end()) {
    return wrong("kind", one_of(kKinds, [](const KindRow& each) { return each.name; }));
  }
  Fault fault;
  fault.kind = row->kind;
  for (const auto& [member, value] : *json.members()) {
    if (auto problem = take_member(*row, member, value, fault)) return std::move(*problem);
  }
  return fault;
}

void add_members(const Fault& fault, JsonObject& object) {
  const KindRow& kind = row_of(fault.kind);
  object.add("kind", kind.name);
  if (!fault.lane.empty()) object.add("lane", fault.lane);
  if (!fault.transport.empty()) object.add("transport", fault.transport);
  if (fault.after_s != 0) object.add("after_s", fault.after_s);
  if (fault.for_s != 0) object.add("for_s", fault.for_s);
  for (const NumberField* field : kind.numbers) {
    if (field != nullptr) object.add(field->name, fault.*field->member);
  }
  if (kind.has_reset) object.add("reset", fault.reset);
}

std::string to_json(const Fault& fault) {
  std::string out;
  {
    JsonObject object(out);
    add_members(fault, object);
  }
  return out;
}

}  // namespace playground
