// A client's end of a WebSocket (RFC 6455). It offers no extension.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/client/host.h"
#include "core/http/response_reader.h"
#include "core/websocket/decoder.h"
#include "native_client/http/exchange.h"

namespace playground::native {

class WebSocketEvents {
 public:
  // `fields`: those of the answer that switched protocols.
  virtual void on_open(std::string_view fields) = 0;
  virtual void on_message(std::string_view data, bool binary) = 0;
  // Over, but perhaps for the goodbye. 1006 where it could not be opened, or broke (7.1.5): then
  // `reason` is ours, a sentence. Where an answer has refused it, that is WebSocket::refusal().
  virtual void on_close(std::uint16_t code, std::string_view reason) = 0;
  // The connection is gone after on_close() or close().
  virtual void on_gone() = 0;

 protected:
  ~WebSocketEvents() = default;
};

class WebSocket final : private SocketEvents, private websocket::DecoderEvents {
 public:
  static constexpr std::size_t kMaxMessageBytes = 64 << 20;
  // How long the peer has to answer a Close frame, or to end the connection after both (7.1.1).
  static constexpr client::Micros kClosingTime = 2 * client::kSecond;
  // For the answer to the handshake, once it has been sent.
  static constexpr client::Micros kAnswerTime = 30 * client::kSecond;

  // `url` is one of ws: or wss:. `events` is called later, never from inside a method. To destroy
  // it from inside an event, use EventLoop::retire.
  WebSocket(Web& web, Url url, const std::vector<client::HeaderField>& fields,
            std::vector<std::string> subprotocols, WebSocketEvents& events);
  ~WebSocket() = default;
  WebSocket(const WebSocket&) = delete;
  WebSocket& operator=(const WebSocket&) = delete;

  // The answer that has refused it, whole lines; 0 where none has.
  struct Refusal {
    int status = 0;
    std::string_view fields = {};
  };
  Refusal refusal() const {
    const bool refused = answer_.has_head() && answer_.status() != 101;
    return refused ? Refusal{answer_.status(), answer_.fields()} : Refusal{};
  }

  void send(std::string_view text);
  // Begins the closing handshake, or gives up a connection that is not open. Only on_gone() comes
  // after it.
  void close();

 private:
  enum class State : std::uint8_t { kConnecting, kOpen, kClosing, kGone };

  void send_frame(websocket::Opcode opcode, std::string_view payload);
  void decode(std::string_view bytes);
  void take_handshake(std::string_view bytes);
  // What is wrong with the answer; empty where nothing is.
  std::string wrong_with_answer() const;
  // Tells on_close, once.
  void over(std::uint16_t code, std::string_view reason);
  void gone();

  // SocketEvents
  void on_connected() override;
  void on_bytes(std::string_view bytes) override;
  void on_end(const SocketEnd& end) override;

  // websocket::DecoderEvents
  void on_message(websocket::Opcode opcode, std::string_view payload) override;
  void on_ping(std::string_view payload) override;
  void on_close(std::uint16_t code, std::string_view reason) override;

  Web& web_;
  const Url url_;
  const std::vector<client::HeaderField> fields_;
  const std::vector<std::string> subprotocols_;
  WebSocketEvents& events_;
  const std::string key_;
  State state_ = State::kConnecting;
  bool told_ = false;  // of the end
  http::ResponseReader answer_;
  websocket::Decoder decoder_;
  std::unique_ptr<ClientSocket> socket_;
  server::Alarm deadline_;
};

}  // namespace playground::native
