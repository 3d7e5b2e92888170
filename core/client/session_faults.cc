#include "core/client/session_faults.h"

#include <utility>

#include "core/client/words.h"
#include "core/json.h"
#include "core/json_text.h"

namespace playground::client {

void SessionFaults::begin(std::string address, const std::vector<Fault>& scenario, Micros now) {
  forget(now);
  address_ = std::move(address);
  std::uint64_t id = 0;
  for (const Fault& fault : scenario) {
    if (const auto number = times_.add(fault, now)) on_server_[*number] = ++id;
  }
  play(now);
}

void SessionFaults::forget(Micros now) {
  question_.cancel();
  to_ask_.clear();
  on_server_.clear();
  times_.clear();
  events_.on_faults_over(/*lifted=*/false, now);
  play(now);
}

bool SessionFaults::add(const Fault& fault, Micros now) {
  const auto number = times_.add(fault, now);
  if (!number) return false;
  ask({Asked::What::kAdd, *number, to_json(fault)});
  play(now);
  return true;
}

bool SessionFaults::lift(std::uint64_t number, Micros now) {
  const auto lifted = times_.remove(number);
  if (!lifted) return false;
  ask({Asked::What::kLift, number});
  if (lifted->begun) events_.on_fault(lifted->fault, FaultChange::kLifted, now);
  play(now);
  return true;
}

void SessionFaults::lift_all(Micros now) {
  ask({Asked::What::kLiftAll});
  events_.on_faults_over(/*lifted=*/true, now);
  times_.clear();
  play(now);
}

void SessionFaults::ask(Asked asked) {
  to_ask_.push_back(std::move(asked));
  if (!question_) ask_next();
}

void SessionFaults::ask_next() {
  // What was refused, or is gone with all the others, need not be lifted.
  while (!to_ask_.empty() && to_ask_.front().what == Asked::What::kLift &&
         !on_server_.contains(to_ask_.front().number)) {
    to_ask_.pop_front();
  }
  if (to_ask_.empty()) return;
  const Asked& asked = to_ask_.front();
  Request request;
  request.url = address_;
  request.method = asked.what == Asked::What::kAdd ? "POST" : "DELETE";
  if (asked.what == Asked::What::kAdd) {
    request.body = asked.fault;
    request.content_type = "application/json";
  } else if (asked.what == Asked::What::kLift) {
    append_number(on_server_[asked.number], request.url += '/');
  }
  question_ =
      Question(dispatcher_, request, kAnswerTimeout, [this](const Reply& reply, Micros now) {
        const Asked answered = std::move(to_ask_.front());
        to_ask_.pop_front();
        take(answered, reply, now);
        ask_next();
      });
}

void SessionFaults::take(const Asked& asked, const Reply& reply, Micros now) {
  const int status = reply.answer.status;
  if (asked.what == Asked::What::kLiftAll) on_server_.clear();
  if (asked.what == Asked::What::kLift) on_server_.erase(asked.number);
  if (reply.answered() && status < 300) {
    if (asked.what != Asked::What::kAdd) return;
    if (const auto id = count_in(parse_json(reply.answer.body), "id")) {
      on_server_[asked.number] = *id;
    }
    return;
  }
  // The fault to be lifted was already over.
  if (asked.what == Asked::What::kLift && status == 404) return;
  const auto refused = times_.remove(asked.number);
  std::optional<std::string> why;
  if (reply.answered()) why = error_in(reply.answer);
  events_.on_fault_refused(refused ? &*refused : nullptr, why, now);
  play(now);
}

void SessionFaults::play(Micros now) {
  times_.step(
      now, [&](const Fault& fault, FaultChange change) { events_.on_fault(fault, change, now); });
  events_.on_fault_times(now);
  next_.cancel();
  if (const auto next = times_.next()) {
    next_ = Timer(dispatcher_, *next - now, [this](Micros at) { play(at); });
  }
}

}  // namespace playground::client
