#include "core/client/way_back.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "core/json_text.h"

namespace playground::client {

void WayBack::start(const Target& target) {
  target_ = target;
  if (target_.back_rate > 0) take_turn_after(target_.back_phase);
}

void WayBack::stop() {
  turn_.cancel();
  pause_.cancel();
  post_.cancel();
  pausing_ = false;
  to_go_up_.clear();
}

void WayBack::take_turn_after(double turns) {
  turn_ = Timer(wiring_, micros(turns / target_.back_rate), [this](Micros now) { speak(now); });
}

// A page that slept has said nothing meanwhile: turns that were missed are not made up for.
void WayBack::speak(Micros now) {
  take_turn_after(1);
  to_go_up_.push_back(++said_);
  to_come_down_.push_back({said_, now});
  // The first may be on its way.
  if (to_go_up_.size() > kMaxRemembered) to_go_up_.erase(to_go_up_.begin() + 1);
  if (to_come_down_.size() > kMaxRemembered) to_come_down_.pop_front();
  flush();
}

void WayBack::flush() {
  while (!to_go_up_.empty() && !post_ && !pausing_) {
    switch (send_(text(to_go_up_.front()))) {
      case Sending::kSent:
        to_go_up_.pop_front();
        break;
      case Sending::kNotOpen:
        return;
      case Sending::kOneWay:
        return post();
    }
  }
}

void WayBack::post() {
  ++requests_;
  Request request;
  request.method = "POST";
  request.url = target_.http + "/messages?lane=" + target_.lane;
  request.body = text(to_go_up_.front());
  request.content_type = "text/plain";
  post_ = Question(wiring_, request, kAnswerWithin,
                   [this](const Reply& reply, Micros) { answered(reply); });
}

void WayBack::answered(const Reply& reply) {
  if (reply.answer.status == 201) {
    to_go_up_.pop_front();
    return flush();
  }
  pausing_ = true;
  pause_ = Timer(wiring_, kPause, [this](Micros) {
    pausing_ = false;
    flush();
  });
}

std::string WayBack::text(std::uint64_t number) const {
  std::string out = "@" + target_.lane + ' ';
  append_number(number, out);
  out += ' ';
  out.resize(std::max<std::size_t>(out.size(), target_.back_bytes), '.');
  return out;
}

std::optional<Micros> WayBack::heard(std::string_view payload, Micros now) {
  const std::string_view lane = target_.lane;
  if (to_come_down_.empty() || payload.size() < lane.size() + 2 || payload[0] != '@' ||
      payload.substr(1, lane.size()) != lane || payload[lane.size() + 1] != ' ') {
    return std::nullopt;
  }
  const std::string_view rest = payload.substr(lane.size() + 2);
  std::uint64_t number = 0;
  std::from_chars(rest.data(), rest.data() + rest.size(), number);
  const auto found = std::find_if(to_come_down_.begin(), to_come_down_.end(),
                                  [&](const Said& each) { return each.number == number; });
  if (found == to_come_down_.end()) return std::nullopt;
  const Micros at = found->at;
  to_come_down_.erase(found);
  round_trip_us_.record(now - at);
  return at;
}

}  // namespace playground::client
