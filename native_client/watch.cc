#include "native_client/watch.h"

#include <algorithm>
#include <utility>

#include "core/field_text.h"
#include "core/http/message.h"
#include "core/json.h"
#include "core/websocket/format.h"
#include "native_client/command.h"
#include "native_client/http/event_source.h"

namespace playground::native {
namespace {

using client::ConnectionKind;
using client::HostEvent;
using client::Micros;

constexpr Micros kFirstSilence = 10 * client::kSecond;
// Of a refusal's body.
constexpr std::size_t kMostOfRefusal = 2000;

// How a response with that Content-Type is read.
WatchAs as_for(std::string_view content_type) {
  const std::string_view type = trimmed(content_type.substr(0, content_type.find(';')));
  if (is_event_stream(type)) return WatchAs::kEventStream;
  for (const std::string_view each :
       {"application/x-ndjson", "application/ndjson", "application/jsonl",
        "application/x-jsonlines", "application/json-seq", "application/stream+json"}) {
    if (equals_ignoring_case(type, each)) return WatchAs::kNdjson;
  }
  return WatchAs::kLines;
}

// As --as has it.
std::string_view name_of(WatchAs as) {
  switch (as) {
    case WatchAs::kByContentType:
      return "";
    case WatchAs::kEventStream:
      return "sse";
    case WatchAs::kWebSocket:
      return "websocket";
    case WatchAs::kNdjson:
      return "ndjson";
    case WatchAs::kLines:
      return "lines";
    case WatchAs::kPoll:
      return "poll";
  }
  return "";
}

// RFC 6455 7.4.1: nothing was wrong.
bool is_proper(std::uint16_t code) { return code == 1000 || code == 1001 || code == 1005; }

}  // namespace

Watch::Watch(const Options& options, client::Dispatcher& dispatcher, WatchReport& report)
    : options_(options),
      dispatcher_(dispatcher),
      report_(report),
      as_(options.url.is_websocket() ? WatchAs::kWebSocket : options.as),
      reconnection_time_(EventSource::kReconnectionTime),
      parser_(options.last_event_id) {}

void Watch::start(Micros now) {
  if (options_.time) {
    end_ = client::Timer(dispatcher_, *options_.time, [this](Micros at) { stop(at); });
  }
  wait_for_silence(kFirstSilence);
  connect(now);
}

void Watch::stop(Micros now) {
  if (over_) return;
  if (!answered_) {
    report_.problem("no answer came", now);
    status_ = 1;
  } else if (report_.items() == 0) {
    report_.problem("nothing came", now);
  }
  finish(now);
}

void Watch::finish(Micros now) {
  over_ = true;
  connection_.close();
  end_.cancel();
  next_.cancel();
  silence_.cancel();
  count_body();
  report_.summary(now);
  if (status_ == 0 && report_.problems() > 0) status_ = 1;
}

// Nothing was ever reached, or it is over now.
void Watch::failed(std::string_view why, Micros now) {
  report_.problem(why, now);
  if (!answered_) status_ = 2;
  finish(now);
}

// Of the answer before, once.
void Watch::count_body() {
  if (const auto size = dispatcher_.host().body_size(options_.url.text())) report_.body(*size);
}

void Watch::connect(Micros now) {
  switch (as_) {
    case WatchAs::kWebSocket:
      return open_socket(now);
    case WatchAs::kPoll:
      return poll(now);
    default:
      return open_stream(now);
  }
}

void Watch::had_item(Micros now) {
  if (options_.count > 0 && report_.items() >= options_.count) return finish(now);
  wait_for_silence(kFirstSilence);
}

void Watch::wait_for_silence(Micros time) {
  const Micros so_far = time == kFirstSilence ? 0 : time / 2;
  silence_ = client::Timer(dispatcher_, time - so_far, [this, time](Micros at) {
    report_.silence(time, at);
    wait_for_silence(2 * time);
  });
}

// WebSocket

void Watch::open_socket(Micros now) {
  client::Request request;
  request.kind = ConnectionKind::kWebSocket;
  Url url = options_.url;
  if (!url.is_websocket()) url.scheme = url.secure() ? "wss" : "ws";
  request.url = url.text();
  request.subprotocols = options_.subprotocols;
  report_.request("GET", request.url, {}, now);
  connection_ = client::Connection(
      dispatcher_, request, [this](const HostEvent& event, Micros at) { on_socket(event, at); });
}

void Watch::on_socket(const HostEvent& event, Micros now) {
  if (over_) return;
  if (const auto* opened = std::get_if<client::Opened>(&event)) {
    answered_ = true;
    report_.open(101, opened->fields, name_of(as_), now);
    for (const std::string& text : options_.sent) {
      connection_.send(text);
      report_.sent(text, now);
    }
  } else if (const auto* frame = std::get_if<client::Frame>(&event)) {
    report_.message(frame->binary ? "binary" : "text", frame->data, now);
    had_item(now);
  } else if (const auto* closed = std::get_if<client::Closed>(&event)) {
    if (closed->code == 1006) return failed(closed->reason, now);
    report_.closed(closed->code, closed->reason, now);
    if (!is_proper(closed->code)) {
      report_.problem("the server closed the WebSocket with " + std::to_string(closed->code) + " " +
                          std::string(websocket::close_code_name(closed->code)),
                      now);
    }
    finish(now);
  }
}

// Answers, one after the other

void Watch::poll(Micros now) {
  count_body();
  client::Request request;
  request.url = options_.url.text();
  request.method = options_.method;
  request.body = options_.data;
  if (!options_.data.empty()) request.content_type = "application/json";
  report_.request(request.method, request.url, {}, now);
  connection_ = client::Connection(
      dispatcher_, request, [this](const HostEvent& event, Micros at) { on_answer(event, at); });
}

void Watch::on_answer(const HostEvent& event, Micros now) {
  if (over_) return;
  const auto* answered = std::get_if<client::Answered>(&event);
  if (answered == nullptr) {
    const auto* why = std::get_if<client::Failed>(&event);
    return failed(why == nullptr ? "" : why->reason, now);
  }
  answered_ = true;
  report_.answer(answered->status, answered->fields, answered->body, now);
  if (answered->status >= 400) {
    report_.problem("the answer is " + std::to_string(answered->status) + " " +
                        std::string(http::reason_phrase(answered->status)),
                    now);
    return finish(now);
  }
  had_item(now);
  if (over_) return;
  next_ = client::Timer(dispatcher_, options_.interval, [this](Micros at) { poll(at); });
}

// Streams

void Watch::open_stream(Micros now) {
  count_body();
  parser_.reset();
  stream_lines_.reset();
  lines_.reset();
  client::Request request;
  request.kind = ConnectionKind::kStream;
  request.url = options_.url.text();
  request.method = options_.method;
  request.body = options_.data;
  if (!options_.data.empty()) request.content_type = "application/json";
  const bool only_events = as_ == WatchAs::kEventStream;
  request.header_fields = {{"Accept", only_events
                                          ? "text/event-stream"
                                          : "text/event-stream, application/x-ndjson, */*;q=0.5"}};
  const std::string last(parser_.last_event_id());
  if (!last.empty()) request.header_fields.push_back({"Last-Event-ID", last});
  report_.request(request.method, request.url, last, now);
  connection_ = client::Connection(
      dispatcher_, request, [this](const HostEvent& event, Micros at) { on_stream(event, at); });
}

void Watch::on_stream(const HostEvent& event, Micros now) {
  if (over_) return;
  now_ = now;
  if (const auto* opened = std::get_if<client::Opened>(&event)) {
    take_head(*opened, now);
  } else if (const auto* chunk = std::get_if<client::Chunk>(&event)) {
    take_bytes(chunk->bytes, now);
  } else if (const auto* closed = std::get_if<client::Closed>(&event)) {
    stream_ended(true, closed->reason, now);
  } else if (const auto* broken = std::get_if<client::Failed>(&event)) {
    stream_ended(false, broken->reason, now);
  }
}

void Watch::take_head(const client::Opened& opened, Micros now) {
  answered_ = true;
  const std::string_view type = find_field(opened.fields, "Content-Type");
  const bool ok = opened.status >= 200 && opened.status < 300 && opened.status != 204;
  if (ok && as_ == WatchAs::kByContentType) as_ = as_for(type);
  report_.open(opened.status, opened.fields, ok ? name_of(as_) : "", now);
  if (!ok || (as_ == WatchAs::kEventStream && opened.status != 200)) {
    refused_ = opened.status;
    return;
  }
  if (as_ == WatchAs::kEventStream && !is_event_stream(type)) {
    // 9.2.3: a browser fails for good.
    failed("the Content-Type is \"" + escaped(type, 200) +
               "\", and an event stream's must be text/event-stream",
           now);
  }
}

void Watch::take_bytes(std::string_view bytes, Micros now) {
  if (refused_ > 0) {
    refusal_ += bytes.substr(0, kMostOfRefusal - refusal_.size());
    return;
  }
  if (as_ != WatchAs::kEventStream) return take_lines(bytes, now);
  bool parsed = true;
  stream_lines_.feed(
      bytes,
      [&](std::string_view part) {
        if (over_ || !parsed) return;
        parsed = parser_.feed(part, *this) == event_stream::ParseStatus::kOk;
      },
      [&](std::string_view comment) {
        if (over_ || !parsed) return;
        report_.comment(comment, now);
        wait_for_silence(kFirstSilence);
      });
  if (!parsed && !over_) failed("an event is larger than 16 MiB", now);
}

void Watch::on_event(const event_stream::Event& event) {
  if (over_) return;
  report_.event(event, now_);
  had_item(now_);
}

void Watch::on_retry(std::uint64_t milliseconds) {
  reconnection_time_ = reconnection_time(milliseconds);
  if (!over_) report_.retry(reconnection_time_, now_);
}

void Watch::take_lines(std::string_view bytes, Micros now) {
  const bool fits = lines_.feed(bytes, [&](std::string_view line) { take_line(line, now); });
  if (!fits && !over_) failed("a line is longer than 1 MiB", now);
}

void Watch::take_line(std::string_view line, Micros now) {
  if (over_) return;
  // RFC 7464 2.2: a record separator stands before each text.
  if (as_ == WatchAs::kNdjson && line.starts_with('\x1e')) line.remove_prefix(1);
  report_.message("line", line, now);
  if (as_ == WatchAs::kNdjson && json_text(parse_json(line)) == "null" && trimmed(line) != "null") {
    report_.problem("the line is not JSON", now);
  }
  had_item(now);
}

void Watch::stream_ended(bool in_order, std::string_view why, Micros now) {
  if (refused_ > 0) {
    std::string sentence = "the answer is " + std::to_string(refused_) + " " +
                           std::string(http::reason_phrase(refused_));
    if (refused_ == 204) sentence += ", which tells an EventSource to stop";
    if (!refusal_.empty()) sentence += ": " + escaped(refusal_, 500);
    return failed(sentence, now);
  }
  if (!answered_) return failed(why, now);
  if (as_ != WatchAs::kEventStream) {
    if (!lines_.rest().empty()) take_line(std::string(lines_.rest()), now);
    if (over_) return;
    if (!in_order) return failed(why, now);
    report_.closed(std::nullopt, why, now);
    return finish(now);
  }
  // WHATWG HTML 9.2.3: however it ended, it is asked for again.
  if (!in_order) report_.problem(why, now);
  report_.lost(why, reconnection_time_, parser_.last_event_id(), now);
  next_ = client::Timer(dispatcher_, reconnection_time_, [this](Micros at) { open_stream(at); });
}

int run_watch(const Options& options, Output& output) {
  return run_command(options, [&](CommandWorld& world) {
    WatchReport report(output, options.json, options.verbose, world.host.now());
    Watch watch(options, world.host.dispatcher(), report);
    world.on_stop([&] { watch.stop(world.host.now()); });
    watch.start(world.host.now());
    world.run([&] {
      if (output.failed()) watch.stop(world.host.now());
      return watch.over();
    });
    return watch.status();
  });
}

}  // namespace playground::native
