#include "native_client/http/event_source.h"

#include <algorithm>
#include <utility>

#include "core/field_text.h"
#include "core/http/message.h"

namespace playground::native {

bool is_event_stream(std::string_view content_type) {
  return equals_ignoring_case(trimmed(content_type.substr(0, content_type.find(';'))),
                              "text/event-stream");
}

client::Micros reconnection_time(std::uint64_t milliseconds) {
  constexpr std::uint64_t kDay = 24 * 3600 * 1000;
  return static_cast<client::Micros>(std::min(milliseconds, kDay)) * client::kMillisecond;
}

EventSource::EventSource(Web& web, Url url, EventSourceEvents& events)
    : web_(web),
      url_(std::move(url)),
      events_(events),
      reconnection_(web.network.loop.schedule(), [this] { connect(); }) {
  connect();
}

void EventSource::close() {
  closed_ = true;
  reconnection_.cancel();
  drop_exchange();
}

void EventSource::drop_exchange() {
  if (exchange_) exchange_->close();
  web_.network.loop.retire(std::move(exchange_));
}

void EventSource::connect() {
  parser_.reset();
  OutgoingRequest request{url_};
  request.fields = {{"Accept", "text/event-stream"}};
  const std::string_view last = parser_.last_event_id();
  if (!last.empty()) request.fields.push_back({"Last-Event-ID", std::string(last)});
  ExchangeEvents& events = *this;
  exchange_ = std::make_unique<Exchange>(web_, std::move(request), events);
}

void EventSource::fail(std::string_view why) {
  close();
  events_.on_error(true, why);
}

void EventSource::on_head(int status, std::string_view fields) {
  if (status != 200) {
    return fail("it was refused with " + std::to_string(status) + " " +
                std::string(http::reason_phrase(status)));
  }
  const std::string_view type = find_field(fields, "Content-Type");
  if (!is_event_stream(type)) {
    return fail("its Content-Type is not text/event-stream but \"" + std::string(type) + "\"");
  }
  events_.on_open(fields);
}

void EventSource::on_body(std::string_view bytes) {
  if (parser_.feed(bytes, *this) != event_stream::ParseStatus::kOk && !closed_) {
    fail("an event is larger than 16 MiB");
  }
}

// 9.2.3: a lost connection is opened again after the reconnection time.
void EventSource::on_end(const ExchangeEnd& end) {
  drop_exchange();
  reconnection_.set(web_.network.loop.now_us() + reconnection_time_);
  events_.on_error(false, end.why);
}

void EventSource::on_event(const event_stream::Event& event) {
  if (!closed_) events_.on_event(event);
}

void EventSource::on_retry(std::uint64_t milliseconds) {
  reconnection_time_ = reconnection_time(milliseconds);
}

}  // namespace playground::native
