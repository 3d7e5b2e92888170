#include "core/server/pending_answer.h"

#include <memory>
#include <optional>
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/support/fake_outlet.h"

namespace playground::server {
namespace {

constexpr const char* kCreated = "HTTP/1.1 201 Created\r\nA: b\r\n\r\n";
constexpr const char* kWhole = "HTTP/1.1 201 Created\r\nA: b\r\nContent-Length: 2\r\n\r\nhi";

TEST_CASE("what is given at once can be taken") {
  const PendingAnswer answer;
  CHECK_FALSE(answer.given());
  answer.give("hi", {3, 4});
  REQUIRE(answer.given());
  Reply reply;
  answer.settle(reply);
  CHECK(reply.body == "hi");
  CHECK(reply.messages.last == 4);
  CHECK(reply.status == 200);
  CHECK(reply.session == nullptr);
}

std::unique_ptr<Session> session_of(const PendingAnswer& answer) {
  Reply reply;
  answer.settle(reply);
  CHECK(reply.form == Reply::Form::kHeld);
  return std::move(reply.session);
}

TEST_CASE("a failure is 503, whether it comes at once or later") {
  const PendingAnswer at_once;
  at_once.fail("no");
  Reply reply;
  at_once.settle(reply);
  CHECK(reply.status == 503);
  CHECK(reply.body == R"({"error":"no"})");

  FakeOutlet outlet;
  const PendingAnswer later;
  const auto session = session_of(later);
  session->begin(outlet, kCreated);
  later.fail("no");
  CHECK(outlet.text ==
        "HTTP/1.1 503 Service Unavailable\r\nA: b\r\nContent-Length: 14\r\n\r\n"
        R"({"error":"no"})");
}

TEST_CASE("what is given later is sent behind its head, and only then") {
  FakeOutlet outlet;
  std::optional<PendingAnswer> answer(std::in_place);
  const auto session = session_of(*answer);
  session->begin(outlet, kCreated);
  CHECK(outlet.text.empty());
  answer->give("hi");
  CHECK(outlet.text == kWhole);
  CHECK(outlet.finished);
  answer.reset();
  session->end();
  CHECK(outlet.text == kWhole);
}

TEST_CASE("what is given before the session begins is not lost") {
  FakeOutlet outlet;
  std::optional<PendingAnswer> answer(std::in_place);
  const auto session = session_of(*answer);
  answer->give("hi");
  answer.reset();
  session->begin(outlet, kCreated);
  CHECK(outlet.text == kWhole);
}

TEST_CASE("when nobody can give it any more, the answer is 503") {
  const bool begins_first = GENERATE_COPY(true, false);
  FakeOutlet outlet;
  std::optional<PendingAnswer> answer(std::in_place);
  std::optional<PendingAnswer> copy(*answer);
  const auto session = session_of(*answer);
  if (begins_first) session->begin(outlet, kCreated);
  answer.reset();
  CHECK(outlet.text.empty());
  copy.reset();
  if (!begins_first) session->begin(outlet, kCreated);
  CHECK(outlet.text ==
        "HTTP/1.1 503 Service Unavailable\r\nA: b\r\nContent-Length: 33\r\n\r\n"
        R"({"error":"the channel has ended"})");
  CHECK(outlet.finished);
}

TEST_CASE("a server that ends answers 503, and what is given afterwards goes nowhere") {
  FakeOutlet outlet;
  const PendingAnswer answer;
  const auto session = session_of(answer);
  session->begin(outlet, kCreated);
  session->end();
  CHECK(outlet.finished);
  const std::string text = outlet.text;
  answer.give("hi");
  CHECK(outlet.text == text);
}

TEST_CASE("a connection that is gone is not written to") {
  const PendingAnswer answer;
  {
    FakeOutlet outlet;
    const auto session = session_of(answer);
    session->begin(outlet, kCreated);
  }
  answer.give("hi");
  CHECK(answer.given());
}

}  // namespace
}  // namespace playground::server
