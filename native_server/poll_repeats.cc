#include "native_server/poll_repeats.h"

#include <algorithm>
#include <utility>

#include "core/json_text.h"

namespace playground::server {
namespace {

constexpr std::string_view kMethod = "GET ";
constexpr std::string_view kParameter = "after=";
constexpr std::string_view kLength = "\r\nContent-Length: ";
constexpr std::string_view kHeadEnd = "\r\n\r\n";

}  // namespace

std::optional<std::string_view> PollRepeats::cut_cursor(std::string_view head) {
  if (head.size() > kMaxHeadBytes || !head.starts_with(kMethod)) return std::nullopt;
  const std::string_view target = head.substr(0, head.find(' ', kMethod.size()));
  // What is encoded may be a parameter's name.
  if (target.find_first_of("%+") != std::string_view::npos) return std::nullopt;
  const std::size_t at = target.find(kParameter);
  if (at == std::string_view::npos || (target[at - 1] != '?' && target[at - 1] != '&') ||
      target.find(kParameter, at + 1) != std::string_view::npos) {
    return std::nullopt;
  }
  const std::size_t begin = at + kParameter.size();
  const std::size_t end = std::min(target.find_first_of("&#", begin), target.size());
  key_.assign(head, 0, begin);
  key_.append(head, end);
  return target.substr(begin, end - begin);
}

bool PollRepeats::answer(Exchange& exchange) {
  const auto text = cut_cursor(exchange.head);
  if (!text) return false;
  const auto found = polls_.find(key_);
  if (found == polls_.end()) return false;
  const Poll& poll = found->second;
  Channel* channel = hub_.find(poll.channel);
  if (!channel) {
    polls_.erase(found);
    return false;
  }
  FaultBoard& faults = channel->faults();
  const std::shared_ptr<Way> way = faults.way(poll.lane, "poll");
  if (way->effects() != Effects{} || faults.poisoned(poll.lane)) return false;
  const auto cursor = channel->cursor(*text, way->effects());
  if (!cursor) return false;
  if (!poll.lane.empty()) {
    exchange.lane = channel->wire().lane(poll.lane);
    if (!exchange.lane) return false;
  }
  channel->touch();
  std::string body;
  channel->answer(*cursor, Served::kPoll, [&](std::string json) { body = std::move(json); });
  exchange.response = poll.before_length;
  append_number(body.size(), exchange.response);
  exchange.response.append(poll.after_length).append(body);
  exchange.keep_alive = true;
  exchange.way = way;
  return true;
}

void PollRepeats::learn(const Exchange& exchange, std::string_view channel, std::string_view lane) {
  if (!exchange.keep_alive || !cut_cursor(exchange.head)) return;
  const std::string_view response = exchange.response;
  const std::string_view head = response.substr(0, response.find(kHeadEnd) + kHeadEnd.size());
  const std::size_t length = head.find(kLength);
  if (length == std::string_view::npos) return;
  if (polls_.size() >= kMaxPolls) polls_.clear();
  const std::size_t digits = length + kLength.size();
  polls_.insert_or_assign(
      key_, Poll{.channel = std::string(channel),
                 .lane = std::string(lane),
                 .before_length = std::string(head.substr(0, digits)),
                 .after_length = std::string(head.substr(head.find("\r\n", digits)))});
}

}  // namespace playground::server
