#include "core/client/uplink.h"

#include <algorithm>
#include <charconv>

#include "core/json_text.h"

namespace playground::client {

void Uplink::start(const Endpoint& channel, const Plan& plan) {
  channel_ = channel;
  plan_ = plan;
  if (plan_.rate > 0) take_turn_after(plan_.phase);
}

void Uplink::stop() {
  turn_.cancel();
  pause_.cancel();
  post_.cancel();
  pausing_ = false;
  to_go_up_.clear();
}

void Uplink::take_turn_after(double turns) {
  turn_ = Timer(dispatcher_, micros(turns / plan_.rate), [this](Micros now) { speak(now); });
}

// A page that slept said nothing meanwhile: missed turns are not made up for.
void Uplink::speak(Micros now) {
  take_turn_after(1);
  to_go_up_.push_back(++said_);
  to_come_down_.push_back({said_, now});
  // The first may be on its way.
  if (to_go_up_.size() > kMaxRemembered) to_go_up_.erase(to_go_up_.begin() + 1);
  if (to_come_down_.size() > kMaxRemembered) to_come_down_.pop_front();
  flush();
}

void Uplink::flush() {
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

void Uplink::post() {
  ++requests_;
  Request request;
  request.method = "POST";
  request.url = channel_.http + "/messages?lane=" + channel_.lane;
  request.body = text(to_go_up_.front());
  request.content_type = "text/plain";
  post_ = Question(dispatcher_, request, kAnswerWithin,
                   [this](const Reply& reply, Micros) { answered(reply); });
}

void Uplink::answered(const Reply& reply) {
  if (reply.answer.status == 201) {
    to_go_up_.pop_front();
    return flush();
  }
  pausing_ = true;
  pause_ = Timer(dispatcher_, kPause, [this](Micros) {
    pausing_ = false;
    flush();
  });
}

std::string Uplink::text(std::uint64_t number) const {
  std::string out = "@" + channel_.lane + ' ';
  append_number(number, out);
  out += ' ';
  out.resize(std::max<std::size_t>(out.size(), plan_.bytes), '.');
  return out;
}

std::optional<Micros> Uplink::heard(std::string_view payload, Micros now) {
  const std::string_view lane = channel_.lane;
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
