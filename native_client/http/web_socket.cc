#include "native_client/http/web_socket.h"

#include <algorithm>
#include <utility>

#include "core/field_text.h"
#include "core/http/message.h"
#include "native_client/http/request_head.h"
#include "native_client/net/tls.h"

namespace playground::native {
namespace {

using websocket::CloseCode;
using websocket::Opcode;
using Reading = http::ResponseReader::State;

constexpr auto kAbnormal = static_cast<std::uint16_t>(CloseCode::kAbnormalClosure);

// RFC 6455 1.3.
constexpr std::string_view kAcceptSuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

// 5.3: derived from a strong source of entropy.
websocket::MaskingKey masking_key() {
  websocket::MaskingKey key;
  const std::string bytes = random_bytes(key.size());
  std::copy(bytes.begin(), bytes.end(), key.begin());
  return key;
}

}  // namespace

WebSocket::WebSocket(Web& web, Url url, const std::vector<client::HeaderField>& fields,
                     std::vector<std::string> subprotocols, WebSocketEvents& events)
    : web_(web),
      url_(std::move(url)),
      fields_(fields),
      subprotocols_(std::move(subprotocols)),
      events_(events),
      key_(base64(random_bytes(16))),
      decoder_(websocket::Role::kClient, kMaxMessageBytes),
      deadline_(web.network.loop.schedule(), [this] {
        if (state_ == State::kConnecting) over(kAbnormal, "no answer to the handshake within 30 s");
        gone();
      }) {
  const Proxy* proxy = web_.network.settings.proxies.proxy_for(url_);
  SocketEvents& mine = *this;
  socket_ = std::make_unique<ClientSocket>(web_.network, url_, proxy, /*tunnel=*/true, mine);
}

void WebSocket::on_connected() {
  RequestHead head{"GET", url_, fields_, {}, nullptr};
  head.own = {{"Connection", "Upgrade"},
              {"Upgrade", "websocket"},
              {"Sec-WebSocket-Version", "13"},
              {"Sec-WebSocket-Key", key_}};
  if (!subprotocols_.empty()) {
    std::string all;
    for (const std::string& each : subprotocols_) all += (all.empty() ? "" : ", ") + each;
    head.own.push_back({"Sec-WebSocket-Protocol", all});
  }
  socket_->send(text_of(head, web_.network.settings));
  deadline_.set(web_.network.loop.now_us() + kAnswerTime);
}

void WebSocket::on_bytes(std::string_view bytes) {
  state_ == State::kConnecting ? take_handshake(bytes) : decode(bytes);
}

void WebSocket::take_handshake(std::string_view bytes) {
  std::string body;
  const std::size_t taken = answer_.feed(bytes, body);
  if (!answer_.has_head() && answer_.state() != Reading::kBroken) return;
  deadline_.cancel();
  if (const std::string wrong = wrong_with_answer(); !wrong.empty()) {
    over(kAbnormal, wrong);
    return gone();
  }
  state_ = State::kOpen;
  events_.on_open(answer_.fields());
  if (taken < bytes.size()) decode(bytes.substr(taken));
}

// RFC 6455 4.1.
std::string WebSocket::wrong_with_answer() const {
  if (!answer_.has_head()) {
    return "the answer is broken: " + std::string(to_text(answer_.error()));
  }
  const int status = answer_.status();
  if (status != 101) {
    return "it was refused with " + std::to_string(status) + " " +
           std::string(http::reason_phrase(status));
  }
  const std::string_view fields = answer_.fields();
  if (!equals_ignoring_case(find_field(fields, "Upgrade"), "websocket")) {
    return "the answer 101 does not say Upgrade: websocket";
  }
  if (!any_field(fields, "Connection", [](auto list) { return list_has(list, "Upgrade"); })) {
    return "the answer 101 does not say Connection: Upgrade";
  }
  if (find_field(fields, "Sec-WebSocket-Accept") !=
      base64(sha1(key_ + std::string(kAcceptSuffix)))) {
    return "the answer's Sec-WebSocket-Accept does not belong to our key";
  }
  if (!find_field(fields, "Sec-WebSocket-Extensions").empty()) {
    return "the answer takes an extension that was not offered";
  }
  const std::string_view chosen = find_field(fields, "Sec-WebSocket-Protocol");
  if (!chosen.empty() &&
      std::find(subprotocols_.begin(), subprotocols_.end(), chosen) == subprotocols_.end()) {
    return "the answer takes a subprotocol that was not offered";
  }
  return "";
}

void WebSocket::decode(std::string_view bytes) {
  const auto error = decoder_.feed(bytes, *this);
  if (error == websocket::DecodeError::kNone || state_ == State::kGone) return;
  std::string close;
  const std::string_view why = websocket::to_text(error);
  websocket::encode_close(websocket::close_code_for(error), why, close, masking_key());
  socket_->send(close);
  over(kAbnormal, "the server broke the protocol: " + std::string(why));
  gone();
}

void WebSocket::send(std::string_view text) {
  if (state_ == State::kOpen) send_frame(Opcode::kText, text);
}

void WebSocket::send_frame(Opcode opcode, std::string_view payload) {
  std::string frame;
  websocket::encode_frame(opcode, payload, frame, masking_key());
  socket_->send(frame);
}

void WebSocket::close() {
  told_ = true;
  if (state_ == State::kOpen) {
    // 5.5.1: without a code, as of a page that gives none.
    send_frame(Opcode::kClose, {});
    state_ = State::kClosing;
    deadline_.set(web_.network.loop.now_us() + kClosingTime);
  } else if (state_ == State::kConnecting) {
    socket_->close();
    deadline_.set(web_.network.loop.now_us());
  }
}

void WebSocket::on_message(Opcode opcode, std::string_view payload) {
  if (state_ == State::kOpen) events_.on_message(payload, opcode == Opcode::kBinary);
}

void WebSocket::on_ping(std::string_view payload) {
  if (state_ == State::kOpen) send_frame(Opcode::kPong, payload);
}

void WebSocket::on_close(std::uint16_t code, std::string_view reason) {
  if (state_ == State::kOpen) {
    socket_->send(websocket::answer_to_close(code, masking_key()));
    state_ = State::kClosing;
  }
  // 7.1.1: the server ends the connection.
  deadline_.set(web_.network.loop.now_us() + kClosingTime);
  over(code, reason);
}

void WebSocket::on_end(const SocketEnd& end) {
  const bool opened = state_ != State::kConnecting;
  over(kAbnormal, end.kind == SocketEnd::Kind::kNotOpened || end.kind == SocketEnd::Kind::kBroken
                      ? end.why
                      : "the connection was " + end.why +
                            (opened ? " without a Close frame" : " before an answer"));
  gone();
}

void WebSocket::over(std::uint16_t code, std::string_view reason) {
  if (!std::exchange(told_, true)) events_.on_close(code, reason);
}

void WebSocket::gone() {
  if (state_ == State::kGone) return;
  state_ = State::kGone;
  deadline_.cancel();
  socket_->close();
  events_.on_gone();
}

}  // namespace playground::native
