// The implementations behind make_transport.
#pragma once

#include <string>
#include <string_view>

#include "core/client/transport.h"
#include "core/event_stream/parser.h"
#include "core/ndjson/line_parser.h"

namespace playground::client {

// What all of them need.
class BasicTransport : public Transport {
 public:
  void stop() override;

 protected:
  BasicTransport(const Target& target, Wiring& wiring, TransportEvents& events)
      : target_(target), wiring_(wiring), events_(events) {}

  // `base` + "/" + `path` + "?after=N&lane=L"
  std::string url(std::string_view base, std::string_view path, std::uint64_t after) const;
  // Opens the transport's one connection; what comes of it goes to on_host_event.
  void open(const Request& request, Micros now);
  virtual void on_host_event(const HostEvent& event, Micros now) = 0;

  // Hands the text of a record on. False where it is none: the attempt has ended then.
  bool take_record(std::string_view json, Micros now);
  // Closes the connection and tells the lane.
  void end(End end, Micros now);
  bool ended() const { return ended_; }

  const Target target_;
  Wiring& wiring_;
  TransportEvents& events_;
  Connection connection_;

 private:
  bool ended_ = false;
};

// Short and long polling: requests one after another, each after the last message.
class PollTransport final : public BasicTransport {
 public:
  enum class Kind { kShort, kLong };
  PollTransport(Kind kind, const Target& target, Wiring& wiring, TransportEvents& events)
      : BasicTransport(target, wiring, events), kind_(kind) {}
  void start(std::uint64_t after, Micros now) override;
  void stop() override;

 private:
  void ask(Micros now);
  void on_host_event(const HostEvent& event, Micros now) override;
  void take_answer(const Answered& answer, Micros now);

  const Kind kind_;
  std::uint64_t after_ = 0;
  // The first long poll is not held: its answer shows that the way is open.
  bool first_ = true;
  Micros asked_at_ = 0;
  Timer timer_;
};

// SSE through the browser's EventSource.
class EventSourceTransport final : public BasicTransport {
 public:
  EventSourceTransport(bool reconnects_itself, const Target& target, Wiring& wiring,
                       TransportEvents& events)
      : BasicTransport(target, wiring, events), reconnects_itself_(reconnects_itself) {}
  void start(std::uint64_t after, Micros now) override;

 private:
  void on_host_event(const HostEvent& event, Micros now) override;

  const bool reconnects_itself_;
};

// A response without an end, its body read piece by piece through fetch.
class StreamTransport : public BasicTransport {
 public:
  void start(std::uint64_t after, Micros now) override;

 protected:
  // `path`: what of the channel is asked for.
  StreamTransport(std::string_view path, const Target& target, Wiring& wiring,
                  TransportEvents& events)
      : BasicTransport(target, wiring, events), path_(path) {}

 private:
  void on_host_event(const HostEvent& event, Micros now) override;
  // False where the bytes break a limit of the format.
  virtual bool take_bytes(std::string_view bytes, Micros now) = 0;

  const std::string_view path_;
};

// SSE read by our own parser.
class FetchEventStreamTransport final : public StreamTransport, private event_stream::ParserEvents {
 public:
  FetchEventStreamTransport(const Target& target, Wiring& wiring, TransportEvents& events)
      : StreamTransport(info(TransportId::kSseFetch).path(), target, wiring, events) {}

 private:
  bool take_bytes(std::string_view bytes, Micros now) override;
  void on_event(const event_stream::Event& event) override;
  void on_retry(std::uint64_t milliseconds) override;

  event_stream::Parser parser_;
  Micros now_ = 0;  // of the chunk being parsed
};

// Newline-delimited JSON.
class NdjsonTransport final : public StreamTransport {
 public:
  NdjsonTransport(const Target& target, Wiring& wiring, TransportEvents& events)
      : StreamTransport(info(TransportId::kNdjson).path(), target, wiring, events) {}

 private:
  bool take_bytes(std::string_view bytes, Micros now) override;

  ndjson::LineParser lines_;
};

class WebSocketTransport final : public BasicTransport {
 public:
  WebSocketTransport(const Target& target, Wiring& wiring, TransportEvents& events)
      : BasicTransport(target, wiring, events) {}
  void start(std::uint64_t after, Micros now) override;
  void send(std::string_view text) override { connection_.send(text); }

 private:
  void on_host_event(const HostEvent& event, Micros now) override;
};

}  // namespace playground::client
