#include "core/check/check.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "core/check/findings.h"
#include "core/check/report.h"
#include "core/check/words.h"
#include "core/server/check/check_api.h"
#include "core/simulation/world.h"
#include "tests/support/virtual_host.h"

namespace playground::check {
namespace {

using client::kSecond;

// A check through a simulated line, on which what a proxy does is a channel's faults.
class SimulatedCheck {
 public:
  explicit SimulatedCheck(std::string_view faults = {}, CheckSettings settings = {})
      : world_({.link = {.round_trip = 20'000}, .check = server::make_check_api}, 7) {
    settings.server = "http://localhost:8088";
    if (!faults.empty()) {
      const auto made = world_.origin().ask(
          "PUT", "/api/channels/path", R"({"rate":0.1,"faults":[)" + std::string(faults) + "]}");
      REQUIRE(made.status == 201);
      settings.channel = "path";
    }
    check_.emplace(settings, world_.dispatcher(), 1);
    check_->start(world_.now());
  }
  SimulatedCheck& pass(Micros time) {
    for (const Micros until = world_.now() + time; world_.now() < until && !check_->over();) {
      world_.advance(world_.now() + kSecond / 4);
    }
    return *this;
  }
  SimulatedCheck& to_the_end() { return pass(2000 * kSecond); }
  void stop() { check_->stop(world_.now()); }
  simulation::World& world() { return world_; }

  const Check& check() const { return *check_; }
  Micros now() const { return world_.now(); }
  std::vector<std::string> trouble() const {
    std::vector<std::string> out;
    for (const Finding& each : find(check_->observations(), true)) {
      if (each.severity == Severity::kTrouble) out.push_back(title(each));
    }
    return out;
  }

 private:
  simulation::World world_;
  std::optional<Check> check_;
};

using Titles = std::vector<std::string>;

TEST_CASE("a check of a path with nothing in the way finds nothing") {
  SimulatedCheck all;
  all.to_the_end();
  CHECK(all.check().error().empty());
  REQUIRE(all.check().over());
  CHECK(all.trouble() == Titles{});
  const Report whole = report(all.check().observations(), true);
  CHECK(whole.verdict == "Nothing is in the way: every transport works here.");
  CHECK(whole.ladder.size() == 5);
  CHECK(to_markdown(all.check()).find("A cookie comes back as it was set") != std::string::npos);
  // Whatever was asked came to its end.
  for (const Observation& each : all.check().observations().all) {
    CAPTURE(name(each.probe.kind), info(each.probe.transport).name);
    CHECK((each.over() && each.outcome != Outcome::kTimedOut && each.seen));
  }
}

struct OnThePath {
  const char* fault;
  Titles trouble;
  const char* verdict;
};

const OnThePath kPaths[] = {
    {R"({"kind":"buffer"})",
     {"WebSocket is held back until it ends", "SSE is held back until it ends",
      "NDJSON stream is held back until it ends"},
     "Use long polling here. Something on the way holds event streams back."},
    {R"({"kind":"buffer","transport":"sse","bytes":4096})",
     {"SSE is held back until it ends"},
     "Use WebSocket here. Something on the way holds event streams back."},
    {R"({"kind":"one-behind","transport":"stream"})",
     {"NDJSON stream is always one write behind"},
     "Use WebSocket here. Something on the way holds event streams back."},
    {R"({"kind":"idle-cut","seconds":20})",
     {"WebSocket is cut after 20 s of silence", "SSE is cut after 20 s of silence",
      "NDJSON stream is cut after 20 s of silence", "A poll that is held is ended after 20 s"},
     "Use WebSocket here, with a heartbeat under 20 s. Something on the way cuts silence after "
     "20 s."},
    {R"({"kind":"upgrade-refused","status":403})",
     {"WebSocket does not work"},
     "Use SSE here. Something on the way lets no WebSocket through."},
    {R"({"kind":"upgrade-hang"})",
     {"WebSocket does not work"},
     "Use SSE here. Something on the way lets no WebSocket through."},
    {R"({"kind":"upgrade-swallow"})",
     {"WebSocket does not work"},
     "Use SSE here. Something on the way lets no WebSocket through."},
    {R"({"kind":"upgrade-flap","milliseconds":200})",
     {"WebSocket is ended after 0.2 s, whatever passes"},
     "Use SSE here. Something on the way ends connections after 0.2 s."},
    {R"({"kind":"upgrade-poison","seconds":2})",
     {"WebSocket does not work", "Where a WebSocket has failed, other requests fail"},
     "Use SSE here. Something on the way lets no WebSocket through."},
    {R"({"kind":"status","transport":"stream","status":502})",
     {"NDJSON stream does not work"},
     "Use WebSocket here. Not everything passes: see below."},
    {R"({"kind":"stall"})",
     {"WebSocket does not work", "SSE does not work", "NDJSON stream does not work",
      "Long polling does not work", "Short polling does not work"},
     "Nothing gets through: no transport works here."},
    // A slow line is no fault of anybody's.
    {R"({"kind":"delay","milliseconds":500})",
     {},
     "Nothing is in the way: every transport works here."},
    {R"({"kind":"bandwidth","bytes_per_s":20000})",
     {},
     "Nothing is in the way: every transport works here."},
};

TEST_CASE("a check finds what is on the path, and nothing else") {
  for (const OnThePath& path : kPaths) {
    CAPTURE(path.fault);
    SimulatedCheck all(path.fault);
    all.to_the_end();
    REQUIRE(all.check().over());
    CHECK(all.trouble() == path.trouble);
    const Report whole = report(all.check().observations(), true);
    CHECK(whole.verdict == path.verdict);
    // No setting is one that cannot be.
    for (const auto& [name, value] : whole.settings) {
      CAPTURE(name);
      CHECK_FALSE(value.starts_with("0 "));
    }
  }
}

TEST_CASE("the settings for a path are what its findings advise") {
  SimulatedCheck all(R"({"kind":"idle-cut","seconds":20})");
  all.to_the_end();
  const Report whole = report(all.check().observations(), true);
  for (const std::string name : {"Heartbeat", "Hold a long poll"}) {
    const auto set = std::find_if(whole.settings.begin(), whole.settings.end(),
                                  [&](const auto& each) { return each.first == name; });
    REQUIRE(set != whole.settings.end());
    CHECK(set->second == "10 s");
  }
  const std::string markdown = to_markdown(all.check());
  CHECK(markdown.find("send something every 10 s") != std::string::npos);
  CHECK(markdown.find("answer a held poll within 10 s") != std::string::npos);
}

TEST_CASE("how many streams there may be is not told where none comes through") {
  SimulatedCheck all(R"({"kind":"stall"})");
  all.to_the_end();
  const auto findings = find(all.check().observations(), true);
  CHECK(std::none_of(findings.begin(), findings.end(),
                     [](const Finding& each) { return each.code == Code::kStreams; }));
}

TEST_CASE("where Upgrades hang, two are tried: a browser may keep the connection of each") {
  SimulatedCheck all(R"({"kind":"upgrade-hang"})");
  all.to_the_end();
  std::size_t begun = 0;
  std::size_t skipped = 0;
  for (const Observation& each : all.check().observations().all) {
    if (!info(each.probe.transport).upgrades()) continue;
    begun += each.begun;
    skipped += each.outcome == Outcome::kSkipped;
  }
  CHECK(begun == 2);
  CHECK(skipped > 10);
}

TEST_CASE("there is a first verdict within fifteen seconds, whatever is on the path") {
  for (const OnThePath& path : kPaths) {
    CAPTURE(path.fault);
    SimulatedCheck all(path.fault);
    all.pass(15 * kSecond);
    const Report early = report(all.check().observations(), all.check().over());
    std::size_t known = 0;
    for (const LaneVerdict& each : early.lanes) known += each.known;
    CHECK(known >= 1);
    // What is said early holds in the end.
    all.to_the_end();
    const Report late = report(all.check().observations(), true);
    for (std::size_t i = 0; i < early.lanes.size(); ++i) {
      if (early.lanes[i].known && !early.lanes[i].works) CHECK_FALSE(late.lanes[i].works);
    }
  }
}

TEST_CASE("a quick check is over within twenty seconds where nothing is in the way") {
  SimulatedCheck all({}, {.quick = true, .longest_silence = 0});
  all.pass(20 * kSecond);
  CHECK(all.check().over());
  CHECK(all.trouble() == Titles{});
  CHECK(to_markdown(all.check()).find("was not to take so long") != std::string::npos);
}

TEST_CASE("a check that is stopped keeps what it knows, and says what it could not tell") {
  SimulatedCheck all(R"({"kind":"buffer","transport":"sse"})");
  all.pass(14 * kSecond);
  REQUIRE_FALSE(all.check().over());
  all.stop();
  CHECK(all.check().over());
  CHECK(all.check().done() < all.check().total());
  CHECK(all.trouble() == Titles{"SSE is held back until it ends"});
  CHECK(to_markdown(all.check()).find("The check was ended before") != std::string::npos);
  // Nothing is left that runs.
  all.world().advance(all.world().now() + 700 * kSecond);
  all.stop();
}

TEST_CASE("a check that is stopped does not say that nothing is in the way") {
  for (const Micros after : {kSecond / 10, kSecond, 4 * kSecond, 9 * kSecond, 30 * kSecond}) {
    CAPTURE(after);
    SimulatedCheck all;
    all.pass(after);
    all.stop();
    const Report early = report(all.check().observations(), true);
    CHECK(early.stopped);
    CHECK(early.verdict.find("every transport") == std::string::npos);
    CHECK(early.verdict.find("Looking") == std::string::npos);
    CHECK(all.trouble() == Titles{});
    for (const Finding& each : early.findings) {
      if (each.code == Code::kCouldNotTell) CHECK(each.how == How::kStopped);
    }
  }
}

TEST_CASE("a check that goes away in the middle leaves nothing behind") {
  simulation::World world({.check = server::make_check_api}, 7);
  {
    Check check({.server = "http://localhost:8088"}, world.dispatcher(), 1);
    check.start(world.now());
    world.advance(world.now() + 5 * kSecond);
  }
  world.advance(world.now() + 700 * kSecond);
  CHECK(world.dispatcher().strays() == 0);
}

TEST_CASE("where no check can be made the reason is a sentence") {
  {
    simulation::World world({}, 7);  // a server without the paths
    Check check({.server = "http://localhost:8088"}, world.dispatcher(), 1);
    check.start(world.now());
    world.advance(world.now() + 10 * kSecond);
    CHECK(check.over());
    CHECK(check.error() ==
          "http://localhost:8088 is a playground server that does not answer checks");
  }
  simulation::World world({.check = server::make_check_api}, 7);
  Check check({.server = "http://elsewhere:1"}, world.dispatcher(), 1);
  check.start(world.now());
  world.advance(world.now() + 10 * kSecond);
  CHECK(check.over());
  CHECK(check.error() == "http://elsewhere:1 cannot be reached: nothing answers there");
}

// What a check says that has asked http://server in vain.
TEST_CASE("not there, not allowed and no connection left are sentences of their own") {
  constexpr auto kPage = "https://page.example";
  const struct {
    const char* page;
    std::optional<client::HostEvent> first;   // nothing comes without one
    std::optional<client::HostEvent> second;  // in the mode no-cors
    bool denied;
    const char* words;
  } rows[] = {
      {"", client::Failed{}, {}, false, " cannot be reached: nothing answers there"},
      {"http://server", client::Failed{}, {}, false, " cannot be reached: nothing answers there"},
      {kPage, client::Failed{}, client::Failed{}, false,
       " cannot be reached: nothing answers there"},
      {kPage, client::Failed{}, {}, false, " cannot be reached: nothing answers there"},
      {kPage, client::Failed{}, client::Answered{}, false,
       " answers, but does not let pages of https://page.example read that: if it is a playground "
       "server, start it with --allow-origin https://page.example"},
      {"null", client::Failed{}, client::Answered{}, false,
       " answers, but this page comes from a file or a sandboxed frame: it has no origin that a "
       "server could allow"},
      {kPage, client::Failed{}, client::Failed{}, true,
       " cannot be reached: the permission of https://page.example for the local network is denied "
       "in this browser"},
      {kPage,
       {},
       client::Answered{},
       false,
       " answers, but not these requests: they wait in the browser, whose six connections to it "
       "other tabs hold"},
      {"http://server",
       {},
       client::Answered{200, {}},
       false,
       " answers, but not these requests: they wait in the browser, whose six connections to it "
       "other tabs hold"},
      {"http://server", {}, {}, false, " does not answer"},
      {kPage,
       client::Answered{502, {}, "Server: nginx\r\n"},
       {},
       false,
       " is away: nginx answers in its place, with status 502"},
      {kPage,
       client::Answered{404, {}, "Server: nginx\r\n"},
       {},
       false,
       " is no playground server: nginx answers 404 at /api/config"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.words);
    VirtualHost host;
    host.around = {row.page, row.denied};
    Check check({.server = "http://server"}, host.dispatcher, 1);
    check.start(host.now);
    for (const auto& answer : {row.first, row.second}) {
      if (check.over()) break;
      if (answer) host.tell(host.find("/api/config"), *answer);
      if (!answer) host.advance(6 * kSecond);
    }
    CHECK(check.over());
    CHECK(check.error() == std::string("http://server") + row.words);
    CHECK(host.open_now.empty());
  }
}

// Silences over a WebSocket, each with how it came out.
class Silences {
 public:
  void add(Micros duration, Outcome outcome, Micros ended) {
    add({.kind = ProbeKind::kSilence, .transport = TransportId::kWebSocket, .duration = duration},
        outcome, ended);
  }
  void add(const Probe& probe, Outcome outcome, Micros ended) {
    Observation& each = all.all.emplace_back();
    each.probe = probe;
    each.begun = true;
    each.opened = each.began = 0;
    each.arrivals.push_back({0, 0, 0, 1});
    each.outcome = outcome;
    each.ended = ended;
  }
  std::vector<Finding> found(Code code) const {
    std::vector<Finding> out;
    for (const Finding& each : find(all, true)) {
      if (each.code == code) out.push_back(each);
    }
    return out;
  }

  Observations all;
};

TEST_CASE("what comes a little late is said where both kinds of streams show it") {
  const auto find_late = [](Micros plain_late, Micros ours_late) {
    Observations line;
    for (const bool plain : {false, true}) {
      for (const bool again : {false, true}) {
        Observation& each = line.all.emplace_back();
        each.probe = {.kind = ProbeKind::kWrites,
                      .transport = TransportId::kSse,
                      .plain = plain,
                      .again = again};
        each.outcome = Outcome::kWhole;
        std::uint64_t number = 0;
        for (const std::int64_t moment : kWriteMoments) {
          const Micros late = number == 2 ? (plain ? plain_late : ours_late) : 0;
          const Micros sent = moment * client::kMillisecond;
          each.arrivals.push_back({number++, sent, sent + late, 40});
        }
      }
    }
    Code code = Code::kCouldNotTell;
    for (const Finding& each : find(line, true)) {
      if (each.code == Code::kDelayed || each.code == Code::kAsWritten) code = each.code;
    }
    return code;
  };
  constexpr Micros kLate = 220 * client::kMillisecond;
  CHECK(find_late(0, 0) == Code::kAsWritten);
  CHECK(find_late(kLate, kLate) == Code::kDelayed);
  CHECK(find_late(kLate, 0) == Code::kAsWritten);
  CHECK(find_late(0, kLate) == Code::kAsWritten);
  CHECK(find_late(2 * kLate, 0) == Code::kDelayed);
}

// What is said of observations that are made up.
std::vector<Finding> found_in(const Observations& observations, Code code) {
  std::vector<Finding> out;
  for (const Finding& each : find(observations, true)) {
    if (each.code == code) out.push_back(each);
  }
  return out;
}

TEST_CASE("a body that came in fewer bytes than were sent was compressed, named or not") {
  const auto seen_of = [](std::string_view fields, std::optional<client::BodySize> size) {
    Observations line;
    Observation& body = line.all.emplace_back();
    body.probe = {.kind = ProbeKind::kBody, .bytes = 65'536};
    body.status = 200;
    body.fields = "Playground: 1\r\n" + std::string(fields);
    body.outcome = Outcome::kWhole;
    body.size = size;
    const auto found = found_in(line, Code::kCompressed);
    CHECK(found.empty() != found_in(line, Code::kUnchanged).empty());
    return found.empty() ? std::string() : seen(found.front());
  };
  constexpr client::BodySize kSmaller{1024, 65'536};
  CHECK(seen_of("", {}).empty());
  CHECK(seen_of("", client::BodySize{65'536, 65'536}).empty());
  CHECK(seen_of("Content-Encoding: identity\r\n", {}).empty());
  CHECK(seen_of("Content-Encoding: gzip\r\n", {}) ==
        "Content-Encoding: gzip, which the server did not send.");
  CHECK(seen_of("Content-Encoding: gzip\r\n", kSmaller) ==
        "Content-Encoding: gzip, which the server did not send. A body of 64 KiB came as 1 KiB.");
  CHECK(seen_of("", kSmaller) ==
        "What came was encoded, which it was not when the server sent it. A body of 64 KiB came "
        "as 1 KiB.");
}

TEST_CASE("a cookie comes back, changed or not, or does not; and who knows where it was lost") {
  const auto found = [](bool browser, std::string_view set, std::string_view came) {
    Observations line;
    line.path.is_browser = browser;
    line.path.server = line.path.page = "http://localhost:8088";
    Observation& each = line.all.emplace_back();
    each.probe = {.kind = ProbeKind::kCookie};
    each.id = "7";
    each.outcome = Outcome::kWhole;
    each.cookie = set;
    each.seen = Seen{};
    each.seen->requests = 2;
    if (!came.empty()) each.seen->fields = {{"cookie", std::string(came)}};
    std::vector<std::string> said;
    for (const Code code :
         {Code::kCookiePasses, Code::kCookieChanged, Code::kCookieDropped, Code::kCouldNotTell}) {
      for (const Finding& one : found_in(line, code)) {
        if (one.transport) continue;
        said.push_back(title(one) + ". " + seen(one));
      }
    }
    REQUIRE(said.size() == 1);
    return said.front();
  };
  const std::string passes =
      "A cookie comes back as it was set. The server set one, and the next request brought it.";
  CHECK(found(true, "", "check-7=7") == passes);
  CHECK(found(true, "", "a=b; check-7=7; c=check-7=8") == passes);
  CHECK(found(false, "check-7=7", "check-7=7") == passes);
  // What takes both places stands in for the value, and gives it back.
  CHECK(found(false, "check-7=sealed", "check-7=7") == passes);
  CHECK(found(false, "check-7=7", "a=b;check-7=8") ==
        "A cookie is changed on the way. The server set one, and the next request brought it with "
        "another value.");
  CHECK(
      found(true, "", "check-8=8") ==
      "A cookie does not come back. The server set one, and the next request arrived without it.");
  CHECK(found(false, "", "") ==
        "A cookie does not come back. The server set one, and its answer arrived without "
        "Set-Cookie.");
  CHECK(found(false, "check-7=7", "") ==
        "A cookie does not come back. It was sent, and the request arrived without it.");
}

TEST_CASE("a page of another origin cannot tell whether a cookie comes back") {
  Observations line;
  line.path.server = "https://example.org";
  line.path.page = "https://example.com";
  const auto tells = [&](bool over) {
    for (const Finding& each : find(line, over)) {
      if (each.how == How::kOtherOrigin) return title(each) + ". " + seen(each);
    }
    return std::string();
  };
  CHECK(tells(true) ==
        "Could not tell whether a cookie comes back. This page is of another origin than the "
        "server, to which it sends no cookies.");
  CHECK(tells(false).empty());
  line.path.page = "https://example.org";
  CHECK(tells(true).empty());
}

TEST_CASE("throughput is that of every transport, over ten seconds") {
  SimulatedCheck all(R"({"kind":"bandwidth","bytes_per_s":200000})");
  all.to_the_end();
  std::vector<std::string_view> found;
  for (const Finding& each : found_in(all.check().observations(), Code::kThroughput)) {
    found.push_back(info(*each.transport).name);
    CAPTURE(found.back(), title(each), seen(each));
    CHECK((each.bytes > 170'000 && each.bytes < 230'000));
    CHECK((each.duration > 9 * kSecond && each.duration < 11 * kSecond));
  }
  CHECK(found == std::vector<std::string_view>{"websocket", "sse", "ndjson", "long-poll"});
}

TEST_CASE("of a large event whose end does not come the line is to blame only where it is slow") {
  const auto said = [](Micros body_took) {
    Observations line;
    Observation& body = line.all.emplace_back();
    body.probe = {.kind = ProbeKind::kBody, .bytes = 65'536};
    body.outcome = Outcome::kWhole;
    body.bytes = 65'536;
    body.ended = body_took;
    Observation& event = line.all.emplace_back();
    event.probe = {.kind = ProbeKind::kEvent, .transport = TransportId::kSse, .bytes = 65'536};
    event.opened = 0;
    event.status = 200;
    event.fields = "Playground: 1\r\n";
    event.bytes = 65'000;
    event.outcome = Outcome::kTimedOut;
    event.ended = 6 * kSecond;
    for (const Finding& each : find(line, true)) {
      if (each.code == Code::kDoesNotFit || each.how == How::kSlow) {
        return title(each) + ". " + seen(each);
      }
    }
    return std::string();
  };
  CHECK(said(kSecond / 10) ==
        "64 KiB do not fit into an event. Its beginning came, and the rest of it did not.");
  CHECK(said(2 * kSecond) ==
        "Could not tell how large an event may be: SSE. The line is too slow for it to have come.");
}

TEST_CASE("the status that refuses an Upgrade counts where the client is told") {
  const auto add = [](Observations& line, TransportId transport, int asked, int came) {
    Observation& each = line.all.emplace_back();
    each.probe = {.kind = ProbeKind::kStatus, .transport = transport, .status = asked};
    each.status = came;
    each.fields = "Playground: 1\r\nRetry-After: 7\r\n";
    each.outcome = Outcome::kAnswered;
  };
  Observations line;
  line.path.is_browser = false;
  add(line, TransportId::kNdjson, 401, 401);
  add(line, TransportId::kWebSocket, 429, 429);
  CHECK(found_in(line, Code::kStatusesPass).front().count == 1);
  add(line, TransportId::kWebSocket, 503, 502);
  REQUIRE(found_in(line, Code::kStatusChanged).size() == 1);
  CHECK(title(found_in(line, Code::kStatusChanged).front()) == "A status 503 arrives as 502");

  Observations page;
  add(page, TransportId::kNdjson, 401, 401);
  CHECK(seen(found_in(page, Code::kStatusesPass).front()).find("no browser tells") !=
        std::string::npos);
}

TEST_CASE(
    "an Upgrade that is refused is said with who refused it, unless it was not one any more") {
  const auto how = [](bool arrived, bool upgrade) {
    Observations line;
    Observation& each = line.all.emplace_back();
    each.probe = {.kind = ProbeKind::kOpen, .transport = TransportId::kWebSocket};
    each.status = 403;
    each.fields = "Server: nginx/1.22.1\r\n";
    each.outcome = Outcome::kAnswered;
    each.seen = Seen{};
    each.seen->requests = arrived ? 1 : 0;
    each.seen->upgrade = upgrade;
    line.all.push_back(each);
    const auto found = found_in(line, Code::kFails);
    REQUIRE(found.size() == 1);
    return seen(found.front());
  };
  CHECK(how(false, false).find("The answer is 403 from nginx/1.22.1.") != std::string::npos);
  CHECK(how(true, true).find("The answer is 403 from nginx/1.22.1.") != std::string::npos);
  CHECK(how(true, false).find("without its Upgrade") != std::string::npos);
}

TEST_CASE("silence that ends without a word is found to the second, by halving") {
  // The line forgets connections on which nothing has passed for 17 s.
  Silences line;
  const auto ask = [&](Micros duration) {
    line.add(duration, duration < 17 * kSecond ? Outcome::kWhole : Outcome::kTimedOut, duration);
  };
  for (const int seconds : {10, 20, 30, 65}) ask(seconds * kSecond);
  int more = 0;
  for (; more < 10; ++more) {
    const auto next = refine({}, line.all);
    const auto asked = std::find_if(next.begin(), next.end(), [](const Probe& each) {
      return each.kind == ProbeKind::kSilence;
    });
    if (asked == next.end()) break;
    ask(asked->duration);
  }
  CHECK(more == 3);
  const auto found = line.found(Code::kSilenceDropped);
  REQUIRE(found.size() == 1);
  CHECK(found.front().other == 16 * kSecond);
  CHECK(found.front().duration == 17 * kSecond);
}

TEST_CASE("a cut that was seen once is not said, and asked for again") {
  Silences line;
  line.add(65 * kSecond, Outcome::kBroke, 12 * kSecond);
  CHECK(line.found(Code::kSilenceCut).empty());
  const auto next = refine({}, line.all);
  REQUIRE(next.size() == 1);
  CHECK((next.front().duration == 65 * kSecond && next.front().again));
  line.add(65 * kSecond, Outcome::kBroke, 40 * kSecond);
  CHECK(line.found(Code::kSilenceCut).empty());
  // Two that do not agree: a third decides.
  CHECK(refine({}, line.all).size() == 1);
  line.add(65 * kSecond, Outcome::kBroke, 40'300'000);
  REQUIRE(line.found(Code::kSilenceCut).size() == 1);
  CHECK(line.found(Code::kSilenceCut).front().duration == 40 * kSecond);
}

TEST_CASE("a heartbeat is useless where silence is cut as without it, and not by one chance end") {
  Silences line;
  for (int i = 0; i < 2; ++i) line.add(9 * kSecond, Outcome::kBroke, 5 * kSecond);
  // Ping, pong, event.
  const std::vector<Probe> beats = refine({}, line.all);
  REQUIRE(beats.size() == 3);
  for (const Probe& each : beats) REQUIRE(each.kind == ProbeKind::kBeat);
  const Micros lasts = beats.front().duration;
  line.add(beats[0], Outcome::kBroke, 5'200'000);
  line.add(beats[1], Outcome::kWhole, lasts);

  const auto useless = [&] {
    std::vector<Beat> all;
    for (const Finding& each : line.found(Code::kBeatUseless)) all = each.beats;
    return all;
  };
  const auto helps = [&] {
    std::vector<Beat> all;
    for (const Finding& each : line.found(Code::kBeatHelps)) all = each.beats;
    return all;
  };
  using Beats = std::vector<Beat>;
  const Outcome once = GENERATE(Outcome::kBroke, Outcome::kEnded, Outcome::kTimedOut);
  line.add(beats[2], once, 8 * kSecond);
  CHECK(useless() == Beats{Beat::kPing});
  CHECK(helps() == Beats{Beat::kPong});
  const auto again = refine({}, line.all);
  REQUIRE(again.size() == 1);
  CHECK((again.front().beat == Beat::kEvent && again.front().again));

  SECTION("once was chance") {
    line.add(again.front(), Outcome::kWhole, lasts);
    CHECK(useless() == Beats{Beat::kPing});
    CHECK(helps() == Beats{Beat::kPong, Beat::kEvent});
    CHECK(refine({}, line.all).empty());
  }
  SECTION("twice after the same time is not") {
    line.add(again.front(), once, 8'300'000);
    CHECK(useless() == Beats{Beat::kPing, Beat::kEvent});
    CHECK(refine({}, line.all).empty());
  }
  SECTION("in every try is not") {
    line.add(again.front(), once, 10 * kSecond);
    CHECK(useless() == Beats{Beat::kPing});
    REQUIRE(refine({}, line.all).size() == 1);
    line.add(again.front(), once, 12 * kSecond);
    CHECK(useless() == Beats{Beat::kPing, Beat::kEvent});
    CHECK(refine({}, line.all).empty());
  }
}

TEST_CASE("what ends after a while whatever passes is not blamed on silence by a late machine") {
  Silences line;
  // The first record is seen when the connection is nearly over; an end long after it.
  for (const Micros ended : {300'000, 340'000}) {
    line.add(9 * kSecond, Outcome::kBroke, ended);
    line.all.all.back().arrivals.front().at = 290'000;
  }
  CHECK(line.found(Code::kSilenceCut).front().duration == 300'000);
  const std::vector<Probe> beats = refine({}, line.all);
  REQUIRE(beats.size() == 3);
  line.add(beats[0], Outcome::kBroke, 310'000);
  line.add(beats[1], Outcome::kBroke, 900'000);
  line.add(beats[2], Outcome::kBroke, 305'000);
  REQUIRE(line.found(Code::kCutAnyway).size() == 1);
  CHECK(line.found(Code::kCutAnyway).front().duration == 300'000);
  CHECK(line.found(Code::kBeatUseless).empty());
}

TEST_CASE("a stream that is cut in its longest pause is cut because of the silence") {
  const TransportId stream = TransportId::kNdjson;
  const auto said = [&](std::initializer_list<std::int64_t> written, Micros late, Micros ended) {
    Silences line;
    for (int i = 0; i < 2; ++i) {
      line.add({.kind = ProbeKind::kSilence, .transport = stream, .duration = 9 * kSecond},
               Outcome::kBroke, 2 * kSecond);
      line.add({.kind = ProbeKind::kWrites, .transport = stream}, Outcome::kBroke, ended);
      auto& arrivals = line.all.all.back().arrivals;
      arrivals.clear();
      for (const std::int64_t at : written) {
        const Micros sent = at * client::kMillisecond;
        arrivals.push_back({arrivals.size(), sent, std::max(sent, late), 1});
      }
      line.all.all.back().opened = late;
    }
    REQUIRE(line.found(Code::kSilenceCut).size() + line.found(Code::kCutAnyway).size() == 1);
    return line.found(Code::kCutAnyway).empty() ? Code::kSilenceCut : Code::kCutAnyway;
  };
  const Micros late = GENERATE(0, 620'000);
  CHECK(said({0, 5, 25, 125, 625}, late, 2'625'000) == Code::kSilenceCut);
  CHECK(said({0, 5, 25, 125, 625}, late, 2'040'000) == Code::kCutAnyway);
}

TEST_CASE("what is cut while a large message is on its way may be cut because nothing came back") {
  const auto said = [](Micros ended) {
    Silences line;
    for (int i = 0; i < 2; ++i) line.add(65 * kSecond, Outcome::kBroke, 60 * kSecond);
    line.add({.kind = ProbeKind::kMessage,
              .transport = TransportId::kWebSocket,
              .bytes = std::uint64_t{16} << 20U},
             Outcome::kBroke, ended);
    REQUIRE(line.found(Code::kDoesNotFit).size() + line.found(Code::kCouldNotTell).size() > 0);
    return !line.found(Code::kDoesNotFit).empty();
  };
  CHECK(said(200'000));
  CHECK_FALSE(said(61 * kSecond));
}

TEST_CASE(
    "who stands between is named by every Via, of an answer and of what the server was sent") {
  Silences line;
  line.add(kSecond, Outcome::kWhole, kSecond);
  Observation& each = line.all.all.back();
  each.fields = "Server: front\r\nVia: 1.1 a, 1.1 b (Squid)\r\n";
  each.seen.emplace();
  each.seen->fields = {{"via", "2 c, 1.1 a"}, {"Host", "d"}};
  CHECK(between(line.all) == std::vector<std::string>{"front", "a", "b (Squid)", "c"});
}

TEST_CASE("a client that is late to see an end does not take silence to be survived for longer") {
  const auto seen_too = [](Observation& each, Micros ended) {
    each.seen.emplace();
    each.seen->requests = 1;
    each.seen->end = "peer-fin";
    each.seen->ended = ended;
  };
  const TransportId transport = GENERATE(TransportId::kWebSocket, TransportId::kLongPoll);
  Silences line;
  for (const Micros late : {900'000, 950'000}) {
    line.add({.kind = ProbeKind::kSilence, .transport = transport, .duration = 4 * kSecond},
             Outcome::kBroke, 2 * kSecond + late);
    seen_too(line.all.all.back(), 2 * kSecond);
  }
  REQUIRE(line.found(Code::kSilenceCut).size() == 1);
  CHECK(line.found(Code::kSilenceCut).front().duration == 2 * kSecond);

  // A large message that as much silence has ended, and one that is refused.
  const auto refused = [&](Micros opened, Micros ended) {
    line.add({.kind = ProbeKind::kMessage,
              .transport = TransportId::kWebSocket,
              .bytes = std::uint64_t{16} << 20U},
             Outcome::kBroke, ended);
    line.all.all.back().opened = opened;
    seen_too(line.all.all.back(), std::min(ended, 2 * kSecond));
    const bool said = !line.found(Code::kDoesNotFit).empty();
    line.all.all.pop_back();
    return said;
  };
  if (transport != TransportId::kWebSocket) return;
  CHECK_FALSE(refused(700'000, 2'700'000));
  CHECK_FALSE(refused(0, 2'900'000));
  CHECK(refused(0, 300'000));
}

}  // namespace
}  // namespace playground::check
