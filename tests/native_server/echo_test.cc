// GET /echo: what a conformance suite for WebSocket servers talks to.
#include "core/server/echo.h"

#include <string>
#include <string_view>

#include <catch2/catch_test_macros.hpp>

#include "tests/native_server/support/running_server.h"
#include "tests/native_server/support/websocket_client.h"

namespace playground::server {
namespace {

using websocket::Opcode;
using Frame = WebSocketClient::Frame;

// A frame of a client, with whatever first byte.
std::string raw_frame(unsigned char first, std::string_view payload) {
  std::string out;
  websocket::encode_frame(Opcode::kText, payload, out, websocket::MaskingKey{1, 2, 3, 4});
  out[0] = static_cast<char>(first);
  return out;
}

TEST_CASE("every message comes back with its opcode and payload", "[RFC 6455 5.6]") {
  RunningServer server;
  WebSocketClient client(server.port(), "/echo");
  std::string binary(70'000, '\0');
  for (std::size_t i = 0; i < binary.size(); ++i) binary[i] = static_cast<char>(i * 7);
  for (const std::string& payload :
       {std::string(), std::string("h\xc3\xa9llo"), std::string(125, 'a'), std::string(126, 'b'),
        std::string(65535, 'c'), std::string(65536, 'd')}) {
    client.send(Opcode::kText, payload);
    CHECK(client.next() == Frame{Opcode::kText, payload});
  }
  client.send(Opcode::kBinary, binary);
  CHECK(client.next() == Frame{Opcode::kBinary, binary});
}

TEST_CASE("a message of 16 MiB comes back, and one byte more closes with 1009") {
  RunningServer server;
  std::string large(std::size_t{16} << 20, '\0');
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i >> 8);
  WebSocketClient client(server.port(), "/echo");
  client.send(Opcode::kBinary, large);
  CHECK(client.next() == Frame{Opcode::kBinary, large});
  std::string header;
  websocket::encode({true, Opcode::kBinary, large.size() + 1, websocket::MaskingKey{}}, header);
  client.connection().send(header);
  CHECK(client.next().close_code == 1009);
}

TEST_CASE("a fragmented message comes back whole, with a ping in its middle answered first",
          "[RFC 6455 5.4]") {
  RunningServer server;
  WebSocketClient client(server.port(), "/echo");
  client.connection().send(raw_frame(0x01, "h\xc3"));  // the character goes on in the next one
  client.connection().send(raw_frame(0x89, "now"));
  client.connection().send(raw_frame(0x00, "\xa9"));
  client.connection().send(raw_frame(0x80, "llo"));
  CHECK(client.next() == Frame{Opcode::kPong, "now"});
  CHECK(client.next() == Frame{Opcode::kText, "h\xc3\xa9llo"});
}

TEST_CASE("what breaks the protocol closes with its code, and the connection ends",
          "[RFC 6455 7.1.7]") {
  RunningServer server;
  const struct {
    const char* what;
    std::string bytes;
    int code;
  } rows[] = {
      {"a reserved bit", raw_frame(0xc1, "x"), 1002},
      {"an opcode that is not defined", raw_frame(0x83, "x"), 1002},
      {"a frame without a mask", "\x81\x01x", 1002},
      {"a length that is not the shortest", std::string("\x81\xfe\0\x01\1\2\3\4x", 9), 1002},
      {"a ping in fragments", raw_frame(0x09, "x"), 1002},
      {"a ping of 126 bytes", raw_frame(0x89, std::string(126, 'x')), 1002},
      {"a continuation of nothing", raw_frame(0x80, "x"), 1002},
      {"a message inside another", raw_frame(0x01, "x") + raw_frame(0x81, "y"), 1002},
      {"text that is not UTF-8", raw_frame(0x81, "\xed\xa0\x80"), 1007},
      {"a close code that must not be sent", raw_frame(0x88, "\x03\xee"), 1002},
      {"a Close frame of one byte", raw_frame(0x88, "\x03"), 1002},
      {"a close reason that is not UTF-8", raw_frame(0x88, "\x03\xe8\xff"), 1007},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    WebSocketClient client(server.port(), "/echo");
    client.connection().send(row.bytes);
    CHECK(client.next().close_code == row.code);
    CHECK(client.connection().at_end());
  }
}

TEST_CASE("text that cannot become UTF-8 any more is refused before its frame is whole") {
  RunningServer server;
  WebSocketClient client(server.port(), "/echo");
  client.connection().send(raw_frame(0x81, "ab\xff" + std::string(100, 'c')).substr(0, 20));
  CHECK(client.next().close_code == 1007);
}

TEST_CASE("a Close frame is answered with its code", "[RFC 6455 5.5.1]") {
  RunningServer server;
  for (const int code : {1000, 1001, 1014, 3000, 4999}) {
    WebSocketClient client(server.port(), "/echo");
    client.send_close(static_cast<std::uint16_t>(code));
    CHECK(client.next().close_code == code);
    CHECK(client.connection().at_end());
  }
}

TEST_CASE("only a handshake in order is upgraded", "[RFC 6455 4.2.1]") {
  RunningServer server;
  const Response plain = server.get("/echo");
  CHECK(plain.status == 426);
  CHECK(plain.header("upgrade") == "websocket");
  const Response old =
      server.get("/echo",
                 "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 8\r\n"
                 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
  CHECK(old.status == 426);
  CHECK(old.header("sec-websocket-version") == "13");
  const Response foreign =
      server.get("/echo", std::string(kHandshake) + "Origin: https://example.org\r\n");
  CHECK(foreign.status == 403);
}

TEST_CASE("the server's end closes an echo with 1001") {
  RunningServer server;
  WebSocketClient client(server.port(), "/echo");
  client.send_text("there");
  CHECK(client.next().payload == "there");
  server.begin_stop();
  CHECK(client.next().close_code == 1001);
}

}  // namespace
}  // namespace playground::server
