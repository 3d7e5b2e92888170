// A session while it has a channel: what passes on the wire.
#include <utility>

#include "core/client/session.h"
#include "core/client/words.h"
#include "core/json.h"
#include "core/json_text.h"

namespace playground::client {
namespace {

constexpr Micros kTick = 1 * kSecond;
// While nothing passes on any lane. With the time for an answer it is well below the silence after
// which a lane counts its connection as dead, and then asks whether the server is there.
constexpr Micros kQuietTick = 5 * kSecond;
constexpr Micros kClockInterval = 10 * kSecond;

}  // namespace

std::string wire_log_path(std::string_view lane, std::optional<std::uint64_t> seq) {
  std::string path = "/wire/log?lane=";
  path += lane;
  if (seq) append_number(*seq, path += "&seq=");
  return path;
}

void Session::ask_wire(std::string_view lane, std::optional<std::uint64_t> seq,
                       OnWireLog on_wire_log) {
  if (state_ != RunState::kRunning || channel_.empty()) {
    return on_wire_log(0, "The server keeps these bytes only while a run is going on.");
  }
  Request request;
  request.url = own_origin() + channel_path() + wire_log_path(lane, seq);
  const auto take = [on_wire_log = std::move(on_wire_log)](const Reply& reply, Micros) {
    if (!reply.answered()) return on_wire_log(0, "The server does not answer.");
    on_wire_log(reply.answer.status, reply.answer.body);
  };
  wire_question_ = Question(dispatcher_, request, kAnswerTimeout, take);
}

// A lane in trouble cannot tell a bad transport from a dead server: an ordinary request can.
void Session::look_soon() {
  if (state_ == RunState::kRunning && !channel_.empty() && !question_) after(0, &Session::tick);
}

void Session::wire_used() {
  wire_used_ = true;
  if (pausing_) after(kTick, &Session::tick);
}

void Session::tick(Micros now) {
  wire_used_ = false;
  get(channel_path() + "/wire", &Session::take_wire, now);
}

void Session::pause_until_next_tick() {
  after(wire_used_ ? kTick : kQuietTick, &Session::tick);
  pausing_ = !wire_used_;
}

void Session::take_wire(const Answered& answer, Micros now) {
  trouble_.reset();
  if (answer.status == 404) {
    events_.on_channel_lost(error_in(answer), now);
    // It may still be there: whoever answers in the server's place may not know it.
    leave();
    // A server that was restarted has other lane ports.
    return find_server(now);
  }
  // What was sent to a lane may still be on its way.
  if (read_wire(answer, now)) wire_used_ = true;
  if (now - clock_asked_at_ >= kClockInterval) return ask_time(now);
  pause_until_next_tick();
}

bool Session::read_wire(const Answered& answer, Micros now) {
  if (answer.body == last_wire_) {
    events_.on_wire_read(now);
    return false;
  }
  last_wire_ = answer.body;
  const Json json = parse_json(answer.body);
  const Json::Elements* lanes = array_in(json, "lanes");
  if (lanes == nullptr) return true;
  for (const Json& row : *lanes) {
    const auto count = [&](std::string_view name) { return count_in(row, name).value_or(0); };
    const std::string* lane = text_in(row, "lane");
    if (lane == nullptr) continue;
    measure::WireCount read{count("bytes_in"), count("bytes_out"), count("requests"),
                            count("connections")};
    if (const Json* arrived = member_in(row, "arrived")) {
      for (std::size_t i = 0; i < read.arrived.size(); ++i) {
        read.arrived[i] = count_in(*arrived, info(static_cast<Served>(i)).path).value_or(0);
      }
      read.not_upgraded = count_in(*arrived, "not_upgraded").value_or(0);
      read.upgraded = count_in(*arrived, "upgraded").value_or(0);
    }
    events_.on_wire_count(*lane, read);
  }
  events_.on_wire_read(now);
  return true;
}

void Session::take_last_wire(const Answered& answer, Micros now) {
  read_wire(answer, now);
  leave();
}

}  // namespace playground::client
