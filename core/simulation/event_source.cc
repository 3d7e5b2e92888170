#include "core/simulation/event_source.h"

#include <algorithm>
#include <utility>

#include "core/field_text.h"

namespace playground::simulation {
namespace {

// 9.2.5: the type, whatever its parameters.
bool is_event_stream(std::string_view content_type) {
  return content_type.substr(0, content_type.find(';')) == "text/event-stream";
}

// A `retry` field may ask for more than anybody waits.
constexpr std::uint64_t kLongestReconnectionMs = 24 * 3600 * 1000;

}  // namespace

EventSource::EventSource(const BrowserProfile& browser, HttpPool& pool, server::Schedule& schedule,
                         std::uint16_t port, MakeRequest make_request, EventSourceEvents& events)
    : pool_(pool),
      schedule_(schedule),
      port_(port),
      make_request_(std::move(make_request)),
      events_(events),
      reconnection_time_(browser.reconnection_time),
      reconnection_(schedule, [this] { connect(); }) {
  connect();
}

void EventSource::close() {
  closed_ = true;
  reconnection_.cancel();
  exchange_.reset();
}

void EventSource::connect() {
  parser_.reset();
  ExchangeEvents& events = *this;
  exchange_ =
      std::make_unique<HttpExchange>(pool_, port_, make_request_(parser_.last_event_id()), events);
}

// 9.2.3: a lost connection is opened again after the reconnection time.
void EventSource::reestablish() {
  exchange_.reset();
  reconnection_.set(schedule_.now_us() + reconnection_time_);
  events_.on_error(false);
}

void EventSource::fail() {
  close();
  events_.on_error(true);
}

void EventSource::on_head(int status, std::string_view fields) {
  if (status != 200 || !is_event_stream(find_field(fields, "Content-Type"))) return fail();
  events_.on_open();
}

void EventSource::on_body(std::string_view bytes) {
  if (parser_.feed(bytes, *this) != event_stream::ParseStatus::kOk && !closed_) fail();
}

void EventSource::on_exchange_end(bool) { reestablish(); }

void EventSource::on_event(const event_stream::Event& event) {
  if (!closed_) events_.on_event(event);
}

void EventSource::on_retry(std::uint64_t milliseconds) {
  reconnection_time_ = static_cast<Micros>(std::min(milliseconds, kLongestReconnectionMs)) * 1000;
}

}  // namespace playground::simulation
