// A run's faults: what is asked of the server, and what the reader is told of it.
#include <utility>

#include <nlohmann/json.hpp>

#include "core/client/fault_words.h"
#include "core/client/run.h"
#include "core/client/words.h"
#include "core/json_text.h"

namespace playground::client {

using Json = nlohmann::json;

void Run::add_fault(const Fault& fault, Micros now) {
  if (state_ == RunState::kStopped || state_ == RunState::kFailed) return;
  auto& scenario = settings_.scenario.faults;
  const bool connecting = state_ == RunState::kConnecting;
  if ((connecting ? scenario.size() : faults_.entries().size()) >= kMaxFaults) {
    std::string text = "The fault is not played (" + fault_sentence(fault) + "): there are ";
    append_number(kMaxFaults, text);
    return note(text + " already.", true, now);
  }
  if (connecting) return scenario.push_back(fault);
  Request request;
  request.method = "POST";
  request.body = to_json(fault).dump(-1, ' ', false, Json::error_handler_t::replace);
  request.content_type = "application/json";
  request_fault({std::move(request), *faults_.add(fault, now)});
  play_faults(now);
}

void Run::lift_faults(Micros now) {
  settings_.scenario.faults.clear();
  if (state_ != RunState::kRunning) return;
  Request request;
  request.method = "DELETE";
  request_fault({std::move(request), 0});
  if (!faults_.active().empty()) note("Every fault is **lifted**.", false, now);
  faults_.clear();
  for (const LaneEntry& entry : lanes_) {
    entry.lane->mark("lifted", false, now);
    entry.lane->trouble_ends({}, now);
  }
  play_faults(now);
}

// They were the channel's, and so were the questions about them.
void Run::forget_faults(Micros now) {
  for (const LaneEntry& entry : lanes_) entry.lane->trouble_ends({}, now);
  fault_call_.close();
  fault_requests_.clear();
  faults_.clear();
  play_faults(now);
}

void Run::request_fault(FaultRequest asked) {
  asked.request.url = own_origin() + channel_path() + "/faults";
  fault_requests_.push_back(std::move(asked));
  if (!fault_call_) send_fault_request();
}

void Run::send_fault_request() {
  if (fault_requests_.empty()) return;
  fault_call_ = Connection(
      wiring_, fault_requests_.front().request, [this](const HostEvent& event, Micros at) {
        fault_call_.close();
        const std::uint64_t number = fault_requests_.front().number;
        fault_requests_.pop_front();
        const auto* answered = std::get_if<Answered>(&event);
        if (answered == nullptr) {
          fault_refused(number, "The server was not to be reached for the fault", at);
        } else if (answered->status >= 300) {
          fault_refused(number, "The server refused the fault: " + error_in(*answered), at);
        }
        send_fault_request();
      });
}

// What was told as played is not.
void Run::fault_refused(std::uint64_t number, const std::string& why, Micros now) {
  const auto refused = faults_.remove(number);
  if (!refused) return note(why + ".", true, now);
  note(why + ". Not played: " + fault_sentence(refused->fault) + ".", true, now);
  if (refused->begun) mark_lanes(refused->fault, " refused", false, now);
  play_faults(now);
}

void Run::play_faults(Micros now) {
  faults_.step(now, [&](const Fault& fault, FaultTimes::Change change) {
    const bool begins = change == FaultTimes::Change::kBegins;
    const std::string sentence = fault_sentence(fault);
    note(begins ? "From now on: **" + sentence + "**." : "Over: " + sentence + ".", begins, now);
    mark_lanes(fault, begins ? "" : " ends", begins, now);
  });
  for (const LaneEntry& entry : lanes_) entry.lane->trouble_comes(next_trouble(*entry.lane));
  fault_timer_.cancel();
  if (const auto next = faults_.next()) {
    fault_timer_ = Timer(wiring_, *next - now, [this](Micros at) { play_faults(at); });
  }
}

std::optional<view::Trouble> Run::next_trouble(const Lane& lane) const {
  std::optional<view::Trouble> next;
  for (const auto& [number, each] : faults_.entries()) {
    if (each.begun || !concerns(each.fault, lane.asked(), lane.running())) continue;
    if (next && next->begin <= each.begin_us) continue;
    next = {each.begin_us, each.end_us, std::string(fault_word(each.fault))};
  }
  return next;
}

void Run::mark_lanes(const Fault& fault, std::string_view more, bool begins, Micros now) {
  const std::string word(fault_word(fault));
  for (const LaneEntry& entry : lanes_) {
    if (!begins) entry.lane->trouble_ends(word, now);
    if (!concerns(fault, entry.lane->asked(), entry.lane->running())) continue;
    entry.lane->mark(std::string(word).append(more), begins, now);
    if (begins && !is_moment(fault.kind)) entry.lane->trouble_begins(word, now);
  }
}

}  // namespace playground::client
