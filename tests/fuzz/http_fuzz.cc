// The HTTP edge: bytes of a client through framing, routing and the API, up to the last byte of
// every answer. `{id}` in an input stands for the id of a channel that is there.
#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/field_text.h"
#include "core/http/message.h"
#include "core/http/request_framing.h"
#include "core/server/channel_api.h"
#include "core/websocket/decoder.h"
#include "native_server/classic_demo.h"
#include "native_server/http/router.h"
#include "native_server/prometheus.h"
#include "tests/fuzz/support.h"
#include "tests/support/fake_outlet.h"
#include "tests/support/json.h"
#include "tests/support/manual_clock.h"

namespace playground::server {
namespace {

using fuzz::demand;
using http::frame_request;
using http::Framing;

// Small enough to be reached.
Limits small_limits() {
  Limits limits;
  limits.head_bytes = 1024;
  limits.body_bytes = 512;
  limits.channels = 4;
  limits.lanes_per_channel = 4;
  limits.log_payload_bytes = 4096;
  limits.batch_bytes = 2048;
  limits.readers = 8;
  return limits;
}

// Framing

bool same(const Framing& left, const Framing& right) {
  return left.state == right.state && left.skipped == right.skipped &&
         left.head_bytes == right.head_bytes && left.body_bytes == right.body_bytes &&
         left.expects_continue == right.expects_continue && left.status == right.status &&
         left.reason == right.reason;
}

void check_framing(std::string_view bytes, const Limits& limits) {
  const Framing whole = frame_request(bytes, limits);
  if (whole.state == Framing::State::kComplete) {
    demand(whole.head_known() && whole.total_bytes() <= bytes.size(), "a request is in its bytes");
    demand(whole.body_bytes <= limits.body_bytes, "a body is within its limit");
  }
  std::size_t size = 0;
  for (const std::string_view piece : fuzz::cut(bytes)) {
    size += piece.size();
    const Framing part = frame_request(bytes.substr(0, size), limits);
    if (part.state != Framing::State::kNeedMore) {
      demand(same(part, whole), "the answer to a part is the answer to the whole");
      return;
    }
    if (part.head_known()) {
      demand(part.head_bytes == whole.head_bytes && part.body_bytes == whole.body_bytes &&
                 part.skipped == whole.skipped,
             "a head that is known stays as it is");
    }
  }
}

// Responses

struct Head {
  int status = 0;
  std::multimap<std::string, std::string> fields;
  std::size_t bytes = 0;

  bool has(const std::string& name) const { return fields.contains(name); }
  std::string only(const std::string& name) const {
    demand(fields.count(name) == 1, "a field that may be there once is there once");
    return fields.find(name)->second;
  }
};

bool is_visible(char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; }

// RFC 9110 5.5. A tab comes where an Origin that holds one is handed back.
bool may_stand_in_value(char c) { return is_visible(c) || c == '\t'; }

// RFC 9112 4 and 5, in the form that this server writes.
Head read_head(std::string_view response) {
  Head head;
  demand(response.starts_with("HTTP/1.1 "), "a response begins with its version");
  const auto number = std::from_chars(response.data() + 9, response.data() + 12, head.status);
  demand(number.ptr == response.data() + 12 && head.status >= 100 && head.status < 600,
         "a status is three digits");
  for (bool first = true;; first = false) {
    const std::size_t end = response.find("\r\n", head.bytes);
    demand(end != std::string_view::npos, "a head ends in an empty line");
    const std::string_view line = response.substr(head.bytes, end - head.bytes);
    head.bytes = end + 2;
    if (line.empty()) return head;
    const std::size_t colon = first ? line.size() : line.find(": ");
    demand(std::ranges::all_of(line.substr(0, colon), is_visible),
           "a line of a head holds no control character");
    if (first) continue;
    demand(colon != std::string_view::npos && colon > 0, "a field has a name and a value");
    std::string name(line.substr(0, colon));
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
    demand(name.find(' ') == std::string::npos, "a field's name is a token");
    demand(std::ranges::all_of(line.substr(colon), may_stand_in_value),
           "a field's value holds no control character but a tab");
    head.fields.emplace(std::move(name), line.substr(colon + 2));
  }
}

void check_chunks(std::string_view body) {
  while (true) {
    std::size_t size = 0;
    const auto [end, error] = std::from_chars(body.data(), body.data() + body.size(), size, 16);
    body.remove_prefix(static_cast<std::size_t>(end - body.data()));
    demand(error == std::errc() && body.starts_with("\r\n"), "a chunk begins with its size");
    body.remove_prefix(2);
    demand(body.size() >= size + 2 && body.substr(size).starts_with("\r\n"), "a chunk is whole");
    body.remove_prefix(size + 2);
    if (size == 0) break;
  }
  demand(body.empty(), "nothing follows the last chunk");
}

class NoEvents final : public websocket::DecoderEvents {
  void on_message(websocket::Opcode, std::string_view) override {}
  void on_ping(std::string_view) override {}
  void on_pong(std::string_view) override {}
  void on_close(std::uint16_t, std::string_view) override {}
};

void check_frames(std::string_view bytes) {
  NoEvents ignored;
  websocket::Decoder decoder(websocket::Role::kClient, 1 << 20);
  demand(decoder.feed(bytes, ignored) == websocket::DecodeError::kNone, "frames are in order");
  demand(decoder.closed(), "a WebSocket ends with a Close frame");
}

void check_refusal(std::string_view body, int status) {
  const auto json = read_json(body);
  demand(
      json.is_object() && json.size() == 1 && json.contains("error") && json["error"].is_string(),
      "a refusal has its sentence");
  const bool played = json["error"].get<std::string>().starts_with("fault: ");
  demand(status != 500 || played, "the server fails only where it was asked to");
}

// A response with all of its body; `request` is the head it answers.
void check_response(std::string_view request, std::string_view response, bool keep_alive) {
  const Head head = read_head(response);
  const std::string_view body = response.substr(head.bytes);
  if (head.status == 101) return check_frames(body);
  demand(head.status >= 200, "no interim response");
  const std::string connection(head.has("connection") ? head.only("connection") : "");
  demand(!keep_alive == list_has(connection, "close"), "the end of the connection is announced");
  demand(head.has("upgrade") == list_has(connection, "Upgrade"),
         "an Upgrade is one of this connection");
  if (head.status == 204 || head.status == 304) {
    demand(!head.has("content-length") && !head.has("transfer-encoding") && body.empty(),
           "a status without content has none");
  } else if (request.starts_with("HEAD ")) {
    demand(body.empty(), "HEAD is answered with a head");
  } else if (head.has("transfer-encoding")) {
    demand(head.only("transfer-encoding") == "chunked" && !head.has("content-length"),
           "a body is framed in one way");
    check_chunks(body);
  } else if (head.has("content-length")) {
    demand(head.only("content-length") == std::to_string(body.size()), "a body has its length");
  } else {
    demand(!keep_alive, "a body without framing ends with the connection");
  }
  if (head.status >= 400 && !request.starts_with("HEAD ")) check_refusal(body, head.status);
}

// A stream, a held poll or a WebSocket, and what it has said.
struct Conversation {
  std::string request;
  bool keep_alive;
  std::unique_ptr<Session> session;
  FakeOutlet outlet = {};
};

// Made once, for its routes cost more than a run; a run begins and ends without a channel.
class World {
 public:
  void run(std::string bytes) {
    clock_.us = 0;
    channels_ = 0;
    const std::string id = "channel";
    hub_.create(id, {.rate = 1000, .history = 10});
    for (std::size_t at = 0; (at = bytes.find("{id}", at)) != std::string::npos;) {
      bytes.replace(at, 4, id);
    }
    check_framing(bytes, limits_);
    std::list<Conversation> conversations;
    take(bytes, conversations);
    pass_time(clock_, schedule_, 5000);
    for (Conversation& each : conversations) {
      each.outlet.room_for_pieces = 1000;
      if (!each.outlet.finished) each.session->on_writable();
    }
    hub_.end();
    demo_.end();
    for (Conversation& each : conversations) {
      // A request that is never answered, by a fault, is ended by its connection.
      if (!each.outlet.finished) each.session->end();
      demand(each.outlet.finished, "what is ended finishes");
      if (!each.outlet.text.empty()) {
        check_response(each.request, each.outlet.text, each.keep_alive);
      }
    }
  }

