// What a conformance suite asks of a WebSocket server, a table for each part of RFC 6455: framing,
// pings, reserved bits, opcodes, fragments, UTF-8, closing, large messages. Every row is sent at
// once and byte by byte over a connection of its own. Long, because the tables are.
#include <cstdint>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "tests/native_server/support/running_server.h"
#include "tests/native_server/support/websocket_client.h"

namespace playground::server {
namespace {

using websocket::Opcode;
using Frame = WebSocketClient::Frame;
using Frames = std::vector<Frame>;

constexpr int kFin = 0x80;
constexpr int kContinuation = 0x0;
constexpr int kText = 0x1;
constexpr int kBinary = 0x2;
constexpr int kClose = 0x8;
constexpr int kPing = 0x9;
constexpr int kPong = 0xa;

// A client's frame with whatever first byte.
std::string frame(int first, std::string_view payload = {}) {
  std::string out;
  websocket::encode_frame(Opcode::kText, payload, out, websocket::MaskingKey{0x81, 0, 0xff, 0x5a});
  out[0] = static_cast<char>(first);
  return out;
}

std::string text(std::string_view payload) { return frame(kFin | kText, payload); }

std::string close_payload(int code, std::string_view reason = {}) {
  return std::string{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)}.append(reason);
}

std::string close_frame(int code, std::string_view reason = {}) {
  return frame(kFin | kClose, close_payload(code, reason));
}

struct Row {
  std::string what;
  std::string bytes;
  Frames answers;  // before the Close frame
  // The code of the server's Close frame. Without one the row's bytes leave the connection open: a
  // Close frame of ours comes behind them, and its own code back.
  std::optional<int> close_code;
};

void send_in_pieces(Client& client, std::string_view bytes, std::size_t piece) {
  const int on = 1;
  setsockopt(client.descriptor(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
    client.send(bytes.substr(0, piece));
  }
}

void check(const RunningServer& server, const Row& row) {
  constexpr int kOurs = 4321;
  for (const std::size_t piece : {std::string::npos, std::size_t{1}}) {
    CAPTURE(row.what, piece);
    WebSocketClient client(server.port(), "/echo");
    send_in_pieces(client.connection(), row.bytes, piece);
    if (!row.close_code) client.connection().send(close_frame(kOurs));
    Frames answers;
    Frame next = client.next();
    for (; next.opcode != Opcode::kClose; next = client.next()) answers.push_back(next);
    CHECK(answers == row.answers);
    CHECK(next.close_code == row.close_code.value_or(kOurs));
    CHECK(client.connection().at_end());  // it is the server that ends the connection (7.1.1)
  }
}

void check(const std::vector<Row>& rows) {
  RunningServer server;
  for (const Row& row : rows) check(server, row);
}

TEST_CASE("messages of every length of header come back", "[RFC 6455 5.2]") {
  std::vector<Row> rows;
  for (const std::size_t size : {0u, 1u, 125u, 126u, 127u, 128u}) {
    const std::string payload(size, '*');
    rows.push_back(
        {std::to_string(size) + " bytes of text", text(payload), {{Opcode::kText, payload}}, {}});
    const std::string bytes(size, '\xfe');
    rows.push_back({std::to_string(size) + " bytes",
                    frame(kFin | kBinary, bytes),
                    {{Opcode::kBinary, bytes}},
                    {}});
  }
  check(rows);
}

TEST_CASE("a ping is answered with its payload, and a pong with nothing", "[RFC 6455 5.5.2]") {
  std::string ten;
  Frames ten_pongs;
  for (int i = 0; i < 10; ++i) {
    const std::string payload = "payload-" + std::to_string(i);
    ten += frame(kFin | kPing, payload);
    ten_pongs.push_back({Opcode::kPong, payload});
  }
  const std::string longest(125, '\xfe');
  const std::string raw("\0\xff\xfe\xfd\xfc\xfb\0\xff", 8);
  check({
      {"an empty ping", frame(kFin | kPing), {{Opcode::kPong, ""}}, {}},
      {"a ping", frame(kFin | kPing, "Hello"), {{Opcode::kPong, "Hello"}}, {}},
      {"a ping of bytes", frame(kFin | kPing, raw), {{Opcode::kPong, raw}}, {}},
      {"the longest ping", frame(kFin | kPing, longest), {{Opcode::kPong, longest}}, {}},
      {"a ping too long", frame(kFin | kPing, longest + "x"), {}, 1002},
      {"ten pings", ten, ten_pongs, {}},
      {"an empty pong", frame(kFin | kPong), {}, {}},
      {"a pong of its own", frame(kFin | kPong, "unasked"), {}, {}},
      {"a pong too long", frame(kFin | kPong, longest + "x"), {}, 1002},
      {"a pong, then a ping",
       frame(kFin | kPong, "a") + frame(kFin | kPing, "b"),
       {{Opcode::kPong, "b"}},
       {}},
  });
}

TEST_CASE("a reserved bit fails the connection, behind what came before it", "[RFC 6455 5.2]") {
  std::vector<Row> rows;
  for (int bits = 1; bits <= 7; ++bits) {
    const int reserved = bits << 4;
    const std::string name = "reserved bits " + std::to_string(bits);
    for (const int opcode : {kText, kBinary, kClose, kPing, kPong}) {
      rows.push_back({name + " on opcode " + std::to_string(opcode),
                      frame(kFin | reserved | opcode, "xy"),
                      {},
                      1002});
    }
    rows.push_back({name + " after a message",
                    text("first") + frame(kFin | reserved | kText, "second") + frame(kFin | kPing),
                    {{Opcode::kText, "first"}},
                    1002});
    rows.push_back({name + " in a message",
                    frame(kText, "a") + frame(kFin | reserved | kContinuation, "b"),
                    {},
                    1002});
  }
  check(rows);
}

TEST_CASE("an opcode that is not defined fails the connection", "[RFC 6455 5.2]") {
  std::vector<Row> rows;
  for (const int opcode : {0x3, 0x4, 0x5, 0x6, 0x7, 0xb, 0xc, 0xd, 0xe, 0xf}) {
    const std::string name = "opcode " + std::to_string(opcode);
    rows.push_back({name, frame(kFin | opcode), {}, 1002});
    rows.push_back({name + " with a payload", frame(kFin | opcode, "payload"), {}, 1002});
    rows.push_back({name + " between messages",
                    text("first") + frame(kFin | opcode) + frame(kFin | kPing),
                    {{Opcode::kText, "first"}},
                    1002});
  }
  check(rows);
}

TEST_CASE("a message in fragments is one, and what is no fragment of it fails", "[RFC 6455 5.4]") {
  const std::string more = frame(kContinuation, "more");
  const std::string last = frame(kFin | kContinuation, "last");
  const std::string ping = frame(kFin | kPing, "ping");
  const Frame pong{Opcode::kPong, "ping"};
  check({
      {"two fragments", frame(kText, "first") + last, {{Opcode::kText, "firstlast"}}, {}},
      {"of bytes", frame(kBinary, "\xff") + last, {{Opcode::kBinary, "\xfflast"}}, {}},
      {"a ping in a fragmented message",
       frame(kText, "first") + ping + last,
       {pong, {Opcode::kText, "firstlast"}},
       {}},
      {"a pong in a fragmented message",
       frame(kText, "first") + frame(kFin | kPong, "x") + last,
       {{Opcode::kText, "firstlast"}},
       {}},
      {"five fragments, two pings",
       frame(kText, "first") + more + ping + more + more + ping + last,
       {pong, pong, {Opcode::kText, "firstmoremoremorelast"}},
       {}},
      {"a message after it",
       frame(kText, "first") + last + text("next"),
       {{Opcode::kText, "firstlast"}, {Opcode::kText, "next"}},
       {}},
      {"a ping in fragments", frame(kPing, "a") + frame(kFin | kContinuation, "b"), {}, 1002},
      {"a pong in fragments", frame(kPong, "a") + frame(kFin | kContinuation, "b"), {}, 1002},
      {"a Close frame in fragments", frame(kClose, "\x03"), {}, 1002},
      {"the end of nothing", last + text("x"), {}, 1002},
      {"a fragment of nothing", more + text("x"), {}, 1002},
      {"a fragment after a message is over",
       frame(kText, "first") + last + more,
       {{Opcode::kText, "firstlast"}},
       1002},
      {"the end of a message that is over", text("first") + last, {{Opcode::kText, "first"}}, 1002},
      {"a message in a message", frame(kText, "first") + text("x"), {}, 1002},
      {"a fragmented message in one", frame(kText, "first") + frame(kText, "x") + last, {}, 1002},
      {"bytes in a text", frame(kText, "first") + frame(kFin | kBinary, "x"), {}, 1002},
  });
}

TEST_CASE("a length not in its shortest form or over 63 bits, and a frame without a mask, fail",
          "[RFC 6455 5.1]") {
  using namespace std::string_literals;
  check({
      {"0 in 16 bits", "\x81\xfe\x00\x00\x01\x02\x03\x04"s, {}, 1002},
      {"125 in 16 bits", "\x82\xfe\x00\x7d\x01\x02\x03\x04"s, {}, 1002},
      {"126 in 64 bits", "\x81\xff\x00\x00\x00\x00\x00\x00\x00\x7e\x01\x02\x03\x04"s, {}, 1002},
      {"65535 in 64 bits", "\x81\xff\x00\x00\x00\x00\x00\x00\xff\xff\x01\x02\x03\x04"s, {}, 1002},
      {"64 bits", "\x82\xff\x80\x00\x00\x00\x00\x00\x00\x00\x01\x02\x03\x04"s, {}, 1002},
      {"63 bits", "\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff\x01\x02\x03\x04"s, {}, 1009},
      {"no mask", "\x81\x05Hello"s, {}, 1002},
      {"no mask on a ping", "\x89\x00"s, {}, 1002},
      {"no mask on a Close frame", "\x88\x02\x03\xe8"s, {}, 1002},
  });
}

TEST_CASE("text is UTF-8 however it is fragmented, or fails with 1007", "[RFC 6455 8.1]") {
  const std::string_view greek = "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5";
  std::vector<Row> rows = {
      {"no payload at all", text(""), {{Opcode::kText, ""}}, {}},
      {"three empty fragments",
       frame(kText) + frame(kContinuation) + frame(kFin | kContinuation),
       {{Opcode::kText, ""}},
       {}},
      {"something between empty fragments",
       frame(kText) + frame(kContinuation, "x") + frame(kFin | kContinuation),
       {{Opcode::kText, "x"}},
       {}},
      {"a character that the last fragment leaves open",
       frame(kText, "a\xe1") + frame(kFin | kContinuation, "\xbd"),
       {},
       1007},
      {"bytes need not be UTF-8",
       frame(kFin | kBinary, "\xff\xc0"),
       {{Opcode::kBinary, "\xff\xc0"}},
       {}},
      {"nor need a ping", frame(kFin | kPing, "\xff\xc0"), {{Opcode::kPong, "\xff\xc0"}}, {}},
  };
  // A fragment a byte, and every beginning of the text.
  std::string bytes;
  for (std::size_t i = 0; i < greek.size(); ++i) {
    bytes += frame(i == 0 ? kText : kContinuation, greek.substr(i, 1));
    const bool whole =
        (static_cast<unsigned char>(greek[std::min(i + 1, greek.size() - 1)]) & 0xc0) != 0x80 ||
        i + 1 == greek.size();
    const std::string beginning(greek.substr(0, i + 1));
    Frames echoed;
    if (whole) echoed.push_back({Opcode::kText, beginning});
    const std::optional<int> code = whole ? std::nullopt : std::optional(1007);
    rows.push_back({"beginning of " + std::to_string(i + 1), text(beginning), echoed, code});
    rows.push_back({"the same in bytes", bytes + frame(kFin | kContinuation), echoed, code});
  }
  // The borders of RFC 3629 from both sides; utf8_test.cc has all of them.
  for (const char* good :
       {"\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
        "\xef\xbf\xbd", "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    rows.push_back({good, text(good), {{Opcode::kText, good}}, {}});
  }
  for (const char* bad : {"\x80",
                          "\xbf",
                          "\x80\xbf\x80",
                          "\xc0\x80",
                          "\xc1\xbf",
                          "\xc0 ",
                          "\xe0\x80\xaf",
                          "\xe0\x9f\xbf",
                          "\xed\xa0\x80",
                          "\xed\xbf\xbf",
                          "\xed\xa0\x80\xed\xb0\x80",
                          "\xf0\x80\x80\x80",
                          "\xf0\x8f\xbf\xbf",
                          "\xf4\x90\x80\x80",
                          "\xf5\x80\x80\x80",
                          "\xf8\x88\x80\x80\x80",
                          "\xfc\x84\x80\x80\x80\x80",
                          "\xfe",
                          "\xff",
                          "\xdf",
                          "\xef\xbf",
                          "\xf7\xbf\xbf"}) {
    rows.push_back({bad, text(bad), {}, 1007});
    rows.push_back({bad, frame(kText, "ok ") + frame(kFin | kContinuation, bad), {}, 1007});
  }
  check(rows);
}

TEST_CASE("text that can become UTF-8 no more fails before the rest of it comes",
          "[RFC 6455 8.1]") {
  RunningServer server;
  const std::string good = "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5";
  const std::string bad = "\xf4\x90";  // over U+10FFFF, as its second byte shows
  const std::string rest =
      "\x80\x80"
      "edited";
  for (const std::string& bytes : {
           frame(kText, good) + frame(kContinuation, bad + rest),
           frame(kText, good) + frame(kContinuation, bad),
           text(good + bad + rest).substr(0, 6 + good.size() + bad.size()),
       }) {
    WebSocketClient client(server.port(), "/echo");
    send_in_pieces(client.connection(), bytes, 1);
    CHECK(client.next().close_code == 1007);
  }
}

TEST_CASE("a Close frame is answered with its code, and nothing behind it is heard",
          "[RFC 6455 5.5.1]") {
  const std::string longest(123, 'r');
  std::vector<Row> rows = {
      {"a message behind it", close_frame(1000) + text("late"), {}, 1000},
      {"a ping behind it", close_frame(1000) + frame(kFin | kPing, "late"), {}, 1000},
      {"another behind it", close_frame(1000) + close_frame(1001), {}, 1000},
      {"what fails behind it", close_frame(1000) + frame(0xff, "x"), {}, 1000},
      {"one in a message",
       frame(kText, "begun") + close_frame(1000) + frame(kFin | kContinuation, "late"),
       {},
       1000},
      {"messages before it",
       text("one") + text("two") + close_frame(1000),
       {{Opcode::kText, "one"}, {Opcode::kText, "two"}},
       1000},
      {"none of its own", frame(kFin | kClose), {}, 1005},
      {"a payload of one byte", frame(kFin | kClose, "a"), {}, 1002},
      {"a reason", close_frame(1000, "Hello"), {}, 1000},
      {"the longest reason", close_frame(1000, longest), {}, 1000},
      {"a reason too long", close_frame(1000, longest + "x"), {}, 1002},
      {"a reason that is not UTF-8",
       close_frame(1000, "\xce\xba\xe1\xbd\xb9\xed\xa0\x80"),
       {},
       1007},
      {"a reason that ends in a character", close_frame(1000, "\xce"), {}, 1007},
  };
  for (const int code : {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014,
                         3000, 3999, 4000, 4999}) {
    rows.push_back({std::to_string(code), close_frame(code), {}, code});
  }
  for (const int code : {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535}) {
    rows.push_back({std::to_string(code), close_frame(code), {}, 1002});
  }
  check(rows);
}

// `payload` as one message in fragments of `size`.
std::string fragmented(int opcode, std::string_view payload, std::size_t size) {
  std::string out;
  for (bool first = true; first || !payload.empty(); first = false) {
    const std::string_view part = payload.substr(0, size);
    payload.remove_prefix(part.size());
    out += frame((payload.empty() ? kFin : 0) | (first ? opcode : kContinuation), part);
  }
  return out;
}

std::string large(std::size_t size) {
  std::string payload(size, '\0');
  for (std::size_t i = 0; i < size; ++i) payload[i] = static_cast<char>(' ' + (i ^ i >> 9) % 95);
  return payload;
}

// The payloads are compared outside of CHECK: nobody wants to read them.
TEST_CASE("large messages come back, whole and in fragments of any size", "[limits]") {
  RunningServer server;
  constexpr std::size_t kKiB = 1024;
  for (const int opcode : {kText, kBinary}) {
    for (const std::size_t size :
         {64 * kKiB, 256 * kKiB, 1024 * kKiB, 4096 * kKiB, 8192 * kKiB, 16384 * kKiB}) {
      CAPTURE(opcode, size);
      const std::string payload = large(size);
      WebSocketClient client(server.port(), "/echo");
      client.connection().send(frame(kFin | opcode, payload));
      const bool same = client.next() == Frame{static_cast<Opcode>(opcode), payload};
      CHECK(same);
    }
    const std::string payload = large(16384 * kKiB);
    for (const std::size_t fragment : {std::size_t{64}, std::size_t{256}, kKiB, 4 * kKiB, 16 * kKiB,
                                       64 * kKiB, 256 * kKiB, 1024 * kKiB}) {
      CAPTURE(opcode, fragment);
      WebSocketClient client(server.port(), "/echo");
      client.connection().send(fragmented(opcode, payload, fragment));
      const bool same = client.next() == Frame{static_cast<Opcode>(opcode), payload};
      CHECK(same);
    }
  }
}

TEST_CASE("a message of 1 MiB in segments of any size comes back", "[limits]") {
  RunningServer server;
  const std::string payload = large(std::size_t{1} << 20);
  for (const int opcode : {kText, kBinary}) {
    for (const std::size_t piece : {64u, 128u, 256u, 512u, 1024u, 2048u}) {
      CAPTURE(opcode, piece);
      WebSocketClient client(server.port(), "/echo");
      send_in_pieces(client.connection(), frame(kFin | opcode, payload), piece);
      const bool same = client.next() == Frame{static_cast<Opcode>(opcode), payload};
      CHECK(same);
    }
  }
}

TEST_CASE("a thousand messages go to and fro, one after the other", "[limits]") {
  RunningServer server;
  for (const std::size_t size : {0u, 16u, 64u, 256u, 1024u, 4096u, 16384u, 32768u}) {
    CAPTURE(size);
    const std::string payload = large(size);
    WebSocketClient client(server.port(), "/echo");
    for (int i = 0; i < 1000; ++i) {
      const bool same = (client.send_text(payload), client.next().payload == payload);
      REQUIRE(same);
    }
  }
}

TEST_CASE("messages sent ahead of their answers come back in order", "[limits]") {
  RunningServer server;
  WebSocketClient client(server.port(), "/echo");
  std::string all;
  for (int i = 0; i < 5000; ++i) all += text(std::to_string(i));
  client.connection().send(all);
  for (int i = 0; i < 5000; ++i) REQUIRE(client.next() == Frame{Opcode::kText, std::to_string(i)});
}

}  // namespace
}  // namespace playground::server
