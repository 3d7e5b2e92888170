// What answers a probe over time: a stream or a WebSocket that writes at its moments, with a beat
// in between; a long poll that is held. The schedule is kept whatever the reader does: what it does
// not take waits in the connection.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/server/check/probe.h"
#include "core/server/check/probe_log.h"
#include "core/server/roster.h"
#include "core/server/schedule.h"
#include "core/server/session.h"
#include "core/server/wire_format.h"
#include "core/websocket/decoder.h"

namespace playground::server {

class ProbeSession : public Session, public Roster<ProbeSession>::Seat {
 public:
  // The schedule outlives it; it is in `all` while it lives.
  ProbeSession(Roster<ProbeSession>& all, Schedule& schedule, Probe probe,
               std::shared_ptr<SeenProbe> seen, std::string client);

  // Request::client of who asked for it.
  const std::string& client() const { return client_; }
  void on_peer_end(bool reset) override;

 protected:
  std::int64_t now_us() const { return schedule_.now_us(); }
  // The next thing to do is due.
  virtual void on_due() = 0;
  void wake_at(std::int64_t at_us) { alarm_.set(at_us); }
  // Sends the last bytes; nothing is sent afterwards.
  void finish(std::string_view last_bytes);
  void cut(bool reset);

  const Probe probe_;
  const std::shared_ptr<SeenProbe> seen_;
  Outlet* outlet_ = nullptr;  // null before it begins, and once it has said everything

 private:
  Schedule& schedule_;
  const std::string client_;
  Alarm alarm_;
};

// Its answer is `{"sent_us":…}` when it has been held for `hold_us`.
class HeldProbe final : public ProbeSession {
 public:
  using ProbeSession::ProbeSession;
  void begin(Outlet& outlet, std::string head) override;
  void end() override { answer(); }

 private:
  void on_due() override { answer(); }
  void answer();

  std::string head_;
};

// A write is `{"n":…,"sent_us":…}`, with `pad` where there is one: an event whose id is n, a line,
// or a text frame. What a WebSocket's client says is answered by `{"received":BYTES,"sent_us":…}`.
class ProbeStream final : public ProbeSession, private websocket::DecoderEvents {
 public:
  ProbeStream(Roster<ProbeSession>& all, Schedule& schedule, Probe probe,
              std::shared_ptr<SeenProbe> seen, std::string client, WireFormat format,
              std::size_t max_message_bytes);

  void begin(Outlet& outlet, std::string head) override;
  void end() override { finish(last_bytes()); }
  bool on_bytes(std::string_view bytes) override;
  void on_writable() override;

 private:
  // ProbeSession
  void on_due() override;

  // websocket::DecoderEvents
  void on_message(websocket::Opcode opcode, std::string_view payload) override;
  void on_ping(std::string_view payload) override;
  void on_pong(std::string_view payload) override;
  void on_close(std::uint16_t code, std::string_view reason) override;

  bool is_websocket() const { return format_ == WireFormat::kWebSocket; }
  std::string text(std::string_view what, std::uint64_t number, std::string_view pad) const;
  std::string framed(std::string_view text, std::string_view id = {}) const;
  std::string written(std::string_view pad);
  std::string beat() const;
  std::string last_bytes() const;
  void fill();
  void end_as_asked();

  const WireFormat format_;
  std::int64_t began_us_ = 0;
  std::int64_t last_us_ = 0;  // when something was last written
  std::size_t next_ = 0;      // of probe_.writes_us
  std::uint64_t number_ = 0;  // of the next write
  std::size_t filled_ = 0;    // bytes
  websocket::Decoder decoder_;
};

}  // namespace playground::server
