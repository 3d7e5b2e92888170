#include "core/server/shared/shared_neighbours.h"

#include <algorithm>
#include <utility>

#include "core/json.h"
#include "core/json_text.h"
#include "core/server/api_text.h"

namespace playground::server {
namespace {

// A server that has not answered by then is left out.
constexpr std::int64_t kPatienceUs = kSecondUs;
constexpr std::string_view kCounts = "wire";
constexpr std::string_view kLog = "wire/log";

// A fault is kept as when it was asked for, and its JSON.
std::string fault_text(std::int64_t since_us, const Fault& fault) {
  std::string text;
  append_number(since_us, text);
  return text.append(" ").append(to_json(fault));
}

using Counts = std::map<std::string, std::uint64_t, std::less<>>;
struct LaneCounts {
  Counts counts;
  Counts arrived;
};

void add_up(const Json& object, Counts& counts) {
  for (const auto& [name, value] : *object.members()) {
    if (const auto number = value.whole()) counts[name] += static_cast<std::uint64_t>(*number);
  }
}

void append_counts(const Counts& counts, JsonObject& object) {
  for (const auto& [name, count] : counts) object.add(name, count);
}

void append_lane(std::string_view name, const LaneCounts& lane, std::string& out) {
  JsonObject object(out);
  object.add("lane", name);
  append_counts(lane.counts, object);
  JsonObject arrived(object.value("arrived"));
  append_counts(lane.arrived, arrived);
}

// Of what servers have said to kCounts.
std::map<std::string, LaneCounts, std::less<>> add_up(const std::vector<std::string>& answers) {
  std::map<std::string, LaneCounts, std::less<>> lanes;
  for (const std::string& text : answers) {
    const Json answer = parse_json(text);
    const Json* list = answer.find("lanes");
    if (!list || !list->elements()) continue;
    for (const Json& lane : *list->elements()) {
      const std::string* name = text_in(lane, "lane");
      if (!name) continue;
      LaneCounts& sum = lanes[*name];
      add_up(lane, sum.counts);
      const Json* arrived = lane.find("arrived");
      if (arrived && arrived->members()) add_up(*arrived, sum.arrived);
    }
  }
  return lanes;
}

}  // namespace

AppendError to_append_error(StoreError error) {
  return error == StoreError::kFull ? AppendError::kFull : AppendError::kUnavailable;
}

std::vector<SharedFault> faults_from(const std::vector<StoredFault>& stored) {
  std::vector<SharedFault> faults;
  for (const StoredFault& each : stored) {
    SharedFault fault{each.number, 0, std::nullopt};
    std::string_view text = each.text;
    if (!text.empty()) {
      const auto since_us = parse_whole<std::int64_t>(take_word(text));
      auto parsed = parse_fault(parse_json(text));
      if (!since_us || !parsed) continue;  // of a server that knows more kinds
      fault.since_us = *since_us;
      fault.fault = std::move(*parsed);
    }
    faults.push_back(std::move(fault));
  }
  return faults;
}

SharedNeighbours::SharedNeighbours(SharedStore& store, Schedule& schedule, std::string id,
                                   const StoredChannel& channel)
    : store_(store),
      schedule_(schedule),
      id_(std::move(id)),
      changes_(channel.state.faults),
      late_(schedule, [this] { settle_late(); }) {
  take(faults_from(channel.faults));
}

void SharedNeighbours::take(std::vector<SharedFault> faults) {
  faults_ = std::move(faults);
  for (const SharedFault& each : faults_) highest_ = std::max(highest_, each.number);
}

// Faults

void SharedNeighbours::add_fault(const Fault& fault, Added done) {
  std::vector<std::uint64_t> over;
  for (const SharedFault& each : faults_) {
    if (each.fault && !listener_->has_fault(each.number)) over.push_back(each.number);
  }
  store_.add_fault(id_, fault_text(schedule_.now_us(), fault), over,
                   [this, done, alive = std::weak_ptr(alive_)](const auto& number) {
                     if (alive.expired()) return;
                     if (!number) return done(to_append_error(number.error()));
                     read_faults([done, number = *number] { done(number); });
                   });
}

void SharedNeighbours::lift_faults(const std::vector<std::uint64_t>& numbers, Lifted done) {
  store_.lift_faults(id_, numbers, [this, done, alive = std::weak_ptr(alive_)](const auto& lifted) {
    if (alive.expired()) return;
    if (!lifted) return done(to_append_error(lifted.error()));
    read_faults([done] { done(std::nullopt); });
  });
}

void SharedNeighbours::look(std::uint64_t changes) {
  if (std::exchange(changes_, changes) != changes) read_faults([] {});
}

void SharedNeighbours::read_faults(std::function<void()> done) {
  store_.open(id_, [this, done, alive = std::weak_ptr(alive_)](const auto& channel) {
    if (alive.expired()) return;
    if (channel) {
      changes_ = channel->state.faults;
      take(faults_from(channel->faults));
      listener_->faults_changed(faults_);
    } else {
      changes_ = 0;  // the next look asks again
    }
    done();
  });
}

// Questions

void SharedNeighbours::wire_counts(std::optional<std::string> lane, Answered done) {
  ask(kCounts, [lane, done](const Answers& answers) {
    auto lanes = add_up(answers);
    std::string out;
    if (lane) {
      append_lane(*lane, lanes[*lane], out);
    } else {
      JsonObject object(out);
      JsonArray list(object.value("lanes"));
      for (const auto& [name, counts] : lanes) append_lane(name, counts, list.next());
    }
    done(std::move(out));
  });
}

void SharedNeighbours::wire_log(std::string_view query, Answered done) {
  ask(std::string(kLog).append(" ").append(query), [done](const Answers& answers) {
    const auto found = std::find_if(answers.begin(), answers.end(),
                                    [](const std::string& each) { return !each.empty(); });
    done(found == answers.end() ? std::string() : *found);
  });
}

void SharedNeighbours::ask(std::string_view what, std::function<void(const Answers&)> done) {
  const std::string name = store_.name() + "-" + std::to_string(++asked_);
  if (questions_.empty()) late_.set(schedule_.now_us() + kPatienceUs);
  questions_[name] = {std::string(what), schedule_.now_us() + kPatienceUs, std::move(done)};
  store_.tell(id_, "ask " + name + " " + std::string(what),
              [this, name, alive = std::weak_ptr(alive_)](const auto& heard) {
                if (alive.expired()) return;
                const auto question = questions_.find(name);
                if (question == questions_.end()) return;
                question->second.heard = heard ? *heard : 0;
                settle(question);
              });
}

void SharedNeighbours::on_word(std::string_view text) {
  const std::string_view kind = take_word(text);
  const std::string name(take_word(text));
  if (kind == "ask") {
    store_.tell(id_, "say " + name + " " + answer(text), [](const auto&) {});
  } else if (kind == "say") {
    const auto question = questions_.find(name);
    if (question == questions_.end()) return;
    question->second.answers.emplace_back(text);
    settle(question);
  }
}

void SharedNeighbours::settle(Questions::iterator question) {
  const auto& heard = question->second.heard;
  if (!heard || question->second.answers.size() < *heard) return;
  Question settled = std::move(questions_.extract(question).mapped());
  // Nobody has heard it where the store is away: this server answers for itself.
  if (settled.answers.empty()) settled.answers.push_back(answer(settled.what));
  settled.done(settled.answers);
}

void SharedNeighbours::settle_late() {
  const std::int64_t now = schedule_.now_us();
  for (auto each = questions_.begin(); each != questions_.end();) {
    const auto question = each++;
    if (question->second.late_us > now) continue;
    question->second.heard = 0;
    settle(question);
  }
  if (!questions_.empty()) late_.set(now + kPatienceUs / 10);
}

std::string SharedNeighbours::answer(std::string_view what) const {
  const std::string_view kind = take_word(what);
  if (kind == kCounts) return listener_->wire_counts();
  if (kind == kLog) return listener_->wire_log(what);
  return {};
}

}  // namespace playground::server
