// A browser's WebSocket (RFC 6455 and WHATWG WebSockets): a connection of its own.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/random.h"
#include "core/simulation/socket.h"
#include "core/websocket/decoder.h"
#include "core/websocket/frame.h"

namespace playground::simulation {

class WebSocketEvents {
 public:
  // The handshake is over, well or badly: the next one may begin (RFC 6455 4.1, one at a time).
  virtual void on_handshake_over() = 0;
  virtual void on_open() = 0;
  virtual void on_message(std::string_view data, bool binary) = 0;
  // Nothing comes after this.
  virtual void on_close(std::uint16_t code, std::string_view reason) = 0;

 protected:
  ~WebSocketEvents() = default;
};

// Not to be destroyed in its own events, but a moment later.
class WebSocket final : private SocketEvents, private websocket::DecoderEvents {
 public:
  // How long an end waits for the other's after its Close frame.
  static constexpr Micros kClosingTime = 2'000'000;
  static constexpr std::size_t kMaxMessageBytes = 16 << 20;

  // `handshake` is the request's head. What it does not own outlives the WebSocket.
  WebSocket(Network& network, std::uint16_t port, std::string handshake, std::uint64_t seed,
            WebSocketEvents& events);
  WebSocket(const WebSocket&) = delete;
  WebSocket& operator=(const WebSocket&) = delete;

  void send(std::string_view text);
  // Begins the closing handshake (RFC 6455 7.1.2), or gives the connection up if it is not open.
  void close();
  bool closed() const { return state_ == State::kClosed; }

 private:
  enum class State : std::uint8_t { kConnecting, kOpen, kClosing, kClosed };

  void on_connected() override;
  void on_bytes(std::string_view bytes) override;
  void on_end(PipeEnd end) override;

  void on_message(websocket::Opcode opcode, std::string_view payload) override;
  void on_ping(std::string_view payload) override;
  void on_pong(std::string_view) override {}
  void on_close(std::uint16_t code, std::string_view reason) override;

  void handshake_over();
  void decode(std::string_view bytes);
  websocket::MaskingKey masking_key();
  void send_frame(websocket::Opcode opcode, std::string_view payload);
  void finish();

  Random random_;
  WebSocketEvents& events_;
  const std::string handshake_;
  State state_ = State::kConnecting;
  bool shaking_hands_ = true;
  std::string head_;
  websocket::Decoder decoder_{websocket::Role::kClient, kMaxMessageBytes};
  std::uint16_t code_;
  std::string reason_;
  server::Schedule& schedule_;
  std::unique_ptr<Socket> socket_;
  server::Alarm closing_;
};

}  // namespace playground::simulation
