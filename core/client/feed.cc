#include "core/client/feed.h"

#include <algorithm>

#include "core/client/answerer.h"
#include "core/client/codec.h"
#include "core/event_stream/parser.h"
#include "core/field_text.h"
#include "core/json_text.h"
#include "core/lines/line_parser.h"
#include "core/websocket/format.h"

namespace playground::client {
namespace {

// However long a stream asks to be waited for, this is the longest pause.
constexpr Micros kLongestReconnectionTime = 3600 * kSecond;

End protocol_end(std::string detail) { return {EndCause::kProtocol, 0, std::move(detail)}; }

// A transport: what all of them need.
class Transport : public Feed {
 public:
  Transport(const FeedSpec& spec, const Cursor& cursor, Dispatcher& dispatcher, FeedEvents& events)
      : Feed(cursor),
        spec_(spec),
        codec_(codec(spec.codec)),
        dispatcher_(dispatcher),
        events_(events) {}
  void start(Micros now) override { open(now); }
  void stop() override {
    ended_ = true;
    connection_.close();
  }
  bool waits() const override { return connection_.waits(); }
  std::optional<Micros> waited_until() const override { return connection_.waited_until(); }

 protected:
  virtual ConnectionKind kind() const = 0;
  // Whatever it is but Failed.
  virtual void on_host_event(const HostEvent& event, Micros now) = 0;

  void open(Micros now) {
    Request request = codec_.request(spec_, cursor_, std::exchange(first_, false));
    request.kind = kind();
    request.reconnects_itself = info(spec_.transport).reconnects_itself;
    connection_ = Connection(dispatcher_, request, [this](const HostEvent& event, Micros at) {
      if (const auto* failed = std::get_if<Failed>(&event)) {
        return end({EndCause::kNetwork, 0, std::string(failed->reason)}, at);
      }
      on_host_event(event, at);
    });
    saw({Seen::What::kAsked, 0, cursor_.last_event_id}, now);
    events_.on_request(now);
  }
  void saw(const Seen& seen, Micros now) { events_.on_seen(seen, now); }
  void saw_bytes(std::size_t count, Micros now) {
    saw({Seen::What::kBytes, count}, now);
    events_.on_bytes(now);
  }
  // Hands on what is in a piece; ends the attempt if the codec does not know what it is.
  void take(const Item& piece, Micros now) {
    if (const auto error = codec_.read(spec_.endpoint, piece, events_, now))
      end(protocol_end(error->message), now);
  }
  // Adds who has answered in the playground server's place. What is plain may come from anybody.
  void name_answerer(End& end, std::string_view fields, std::string_view before) const {
    if (!codec_.has_greeting() || is_playground(fields)) return;
    end.answered_by = answered_by(fields);
    end.detail.append(before).append(end.answered_by);
  }
  // An answer with another status than 200.
  void end_refused(int status, std::string_view fields, Micros now) {
    End refused{EndCause::kStatus, status, "status "};
    append_number(status, refused.detail);
    name_answerer(refused, fields, " from ");
    refused.retry_after = retry_after(fields, dispatcher_.host().epoch_offset() + now);
    end(std::move(refused), now);
  }
  // An answer of another media type (RFC 9110 8.3) than the transport's: a page in place of a
  // stream. False where it is the one that is wanted.
  bool end_of_another_type(std::string_view fields, Micros now) {
    const std::string_view wanted = info(spec_.transport).served_as().content_type;
    const std::string_view type = find_field(fields, "Content-Type");
    const std::string_view essence = trimmed(type.substr(0, type.find(';')));
    if (!wants_type() || equals_ignoring_case(essence, wanted)) return false;
    End other{EndCause::kProtocol, 0, essence.empty() ? "no media type" : std::string(essence)};
    other.detail.append(" in place of ").append(wanted);
    name_answerer(other, fields, ", from ");
    end(std::move(other), now);
    return true;
  }
  // Whether what is followed has to be of the transport's media type: of ours, all.
  virtual bool wants_type() const { return codec_.has_greeting(); }
  // Closes the connection and tells whoever follows the feed.
  void end(End end, Micros now) {
    if (std::exchange(ended_, true)) return;
    connection_.close();
    saw({Seen::What::kEnded, static_cast<std::uint64_t>(end.status), end.detail}, now);
    events_.on_end(end, now);
  }
  bool ended() const { return ended_; }

