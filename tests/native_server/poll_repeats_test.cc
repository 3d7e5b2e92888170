#include "native_server/poll_repeats.h"

#include <string>
#include <string_view>

#include <catch2/catch_test_macros.hpp>

#include "core/poll/batch.h"
#include "tests/native_server/support/running_server.h"

namespace playground::server {
namespace {

// A connection that polls, always with the same request but for the cursor.
class Poller {
 public:
  Poller(const RunningServer& server, std::string path, std::string headers = {})
      : client_(server.port()), path_(std::move(path)), headers_(std::move(headers)) {}

  Response ask(std::string_view cursor) {
    client_.send(request("GET", path_ + std::string(cursor), headers_));
    return client_.read_response();
  }

 private:
  Client client_;
  std::string path_;
  std::string headers_;
};

// Each asked for the first time in its form, which routing answers.
Response routed(const RunningServer& server, const std::string& target, const std::string& fields) {
  static int form = 0;
  Client client(server.port());
  client.send(request("GET", target, fields + "X-Form: " + std::to_string(++form) + "\r\n"));
  return client.read_response();
}

// The path of a channel with so many messages.
std::string channel_of(const RunningServer& server, int messages) {
  const std::string channel = server.create_quiet();
  server.get(channel + "/long-poll");
  for (int i = 1; i < messages; ++i) server.post(channel + "/messages", "m");
  return channel;
}

TEST_CASE("a poll asked again is answered as routing answers it") {
  RunningServer server;
  const std::string channel = channel_of(server, 20);
  for (const std::string fields : {"", "Origin: http://localhost:1\r\n"}) {
    for (const std::string before : {"/poll?after=", "/poll?lane=a&after="}) {
      Poller poller(server, channel + before, fields);
      for (const char* cursor : {"0", "3", "19", "20", "", "21", "x", "-1", "3"}) {
        CAPTURE(fields, before, cursor);
        const Response again = poller.ask(cursor);
        const Response first = routed(server, channel + before + cursor, fields);
        CHECK(again.status == first.status);
        CHECK(again.headers == first.headers);
        CHECK(again.body == first.body);
      }
    }
  }
}

TEST_CASE("what stands around the cursor counts") {
  RunningServer server;
  const std::string channel = channel_of(server, 20);
  const auto count = [&](Poller& poller, std::string_view cursor) {
    const auto batch = poll::parse_batch(poller.ask(cursor).body);
    REQUIRE(batch);
    return batch->messages.size();
  };
  Poller plain(server, channel + "/poll?after=");
  CHECK(count(plain, "5") == 15);
  CHECK(count(plain, "5&lane=a") == 15);
  CHECK(count(plain, "5&after=9") == 15);
  CHECK(count(plain, "7&after=9") == 13);
  Poller encoded(server, channel + "/poll?%61fter=1&after=");
  CHECK(count(encoded, "2") == 19);
  CHECK(count(encoded, "3") == 19);
  Poller other(server, channel + "/poll?hereafter=4&after=");
  CHECK(count(other, "5") == 15);
  CHECK(count(other, "6") == 14);
}

TEST_CASE("a poll asked again is not answered past what has changed since") {
  RunningServer server;
  const std::string channel = channel_of(server, 3);
  Poller poller(server, channel + "/poll?lane=a&after=");
  CHECK(poller.ask("3").status == 200);
  CHECK(poller.ask("3").status == 200);
  server.post(channel + "/faults", R"({"kind":"status","status":503})");
  CHECK(poller.ask("3").status == 503);
  fetch(server.port(), request("DELETE", channel + "/faults"));
  CHECK(poller.ask("3").status == 200);
  server.post(channel + "/messages", "new");
  CHECK(poller.ask("3").body.find("new") != std::string::npos);
  fetch(server.port(), request("DELETE", channel));
  CHECK(poller.ask("3").status == 404);
  CHECK(poller.ask("3").status == 404);
}

TEST_CASE("HEAD and POST are not taken for the GET before them") {
  RunningServer server;
  const std::string target = server.create_quiet() + "/poll?after=0";
  Client client(server.port());
  for (int i = 0; i < 2; ++i) {
    client.send(request("HEAD", target));
    CHECK(client.read_head().status == 200);
    client.send(request("GET", target));
    CHECK(client.read_response().status == 200);
    client.send(request("POST", target));
    CHECK(client.read_response().status == 405);
  }
}

TEST_CASE("more forms of a poll than are remembered are all answered") {
  RunningServer server;
  const std::string channel = server.create_quiet();
  Client client(server.port());
  for (std::size_t round = 0; round < 2; ++round) {
    for (std::size_t i = 0; i <= PollRepeats::kMaxPolls; ++i) {
      client.send(request("GET", channel + "/poll?after=0&form=" + std::to_string(i)));
      REQUIRE(client.read_response().status == 200);
    }
  }
}

}  // namespace
}  // namespace playground::server
