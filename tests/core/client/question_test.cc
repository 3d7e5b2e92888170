#include "core/client/question.h"

#include <optional>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/virtual_host.h"

namespace playground::client {
namespace {

using Outcome = Reply::Outcome;

struct Asker {
  Question ask(Micros limit = kSecond) {
    return Question(host.dispatcher, {.url = "http://server/question"}, limit, take());
  }
  Question::OnReply take() {
    return [this](const Reply& reply, Micros) {
      outcomes.push_back(reply.outcome);
      body = reply.answer.body;
    };
  }
  void answer(int status, std::string_view text) {
    host.tell(host.find("/question"), Answered{status, text});
  }
  bool nothing_is_left() const { return host.open_now.empty() && host.timers.empty(); }

  VirtualHost host;
  std::vector<Outcome> outcomes;
  std::string body;
};

TEST_CASE("a question is answered, whatever the status, and leaves nothing open") {
  Asker asker;
  const Question question = asker.ask();
  CHECK(question);
  asker.answer(503, "not now");
  CHECK_FALSE(question);
  CHECK(asker.outcomes == std::vector{Outcome::kAnswered});
  CHECK(asker.body == "not now");
  CHECK(asker.nothing_is_left());
}

TEST_CASE("a question that fails says so, and one that takes too long is given up") {
  Asker asker;
  Question question = asker.ask();
  asker.host.tell(asker.host.find("/question"), Failed{"refused"});
  CHECK(asker.outcomes == std::vector{Outcome::kFailed});
  question = asker.ask();
  const ConnectionId late = asker.host.find("/question");
  asker.host.advance(kSecond - 1);
  CHECK(question);
  asker.host.advance(1);
  CHECK_FALSE(question);
  CHECK(asker.outcomes == std::vector{Outcome::kFailed, Outcome::kTimedOut});
  CHECK(asker.nothing_is_left());
  asker.host.tell(late, Answered{200, "late"});
  CHECK(asker.outcomes.size() == 2);
}

TEST_CASE("a question that is cancelled, replaced or let go of tells nothing") {
  Asker asker;
  Question question = asker.ask();
  question.cancel();
  CHECK(asker.nothing_is_left());
  question = asker.ask();
  question = asker.ask();
  CHECK(asker.host.open_now.size() == 1);
  question = {};
  CHECK(asker.nothing_is_left());
  CHECK(asker.outcomes.empty());
}

TEST_CASE("a reply may ask the next question, or destroy the one that it answers") {
  Asker asker;
  std::optional<Question> question;
  question.emplace(asker.host.dispatcher, Request{.url = "http://server/question"}, kSecond,
                   [&](const Reply&, Micros) { question = asker.ask(); });
  asker.answer(200, "one");
  REQUIRE(question->operator bool());
  asker.answer(200, "two");
  CHECK(asker.body == "two");
  question.emplace(asker.host.dispatcher, Request{.url = "http://server/question"}, kSecond,
                   [&](const Reply&, Micros) { question.reset(); });
  asker.host.advance(kSecond);
  CHECK_FALSE(question);
  CHECK(asker.nothing_is_left());
}

TEST_CASE("a detached question outlives its holder, and its time limit holds") {
  Asker asker;
  asker.ask().detach(asker.take());
  asker.answer(201, "created");
  CHECK(asker.body == "created");
  Question::ask_and_forget(asker.host.dispatcher, {.url = "http://server/question"}, kSecond);
  CHECK(asker.host.has_open("/question"));
  asker.host.advance(kSecond);
  CHECK(asker.nothing_is_left());
  // And one that is still out when the host goes is no harm.
  asker.ask().detach(asker.take());
}

}  // namespace
}  // namespace playground::client