  const FeedSpec spec_;
  const Codec& codec_;
  Dispatcher& dispatcher_;
  FeedEvents& events_;
  Connection connection_;

 private:
  bool first_ = true;
  bool ended_ = false;
};

// Short and long polling: requests one after another, each after the last message.
class Polling final : public Transport {
 public:
  using Transport::Transport;
  void stop() override {
    timer_.cancel();
    Transport::stop();
  }

 private:
  ConnectionKind kind() const override { return ConnectionKind::kRequest; }
  void start(Micros now) override {
    asked_at_ = now;
    open(now);
  }
  void on_host_event(const HostEvent& event, Micros now) override {
    if (const auto* answered = std::get_if<Answered>(&event)) take_answer(*answered, now);
  }
  void take_answer(const Answered& answer, Micros now) {
    saw({Seen::What::kHead, static_cast<std::uint64_t>(answer.status), answer.fields}, now);
    if (answer.status != 200) return end_refused(answer.status, answer.fields, now);
    if (end_of_another_type(answer.fields, now)) return;
    events_.on_open(now);
    saw_bytes(answer.body.size(), now);
    if (const auto error = codec_.read_answer(spec_.endpoint, answer.body, cursor_, events_, now)) {
      return end(protocol_end(error->message), now);
    }
    events_.on_answer(now);
    if (ended()) return;
    // Short polls keep to their interval, whatever an answer took.
    const bool holds = info(spec_.transport).holds();
    const Micros next = holds ? now : asked_at_ + spec_.endpoint.short_poll_interval;
    if (next <= now) return start(now);
    timer_ = Timer(dispatcher_, next - now, [this](Micros at) { start(at); });
  }

  Micros asked_at_ = 0;
  Timer timer_;
};

// SSE through the browser's EventSource.
class EventSource final : public Transport {
 public:
  using Transport::Transport;

 private:
  ConnectionKind kind() const override { return ConnectionKind::kEventSource; }
  void on_host_event(const HostEvent& event, Micros now) override {
    if (std::holds_alternative<Opened>(event)) {
      saw({Seen::What::kHead}, now);
      events_.on_open(now);
    } else if (const auto* each = std::get_if<ServerEvent>(&event)) {
      saw_bytes(each->data.size(), now);
      cursor_.last_event_id = each->last_event_id;
      take({each->data, each->name, each->last_event_id}, now);
    } else if (std::holds_alternative<Interrupted>(event)) {
      saw({Seen::What::kEnded, 0, "network error"}, now);
      events_.on_interrupted(now);
      saw({Seen::What::kAsked, 0, cursor_.last_event_id}, now);
    }
  }
};

// A response that never ends, its body read piece by piece through fetch.
class Stream : public Transport {
 public:
  using Transport::Transport;

 protected:
  // False where the bytes break a limit of the format.
  virtual bool take_bytes(std::string_view bytes, Micros now) = 0;
  // The body has ended cleanly.
  virtual void take_end(Micros) {}

 private:
  ConnectionKind kind() const override { return ConnectionKind::kStream; }
  void on_host_event(const HostEvent& event, Micros now) override {
    if (const auto* opened = std::get_if<Opened>(&event)) {
      saw({Seen::What::kHead, static_cast<std::uint64_t>(opened->status), opened->fields}, now);
      if (opened->status != 200) return end_refused(opened->status, opened->fields, now);
      if (end_of_another_type(opened->fields, now)) return;
      events_.on_open(now);
    } else if (const auto* chunk = std::get_if<Chunk>(&event)) {
      saw_bytes(chunk->bytes.size(), now);
      if (!take_bytes(chunk->bytes, now)) end(protocol_end("a record is too large"), now);
    } else if (std::holds_alternative<Closed>(event)) {
      take_end(now);
      end({EndCause::kClosedByServer, 0, "end of the response"}, now);
    }
  }
};

// SSE read by our own parser.
class EventStream final : public Stream, private event_stream::ParserEvents {
 public:
  EventStream(const FeedSpec& spec, const Cursor& cursor, Dispatcher& dispatcher,
              FeedEvents& events)
      : Stream(spec, cursor, dispatcher, events), parser_(cursor.last_event_id) {}

