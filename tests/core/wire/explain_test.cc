#include "core/wire/explain.h"

#include <string>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "core/field_text.h"
#include "core/json_text.h"
#include "core/server/wire_format.h"
#include "core/websocket/frame.h"
#include "core/wire/body.h"
#include "tests/core/simulation/scene.h"
#include "tests/support/json.h"

namespace playground::wire {
namespace {

// The spans' bytes one after the other; bits make bytes again.
std::string put_together(const std::vector<Span>& spans) {
  std::string bytes;
  std::string bits;
  for (const Span& span : spans) {
    if (span.form != Span::Form::kBits) {
      bytes += span.bytes;
      continue;
    }
    for (const char bit : span.bytes) {
      bits += bit;
      if (bits.size() < 8) continue;
      bytes += static_cast<char>(std::stoi(bits, nullptr, 2));
      bits.clear();
    }
  }
  return bytes;
}

const Span* find(const std::vector<Span>& spans, std::string_view kind) {
  for (const Span& span : spans) {
    if (span.kind == kind) return &span;
  }
  return nullptr;
}

std::string record(int seq, const std::string& payload = "xxxx") {
  return "{\"seq\":" + std::to_string(seq) + ",\"sent_us\":17,\"payload\":\"" + payload + "\"}";
}

TEST_CASE("every transport's message is explained, to the byte, as the simulated server wrote it") {
  struct Row {
    TransportId id;
    Carrier carrier;
    const char* kinds[4];
  };
  constexpr Row kRows[] = {
      {TransportId::kShortPoll,
       Carrier::kAnswer,
       {"request line", "status line", "field", "batch"}},
      {TransportId::kLongPoll, Carrier::kAnswer, {"request line", "status line", "field", "batch"}},
      {TransportId::kSse, Carrier::kEventStream, {"chunk size", "id", "field name", "blank line"}},
      {TransportId::kSseFetch,
       Carrier::kEventStream,
       {"chunk size", "id", "field name", "end of chunk"}},
      {TransportId::kNdjson, Carrier::kLines, {"chunk size", "time", "line end", "end of chunk"}},
      {TransportId::kWebSocket, Carrier::kWebSocket, {"FIN", "opcode", "MASK", "length"}},
  };
  for (const Row& row : kRows) {
    simulation::Scene scene({row.id});
    scene.pass(5'000'000);
    const std::string name(info(row.id).name);
    CAPTURE(name);
    const auto [status, body] = scene.world.origin().ask(
        "GET", "/api/channels/" + scene.run->channel() + "/wire/log?lane=" + name + "&seq=9");
    REQUIRE(status == 200);
    const auto json = read_json(body);
    std::vector<Part> parts;
    std::string all;
    for (const auto& each : json["parts"]) {
      parts.push_back({each["direction"] == "in", 0, each["skipped"].get<std::uint64_t>(),
                       *bytes_of_text(each["bytes"].get<std::string>())});
      all += parts.back().bytes;
    }
    const Explanation explained = explain(parts, 9);
    CHECK(explained.carrier == row.carrier);
    CHECK(explained.messages >= 1);
    REQUIRE_FALSE(explained.message.empty());
    std::string message;
    std::vector<Span> spans;
    for (const Block& block : explained.message) {
      for (const Span& span : block.spans) spans.push_back(span);
    }
    for (const char* kind : row.kinds) {
      CAPTURE(kind);
      CHECK(find(spans, kind) != nullptr);
    }
    message = put_together(spans);
    CHECK(all.find(message) != std::string::npos);
    CHECK(explained.bytes == message.size());
    CHECK(explained.overhead == message.size() - 64 * explained.messages);
    CHECK(message.find("{\"seq\":9,") != std::string::npos);
    REQUIRE(explained.connection.size() >= 2);
    CHECK(explained.connection[0].title == "Request");
    CHECK(explained.connection[1].title == "Response’s head");

    // And over the run's own way.
    std::string told;
    scene.run->ask_wire(0, 9, [&](int answered, std::string_view log) {
      told = explain_json(answered, log, name, 9);
    });
    scene.pass(1'000'000);
    const auto answer = read_json(told);
    REQUIRE(answer.is_object());
    CHECK(answer["error"] == "");
    CHECK(answer["lane"] == name);
    CHECK(answer["overhead"] == explained.overhead);
  }
}

TEST_CASE("of a stream only the message itself is shown, whatever is in the same write") {
  const std::string head =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
  const auto chunk = [](int seq) {
    const std::string event = "id: " + std::to_string(seq) + "\ndata: " + record(seq) + "\n\n";
    std::string out;
    server::append_chunk(event, out);
    return out;
  };
  const std::vector<Part> parts{{true, 0, 0, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"},
                                {false, 1, 0, head + chunk(1)},
                                {false, 2, 0, chunk(2) + chunk(3)}};
  const Explanation explained = explain(parts, 2);
  REQUIRE(explained.message.size() == 1);
  CHECK(put_together(explained.message[0].spans) == chunk(2));
  CHECK(explained.message[0].title == "One event in one chunk");
  CHECK(explained.overhead == chunk(2).size() - 4);
  CHECK(find(explained.message[0].spans, "payload")->bytes == "xxxx");
  CHECK_FALSE(find(explained.message[0].spans, "payload")->overhead);
  CHECK(find(explained.message[0].spans, "chunk size")->source == "RFC 9112 7.1");

  // Where the log no longer has the head.
  CHECK(put_together(explain({parts[2]}, 3).message.at(0).spans) == chunk(3));
  CHECK(explain({parts[2]}, 4).messages == 0);
}

TEST_CASE("a stream of HTTP/1.0 has events and lines without chunks") {
  const std::string event = "id: 2\ndata: " + record(2) + "\n\n";
  const auto stream = [](const std::string& type, const std::string& body) {
    return std::vector<Part>{
        {true, 0, 0, "GET / HTTP/1.0\r\n\r\n"},
        {false, 1, 0, "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\n\r\n" + body}};
  };
  CHECK(put_together(explain(stream("text/event-stream", "data: x\n\n" + event + event), 2)
                         .message.at(0)
                         .spans) == event);
  CHECK(put_together(explain(stream("application/x-ndjson", record(1) + "\n" + record(2) + "\n"), 2)
                         .message.at(0)
                         .spans) == record(2) + "\n");
}

TEST_CASE("a frame is read bit by bit, whatever its length takes") {
  for (const std::size_t payload : {1U, 40U, 200U, 33'000U, 70'000U}) {
    CAPTURE(payload);
    std::string frame;
    const std::string json = record(5, std::string(payload, 'y'));
    websocket::encode_frame(websocket::Opcode::kText, json, frame);
    std::vector<Span> spans;
    CHECK(annotate_frame(frame + "more", spans) == frame.size());
    CHECK(put_together(spans) == frame);
    CHECK(size_of(spans) == frame.size());
    CHECK(find(spans, "FIN")->bytes == "1");
    CHECK(find(spans, "opcode")->bytes == "0001");
    CHECK(find(spans, "MASK")->bytes == "0");
    CHECK((find(spans, "extended length") != nullptr) == (json.size() > 125));
    const std::vector<Part> parts{{false, 0, 0, "HTTP/1.1 101 Switching Protocols\r\n\r\n"},
                                  {false, 0, 9, frame + frame}};
    const Explanation explained = explain(parts, 5);
    CHECK(explained.bytes == frame.size());
    CHECK(explained.overhead == frame.size() - payload);
  }
}

TEST_CASE("a client's frame shows its mask and what is behind it") {
  std::string frame;
  websocket::encode_frame(websocket::Opcode::kText, "hello", frame,
                          websocket::MaskingKey{0x37, 0xfa, 0x21, 0x3d});
  std::vector<Span> spans;
  CHECK(annotate_frame(frame, spans) == frame.size());
  CHECK(put_together(spans) == frame);
  CHECK(find(spans, "MASK")->bytes == "1");
  CHECK(find(spans, "masking key")->bytes == "\x37\xfa\x21\x3d");
  CHECK(find(spans, "masked payload")->meaning == "Unmasked: hello");
  CHECK(find(spans, "masked payload")->form == Span::Form::kHex);

  frame.clear();
  websocket::encode_close(websocket::CloseCode::kGoingAway, "bye", frame);
  spans.clear();
  annotate_frame(frame, spans);
  CHECK(find(spans, "payload")->meaning == "Close code 1001, Going Away: bye.");
}

TEST_CASE("of a long answer the messages around the chosen one are shown, the rest is summed up") {
  std::string batch = "{\"messages\":[";
  for (int seq = 1; seq <= 50; ++seq) batch += (seq > 1 ? "," : "") + record(seq);
  batch += "],\"last\":50}";
  for (const std::uint64_t chosen : {1U, 2U, 25U, 49U, 50U}) {
    CAPTURE(chosen);
    std::vector<Span> spans;
    CHECK(annotate_batch(batch, chosen, 2, spans) == 50);
    CHECK(size_of(spans) == batch.size());
    std::size_t payload = 0;
    for (const Span& span : spans) payload += span.overhead ? 0 : span.size;
    CHECK(payload == 50 * 4);
    std::size_t of_chosen = 0;
    for (const Span& span : spans) of_chosen += span.chosen ? span.size : 0;
    CHECK(of_chosen == record(static_cast<int>(chosen)).size());
  }
  std::vector<Span> spans;
  CHECK(annotate_batch("{\"messages\":[],\"last\":0}", 1, 2, spans) == 0);
  CHECK(size_of(spans) == 24);
}

TEST_CASE("heads are taken apart line by line, with the standard of each") {
  const std::string head =
      "GET /api HTTP/1.1\r\nHost: a\r\nsec-ch-ua-mobile: ?0\r\nX-Own: 1\r\n\r\n";
  const auto spans = annotate_head(head, true);
  REQUIRE(spans.size() == 5);
  CHECK(put_together(spans) == head);
  CHECK(spans[0].source == "RFC 9112 3");
  CHECK(spans[1].source == "RFC 9110 7.2");
  CHECK(spans[2].source == "WICG UA Client Hints 3");
  CHECK(spans[3].source == "RFC 9110 5");
  CHECK(find_field(head, "host") == "a");
  CHECK(find_field(head, "x-own") == "1");
  CHECK(find_field(head, "absent").empty());
}

TEST_CASE("a head that is cut anywhere is taken as far as it goes") {
  const std::string head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";
  for (std::size_t size = 0; size <= head.size(); ++size) {
    const Explanation explained = explain({{false, 0, 0, head.substr(0, size)}}, std::nullopt);
    std::size_t accounted = 0;
    for (const Block& block : explained.connection) accounted += size_of(block.spans);
    CHECK(accounted == size);
  }
}

TEST_CASE("an answer of the server that makes no sense is said to") {
  const auto error = [](int status, std::string_view body) {
    const auto json = read_json(explain_json(status, body, "sse", 3));
    return json["error"].get<std::string>();
  };
  CHECK(error(200, "no json").find("cannot be read") != std::string::npos);
  CHECK(error(200, R"({"connection":1,"parts":[{}]})").find("cannot be read") != std::string::npos);
  CHECK(error(404, R"({"error":"there is no channel x"})") ==
        "The server says: there is no channel x.");
  CHECK(error(200, R"({"connection":1,"parts":[]})").empty());
  CHECK(error(0, "Nobody answered.") == "Nobody answered.");
}

}  // namespace
}  // namespace playground::wire
