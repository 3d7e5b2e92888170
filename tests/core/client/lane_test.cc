#include <set>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "core/client/decision_words.h"
#include "tests/support/lane_scene.h"

namespace playground::client {
namespace {

using enum TransportId;

TEST_CASE("every transport asks for the lane's channel and delivers in order") {
  LaneScene scene(every_transport());
  scene.start();
  const std::string url = scene.host.requests.at(0).url;
  CAPTURE(url);
  CHECK(url.find("://server/api/channels/c/") != std::string::npos);
  CHECK(url.find("after=0") != std::string::npos);
  CHECK(url.find("lane=lane") != std::string::npos);

  scene.open_and_greet();
  for (std::uint64_t seq = 1; seq <= 50; ++seq) {
    scene.until_asked();
    scene.host.advance(7 * kMillisecond);
    scene.say(seq);
  }
  CHECK(scene.lane.state() == LaneState::kLive);
  CHECK(scene.observed.ledger().delivered() == 50);
  CHECK(scene.observed.ledger().missing() == 0);
  CHECK(scene.observed.ledger().duplicate() == 0);
  CHECK(scene.lane.running() == scene.lane.asked());
  CHECK(scene.lane.tag().cause == Cause::kNone);
  CHECK(scene.decided(Reason::kDelivers));
}

TEST_CASE("delay counts from the scheduled moment, by the server's clock") {
  LaneScene scene(every_transport());
  scene.start();
  scene.open_and_greet();
  scene.voice().say(Message{1, scene.host.now + LaneScene::kClockOffset - 100 * kMillisecond, ""});
  CHECK(scene.observed.delay_us().max() == 100 * kMillisecond);
  CHECK(scene.observed.track().arrivals().at(0).sent == scene.host.now - 100 * kMillisecond);
}

TEST_CASE("a transport that the browser lacks is left out, and the lane says so") {
  const struct {
    TransportId asked;
    std::set<Feature> missing;
    TransportId running;
    Feature lacking;
  } rows[] = {
      {kSse, {Feature::kEventSource}, kSseFetch, Feature::kEventSource},
      {kSse, {Feature::kEventSource, Feature::kFetch}, kLongPoll, Feature::kEventSource},
      {kSseFetch, {Feature::kFetch}, kLongPoll, Feature::kFetch},
      {kNdjson, {Feature::kFetch}, kLongPoll, Feature::kFetch},
      {kWebSocket, {Feature::kWebSocket}, kSse, Feature::kWebSocket},
  };
  for (const auto& row : rows) {
    LaneScene scene(row.asked);
    scene.host.missing = row.missing;
    scene.start();
    CHECK(scene.lane.running() == row.running);
    CHECK(scene.lane.tag().cause == Cause::kLacks);
    CHECK(scene.lane.tag().lacking == row.lacking);
    CHECK(tag_text(scene.lane) == "no " + std::string(name(row.lacking)));
    CHECK(title(scene.lane) ==
          std::string(info(row.asked).title) + " → " + std::string(info(row.running).inside));
    CHECK(scene.parameters(Reason::kLacks).lacking == std::vector{row.lacking});
    CHECK(scene.parameters(Reason::kLacks).other == row.running);
    scene.open_and_greet();
    scene.say(1);
    CHECK(scene.observed.ledger().delivered() == 1);
  }
}

TEST_CASE("a lane whose browser has nothing of its ladder says so and opens nothing") {
  LaneScene scene({kSse, kNdjson, kSseFetch});
  scene.host.missing = {Feature::kEventSource, Feature::kFetch};
  scene.start();
  scene.host.advance(60 * kSecond);
  CHECK(scene.host.requests.empty());
  CHECK(scene.lane.state() == LaneState::kClosed);
  CHECK(scene.lane.running() == kSse);
  CHECK(tag_text(scene.lane) == "no EventSource");
  CHECK(state_text(scene.lane, scene.host.now) == "cannot run in this browser");
  CHECK(scene.parameters(Reason::kNothingToUse).lacking ==
        std::vector{Feature::kEventSource, Feature::kFetch});
  scene.observed.stop(scene.host.now);
  CHECK(scene.lane.state() == LaneState::kIdle);
}

TEST_CASE("a stream that opens and delivers nothing counts as failed: something is buffering") {
  const TransportId id = every_stream();
  LaneScene scene(id);
  scene.start();
  scene.voice().open();
  scene.host.advance(1900 * kMillisecond);
  CHECK(scene.lane.running() == id);
  scene.host.advance(200 * kMillisecond);
  CHECK(scene.lane.running() != id);
  CHECK(tag_text(scene.lane) == "buffered");
  const Parameters& fell = scene.parameters(Reason::kFellBack);
  CHECK(fell.cause == Cause::kBuffered);
  CHECK(fell.duration == 2 * kSecond);
  CHECK(fell.other == scene.lane.running());
  CHECK(scene.host.open_now.size() == 1);
}

TEST_CASE("a slow way to the server is given four round trips for the first record") {
  const TransportId id = every_stream();
  LaneScene scene(id);
  scene.round_trip_time = 900 * kMillisecond;
  scene.start();
  scene.voice().open();
  scene.host.advance(3590 * kMillisecond);
  CHECK(scene.lane.running() == id);
  scene.host.advance(10 * kMillisecond);
  CHECK(scene.lane.running() != id);
  CHECK(scene.decision(Reason::kFellBack).at == scene.host.now);
  CHECK(scene.parameters(Reason::kFellBack).duration == 3600 * kMillisecond);
}

TEST_CASE("a greeting alone is enough to stay") {
  const TransportId id = every_stream();
  LaneScene scene(id);
  scene.start();
  scene.open_and_greet();
  scene.host.advance(10 * kSecond);
  CHECK(scene.lane.running() == id);
  CHECK(scene.lane.state() == LaneState::kLive);
}

TEST_CASE("the first long poll is not held, so that its answer shows the way is open") {
  LaneScene scene(kLongPoll);
  scene.start();
  CHECK(scene.host.requests.at(0).url.find("timeout=0") != std::string::npos);
  scene.say(1);
  CHECK(scene.host.requests.at(1).url.find("timeout=20") != std::string::npos);
  CHECK(scene.host.requests.at(1).url.find("after=1") != std::string::npos);
  // Held long past the deadline of a first record.
  scene.host.advance(20 * kSecond);
  CHECK(scene.lane.running() == kLongPoll);
}

TEST_CASE("short polls keep to their interval") {
  LaneScene scene(kShortPoll);
  scene.start();
  for (int i = 0; i < 10; ++i) {
    scene.host.advance(30 * kMillisecond);
    scene.voice().say(Greeting{});  // an empty batch
    CHECK_FALSE(scene.host.has_open("/poll?"));
    scene.host.advance(970 * kMillisecond);
  }
  CHECK(scene.host.requests.size() == 11);
}

TEST_CASE("a cut connection is opened again after a pause and goes on where it was") {
  LaneScene scene(every_transport());
  scene.start();
  scene.open_and_greet();
  scene.say(1);
  scene.until_asked();
  scene.say(2);
  scene.until_asked();
  scene.voice().cut();
  CHECK(scene.lane.state() == LaneState::kWaiting);
  CHECK_FALSE(scene.lane.open());
  CHECK(scene.parameters(Reason::kLost).end->detail == "cut");
  scene.host.advance(600 * kMillisecond);
  CHECK(scene.host.requests.back().url.find("after=2") != std::string::npos);
  scene.open_and_greet();
  scene.say(3);
  CHECK(scene.observed.ledger().delivered() == 3);
  CHECK(scene.observed.ledger().missing() == 0);
  CHECK(scene.observed.reconnects() == 1);
  CHECK(scene.decided(Reason::kBack));
}

TEST_CASE("what comes twice is counted and not delivered twice") {
  LaneScene scene(kSse);
  scene.start();
  scene.open_and_greet();
  for (const std::uint64_t seq : {1U, 2U, 2U, 1U, 3U}) scene.say(seq);
  CHECK(scene.observed.ledger().delivered() == 3);
  CHECK(scene.observed.ledger().duplicate() == 2);
  CHECK(scene.observed.delay_us().count() == 3);
  CHECK(scene.observed.track().arrivals().size() == 3);
}

TEST_CASE("a reset is a gap of known size") {
  LaneScene scene(every_stream());
  scene.start();
  scene.open_and_greet();
  scene.say(1);
  scene.voice().say(Reset{5, 9});
  CHECK(scene.parameters(Reason::kGap).first == 2);
  CHECK(scene.parameters(Reason::kGap).last == 4);
  scene.say(5);
  CHECK(scene.observed.ledger().missing() == 3);
  scene.voice().cut();
  scene.host.advance(kSecond);
  CHECK(scene.host.requests.back().url.find("after=5") != std::string::npos);
}

TEST_CASE("a connection that is refused three times gives way to the next transport") {
  const TransportId id = every_stream();
  LaneScene scene(id);
  scene.start();
  for (int i = 0; i < 3; ++i) {
    CHECK(scene.lane.running() == id);
    scene.voice().cut();
    scene.until_asked();
  }
  CHECK(scene.lane.running() != id);
  CHECK(tag_text(scene.lane) == "refused");
  CHECK(scene.failures >= 3);
}

TEST_CASE("a connection that opens and ends three times without a message is flapping") {
  const TransportId id = every_stream();
  LaneScene scene(id);
  scene.start();
  for (int i = 0; i < 3; ++i) {
    scene.voice().open();
    scene.voice().cut();
    scene.until_asked();
  }
  CHECK(scene.lane.running() != id);
  CHECK(scene.lane.tag().cause == Cause::kEndsUnheard);
  CHECK(tag_text(scene.lane) == "flapping");
}

TEST_CASE("while the server is gone no transport is blamed") {
  const TransportId id = every_transport();
  LaneScene scene(id);
  scene.start();
  scene.open_and_greet();
  scene.say(1);
  scene.until_asked();
  scene.reachable = false;
  for (int i = 0; i < 30; ++i) {
    if (scene.host.has_open(scene.voice().path())) scene.voice().cut();
    scene.host.advance(3 * kSecond);
  }
  CHECK(scene.lane.running() == id);
  CHECK(scene.lane.tag().cause == Cause::kNone);

  scene.reachable = true;
  for (int i = 0; i < 20 && !scene.host.has_open(scene.voice().path()); ++i) {
    scene.host.advance(kSecond);
  }
  scene.open_and_greet();
  scene.say(2);
  CHECK(scene.observed.ledger().missing() == 0);
  CHECK(scene.observed.ledger().delivered() == 2);
}

TEST_CASE("when the ladder has no rung left it begins again at the top") {
  LaneScene scene(kSse);
  scene.start();
  for (int i = 0; i < 200 && !scene.decided(Reason::kNothingLeft); ++i) {
    if (scene.host.has_open(scene.voice().path())) scene.voice().cut();
    scene.host.advance(kSecond);
  }
  CHECK(scene.decided(Reason::kNothingLeft));
  CHECK(scene.lane.running() == kSse);
  CHECK(scene.lane.tag().cause == Cause::kNone);
}

TEST_CASE("where no request gets an answer, what failed above is tried again in its time") {
  // As with a server whose connections other tabs hold, but for WebSockets.
  LaneScene scene(kWebSocket);
  scene.start();
  scene.fall_once();
  REQUIRE(scene.lane.running() == kSse);
  scene.reachable = false;
  scene.host.advance(5 * kSecond);
  CHECK(scene.lane.running() == kSse);
  scene.host.advance(40 * kSecond);
  CHECK(scene.lane.running() == kWebSocket);
  CHECK(scene.parameters(Reason::kClimbs).other == kWebSocket);
  CHECK(scene.lane.tag().cause == Cause::kNone);
  for (int i = 0; i < 100 && !scene.host.has_open(scene.voice().path()); ++i) {
    scene.host.advance(100 * kMillisecond);
  }
  scene.open_and_greet();
  scene.say(1);
  CHECK(scene.observed.ledger().delivered() == 1);
}

TEST_CASE("a poll's answer that takes longer than the first deadline comes through in the end") {
  // Over a slow line the answer holds all that was missed, and counts when it is whole.
  LaneScene scene(kShortPoll);
  scene.start();
  std::size_t asked = scene.host.requests.size();
  Micros asked_at = scene.host.now;
  for (int i = 0; i < 800 && scene.observed.ledger().delivered() == 0; ++i) {
    scene.host.advance(100 * kMillisecond);
    if (std::exchange(asked, scene.host.requests.size()) != asked) asked_at = scene.host.now;
    const bool asks = scene.host.has_open(scene.voice().path());
    if (asks && scene.host.now - asked_at >= 12 * kSecond) scene.say(1);
  }
  CHECK(scene.observed.ledger().delivered() == 1);
  std::set<Micros> waited;
  for (const Decision& each : scene.decisions) {
    if (each.parameters.cause == Cause::kNoAnswer) waited.insert(each.parameters.duration);
  }
  CHECK(waited.contains(2 * kSecond));
  CHECK(waited.contains(8 * kSecond));
}

TEST_CASE("silence beyond the heartbeat is a dead connection") {
  const TransportId id = every_stream();
  LaneScene scene(id);
  scene.start();
  scene.open_and_greet();
  for (int i = 0; i < 4; ++i) {
    scene.host.advance(15 * kSecond);
    scene.voice().say(Heartbeat{});
  }
  CHECK(scene.observed.reconnects() == 0);
  scene.host.advance(19 * kSecond);
  CHECK(scene.observed.reconnects() == 0);
  scene.host.advance(2 * kSecond);
  CHECK(scene.observed.reconnects() == 1);
  CHECK(scene.parameters(Reason::kSilent).duration == 20 * kSecond);
  CHECK(scene.host.open_now.size() == 1);
  CHECK(scene.lane.running() == id);
}

TEST_CASE("three cuts after the same silence show a limit, and cuts at odd times do not") {
  const auto cut_after = [](LaneScene& scene, Micros silence) {
    scene.host.advance(silence);
    scene.voice().cut();
    scene.until_asked();
    scene.open_and_greet();
  };
  LaneScene limited(TransportId::kSseFetch);
  limited.live();
  for (const Micros silence : {8010, 8000, 7990}) {
    CHECK_FALSE(limited.decided(Reason::kCutWhenSilent));
    cut_after(limited, silence * kMillisecond);
  }
  const Parameters& limit = limited.parameters(Reason::kCutWhenSilent);
  CHECK(limit.count == 3);
  CHECK(limit.duration >= 7900 * kMillisecond);
  CHECK(limit.duration <= 8100 * kMillisecond);

  LaneScene unlucky(TransportId::kSseFetch);
  unlucky.live();
  for (const Micros silence : {8, 5, 8, 11, 8, 8, 3}) cut_after(unlucky, silence * kSecond);
  CHECK_FALSE(unlucky.decided(Reason::kCutWhenSilent));
}

TEST_CASE("writes that are held back all alike are told once, and stand in the tag") {
  LaneScene scene(TransportId::kSseFetch);
  scene.live();
  for (std::uint64_t seq = 2; seq <= 80; ++seq) {
    const Message held = scene.message(seq);
    scene.host.advance(210 * kMillisecond);
    scene.voice().say(held);
    scene.host.advance(1790 * kMillisecond);
  }
  CHECK(times_decided(scene.decisions, Reason::kHeldWrites) == 1);
  CHECK(scene.parameters(Reason::kHeldWrites).duration == 205 * kMillisecond);
  CHECK(tag_text(scene.observed) == "held back");
  scene.voice().cut();
  scene.until_asked();
  CHECK(tag_text(scene.observed).empty());
}

// This thread does nothing; then the timer that has been due goes first, or what has come does.
enum class Asleep { kNo, kTimerFirst, kMessageFirst };
void wait(LaneScene& scene, Micros by, Asleep asleep) {
  if (asleep == Asleep::kNo) {
    scene.host.advance(by);
  } else if (asleep == Asleep::kTimerFirst) {
    scene.host.sleep(by);
  } else {
    scene.host.now += by;
  }
}

TEST_CASE("what comes in lumps because this thread is held up is not blamed on the way") {
  const auto told = [](Asleep asleep) {
    LaneScene scene(TransportId::kSseFetch);
    scene.live();
    for (std::uint64_t seq = 2; seq <= 80; seq += 5) {
      std::vector<Message> lump;
      for (std::uint64_t i = 0; i < 5; ++i) {
        lump.push_back(scene.message(seq + i));
        lump.back().sent_us += static_cast<Micros>(i) * 60 * kMillisecond;
      }
      wait(scene, 300 * kMillisecond, asleep);
      for (const Message& each : lump) scene.voice().say(each);
      scene.host.advance(0);
    }
    return scene.decided(Reason::kLumps);
  };
  CHECK(told(Asleep::kNo));
  CHECK_FALSE(told(Asleep::kTimerFirst));
  CHECK_FALSE(told(Asleep::kMessageFirst));
}

TEST_CASE("writes that are held back are told although this thread is held up now and then") {
  const auto asleep = GENERATE(Asleep::kTimerFirst, Asleep::kMessageFirst);
  LaneScene scene(TransportId::kSseFetch);
  scene.live();
  for (std::uint64_t seq = 2; seq <= 40; ++seq) {
    const bool disturbed = seq % 5 == 0;
    const Message held = scene.message(seq);
    scene.host.advance(150 * kMillisecond);
    wait(scene, (disturbed ? 350 : 60) * kMillisecond, disturbed ? asleep : Asleep::kNo);
    scene.voice().say(held);
    scene.host.advance(300 * kMillisecond);
  }
  CHECK(times_decided(scene.decisions, Reason::kHeldWrites) == 1);
  CHECK(scene.parameters(Reason::kHeldWrites).duration == 205 * kMillisecond);
}

TEST_CASE("messages that only this thread makes late are not called held back") {
  const auto asleep = GENERATE(Asleep::kTimerFirst, Asleep::kMessageFirst);
  LaneScene scene(TransportId::kSseFetch);
  scene.live();
  for (std::uint64_t seq = 2; seq <= 80; ++seq) {
    const Message late = scene.message(seq);
    wait(scene, 210 * kMillisecond, asleep);
    scene.voice().say(late);
    scene.host.advance(290 * kMillisecond);
  }
  CHECK_FALSE(scene.decided(Reason::kHeldWrites));
}

TEST_CASE("a page in place of a stream is refused as one, and by whom") {
  const std::string_view page = "Content-Type: text/html; charset=utf-8\r\nServer: nginx\r\n";
  for (const TransportId id :
       {TransportId::kSseFetch, TransportId::kNdjson, TransportId::kLongPoll}) {
    LaneScene scene(id);
    CAPTURE(info(id).name);
    scene.start();
    for (int i = 0; i < 10 && scene.lane.running() == id; ++i) {
      if (scene.host.has_open(scene.voice().path())) {
        const ConnectionId stream = scene.voice().connection();
        if (info(id).polls()) {
          scene.host.tell(stream, Answered{200, "<html>", page});
        } else {
          scene.host.tell(stream, Opened{200, page});
        }
      }
      scene.host.advance(kSecond);
    }
    const Parameters& why = scene.parameters(Reason::kFellBack);
    CHECK(why.cause == Cause::kRefused);
    CHECK(why.end->detail == "text/html in place of " +
                                 std::string(info(id).served_as().content_type) + ", from nginx");
    CHECK(why.end->answered_by == "nginx");
  }
}

TEST_CASE("the tag says why what was asked for does not run, however far down the lane is") {
  LaneScene scene(TransportId::kWebSocket);
  scene.start();
  for (int i = 0; i < 3; ++i) {
    while (!scene.host.has_open(scene.voice().path())) scene.host.advance(100 * kMillisecond);
    scene.voice().cut();
  }
  REQUIRE(scene.lane.running() == TransportId::kSse);
  CHECK(scene.lane.tag().cause == Cause::kRefused);
  scene.host.advance(3 * kSecond);  // nobody answers
  REQUIRE(scene.lane.running() == TransportId::kSseFetch);
  CHECK(scene.lane.tag().cause == Cause::kRefused);
}

TEST_CASE("silence is measured by the heartbeat that the server has just told") {
  LaneScene scene(every_stream());
  scene.start();
  scene.voice().open();
  scene.voice().say(Greeting{0, 1});
  scene.host.advance(5 * kSecond);
  CHECK(scene.observed.reconnects() == 0);
  scene.host.advance(2 * kSecond);
  CHECK(scene.observed.reconnects() == 1);
  CHECK(scene.parameters(Reason::kSilent).duration == 6 * kSecond);
}

TEST_CASE("a record that is none ends the attempt with its reason") {
  LaneScene scene(every_stream());
  scene.start();
  scene.open_and_greet();
  const auto id = scene.voice().connection();
  switch (scene.lane.running()) {
    case kSse:
      scene.host.tell(id, ServerEvent{"message", "nonsense", ""});
      break;
    case kWebSocket:
      scene.host.tell(id, Frame{"nonsense"});
      break;
    default:
      scene.host.tell(id, Chunk{"data: nonsense\n\n"});
  }
  CHECK(scene.lane.state() == LaneState::kWaiting);
  const End& end = *scene.parameters(Reason::kLost).end;
  CHECK(end.cause == EndCause::kProtocol);
  CHECK(end.detail.find("a record is not a JSON object") != std::string::npos);
}

TEST_CASE("a status that is no stream ends the attempt") {
  LaneScene scene(GENERATE(kSseFetch, kNdjson));
  scene.start();
  scene.host.tell(scene.voice().connection(), Opened{503});
  CHECK(scene.lane.state() == LaneState::kWaiting);
  const End& end = *scene.parameters(Reason::kCouldNotConnect).end;
  CHECK(end.cause == EndCause::kStatus);
  CHECK(end.status == 503);
  CHECK(scene.host.open_now.empty());
}

TEST_CASE("what comes late for an attempt that is over is dropped") {
  LaneScene scene(every_stream());
  scene.start();
  scene.open_and_greet();
  const auto old = scene.voice().connection();
  scene.voice().cut();
  scene.host.dispatcher.deliver(old, Closed{}, scene.host.now);
  scene.host.dispatcher.deliver(old, Chunk{"data: {}\n\n"}, scene.host.now);
  CHECK(scene.observed.reconnects() == 1);
  CHECK(scene.observed.ledger().delivered() == 0);
}

TEST_CASE("a stopped lane holds nothing open and no timer") {
  LaneScene scene(every_transport());
  scene.start();
  scene.open_and_greet();
  scene.say(1);
  scene.observed.stop(scene.host.now);
  CHECK(scene.host.open_now.empty());
  CHECK(scene.host.timers.empty());
  CHECK(state_text(scene.lane, scene.host.now) == "stopped");
  REQUIRE(scene.observed.track().spans().back().end);
}

TEST_CASE("starting over follows the new channel from its beginning") {
  LaneScene scene(kSse);
  scene.start();
  scene.open_and_greet();
  scene.say(1);
  scene.say(2);
  FeedSpec spec;
  spec.endpoint.http = "http://server/api/channels/d";
  scene.observed.start_over(spec, {}, scene.host.now);
  CHECK(scene.host.open_now.size() == 1);
  CHECK(scene.host.requests.back().url.find("/d/sse?after=0") != std::string::npos);
  scene.open_and_greet();
  scene.say(1);
  CHECK(scene.observed.ledger().delivered() == 3);
  CHECK(scene.observed.ledger().duplicate() == 0);
}

}  // namespace
}  // namespace playground::client