 private:
  // As a connection does, but that a stream or a held poll leaves room for what comes next.
  void take(std::string_view bytes, std::list<Conversation>& conversations) {
    while (!bytes.empty()) {
      const Framing framing = frame_request(bytes, limits_);
      if (framing.state == Framing::State::kNeedMore) return;
      if (framing.state == Framing::State::kRefused) {
        return check_response("", http::refusal_response(framing.status, framing.reason, 0), false);
      }
      Exchange exchange;
      exchange.head = bytes.substr(framing.skipped, framing.head_bytes);
      exchange.request = http::read_request(exchange.head);
      exchange.request.body =
          bytes.substr(framing.skipped + framing.head_bytes, framing.body_bytes);
      bytes.remove_prefix(framing.total_bytes());
      router_.handle(exchange);
      if (exchange.session) {
        Conversation& conversation = conversations.emplace_back(Conversation{
            std::string(exchange.head), exchange.keep_alive, std::move(exchange.session)});
        if (carry_on(conversation, std::move(exchange.response), bytes)) return;
      } else {
        check_response(exchange.head, exchange.response, exchange.keep_alive);
        if (!exchange.keep_alive) return;
      }
    }
  }

  // True where the session has taken all that comes behind its request.
  static bool carry_on(Conversation& conversation, std::string head, std::string_view rest) {
    conversation.outlet.room_for_pieces = 2;  // soon blocked
    conversation.session->begin(conversation.outlet, std::move(head));
    for (const std::string_view piece : fuzz::cut(rest)) {
      if (conversation.outlet.finished) return true;
      if (!piece.empty() && !conversation.session->on_bytes(piece)) return false;
    }
    return true;
  }

  const Limits limits_ = small_limits();
  std::uint64_t channels_ = 0;
  ManualClock clock_;
  Schedule schedule_{clock_};
  Metrics metrics_;
  Hub hub_{schedule_, limits_, metrics_, 1};
  ChannelApi api_{hub_,
                  schedule_,
                  limits_,
                  metrics_,
                  {.version = "fuzzed",
                   .new_channel_id = [this] { return "new-" + std::to_string(++channels_); },
                   .accept_key = websocket_accept_key,
                   .metrics_text = [this] { return to_prometheus(metrics_, {}); },
                   .metrics_type = kPrometheusType}};
  ClassicDemo demo_{schedule_, limits_, metrics_, [this] { return demo_.readers(); }};
  Router router_{[this](const Request& request) -> std::optional<Reply> {
    if (ChannelApi::serves(request.path)) return api_.answer(request);
    return demo_.answer(request);
  }};
};

}  // namespace
}  // namespace playground::server

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace playground;
  static server::World world;
  world.run(std::string(fuzz::as_text(data, size)));
  return 0;
}
