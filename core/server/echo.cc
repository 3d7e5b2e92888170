#include "core/server/echo.h"

#include "core/server/wire_format.h"
#include "core/websocket/frame.h"

namespace playground::server {

using websocket::DecodeError;
using websocket::Opcode;

constexpr std::string_view kMaxMessage = "--max-message";

Echo::Echo(Echoes& all, Metrics& metrics, std::size_t max_message_bytes)
    : all_(all), metrics_(metrics), decoder_(websocket::Role::kServer, max_message_bytes) {
  all_.insert(this);
}

Echo::~Echo() { all_.erase(this); }

void Echo::begin(Outlet& outlet, std::string head) {
  outlet_ = &outlet;
  outlet.push({head});
}

bool Echo::on_bytes(std::string_view bytes) {
  const DecodeError error = decoder_.feed(bytes, *this);
  if (error != DecodeError::kNone && outlet_) {
    if (error == DecodeError::kMessageTooBig) ++metrics_.refusals[kMaxMessage];
    finish(websocket::close_frame_for(error, kMaxMessage));
  }
  return true;
}

void Echo::end() { finish(end_of_stream(WireFormat::kWebSocket)); }

void Echo::on_message(Opcode opcode, std::string_view payload) { send(opcode, payload); }
void Echo::on_ping(std::string_view payload) { send(Opcode::kPong, payload); }

void Echo::on_close(std::uint16_t code, std::string_view) {
  finish(websocket::answer_to_close(code));
}

void Echo::send(Opcode opcode, std::string_view payload) {
  if (!outlet_) return;
  std::string frame;
  websocket::encode_frame(opcode, payload, frame);
  outlet_->push({frame});
}

void Echo::finish(std::string_view last_bytes) {
  if (!outlet_) return;
  outlet_->push({last_bytes});
  outlet_->finish();
  outlet_ = nullptr;
}

}  // namespace playground::server
