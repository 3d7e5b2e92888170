// Channels that several servers share, in virtual time: whatever the store loses, refuses or
// forgets, every reader gets each message of an epoch once and in order.
#include "core/server/shared/shared_log.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "core/poll/batch.h"
#include "core/server/hub.h"
#include "core/server/shared/stored_channels.h"
#include "core/simulation/memory_store.h"
#include "tests/support/manual_clock.h"
#include "tests/support/stream_reader.h"

namespace playground::server {
namespace {

using simulation::MemoryStore;
using simulation::StoreWorld;
using Numbers = std::vector<std::uint64_t>;

constexpr std::int64_t kMillisecond = 1000;
constexpr const char* kId = "shared";

Numbers from_to(std::uint64_t first, std::uint64_t last) {
  Numbers numbers;
  for (std::uint64_t seq = first; seq <= last; ++seq) numbers.push_back(seq);
  return numbers;
}

// A server: its hub, and a reader that follows the channel as clients do.
class Node {
 public:
  Node(StoreWorld& world, Schedule& schedule, const std::string& name, const Limits& limits = {})
      : limits_(limits),
        store_(world, name),
        channels_(store_, schedule, limits_, name),
        hub_(schedule, limits_, metrics_, 1, &channels_) {}

  void begin(const Scenario& scenario) {
    hub_.create(kId, scenario, "owner", [this](Hub::Created how) { created = how; });
  }
  void look_up() {
    hub_.look_up(kId, [this](Waited waited) { looked_up = waited; });
  }
  Channel* channel() { return hub_.find(kId); }
  Hub& hub() { return hub_; }

  std::optional<Hub::Created> created;
  std::optional<Waited> looked_up;

 private:
  const Limits limits_;
  Metrics metrics_;
  MemoryStore store_;
  StoredChannels channels_;
  Hub hub_;
};

// What a reader has got, at whichever server.
struct Ledger {
  void read(Node& node) {
    if (!reader) {
      if (!node.channel()) return;
      reader = std::make_unique<StreamReader>(node.channel()->audience(),
                                              *node.channel()->cursor(cursor, Effects{}));
    }
    for (const Record& record : reader->take()) {
      if (const auto* greeting = std::get_if<Greeting>(&record)) {
        if (epoch != greeting->epoch) numbers.clear();
        epoch = greeting->epoch;
      }
      if (const auto* reset = std::get_if<Reset>(&record)) {
        resets.push_back(*reset);
        next = reset->first;
      }
      if (const auto* message = std::get_if<Message>(&record)) {
        CHECK((next == 0 || numbers.empty() || message->seq == next));
        next = message->seq + 1;
        numbers.push_back(message->seq);
        messages.push_back(*message);
        cursor = std::to_string(message->seq) + "-" + epoch;
      }
      if (const auto* beat = std::get_if<Heartbeat>(&record)) troubles.push_back(beat->trouble);
    }
    if (reader->outlet.finished) reader.reset();
  }

  std::unique_ptr<StreamReader> reader;
  std::string epoch;
  std::string cursor;
  std::uint64_t next = 0;
  Numbers numbers;
  std::vector<Message> messages;
  std::vector<Reset> resets;
  std::vector<std::string> troubles;
};

struct Cluster {
  explicit Cluster(const Scenario& of = {.rate = 20, .payload_bytes = 16},
                   const Limits& limits = {})
      : scenario(of) {
    a.emplace(world, schedule, "a", limits);
    b.emplace(world, schedule, "b", limits);
    a->begin(scenario);
    pass(10);
    b->look_up();
    pass(10);
  }
  ~Cluster() {
    // Sessions go before what they belong to.
    at_a.reader.reset();
    at_b.reader.reset();
  }

  // From one alarm to the next; readers read as it goes.
  void pass(std::int64_t ms) {
    for (std::int64_t i = 0; i < ms; i += 5) {
      pass_time(clock, schedule, clock.us + std::min<std::int64_t>(5, ms - i) * kMillisecond);
      if (a) at_a.read(*a);
      if (b) at_b.read(*b);
    }
  }
  void kill_a() {
    at_a.reader.reset();
    a.reset();
  }
  // Not by leaving: as a process ends that is killed.
  std::string player() { return world.channels[kId].player; }

