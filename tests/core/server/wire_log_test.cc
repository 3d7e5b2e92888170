#include "core/server/wire_log.h"

#include <cstdint>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "core/json_text.h"
#include "core/server/exchange.h"
#include "core/server/schedule.h"
#include "core/server/wire_meter.h"
#include "tests/support/json.h"
#include "tests/support/manual_clock.h"

namespace playground::server {
namespace {

constexpr std::string_view kRequest = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";
constexpr std::string_view kStreamHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

std::string record(int seq, std::size_t payload = 4) {
  return "{\"seq\":" + std::to_string(seq) + ",\"sent_us\":1,\"payload\":\"" +
         std::string(payload, 'x') + "\"}";
}

std::string chunk(int seq, std::size_t payload = 4) {
  return "40\r\n" + record(seq, payload) + "\n\r\n";
}

// A lane with a log, and connections that carry it.
struct Scene {
  Scene() { meter.keep_logs(); }
  Lane lane() { return meter.lane("l"); }
  const WireLog& log() { return *meter.log("l"); }

  ManualClock clock;
  Schedule schedule{clock};
  WireMeter meter{64};
};

// One write, of bytes with and without messages.
struct Part {
  std::string bytes;
  std::uint64_t seq = 0;  // 0: none
};
void write(CarriedLanes& connection, const std::vector<Part>& parts) {
  std::string all;
  for (const Part& part : parts) {
    connection.hand_over({part.bytes, {part.seq, part.seq}});
    all += part.bytes;
  }
  connection.sent(all);
}
Part message(int seq, std::size_t payload = 4) {
  return {chunk(seq, payload), static_cast<std::uint64_t>(seq)};
}

std::vector<std::string> texts(const std::optional<WireExcerpt>& excerpt) {
  std::vector<std::string> all;
  if (!excerpt) return all;
  for (const WireExcerpt::Part& part : excerpt->parts) {
    all.push_back((part.inbound ? "> " : "< ") + std::string(part.bytes));
  }
  return all;
}

TEST_CASE("the log of a message has its request, its head and the write it was in") {
  Scene scene;
  CarriedLanes connection(scene.schedule);
  connection.begin_request(scene.lane(), kRequest);
  write(connection, {{std::string(kStreamHead) + "5\r\nhello\r\n"}});
  write(connection, {message(1)});
  write(connection, {message(2), message(3)});
  const auto excerpt = scene.log().message(2);
  CHECK(texts(excerpt) == std::vector{"> " + std::string(kRequest), "< " + std::string(kStreamHead),
                                      "< " + chunk(2) + chunk(3)});
  CHECK(excerpt->connection == 1);
  CHECK(excerpt->parts[1].skipped == 0);
  CHECK(excerpt->parts[2].skipped == 10 + chunk(1).size());
  CHECK_FALSE(scene.log().message(4));
}

TEST_CASE("a message that two writes share is found with both") {
  Scene scene;
  CarriedLanes connection(scene.schedule);
  connection.begin_request(scene.lane(), kRequest);
  const std::string whole = std::string(kStreamHead) + chunk(1) + chunk(2) + chunk(3);
  for (std::size_t cut = 1; cut < whole.size(); ++cut) {
    CAPTURE(cut);
    Scene other;
    CarriedLanes carries(other.schedule);
    carries.begin_request(other.lane(), kRequest);
    carries.hand_over({kStreamHead});
    for (std::uint64_t seq = 1; seq <= 3; ++seq) {
      carries.hand_over({chunk(static_cast<int>(seq)), {seq, seq}});
    }
    carries.sent(std::string_view(whole).substr(0, cut));
    carries.sent(std::string_view(whole).substr(cut));
    const auto excerpt = other.log().message(2);
    REQUIRE(excerpt);
    std::string sent;
    for (const auto& part : excerpt->parts) {
      if (!part.inbound) sent += part.bytes;
    }
    CHECK(sent.find(chunk(2)) != std::string::npos);
  }
}

TEST_CASE(
    "a message that is not sent to its end is not told of yet, nor one whose text another holds") {
  Scene scene;
  CarriedLanes connection(scene.schedule);
  connection.begin_request(scene.lane(), kRequest);
  write(connection, {{std::string(kStreamHead)}});
  const std::string told = chunk(1) + "{\"seq\":2,";  // a payload that looks like message 2
  connection.hand_over({told, {1, 1}});
  connection.sent(std::string_view(told).substr(0, 5));
  CHECK_FALSE(scene.log().message(1));
  connection.sent(std::string_view(told).substr(5));
  CHECK(scene.log().message(1));
  CHECK_FALSE(scene.log().message(2));
}

TEST_CASE("an answer comes whole, with its own request only") {
  Scene scene;
  CarriedLanes connection(scene.schedule);
  const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n";
  for (int seq = 1; seq <= 3; ++seq) {
    connection.begin_request(scene.lane(), kRequest);
    const std::string whole = answer + "[" + record(seq) + "]";
    const auto number = static_cast<std::uint64_t>(seq);
    connection.hand_over({whole, {number, number}});
    connection.sent(answer + "[");
    connection.sent(record(seq) + "]");
  }
  CHECK(texts(scene.log().message(2)) ==
        std::vector{"> " + std::string(kRequest), "< " + answer + "[", "< " + record(2) + "]"});
}

TEST_CASE("a stream's heads outlive the log of its beginning") {
  Scene scene;
  CarriedLanes connection(scene.schedule);
  connection.begin_request(scene.lane(), kRequest);
  write(connection, {{std::string(kStreamHead)}, message(1)});
  for (int seq = 2; seq <= 5000; ++seq) write(connection, {message(seq)});
  CHECK_FALSE(scene.log().message(2));
  CHECK_FALSE(scene.log().message(3000));
  CHECK(texts(scene.log().message(5000)) == std::vector{"> " + std::string(kRequest),
                                                        "< " + std::string(kStreamHead),
                                                        "< " + chunk(5000)});
  CHECK(texts(scene.log().connection({})).at(1) == "< " + std::string(kStreamHead));
}

TEST_CASE("the log is bounded by bytes, and of a long write keeps the beginning") {
  Scene scene;
  CarriedLanes connection(scene.schedule);
  connection.begin_request(scene.lane(), kRequest);
  write(connection, {{std::string(kStreamHead)}});
  for (int seq = 1; seq <= 20; ++seq) write(connection, {message(seq, 60'000)});
  CHECK_FALSE(scene.log().message(15));
  CHECK(scene.log().message(17));
  write(connection, {{record(21, 3 * WireLog::kMaxPieceBytes), 21}});
  CHECK(scene.log().message(21)->parts.back().bytes.size() == WireLog::kMaxPieceBytes);
}

TEST_CASE("connections of a lane have numbers, and one that carries two lanes keeps them apart") {
  Scene scene;
  CarriedLanes one(scene.schedule);
  CarriedLanes two(scene.schedule);
  const Lane other = scene.meter.lane("other");
  one.begin_request(other, "of other");
  one.begin_request(scene.lane(), kRequest);
  one.sent("a");
  two.begin_request(scene.lane(), kRequest);
  two.sent("b");
  two.received("in");
  two.begin_nothing();
  two.sent("for nobody");
  const std::string request(kRequest);
  CHECK(texts(scene.log().connection(1)) == std::vector<std::string>{"> " + request, "< a"});
  CHECK(texts(scene.log().connection({})) ==
        std::vector<std::string>{"> " + request, "< b", "> in"});
  CHECK_FALSE(scene.log().connection(3));
  CHECK(scene.lane()->count.bytes_in == 2 * kRequest.size() + 2);
  CHECK(scene.lane()->count.bytes_out == 2);
}

TEST_CASE("a lane that nobody has asked about is not kept") {
  ManualClock clock;
  const Schedule schedule(clock);
  WireMeter meter(64);
  CarriedLanes connection(schedule);
  connection.begin_request(meter.lane("l"), kRequest);
  CHECK(meter.lane("l")->log == nullptr);
  CHECK_FALSE(meter.log("l")->connection({}));
  write(connection, {message(1)});
  CHECK(meter.log("l")->message(1));
  for (std::size_t i = 0; i < WireMeter::kMaxLogs; ++i) meter.lane("l" + std::to_string(i));
  for (std::size_t i = 1; i < WireMeter::kMaxLogs; ++i) CHECK(meter.log("l" + std::to_string(i)));
  CHECK(meter.log("l0") == nullptr);
}

TEST_CASE("what is wrong with a question is named") {
  Scene scene;
  CarriedLanes connection(scene.schedule);
  connection.begin_request(scene.lane(), kRequest);
  const auto error = [&](std::string_view target, int status) {
    Reply reply;
    answer_wire_log(scene.meter, {.method = "GET", .target = target, .fields = {}}, reply);
    CHECK(reply.status == status);
    return read_json(reply.body).value("error", "");
  };
  CHECK(error("/", 400) == "lane must be named");
  CHECK(error("/?lane=l&seq=x", 400) == "seq must be a sequence number");
  CHECK(error("/?lane=l&connection=-1", 400) == "connection must be a connection's number");
  CHECK(error("/?lane=m", 404) == "no request has named the lane m");
  CHECK(error("/?lane=l&seq=7", 404) == "the bytes kept of lane l do not hold message 7");
  CHECK(error("/?lane=l&connection=7", 404) == "the bytes kept of lane l do not hold connection 7");
}

TEST_CASE("any bytes are handed out as they were") {
  Scene scene;
  CarriedLanes connection(scene.schedule);
  connection.begin_request(scene.lane(), kRequest);
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  connection.sent(all);
  Reply reply;
  answer_wire_log(scene.meter, {.method = "GET", .target = "/?lane=l", .fields = {}}, reply);
  CHECK(reply.status == 200);
  const auto json = read_json(reply.body);
  REQUIRE(json.is_object());
  CHECK(bytes_of_text(json["parts"][1]["bytes"].get<std::string>()) == all);
  CHECK_FALSE(bytes_of_text("\xc4\x80"));
  CHECK_FALSE(bytes_of_text("\xc3"));
}

}  // namespace
}  // namespace playground::server