 private:
  bool take_bytes(std::string_view bytes, Micros now) override {
    now_ = now;
    const auto status = parser_.feed(bytes, *this);
    // An id counts from its blank line on, with or without an event (9.2.6).
    if (parser_.last_event_id() != cursor_.last_event_id) {
      cursor_.last_event_id = parser_.last_event_id();
    }
    return status == event_stream::ParseStatus::kOk;
  }
  bool wants_type() const override { return true; }  // WHATWG HTML 9.2.2
  void on_event(const event_stream::Event& event) override {
    if (!ended()) take({event.data, event.type, event.last_event_id}, now_);
  }
  void on_retry(std::uint64_t milliseconds) override {
    const auto most = static_cast<std::uint64_t>(kLongestReconnectionTime / kMillisecond);
    const auto asked = static_cast<Micros>(std::min(milliseconds, most)) * kMillisecond;
    if (ended()) return;
    saw({Seen::What::kRetry, milliseconds}, now_);
    events_.on_retry(asked, now_);
  }
  void on_comment(std::string_view text) override {
    if (!ended()) saw({Seen::What::kComment, 0, text}, now_);
  }

  event_stream::Parser parser_;
  Micros now_ = 0;  // of the chunk being parsed
};

// One text per line: newline-delimited JSON, where the codec wants that.
class Lines final : public Stream {
 public:
  using Stream::Stream;

 private:
  bool take_bytes(std::string_view bytes, Micros now) override {
    return lines_.feed(bytes, [&](std::string_view line) {
      if (!ended()) take({line}, now);
    });
  }
  void take_end(Micros now) override {
    if (!codec_.has_greeting() && !lines_.rest().empty()) take({lines_.rest()}, now);
  }

  lines::LineParser lines_;
};

class WebSocket final : public Transport {
 public:
  using Transport::Transport;
  void send(std::string_view text) override { connection_.send(text); }

 private:
  ConnectionKind kind() const override { return ConnectionKind::kWebSocket; }
  void on_host_event(const HostEvent& event, Micros now) override {
    if (const auto* opened = std::get_if<Opened>(&event)) {
      saw({Seen::What::kHead, 0, opened->fields}, now);
      events_.on_open(now);
    } else if (const auto* frame = std::get_if<Frame>(&event)) {
      saw_bytes(frame->data.size(), now);
      take({.data = frame->data, .binary = frame->binary}, now);
    } else if (const auto* closed = std::get_if<Closed>(&event)) {
      const bool abnormal =
          closed->code == static_cast<std::uint16_t>(websocket::CloseCode::kAbnormalClosure);
      std::string detail = "code ";
      append_number(closed->code, detail);
      if (const auto name = websocket::close_code_name(closed->code); !name.empty()) {
        detail.append(" ").append(name);
      }
      if (!closed->reason.empty()) detail.append(": ").append(closed->reason);
      end({abnormal ? EndCause::kNetwork : EndCause::kClosedByServer, 0, std::move(detail)}, now);
    }
  }
};

}  // namespace

std::unique_ptr<Feed> make_feed(const FeedSpec& spec, const Cursor& cursor, Dispatcher& dispatcher,
                                FeedEvents& events) {
  switch (spec.transport) {
    case TransportId::kShortPoll:
    case TransportId::kLongPoll:
      return std::make_unique<Polling>(spec, cursor, dispatcher, events);
    case TransportId::kSse:
    case TransportId::kSseNative:
      return std::make_unique<EventSource>(spec, cursor, dispatcher, events);
    case TransportId::kSseFetch:
      return std::make_unique<EventStream>(spec, cursor, dispatcher, events);
    case TransportId::kNdjson:
      return std::make_unique<Lines>(spec, cursor, dispatcher, events);
    case TransportId::kWebSocket:
      return std::make_unique<WebSocket>(spec, cursor, dispatcher, events);
  }
  return nullptr;
}

}  // namespace playground::client
