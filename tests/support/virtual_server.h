// As much of a playground server as tests/support/host_scenes.cc asks for, behind a VirtualHost.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "tests/support/virtual_host.h"

namespace playground {

class VirtualServer {
 public:
  explicit VirtualServer(VirtualHost& host) : host_(host) {}

  // A millisecond passes; what has been opened meanwhile is answered.
  void pass() {
    host_.advance(client::kMillisecond);
    std::erase_if(streams_, [&](const auto& each) { return !host_.open_now.contains(each.first); });
    std::erase_if(known_, [&](client::ConnectionId id) { return !host_.open_now.contains(id); });
    for (const auto& [id, request] : std::map(host_.open_now)) {
      if (host_.open_now.contains(id) && known_.insert(id).second) answer(id, request);
    }
    for (; said_ < host_.sent.size(); ++said_) publish(host_.sent[said_]);
    if (++passed_ % 50 == 0) publish("payload");
  }

 private:
  using Kind = client::ConnectionKind;

  static bool asks(const client::Request& request, std::string_view part) {
    return request.url.find(part) != std::string::npos;
  }

  void answer(client::ConnectionId id, const client::Request& request) {
    if (!asks(request, "//server/")) return refuse(id, request.kind, /*for_good=*/false);
    if (request.kind == Kind::kRequest) return answer_request(id, request);
    if (asks(request, "/none/")) return refuse(id, request.kind, /*for_good=*/true);
    if (request.method == "POST" && !request.body.empty()) return create(id);
    open_stream(id, request.kind);
    if (!request.header_fields.empty()) say(id, Reset{1, last_});
  }

  void answer_request(client::ConnectionId id, const client::Request& request) {
    if (asks(request, "/none/")) return host_.tell(id, client::Answered{404, "{}", kFields});
    if (asks(request, "/long-poll")) return;
    if (request.method != "POST")
      return host_.tell(id, client::Answered{200, "{\"now_us\":1}", kFields});
    if (!asks(request, "/faults"))
      return host_.tell(id, client::Answered{201, "{\"id\":\"c\"}", kFields});
    host_.tell(id, client::Answered{201, "{\"id\":1}", kFields});
    const bool in_order = request.body.find("close") != std::string::npos;
    for (const auto& [stream, kind] : std::map(streams_)) end_stream(stream, kind, in_order);
  }

  void create(client::ConnectionId id) {
    host_.tell(id, client::Opened{201, kFields});
    host_.tell(id, client::Chunk{"{\"id\":\"c\"}"});
    host_.tell(id, client::Closed{});
  }

  void refuse(client::ConnectionId id, Kind kind, bool for_good) {
    if (kind == Kind::kWebSocket) return host_.tell(id, client::Closed{1006});
    if (kind == Kind::kStream && for_good) {
      host_.tell(id, client::Opened{404, kFields});
      host_.tell(id, client::Chunk{"{}"});
      return host_.tell(id, client::Closed{});
    }
    host_.tell(id, client::Failed{"refused", kind == Kind::kEventSource && !for_good});
  }

  void open_stream(client::ConnectionId id, Kind kind) {
    streams_[id] = kind;
    host_.tell(id, client::Opened{kind == Kind::kStream ? 200 : 0, kFields});
    say(id, Greeting{last_, 15});
  }

  void end_stream(client::ConnectionId id, Kind kind, bool in_order) {
    if (!host_.open_now.contains(id)) return;
    if (kind == Kind::kWebSocket) {
      const std::uint16_t code = in_order ? 1001 : 1006;
      return host_.tell(id, client::Closed{code});
    }
    if (kind == Kind::kStream && in_order) return host_.tell(id, client::Closed{});
    if (kind == Kind::kStream) return host_.tell(id, client::Failed{"cut"});
    if (!host_.open_now.at(id).reconnects_itself) {
      return host_.tell(id, client::Failed{"cut", true});
    }
    host_.tell(id, client::Interrupted{});
    if (host_.open_now.contains(id)) open_stream(id, kind);
  }

  void publish(std::string_view payload) {
    const Message message{++last_, host_.now, std::string(payload)};
    for (const auto& [id, kind] : std::map(streams_)) say(id, message);
  }

  void say(client::ConnectionId id, const Record& record) {
    if (!host_.open_now.contains(id)) return;
    using enum TransportId;
    const Kind kind = streams_.at(id);
    const auto transport = kind == Kind::kEventSource ? kSse
                           : kind == Kind::kWebSocket ? kWebSocket
                                                      : kNdjson;
    ServerVoice(host_, transport, id).say(record);
  }

  VirtualHost& host_;
  std::set<client::ConnectionId> known_;
  std::map<client::ConnectionId, Kind> streams_;
  std::size_t said_ = 0;
  std::uint64_t last_ = 0;
  int passed_ = 0;
};

}  // namespace playground