  Scenario scenario;
  ManualClock clock = [] {
    ManualClock begun;
    begun.us = 1'790'000'000'000'000;
    return begun;
  }();
  Schedule schedule{clock};
  StoreWorld world{schedule};
  std::optional<Node> a;
  std::optional<Node> b;
  Ledger at_a;
  Ledger at_b;
};

// A server that looks the channel up when it has been there for a while.
struct LateNode : Node {
  LateNode(Cluster& cluster, std::int64_t ms) : Node(cluster.world, cluster.schedule, "late") {
    look_up();
    cluster.pass(ms);
    REQUIRE(channel());
  }
};

TEST_CASE("a channel begun at one server is at the other, and both deliver the same") {
  Cluster c;
  CHECK(c.a->created == Hub::Created::kYes);
  CHECK(c.b->looked_up == Waited::kDone);
  REQUIRE(c.b->channel());
  CHECK(c.a->channel()->epoch() == c.b->channel()->epoch());
  c.pass(5000);
  CHECK(c.at_a.numbers == from_to(1, 101));
  CHECK(c.at_b.numbers == c.at_a.numbers);
  CHECK(c.at_b.messages == c.at_a.messages);
  CHECK(c.world.appended == 101);  // by one of them
}

TEST_CASE("where there is no channel of a name, looking it up says so, and others still come") {
  Cluster c;
  std::optional<Waited> waited;
  c.b->hub().look_up("nobody", [&](Waited how) { waited = how; });
  c.pass(20);
  CHECK(waited == Waited::kDone);
  CHECK_FALSE(c.b->hub().find("nobody"));
}

TEST_CASE("what is not heard is found within two looks") {
  Cluster c;
  c.pass(1000);
  c.world.loses = 1;
  c.pass(10'000);
  CHECK(c.at_b.numbers.size() > 150);
  c.world.loses = 0.3;
  c.pass(20'000);
  c.world.loses = 0;
  c.pass(3000);
  CHECK(c.at_a.numbers == from_to(1, c.at_a.numbers.size()));
  CHECK(c.at_b.numbers == c.at_a.numbers);
  CHECK(c.at_a.numbers.size() > 670);
}

TEST_CASE("when the player dies, another plays on within three seconds, on schedule") {
  Cluster c;
  c.pass(2000);
  REQUIRE(c.player() == "a");
  SECTION("and says so") { c.kill_a(); }
  SECTION("and says nothing") {
    // Neither leaves nor keeps its lease.
    c.kill_a();
    c.world.channels[kId].player = "a";
    c.world.channels[kId].player_until_us = c.clock.us + SharedStore::kLeaseUs;
  }
  const std::size_t before = c.at_b.numbers.size();
  c.pass(3000);
  CHECK(c.at_b.numbers.size() >= before + 40);
  c.pass(1000);
  CHECK(c.at_b.numbers == from_to(1, c.at_b.numbers.size()));
  for (std::size_t i = 1; i < c.at_b.messages.size(); ++i) {
    REQUIRE(c.at_b.messages[i].sent_us - c.at_b.messages[i - 1].sent_us == 50'000);
  }
}

TEST_CASE("where two believe that it is their turn, each message is there once") {
  Cluster c;
  for (int i = 0; i < 50; ++i) {
    c.world.channels[kId].player = i % 2 ? "a" : "b";
    c.pass(300);
  }
  c.pass(2000);
  CHECK(c.at_a.numbers == from_to(1, c.at_a.numbers.size()));
  CHECK(c.at_b.numbers == c.at_a.numbers);
  for (std::size_t i = 1; i < c.at_b.messages.size(); ++i) {
    REQUIRE(c.at_b.messages[i].sent_us - c.at_b.messages[i - 1].sent_us == 50'000);
  }
}

TEST_CASE("while the store is away readers keep their streams and are told, and nothing is lost") {
  Cluster c;
  c.pass(1000);
  c.world.away = true;
  c.pass(4000);
  REQUIRE(c.at_a.troubles.size() == 1);
  CHECK(c.at_a.troubles[0] == "the channel's log is not available");
  std::string refusal;
  c.a->channel()->publish("hi", [&](const auto& seq) { refusal = to_text(seq.error()); });
  c.pass(10);
  CHECK(refusal == "the channel's log is not available");
  c.world.away = false;
  c.pass(3000);
  CHECK(c.at_a.troubles.size() == 2);
  CHECK(c.at_a.troubles.back().empty());
  CHECK(c.at_a.numbers == from_to(1, c.at_a.numbers.size()));
  CHECK(c.at_a.numbers.size() >= 160);
  CHECK(c.at_b.numbers == c.at_a.numbers);
  CHECK(c.at_a.reader);  // the same as at the beginning
}

TEST_CASE("what the store has no room for is refused to readers, and comes later of a scenario") {
  Cluster c;
  c.pass(1000);
  c.world.full = true;
  std::string refusal;
  c.a->channel()->publish("hi", [&](const auto& seq) { refusal = to_text(seq.error()); });
  c.pass(3000);
  CHECK(refusal == "the channel's log has no room for a message");
  c.world.full = false;
  c.pass(3000);
  CHECK(c.at_b.numbers == from_to(1, c.at_b.numbers.size()));
  CHECK(c.at_b.numbers.size() >= 140);
  for (std::size_t i = 1; i < c.at_b.messages.size(); ++i) {
    REQUIRE(c.at_b.messages[i].sent_us - c.at_b.messages[i - 1].sent_us == 50'000);
  }
}

TEST_CASE("in another life of the store the channel goes on in another epoch, on schedule") {
  Cluster c;
  c.pass(2000);
  const std::string before = c.at_a.epoch;
  const auto last = c.at_a.messages.back();
  SECTION("which remembers the channel") { c.world.live_again(); }
  SECTION("which has forgotten it") {
    c.world.live_again();
    c.world.channels.clear();
  }
  c.pass(3000);
  for (Ledger* each : {&c.at_a, &c.at_b}) {
    CHECK(each->epoch != before);
    CHECK(each->numbers == from_to(1, each->numbers.size()));
    CHECK(each->numbers.size() >= 50);
  }
  CHECK(c.at_a.epoch == c.at_b.epoch);
  CHECK(c.at_a.messages.back().sent_us > last.sent_us + 2 * kSecondUs);
}

TEST_CASE("an evicted log is a gap that readers are told of; the numbers go on") {
  Cluster c;
  c.pass(2000);
  const std::string epoch = c.at_a.epoch;
  c.world.loses = 1;
  c.pass(300);
  c.world.channels[kId].log.clear();
  c.world.loses = 0;
  c.pass(3000);
  CHECK(c.at_a.epoch == epoch);
  CHECK(c.at_a.resets.size() == 1);
  CHECK(c.at_a.numbers.back() >= 100);
}

TEST_CASE(
    "the last messages of a log may be gone before they were heard: their numbers are known") {
  Cluster c({.rate = 100, .payload_bytes = 16, .count = 20});
  c.world.loses = 1;
  c.pass(300);
  c.world.channels[kId].log.clear();
  c.pass(3000);
  CHECK(c.a->channel()->log().last() == 20);
  CHECK(c.b->channel()->log().last() == 20);
  const int reads = c.world.reads;
  c.pass(10'000);
  CHECK(c.world.reads == reads);  // nobody goes on looking for them
}

TEST_CASE("a reader is given what its server has not heard, as far as the log has it") {
  Cluster c({.rate = 100, .payload_bytes = 16, .history = 600});
  c.pass(5000);
  LateNode late(c, 10);
  Ledger whole;
  whole.cursor = "0-" + c.at_a.epoch;
  Ledger rest;
  rest.cursor = "450-" + c.at_a.epoch;
  for (int i = 0; i < 20; ++i) {
    whole.read(late);
    rest.read(late);
    c.pass(10);
  }
  CHECK(whole.numbers.front() == 1);
  CHECK(whole.numbers == from_to(1, whole.numbers.back()));
  CHECK(rest.numbers == from_to(451, whole.numbers.back()));
  c.pass(3000);
  // By now the oldest have left it.
  Ledger older;
  older.cursor = "1-" + c.at_a.epoch;
  for (int i = 0; i < 20; ++i) {
    older.read(late);
    c.pass(10);
  }
  REQUIRE(older.resets.size() == 1);
  CHECK(older.resets[0].first > 150);
  CHECK(older.numbers.front() == older.resets[0].first);
  for (Ledger* each : {&whole, &rest, &older}) each->reader.reset();
}

TEST_CASE("a server that comes when a scenario is old begins where it is") {
  Cluster c({.rate = 5000, .payload_bytes = 16, .history = 10});
  c.pass(60'000);
  LateNode late(c, 200);
  const int before = c.world.appended;
  c.at_a.reader.reset();
  c.at_b.reader.reset();
  c.a.reset();
  c.b.reset();
  c.pass(3000);
  CHECK(late.channel()->log().last() > 300'000);
  CHECK(c.world.appended - before < 16'000);
}

TEST_CASE("an end holds on all servers, and a server that does not know of it begins nothing") {
  Cluster c;
  c.pass(1000);
  SECTION("heard") {}
  SECTION("not heard") { c.world.loses = 1; }
  c.at_b.reader.reset();
  bool ended = false;
  c.b->hub().remove(kId, [&](bool has) { ended = has; });
  c.pass(2000);
  CHECK(ended);
  CHECK_FALSE(c.a->channel());
  CHECK_FALSE(c.at_a.reader);
  CHECK(c.world.channels.empty());
  // By name it can begin again.
  c.world.loses = 0;
  c.a->begin(c.scenario);
  c.pass(100);
  CHECK(c.a->created == Hub::Created::kYes);
  CHECK(c.a->channel());
}

TEST_CASE("an end that the store does not answer for is no end") {
  Cluster c;
  c.pass(1000);
  c.world.away = true;
  std::optional<bool> ended;
  c.b->hub().remove(kId, [&](bool has) { ended = has; });
  c.pass(1000);
  CHECK(ended == false);
  c.world.away = false;
  c.pass(1000);
  CHECK(c.b->channel());
  CHECK(c.at_b.reader);
}

TEST_CASE("a channel that begins again under its name is another one, on every server") {
  Cluster c;
  c.pass(2000);
  SECTION("the end was heard") {}
  SECTION("the end was not heard") { c.world.loses = 1; }
  c.a->hub().remove(kId, [](bool) {});
  c.pass(10);
  // Before a server has had the time to forget the one that has ended.
  c.a->begin({.rate = 10, .payload_bytes = 32});
  c.pass(10);
  CHECK(c.a->created == Hub::Created::kYes);
  c.b->look_up();
  c.pass(2000);
  c.world.loses = 0;
  c.b->look_up();  // as a reader does that comes again
  c.pass(20);
  const std::size_t before = c.at_b.messages.size();
  c.pass(2000);
  for (Ledger* each : {&c.at_a, &c.at_b}) {
    CHECK(each->messages.back().payload.size() == 32);
    CHECK(each->numbers == from_to(1, each->numbers.size()));
  }
  CHECK(c.at_a.numbers.size() >= 40);
  CHECK(c.at_b.numbers == c.at_a.numbers);
  // As they come, and not when somebody looks.
  CHECK(c.at_b.messages.size() == before + 20);
  const int reads = c.world.reads;
  c.pass(3000);
  CHECK(c.world.reads == reads);
}

TEST_CASE("many that begin and look at once all get an answer") {
  Cluster c;
  std::vector<Hub::Created> created;
  std::vector<Waited> waited;
  for (int i = 0; i < 5; ++i) {
    c.b->hub().look_up("new", [&](Waited how) { waited.push_back(how); });
    c.b->hub().create("new", c.scenario, "owner",
                      [&](Hub::Created how) { created.push_back(how); });
  }
  c.pass(100);
  CHECK(waited == std::vector<Waited>(5, Waited::kDone));
  CHECK(created == std::vector<Hub::Created>(5, Hub::Created::kYes));
  CHECK(c.b->hub().find("new"));
}

TEST_CASE("an owner's channels are counted on all servers, as long as they are in the store") {
  Limits limits;
  limits.channels_per_address = 2;
  Cluster c({.rate = 20, .payload_bytes = 16}, limits);
  const auto create = [&](Node& node, const std::string& id, const char* owner) {
    std::optional<Hub::Created> created;
    node.hub().create(id, c.scenario, owner, [&](Hub::Created how) { created = how; });
    c.pass(10);
    return created;
  };
  CHECK(create(*c.b, "second", "owner") == Hub::Created::kYes);
  CHECK(create(*c.a, "third", "owner") == Hub::Created::kTooManyOfOwner);
  CHECK(create(*c.b, "third", "owner") == Hub::Created::kTooManyOfOwner);
  CHECK(create(*c.a, "second", "owner") == Hub::Created::kYes);  // there already
  CHECK(create(*c.b, "other", "another") == Hub::Created::kYes);

  // Who waits for somebody else's is not refused with them, nor is who only looks.
  std::vector<Hub::Created> created;
  std::optional<Waited> waited;
  for (const char* owner : {"owner", "another"}) {
    c.a->hub().create("third", c.scenario, owner,
                      [&](Hub::Created how) { created.push_back(how); });
  }
  c.a->hub().look_up("third", [&](Waited how) { waited = how; });
  c.pass(20);
  CHECK(created == std::vector{Hub::Created::kTooManyOfOwner, Hub::Created::kYes});
  CHECK(waited == Waited::kDone);

  // The store loses it; a server that has it brings it back, as its owner's.
  c.world.channels.erase("second");
  c.pass(1000);
  CHECK(create(*c.b, "fourth", "owner") == Hub::Created::kTooManyOfOwner);
  c.b->hub().remove("second", [](bool) {});
  c.pass(10);
  CHECK(create(*c.b, "fourth", "owner") == Hub::Created::kYes);
}

TEST_CASE("what the log forgot once is not forgotten again for a server that comes later") {
  Cluster c(
      {.rate = 20, .payload_bytes = 16, .faults = {{.kind = FaultKind::kEvict, .after_s = 1}}});
  c.pass(4000);
  CHECK(c.world.channels[kId].log.size() >= 55);
  c.kill_a();
  c.at_b.reader.reset();
  c.b.reset();
  LateNode late(c, 100);
  CHECK(c.world.channels[kId].log.size() >= 55);
  CHECK(late.channel()->log().first() < 30);
}

TEST_CASE("when the store has lost its memory, faults that were asked for are over everywhere") {
  Cluster c;
  std::uint64_t number = 0;
  const auto add = [&](Node& node) {
    node.channel()->log().neighbours()->add_fault({.kind = FaultKind::kStatus},
                                                  [&](const auto& added) { number = *added; });
    c.pass(1000);
  };
  add(*c.a);
  add(*c.a);
  CHECK(number == 2);
  c.world.live_again();
  c.world.channels.clear();
  c.pass(2000);
  CHECK(c.a->channel()->faults().numbers().empty());
  CHECK(c.b->channel()->faults().numbers().empty());
  add(*c.b);
  CHECK(number == 3);  // and not one that was another
  CHECK(c.a->channel()->faults().numbers() == Numbers{3});
  CHECK(c.b->channel()->faults().numbers() == Numbers{3});
}

TEST_CASE("faults hold on all servers, also on one that has not heard of them") {
  Cluster c;
  c.pass(100);
  SECTION("heard") {}
  SECTION("not heard") { c.world.loses = 1; }
  std::uint64_t number = 0;
  c.a->channel()->log().neighbours()->add_fault({.kind = FaultKind::kStall},
                                                [&](const auto& added) { number = *added; });
  c.pass(1000);
  CHECK(number == 1);
  CHECK(c.a->channel()->faults().has(1));
  CHECK(c.b->channel()->faults().has(1));
  bool lifted = false;
  c.b->channel()->log().neighbours()->lift_faults({1}, [&](auto error) { lifted = !error; });
  c.pass(1000);
  CHECK(lifted);
  CHECK_FALSE(c.a->channel()->faults().has(1));
  CHECK_FALSE(c.b->channel()->faults().has(1));
}

TEST_CASE("the wire's counts of all servers are added up; one that is silent is left out") {
  Cluster c;
  c.a->channel()->wire().lane("x")->count.bytes_in = 5;
  c.b->channel()->wire().lane("x")->count.bytes_in = 7;
  c.b->channel()->wire().lane("y")->upgraded = 2;
  std::string text;
  const auto ask = [&](std::optional<std::string> lane) {
    text.clear();
    c.a->channel()->log().neighbours()->wire_counts(
        std::move(lane), [&](std::string json) { text = std::move(json); });
    c.pass(1200);
  };
  ask("x");
  CHECK(text.find(R"("bytes_in":12)") != text.npos);
  ask(std::nullopt);
  CHECK(text.find(R"("lane":"y")") != text.npos);
  CHECK(text.find(R"("upgraded":2)") != text.npos);
  c.world.loses = 1;
  ask("x");
  CHECK(text.find(R"("bytes_in":5)") != text.npos);
  c.world.away = true;
  ask("x");
  CHECK(text.find(R"("bytes_in":5)") != text.npos);
}

TEST_CASE("where a lifetime ends on two servers at once, what begins next under the name stays") {
  Limits limits;
  limits.channel_lifetime_us = 3 * kSecondUs;
  Cluster c({.rate = 20, .payload_bytes = 16}, limits);
  c.world.loses = 1;  // neither hears of the other's end
  while (c.a->channel()) c.pass(5);
  REQUIRE(c.b->channel());
  CHECK(c.a->hub().outlived(kId));
  c.a->begin({.rate = 10, .payload_bytes = 32});
  c.pass(5);
  const std::int64_t begun_us = c.world.channels.at(kId).stored.state.start_us;
  while (!c.b->hub().outlived(kId)) c.pass(5);
  c.pass(500);
  c.world.loses = 0;
  c.b->look_up();
  c.pass(1000);
  REQUIRE(c.world.channels.contains(kId));
  CHECK(c.world.channels.at(kId).stored.state.start_us == begun_us);
  for (Ledger* each : {&c.at_a, &c.at_b}) {
    CHECK(each->messages.back().payload.size() == 32);
    CHECK(each->numbers == from_to(1, each->numbers.size()));
  }
}

TEST_CASE("a page of old messages may hold more than a server keeps") {
  Limits limits;
  limits.log_payload_bytes = 10'000;
  Cluster c({.rate = 100, .payload_bytes = 1000, .history = 600}, limits);
  c.pass(5000);
  CHECK(c.b->channel()->log().window().first() > 450);
  Ledger whole;
  whole.cursor = "0-" + c.at_b.epoch;
  for (int i = 0; i < 20; ++i) {
    whole.read(*c.b);
    c.pass(10);
  }
  CHECK(whole.resets.empty());
  CHECK(whole.numbers == from_to(1, whole.numbers.size()));
  CHECK(whole.numbers.size() > 500);
  whole.reader.reset();
}

TEST_CASE("polls that have fallen behind while the store is away are answered when it is back") {
  Cluster c({.rate = 100, .payload_bytes = 16});
  c.pass(2000);
  LateNode late(c, 10);
  const std::uint64_t first_here = late.channel()->log().window().first();
  REQUIRE(first_here > 150);
  c.world.away = true;
  std::vector<PollBatch> answers;
  for (const std::uint64_t cursor : {0u, 42u}) {
    late.channel()->answer(cursor, Served::kPoll,
                           [&](PollBatch batch) { answers.push_back(std::move(batch)); });
  }
  c.pass(3000);
  CHECK(answers.empty());
  c.world.away = false;
  c.pass(1500);
  REQUIRE(answers.size() == 2);
  CHECK(answers[0].messages.first == 1);
  CHECK(answers[1].messages.first == 43);
  for (const PollBatch& each : answers) {
    CHECK(each.dropped == 0);
    CHECK(each.messages.last + 1 >= first_here);
  }
}

TEST_CASE("what is read back when another epoch begins is not given to a reader of that one") {
  Cluster c({.rate = 100, .payload_bytes = 16});
  c.pass(3000);
  LateNode late(c, 10);
  Ledger reader;
  reader.cursor = "0-" + c.at_a.epoch;
  const std::string before = c.at_a.epoch;
  reader.read(late);
  CHECK(reader.numbers.empty());  // it has been asked for
  SECTION("the answer is on its way") {
    pass_time(c.clock, c.schedule, c.clock.us + StoreWorld::kDelayUs);
    c.world.live_again();
  }
  SECTION("the question is on its way") { c.world.live_again(); }
  for (int i = 0; i < 300; ++i) {
    c.pass(10);
    reader.read(late);
  }
  CHECK(reader.epoch != before);
  CHECK(reader.epoch == c.at_a.epoch);
  CHECK(reader.numbers == from_to(1, reader.numbers.size()));
  CHECK(reader.numbers.size() > 100);
  reader.reader.reset();
}

TEST_CASE("what the store answers a server that ends begins nothing there") {
  Cluster c;
  c.pass(1000);
  std::optional<Node> ending(std::in_place, c.world, c.schedule, "ending");
  ending->look_up();
  ending->hub().create("other", c.scenario, "owner",
                       [&](Hub::Created how) { ending->created = how; });
  ending->hub().end();
  SECTION("and goes on for a moment") {
    c.pass(100);
    CHECK(ending->looked_up == Waited::kInVain);
    CHECK(ending->created == Hub::Created::kUnavailable);
    CHECK(ending->hub().channels() == 0);
  }
  SECTION("and is gone") {
    ending.reset();
    c.pass(100);
  }
  CHECK_FALSE(c.world.hearers.contains("other"));
  // Nobody waits for it to play.
  CHECK(c.player() == "a");
  c.pass(2000);
  CHECK(c.at_a.numbers == from_to(1, c.at_a.numbers.size()));
}

TEST_CASE("servers count themselves") {
  Cluster c;
  c.pass(4000);
  Limits limits;
  MemoryStore store(c.world, "third");
  std::optional<StoredChannels> third(std::in_place, store, c.schedule, limits, "third");
  CHECK(third->servers() == 0);  // not known yet
  c.pass(100);
  CHECK(third->servers() == 3);
  c.kill_a();
  c.pass(4000);
  CHECK(third->servers() == 2);
  c.world.away = true;
  c.pass(4000);
  CHECK(third->servers() == 0);
}

TEST_CASE("whatever happens, a reader gets each message of an epoch once and in order",
          "[property]") {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    CAPTURE(seed);
    Random random(seed);
    Cluster c({.rate = 200, .payload_bytes = 16, .history = 100'000});
    bool same_epoch = true;
    for (int step = 0; step < 40; ++step) {
      switch (random.next() % 8) {
        case 0:
          c.world.loses = random.unit();
          break;
        case 1:
          c.world.away = !c.world.away;
          break;
        case 2:
          c.world.full = !c.world.full;
          break;
        case 3:
          c.world.channels[kId].player = random.next() % 2 ? "a" : "b";
          break;
        case 4:
          if (random.next() % 4 == 0) {
            c.world.live_again();
            same_epoch = false;
          }
          break;
        case 5:
          c.at_b.reader.reset();  // comes again
          break;
        default:
          if (Channel* channel = c.a->channel()) channel->publish("hi", [](const auto&) {});
      }
      c.pass(static_cast<std::int64_t>(random.next() % 600));
    }
    c.world.loses = 0;
    c.world.away = c.world.full = false;
    c.pass(5000);
    REQUIRE(c.at_a.numbers == from_to(1, c.at_a.numbers.size()));
    REQUIRE(c.at_b.numbers == c.at_a.numbers);
    REQUIRE(c.at_a.numbers.size() > 900);
    if (same_epoch) REQUIRE((c.at_a.resets.empty() && c.at_b.resets.empty()));
  }
}

}  // namespace
}  // namespace playground::server
