// A request that cannot be answered yet: its connection keeps it, and whatever follows it waits.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "core/http/connection.h"
#include "core/http/message.h"
#include "tests/support/manual_clock.h"

namespace playground::http {
namespace {

using server::Exchange;
using server::Reply;
using server::Waited;

struct FakeSocket final : Socket {
  std::optional<std::size_t> write(std::span<const server::Piece> pieces) override {
    std::size_t size = 0;
    for (const server::Piece& piece : pieces) {
      sent += piece.bytes;
      size += piece.bytes.size();
    }
    return size;
  }
  void want(Wants) override {}
  void end() override { ended = true; }
  void close(bool) override { closed = true; }
  void identify(server::Request& request) override { request.client = "client"; }
  std::string_view client() const override { return "client"; }
  std::string asker() const override { return "client"; }

  std::string sent;
  bool ended = false;
  bool closed = false;
};

// Says what it was given, until its end.
struct Words final : server::Session {
  void begin(server::Outlet& to, std::string head) override {
    outlet = &to;
    outlet->push({head});
  }
  bool on_bytes(std::string_view bytes) override {
    outlet->push({bytes});
    return true;
  }
  void end() override { outlet->finish(); }
  server::Outlet* outlet = nullptr;
};

struct Fixture {
  void answer(Exchange& exchange) {
    const server::Request& request = exchange.request;
    seen.push_back(std::string(request.path) + " " + std::string(request.body));
    Reply reply;
    if (request.path.starts_with("/later") && request.waited == Waited::kNot) {
      reply.later = [this](std::function<void(Waited)> call) {
        ready = std::move(call);
        if (at_once) ready(Waited::kDone);
      };
    } else if (request.path == "/later/upgrade") {
      reply.status = 101;
      reply.form = Reply::Form::kUpgrade;
      reply.session = std::make_unique<Words>();
    } else {
      reply.status = request.waited == Waited::kInVain ? 503 : 200;
      reply.body = request.path;
    }
    respond(std::move(reply), exchange);
  }
  void ask(std::string_view target, std::string_view body = {}) {
    std::string bytes = "POST " + std::string(target) +
                        " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) +
                        "\r\n\r\n" + std::string(body);
    connection->on_bytes(bytes);
  }
  void pass() { server::pass_time(clock, schedule, clock.us + 1000); }
  // Statuses and bodies, in the order in which they were sent.
  std::string answers() {
    std::string out;
    for (std::size_t at = 0; (at = socket.sent.find("HTTP/1.1 ", at)) != std::string::npos; ++at) {
      out += socket.sent.substr(at + 9, 3);
      const std::size_t body = socket.sent.find("\r\n\r\n", at) + 4;
      out += socket.sent.substr(body, socket.sent.find("HTTP/1.1 ", body) - body) + " ";
    }
    return out;
  }

  server::ManualClock clock;
  server::Schedule schedule{clock};
  server::Limits limits;
  server::Metrics metrics;
  std::vector<std::string> seen;
  std::function<void(Waited)> ready;
  bool at_once = false;
  Connections connections{schedule, limits, metrics, nullptr,
                          [this](Exchange& exchange) { answer(exchange); }};
  FakeSocket socket;
  std::optional<Connection> connection{std::in_place, connections, socket};
};

TEST_CASE("a request that waits is answered when it can be, and those behind it afterwards") {
  Fixture f;
  f.ask("/later/a", "body");
  f.ask("/b");
  f.pass();
  CHECK(f.socket.sent.empty());
  f.ready(Waited::kDone);
  CHECK(f.socket.sent.empty());  // not in that call
  f.pass();
  CHECK(f.answers() == "200/later/a 200/b ");
  CHECK(f.seen == std::vector<std::string>{"/later/a body", "/later/a body", "/b "});
  f.ask("/c");
  CHECK(f.answers() == "200/later/a 200/b 200/c ");
}

TEST_CASE("requests sent ahead in the same bytes wait as well") {
  Fixture f;
  const std::string one = "GET /later/a HTTP/1.1\r\nHost: a\r\n\r\n";
  f.connection->on_bytes(one + "GET /b HTTP/1.1\r\nHost: a\r\n\r\n" + one);
  f.pass();
  CHECK(f.socket.sent.empty());
  f.ready(Waited::kDone);
  f.pass();
  CHECK(f.answers() == "200/later/a 200/b ");
  f.ready(Waited::kInVain);
  f.pass();
  CHECK(f.answers() == "200/later/a 200/b 503/later/a ");
}

TEST_CASE("it can be answered at once, and is counted as one request") {
  Fixture f;
  f.limits.requests_per_s = 1;
  f.at_once = true;
  f.ask("/later/a");
  f.pass();
  CHECK(f.answers() == "200/later/a ");
  CHECK(f.metrics.requests[200] == 1);
}

TEST_CASE("a connection may end before: nothing comes of it") {
  Fixture f;
  f.ask("/later/a");
  SECTION("by the peer") { f.connection->on_end(/*reset=*/false); }
  SECTION("by the server") { f.connections.close_all(); }
  SECTION("and be gone") {
    f.connection->on_end(/*reset=*/true);
    f.connection.reset();
  }
  f.ready(Waited::kDone);
  f.pass();
  CHECK(f.socket.sent.empty());
  CHECK(f.seen.size() == 1);
}

TEST_CASE("a connection that is told to stop answers what it was asked, and ends") {
  Fixture f;
  f.ask("/later/a");
  f.connections.stop();
  f.ready(Waited::kDone);
  f.pass();
  CHECK(f.answers() == "200/later/a ");
  CHECK(f.socket.ended);
}

TEST_CASE("a session may begin with it, and gets the bytes that came meanwhile") {
  Fixture f;
  f.ask("/later/upgrade");
  f.connection->on_bytes("early");
  f.ready(Waited::kDone);
  f.pass();
  CHECK(f.socket.sent.starts_with("HTTP/1.1 101 "));
  CHECK(f.socket.sent.ends_with("\r\n\r\nearly"));
}

}  // namespace
}  // namespace playground::http
