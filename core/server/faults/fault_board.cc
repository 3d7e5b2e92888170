#include "core/server/faults/fault_board.h"

#include "core/json_text.h"
#include "core/transport.h"

namespace playground::server {
namespace {

bool concerns(const Fault& fault, const ResponsePath& path) {
  return (fault.lane.empty() || fault.lane == path.lane()) &&
         (fault.transport.empty() || fault.transport == path.transport());
}

// What a fault does while it lasts; one that is a moment does nothing here.
void add_effect(const Fault& fault, Effects& effects) {
  using enum FaultKind;
  const FaultKind kind = fault.kind;
  if (kind == kDelay) {
    effects.delay_us = microseconds(fault.milliseconds / 1000);
    effects.jitter_us = microseconds(fault.jitter_ms / 1000);
  }
  if (kind == kBandwidth) effects.bytes_per_s = fault.bytes_per_s;
  if (kind == kStall) effects.stall = true;
  if (kind == kBuffer) effects.buffer = static_cast<std::size_t>(fault.bytes);
  if (kind == kOneBehind) effects.one_behind = true;
  if (kind == kIdleCut) effects.idle_cut_us = microseconds(fault.seconds);
  if (kind == kStatus) effects.status = static_cast<int>(fault.status);
  if (kind == kUpgradeRefused) effects.upgrade_status = static_cast<int>(fault.status);
  if (kind == kUpgradeHang) effects.upgrade_hang = true;
  if (kind == kUpgradeSwallow) effects.swallow = true;
  if (kind == kUpgradeFlap) effects.flap_us = microseconds(fault.milliseconds / 1000);
  if (kind == kUpgradePoison) effects.upgrade_poison_us = microseconds(fault.seconds);
  if (kind == kControlId) effects.control_id = true;
  if (kind == kReplay) effects.replay = static_cast<std::uint64_t>(fault.messages);
}

}  // namespace

FaultBoard::FaultBoard(Schedule& schedule, std::uint64_t seed, std::function<void()> evict)
    : schedule_(schedule),
      random_(seed),
      evict_(std::move(evict)),
      alarm_(schedule, [this] { step(); }) {}

std::shared_ptr<ResponsePath> FaultBoard::path(std::string_view lane, std::string_view transport) {
  auto& path = paths_[{std::string(lane), std::string(transport)}];
  if (!path) {
    path =
        std::make_shared<ResponsePath>(std::string(lane), std::string(transport), random_.next());
    path->set(effects_for(*path));
  }
  return path;
}

std::optional<std::uint64_t> FaultBoard::add(const Fault& fault, std::int64_t since_us) {
  const auto number = times_.add(fault, since_us);
  if (number) step();
  return number;
}

void FaultBoard::add_as(std::uint64_t number, const Fault& fault, std::int64_t since_us) {
  if (times_.add_as(number, fault, since_us)) step();
}

std::vector<std::uint64_t> FaultBoard::numbers() const {
  std::vector<std::uint64_t> numbers;
  for (const auto& [number, entry] : times_.entries()) numbers.push_back(number);
  return numbers;
}

bool FaultBoard::lift(std::uint64_t number) {
  if (!times_.remove(number)) return false;
  spread();
  return true;
}

void FaultBoard::lift_all() {
  times_.clear();
  poisoned_until_us_.clear();
  spread();
}

void FaultBoard::step() {
  times_.step(schedule_.now_us(), [this](const Fault& fault, FaultChange) {
    if (is_moment(fault.kind)) happen(fault);
  });
  spread();
  if (const auto next = times_.next()) alarm_.set(*next);
}

void FaultBoard::happen(const Fault& moment) {
  if (moment.kind == FaultKind::kEvict) return evict_();
  for (const auto& [name, path] : paths_) {
    if (!concerns(moment, *path)) continue;
    if (moment.kind == FaultKind::kCut) {
      path->cut(moment.reset);
    } else {
      path->close_in_order();
    }
  }
}

void FaultBoard::spread() {
  for (const auto& [name, path] : paths_) path->set(effects_for(*path));
}

// Of two faults of one kind the later one counts.
Effects FaultBoard::effects_for(const ResponsePath& path) const {
  Effects effects;
  for (const auto& [number, entry] : times_.entries()) {
    if (entry.begun && concerns(entry.fault, path)) add_effect(entry.fault, effects);
  }
  const ServedInfo* const served = find_served(path.transport());
  if (served == nullptr || !served->upgrades) {
    effects.swallow = false;
    effects.flap_us.reset();
  }
  return effects;
}

std::string FaultBoard::to_json() const {
  std::string out;
  {
    JsonObject json(out);
    JsonArray faults(json.value("faults"));
    for (const auto& [number, entry] : times_.entries()) {
      JsonObject fault(faults.next());
      add_members(entry.fault, fault);
      fault.add("id", number).add("active", entry.begun);
    }
  }
  return out;
}

void FaultBoard::poison(const std::string& lane, std::int64_t duration_us) {
  poisoned_until_us_[lane] = schedule_.now_us() + duration_us;
}

bool FaultBoard::poisoned(const std::string& lane) const {
  const auto found = poisoned_until_us_.find(lane);
  return found != poisoned_until_us_.end() && found->second > schedule_.now_us();
}

}  // namespace playground::server
