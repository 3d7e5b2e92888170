#include "core/client/dispatcher.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "core/client/question.h"
#include "tests/support/lane_scene.h"
#include "tests/support/virtual_host.h"

namespace playground::client {
namespace {

Request to(const std::string& url, ConnectionKind kind = ConnectionKind::kStream) {
  Request request;
  request.kind = kind;
  request.url = url;
  return request;
}

struct Page {
  Connection open(const Request& request) {
    return {host.dispatcher, request, [](const HostEvent&, Micros) {}};
  }
  std::vector<Connection> six(const std::string& url = "http://server/a") {
    std::vector<Connection> all;
    for (int i = 0; i < 6; ++i) all.push_back(open(to(url)));
    return all;
  }
  // A moment that the dispatcher hears of.
  void pass(Micros time) {
    const Timer timer(host.dispatcher, time, [](Micros) {});
    host.advance(time);
  }

  VirtualHost host;
};

TEST_CASE("a seventh request to an origin waits in the browser until one of the six is over") {
  Page page;
  auto streams = page.six();
  const Connection seventh = page.open(to("http://server/b", ConnectionKind::kRequest));
  const Connection eighth = page.open(to("http://server/c", ConnectionKind::kEventSource));
  for (const Connection& each : streams) CHECK_FALSE(each.waits());
  CHECK(seventh.waits());
  CHECK(eighth.waits());
  CHECK_FALSE(seventh.waited_until());
  page.pass(3 * kSecond);
  SECTION("closed by the page") { streams[2].close(); }
  SECTION("ended by the server") { page.host.tell(1, Closed{}); }
  CHECK_FALSE(seventh.waits());
  CHECK(seventh.waited_until() == page.host.now);
  CHECK(eighth.waits());
}

TEST_CASE("a browser that sends a later request first leaves an earlier one waiting") {
  Page page;
  auto all = page.six();
  all.push_back(page.open(to("http://server/b")));
  for (const ConnectionId opened : {2U, 3U, 4U, 6U, 7U}) page.host.tell(opened, Opened{200});
  for (std::size_t i = 0; i < all.size(); ++i) {
    INFO("request " << i + 1);
    // The first has nothing either, but was opened before the fifth.
    CHECK(all[i].waits() == (i + 1 == 5));
  }
  page.host.tell(5, Opened{200});
  CHECK(all[0].waits());
  CHECK_FALSE(all[4].waits());
  page.pass(kSecond);
  all[5].close();
  CHECK_FALSE(all[0].waits());
  CHECK(all[0].waited_until() == page.host.now);

  SECTION("also of those that waited") {
    all.push_back(page.open(to("http://server/c", ConnectionKind::kRequest)));
    all.push_back(page.open(to("http://server/d")));
    page.host.tell(1, Opened{200});
    page.pass(kSecond);
    const Micros freed = page.host.now;
    all[2].close();
    page.pass(kSecond);
    page.host.tell(10, Opened{200});
    CHECK(all[7].waits());
    CHECK_FALSE(all[7].waited_until());
    CHECK_FALSE(all[8].waits());
    CHECK(all[8].waited_until() == freed);
  }
  SECTION("and one that has more connections than it says lets none of them wait") {
    page.host.tell(1, Opened{200});
    all.push_back(page.open(to("http://server/c")));
    page.host.tell(9, Opened{200});
    for (const Connection& each : all) CHECK_FALSE(each.waits());
  }
}

TEST_CASE("what a browser does not count among six connections does not wait for them") {
  Page page;
  const auto streams = page.six();
  CHECK_FALSE(page.open(to("http://server:81/b")).waits());
  CHECK_FALSE(page.open(to("https://server/b")).waits());
  CHECK_FALSE(page.open(to("ws://server/b", ConnectionKind::kWebSocket)).waits());
  Request tab = to("http://server/tab", ConnectionKind::kEventSource);
  tab.of_another_page = true;
  CHECK_FALSE(page.open(tab).waits());
  Request apart = to("http://server/b", ConnectionKind::kRequest);
  apart.opaque = apart.apart = true;
  CHECK_FALSE(page.open(apart).waits());
  CHECK(page.open(to("http://server/b")).waits());
}

TEST_CASE("a host that is no browser has a limit of its own, or none") {
  Page page;
  page.host.connections = SIZE_MAX;
  const auto streams = page.six();
  CHECK_FALSE(page.open(to("http://server/b")).waits());
}

TEST_CASE("one that waits and is given up frees no connection") {
  Page page;
  const auto streams = page.six();
  Connection seventh = page.open(to("http://server/b"));
  const Connection eighth = page.open(to("http://server/c"));
  seventh.close();
  CHECK(eighth.waits());
}

TEST_CASE("a poll that follows its own answer has not waited") {
  Page page;
  const auto streams = page.six();
  Connection poll;
  std::optional<bool> waits;
  auto others = page.six("http://other/a");
  others.pop_back();
  poll = Connection(page.host.dispatcher, to("http://other/poll", ConnectionKind::kRequest),
                    [&](const HostEvent&, Micros) {
                      poll = page.open(to("http://other/poll", ConnectionKind::kRequest));
                      waits = poll.waits();
                    });
  page.host.tell(page.host.find("/poll"), Answered{200, ""});
  CHECK(waits == false);
  CHECK_FALSE(poll.waited_until());
}

TEST_CASE("a question that the browser has not sent is not one that the server did not answer") {
  Page page;
  auto streams = page.six();
  std::optional<Reply> reply;
  const auto ask = [&] {
    return Question(page.host.dispatcher, to("http://server/q", ConnectionKind::kRequest),
                    5 * kSecond, [&](const Reply& said, Micros) { reply = said; });
  };
  Question question = ask();
  page.host.advance(5 * kSecond);
  REQUIRE(reply);
  CHECK(reply->outcome == Reply::Outcome::kNotSent);
  question = ask();
  page.pass(kSecond);
  streams.pop_back();
  page.host.advance(kSecond);
  page.host.tell(page.host.find("/q"), Answered{200, ""});
  CHECK(reply->outcome == Reply::Outcome::kAnswered);
  CHECK(reply->waited_until == page.host.now - kSecond);
}

TEST_CASE("a request that waits in the browser is not a dead connection, and delays nobody") {
  LaneScene scene(TransportId::kShortPoll);
  scene.live();
  const std::uint64_t timed = scene.observed.delay_us().count();
  std::vector<Connection> streams;
  for (int i = 0; i < 6; ++i) {
    streams.emplace_back(scene.host.dispatcher, to("http://server/other"),
                         [](const HostEvent&, Micros) {});
  }
  // The poll that is out is the first in the row; the next one is the last.
  scene.say(2);
  scene.until_asked();
  scene.host.advance(60 * kSecond);
  CHECK_FALSE(scene.decided(Reason::kSilent));
  CHECK(scene.decided(Reason::kWaitsForConnection));
  CHECK(scene.lane.running() == TransportId::kShortPoll);
  const Message old = scene.message(3);
  scene.host.advance(2 * kSecond);
  streams.pop_back();
  scene.host.advance(kSecond);
  scene.voice().say(old);
  CHECK(scene.observed.ledger().delivered() == 3);
  CHECK(scene.observed.delay_us().count() == timed + 1);
}

TEST_CASE("a stream that waits in the browser is not blamed for it") {
  Page page;
  LaneScene scene(TransportId::kSseFetch);
  std::vector<Connection> streams;
  for (int i = 0; i < 6; ++i) {
    streams.emplace_back(scene.host.dispatcher, to("http://server/other"),
                         [](const HostEvent&, Micros) {});
  }
  scene.start();
  scene.host.advance(20 * kSecond);
  CHECK_FALSE(scene.decided(Reason::kFellBack));
  CHECK(scene.decided(Reason::kWaitsForConnection));
  streams.pop_back();
  // From now on the server has its time.
  scene.host.advance(1900 * kMillisecond);
  CHECK_FALSE(scene.decided(Reason::kFellBack));
  scene.open_and_greet();
  CHECK(scene.decided(Reason::kDelivers));
}

TEST_CASE("a poll that the browser sends after later streams is not one without an answer") {
  LaneScene scene(TransportId::kShortPoll);
  scene.start();
  std::vector<Connection> streams;
  for (int i = 0; i < 6; ++i) {
    streams.emplace_back(scene.host.dispatcher, to("http://server/other"),
                         [](const HostEvent&, Micros) {});
  }
  for (const auto& [id, request] : std::map(scene.host.open_now)) {
    if (request.url == "http://server/other") scene.host.tell(id, Opened{200});
  }
  scene.host.advance(20 * kSecond);
  CHECK(scene.decided(Reason::kWaitsForConnection));
  CHECK_FALSE(scene.decided(Reason::kNothingLeft));
}

}  // namespace
}  // namespace playground::client
