// Why somebody's endpoint cannot be followed. A browser tells a page neither which nor why (WHATWG
// Fetch 3.3.5 among others): "not there", "not allowed" and "something else" are told apart by
// asking once more, readably and then in the mode no-cors.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/client/decision.h"
#include "core/client/dispatcher.h"
#include "core/client/feed.h"
#include "core/client/question.h"

namespace playground::client {

class DiagnosisEvents {
 public:
  virtual ~DiagnosisEvents() = default;
  virtual void on_found(Decision decision) = 0;
};

class Diagnosis {
 public:
  static constexpr Micros kTimeLimit = 5 * kSecond;
  // A browser tells of its policy's word a little later than of the failure.
  static constexpr Micros kPolicyTold = 100 * kMillisecond;
  // What was found is not looked for again sooner.
  static constexpr Micros kRest = 30 * kSecond;

  // `spec`, `dispatcher` and `events` outlive it.
  Diagnosis(const FeedSpec& spec, Dispatcher& dispatcher, DiagnosisEvents& events)
      : spec_(spec), dispatcher_(dispatcher), events_(events) {}

  // The newest attempt's request goes out, with this last event id.
  void asked(std::string_view last_event_id);
  // Its head has come; `status` is 0 where the browser does not tell.
  void head(int status, std::string_view fields);
  // It has ended badly. What is found is told once, until something else is.
  void failed(Micros now);
  // Nothing is asked any more.
  void stop();

  // What was found last, until a head came that says otherwise.
  const std::optional<Reason>& found() const { return found_; }

 private:
  void ask_readably();
  void ask_opaquely();
  void answered(int status, std::string_view fields, Micros now);
  void unanswered();
  void say_who_forbids(Micros now);
  // `words`: what is said, or the type of what answers.
  void find(Reason reason, Micros now, int status = 0, std::string words = {});
  // What a server says with an answer that is not what was asked for.
  bool is_wanted(int status, std::string_view fields) const;
  void find_unwanted(int status, std::string_view fields, Micros now);
  // What the request carries that a server has to allow first (WHATWG Fetch 3.3.7), as the fields
  // of its answer to OPTIONS.
  std::string to_allow() const;
  std::string http_url() const;

  const FeedSpec& spec_;
  Dispatcher& dispatcher_;
  DiagnosisEvents& events_;
  std::string last_event_id_;
  bool has_head_ = false;
  int status_ = 0;
  std::string fields_;
  Connection readable_;
  Timer timer_;  // the readable question's time limit, then the wait for the policy's word
  Question opaque_;
  std::optional<Reason> found_;
  Micros looked_at_ = 0;  // where something was found
};

}  // namespace playground::client
