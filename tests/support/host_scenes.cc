#include "tests/support/host_scenes.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/field_text.h"

namespace playground::client {
namespace {

constexpr Micros kPatience = 20 * kSecond;
constexpr ConnectionKind kKinds[] = {ConnectionKind::kEventSource, ConnectionKind::kWebSocket,
                                     ConnectionKind::kStream, ConnectionKind::kRequest};

std::string websocket(const std::string& url) { return "ws" + url.substr(4); }

// What `kind` follows a channel by.
std::string path_of(ConnectionKind kind) {
  switch (kind) {
    case ConnectionKind::kEventSource:
      return "/sse";
    case ConnectionKind::kWebSocket:
      return "/websocket";
    case ConnectionKind::kStream:
      return "/stream";
    case ConnectionKind::kRequest:
      return "/long-poll?timeout=20";
  }
  return {};
}

// Content has a type, and every browser shows it to script (WHATWG Fetch, CORS-safelisted).
bool has_type(int status, std::string_view fields) {
  return status == 204 || !find_field(fields, "Content-Type").empty();
}

struct Words {
  std::string operator()(const Opened& opened) const {
    return "opened " + std::to_string(opened.status);
  }
  std::string operator()(const Chunk& chunk) const { return "chunk " + std::string(chunk.bytes); }
  std::string operator()(const ServerEvent& each) const {
    return "event " + std::string(each.name) + ' ' + std::string(each.data);
  }
  std::string operator()(const Frame& frame) const {
    return (frame.binary ? "bytes " : "frame ") + std::string(frame.data);
  }
  std::string operator()(const Answered& answered) const {
    return "answered " + std::to_string(answered.status) + ' ' + std::string(answered.body);
  }
  std::string operator()(const Closed& closed) const {
    return "closed " + std::to_string(closed.code);
  }
  std::string operator()(const Failed& failed) const {
    return failed.reconnecting ? "failed for now" : "failed";
  }
  std::string operator()(const Interrupted&) const { return "interrupted"; }
};

// Whether `event` may come now, by the table in core/client/host.h.
bool allowed(const Witness& witness, const HostEvent& event) {
  const ConnectionKind kind = witness.request.kind;
  if (witness.over) return false;
  if (const auto* opened = std::get_if<Opened>(&event)) {
    if (kind == ConnectionKind::kRequest || witness.open) return false;
    if (kind == ConnectionKind::kStream) {
      return opened->status >= 200 && has_type(opened->status, opened->fields) &&
             witness.events.empty();
    }
    return opened->status == 0;
  }
  if (const auto* chunk = std::get_if<Chunk>(&event)) {
    return kind == ConnectionKind::kStream && witness.open && !chunk->bytes.empty();
  }
  if (const auto* each = std::get_if<ServerEvent>(&event)) {
    const auto& names = witness.request.event_names;
    return kind == ConnectionKind::kEventSource && witness.open &&
           (each->name == "message" ||
            std::find(names.begin(), names.end(), each->name) != names.end());
  }
  if (std::holds_alternative<Frame>(event)) {
    return kind == ConnectionKind::kWebSocket && witness.open;
  }
  if (const auto* answered = std::get_if<Answered>(&event)) {
    // Of an opaque request only that there is an answer.
    const bool opaque = witness.request.opaque;
    const bool unread = opaque && answered->status == 0;
    const bool typed = opaque || has_type(answered->status, answered->fields);
    return kind == ConnectionKind::kRequest && (unread || (answered->status >= 200 && typed));
  }
  if (const auto* closed = std::get_if<Closed>(&event)) {
    if (kind == ConnectionKind::kWebSocket) return closed->code >= 1000;
    return kind == ConnectionKind::kStream && witness.open && closed->code == 0;
  }
  if (const auto* failed = std::get_if<Failed>(&event)) {
    return kind != ConnectionKind::kWebSocket &&
           (kind == ConnectionKind::kEventSource || !failed->reconnecting) &&
           !(failed->reconnecting && witness.request.reconnects_itself);
  }
  return kind == ConnectionKind::kEventSource && witness.request.reconnects_itself;
}

}  // namespace

std::size_t Witness::count(std::string_view beginning) const {
  return static_cast<std::size_t>(
      std::count_if(events.begin(), events.end(),
                    [&](const std::string& each) { return each.starts_with(beginning); }));
}

std::string Witness::newest(std::string_view beginning) const {
  const auto found = std::find_if(events.rbegin(), events.rend(), [&](const std::string& each) {
    return each.starts_with(beginning);
  });
  return found == events.rend() ? std::string() : *found;
}

HostStage::HostStage(Dispatcher& dispatcher, std::string at_server, std::string at_nobody,
                     std::function<void(std::string)> over)
    : server(std::move(at_server)),
      nobody(std::move(at_nobody)),
      dispatcher_(dispatcher),
      over_(std::move(over)) {}

void HostStage::play(void (*scene)(HostStage&)) {
  scene(*this);
  go_on();
}

std::shared_ptr<Witness> HostStage::open(ConnectionKind kind, std::string url) {
  Request request;
  request.kind = kind;
  request.url = kind == ConnectionKind::kWebSocket ? websocket(url) : std::move(url);
  return open(std::move(request));
}

std::shared_ptr<Witness> HostStage::open(Request request) {
  auto witness = std::make_shared<Witness>(Witness{std::move(request)});
  witnesses_.push_back(witness);
  const bool outer = std::exchange(calling_, true);
  witness->id = dispatcher_.open(
      witness->request,
      [this, witness](const HostEvent& event, Micros now) { told(*witness, event, now); });
  calling_ = outer;
  return witness;
}

void HostStage::close(Witness& witness) {
  const bool outer = std::exchange(calling_, true);
  // Past the dispatcher, which knows what is closed: the host must know by itself.
  dispatcher_.close(witness.id);
  dispatcher_.host().close(witness.id);
  calling_ = outer;
  witness.over = true;
}

void HostStage::send(const Witness& witness, std::string_view text) {
  const bool outer = std::exchange(calling_, true);
  dispatcher_.host().send(witness.id, text);
  calling_ = outer;
}

TimerId HostStage::set_timer(Micros delay, std::string name) {
  const bool outer = std::exchange(calling_, true);
  const Micros set_at = newest_;
  const TimerId id = dispatcher_.after(delay, [=, this](Micros now) {
    check(!calling_, "timer " + name + " is due inside a call of the host");
    check(set_at == 0 || now - set_at >= delay - kMillisecond, "timer " + name + " comes early");
    due.push_back(name);
    seen_at(now);
    go_on();
  });
  calling_ = outer;
  return id;
}

void HostStage::cancel_timer(TimerId id) {
  const bool outer = std::exchange(calling_, true);
  dispatcher_.cancel(id);
  dispatcher_.host().cancel_timer(id);
  calling_ = outer;
}

void HostStage::told(Witness& witness, const HostEvent& event, Micros now) {
  const std::string words = std::visit(Words(), event);
  const auto of = " (" + witness.request.url + ")";
  check(!calling_, words + " comes inside a call of the host" + of);
  check(allowed(witness, event), words + " must not come now" + of);
  seen_at(now);
  witness.events.push_back(words);
  if (std::holds_alternative<Opened>(event)) witness.open = true;
  if (std::holds_alternative<Interrupted>(event)) witness.open = false;
  if (is_last(event)) witness.over = true;
  const auto found = std::find_if(inside_.begin(), inside_.end(), [&](const Inside& each) {
    return each.witness.get() == &witness && words.starts_with(each.beginning);
  });
  if (found != inside_.end()) {
    const auto act = found->act;
    inside_.erase(found);
    act();
  }
  go_on();
}

void HostStage::seen_at(Micros now) {
  check(now >= newest_, "the clock goes back");
  newest_ = now;
}

void HostStage::inside(std::shared_ptr<Witness> witness, std::string beginning,
                       std::function<void()> act) {
  inside_.push_back({std::move(witness), std::move(beginning), std::move(act)});
}

void HostStage::when(std::string what, std::function<bool()> condition,
                     std::function<void()> then) {
  steps_.push_back({std::move(what), std::move(condition), std::move(then)});
}

void HostStage::rest(Micros time) {
  then([this, time] {
    rested_ = false;
    rest_ = Timer(dispatcher_, time, [this](Micros now) {
      rested_ = true;
      seen_at(now);
      go_on();
    });
  });
  when("a rest", [this] { return rested_; });
}

void HostStage::create_channel() {
  const auto asked = std::make_shared<std::shared_ptr<Witness>>();
  then([this, asked] {
    Request request;
    request.method = "POST";
    request.url = server + "/api/channels";
    request.body = R"({"rate":20})";
    request.content_type = "application/json";
    *asked = open(std::move(request));
  });
  when(
      "an answer to the new channel", [asked] { return (*asked)->over; },
      [this, asked] {
        const std::string answer = (*asked)->newest("answered 201");
        const std::string before = "\"id\":\"";
        const std::size_t begin = answer.find(before) + before.size();
        check(answer.find(before) != answer.npos, "the server creates no channel: " + answer);
        channel = server + "/api/channels/" + answer.substr(begin, answer.find('"', begin) - begin);
      });
}

void HostStage::play_fault(std::string json) {
  then([this, json] {
    Request request;
    request.method = "POST";
    request.url = channel + "/faults";
    request.body = json;
    request.content_type = "application/json";
    open(std::move(request));
  });
}

void HostStage::check(bool holds, std::string what) {
  if (!holds) problems_ += what + '\n';
}

void HostStage::go_on() {
  if (std::exchange(playing_, true)) return;
  while (!steps_.empty() && (!steps_.front().condition || steps_.front().condition())) {
    patience_.cancel();
    const Step step = std::move(steps_.front());
    steps_.pop_front();
    // What a step adds comes next.
    std::deque<Step> later = std::exchange(steps_, {});
    if (step.then) step.then();
    steps_.insert(steps_.end(), later.begin(), later.end());
  }
  playing_ = false;
  if (!steps_.empty()) return wait_for_step();
  if (!over_) return;
  for (const auto& each : witnesses_) {
    if (!each->over) close(*each);
  }
  check(dispatcher_.strays() == 0, "something came for what was closed or cancelled");
  std::exchange(over_, {})(problems_);
}

void HostStage::wait_for_step() {
  patience_ = Timer(dispatcher_, kPatience, [this](Micros) {
    check(false, "in vain is waited for " + steps_.front().what);
    for (const auto& each : witnesses_) {
      problems_ += "  " + each->request.url + ":";
      for (const std::string& event : each->events) problems_ += ' ' + event.substr(0, 60) + ';';
      problems_ += '\n';
    }
    steps_.clear();
    go_on();
  });
}

// The scenes

namespace {

using Held = std::shared_ptr<Witness>;

// Follows the channel over one kind of connection, until it has delivered something.
void follow(HostStage& stage, ConnectionKind kind, const std::function<void(Held)>& then,
            bool reconnects_itself = false) {
  stage.create_channel();
  const auto held = std::make_shared<Held>();
  stage.then([&stage, kind, held, reconnects_itself] {
    Request request;
    request.kind = kind;
    request.url = stage.channel + path_of(kind);
    if (kind == ConnectionKind::kWebSocket) request.url = websocket(request.url);
    // Listed twice, an event is told once.
    request.event_names = {"greeting", "message", "greeting"};
    request.reconnects_itself = reconnects_itself;
    *held = stage.open(std::move(request));
  });
  stage.when(
      "something on " + path_of(kind),
      [held] {
        return (*held)->count("chunk") + (*held)->count("event") + (*held)->count("frame") > 1;
      },
      [held, then] { then(*held); });
}

void a_request_is_answered(HostStage& stage) {
  const Held got = stage.open(ConnectionKind::kRequest, stage.server + "/api/time");
  const Held lost = stage.open(ConnectionKind::kRequest, stage.server + "/api/channels/none/poll");
  stage.when(
      "two answers", [=] { return got->over && lost->over; },
      [=, &stage] {
        stage.check(got->newest("answered 200").find("now_us") != std::string::npos,
                    "no whole answer");
        stage.check(lost->count("answered 404") == 1, "a status is no answer");
      });
  stage.create_channel();  // a method and a body
}

void an_opaque_request_sees_who_is_there(HostStage& stage) {
  const auto look = [&stage](const std::string& at) {
    Request request;
    request.url = at + "/api/time";
    request.opaque = true;
    return stage.open(std::move(request));
  };
  const Held there = look(stage.server);
  const Held nowhere = look(stage.nobody);
  stage.close(*look(stage.server));
  stage.when(
      "an answer and a failure", [=] { return there->over && nowhere->over; },
      [=, &stage] {
        stage.check(there->count("answered") == 1, "somebody is there");
        stage.check(nowhere->count("failed") == 1, "nobody is there");
      });
}

void nobody_is_there(HostStage& stage) {
  std::vector<Held> all;
  for (const ConnectionKind kind : kKinds) all.push_back(stage.open(kind, stage.nobody + "/"));
  stage.when("four failures", [=] {
    return std::all_of(all.begin(), all.end(), [](const Held& each) { return each->over; });
  });
  stage.rest(100 * kMillisecond);
  stage.then([=, &stage] {
    for (const Held& each : all) {
      stage.check(each->events.size() == 1, "not one failure: " + each->request.url);
    }
    stage.check(all[1]->count("closed 1006") == 1, "a WebSocket that cannot be opened is closed");
  });
}

void an_address_is_none(HostStage& stage) {
  std::vector<Held> all;
  for (const char* url : {"http://[", "http://server:port/", "https://no address/"}) {
    for (const ConnectionKind kind : kKinds) {
      Request request;
      request.kind = kind;
      request.url = url;
      all.push_back(stage.open(std::move(request)));
    }
  }
  Request request;
  request.kind = ConnectionKind::kStream;
  request.url = stage.nobody + "/";
  request.header_fields = {{"a name with spaces", "value"}};
  all.push_back(stage.open(request));
  request.kind = ConnectionKind::kRequest;
  all.push_back(stage.open(request));
  request.kind = ConnectionKind::kWebSocket;
  request.url = websocket(stage.nobody) + "/";
  request.subprotocols = {"twice", "twice"};
  all.push_back(stage.open(request));
  // One is closed before it can have failed.
  stage.close(*stage.open(ConnectionKind::kEventSource, "http://["));
  stage.when("failures", [=] {
    return std::all_of(all.begin(), all.end(), [](const Held& each) { return each->over; });
  });
  stage.rest(100 * kMillisecond);
  stage.then([=, &stage] {
    for (const Held& each : all) {
      stage.check(each->events.size() == 1, "not one failure: " + each->request.url);
    }
  });
}

void a_stream_is_asked_for_in_full(HostStage& stage) {
  const auto created = std::make_shared<Held>();
  Request request;
  request.kind = ConnectionKind::kStream;
  request.method = "POST";
  request.url = stage.server + "/api/channels";
  request.body = R"({"rate":20})";
  request.content_type = "application/json";
  *created = stage.open(request);
  stage.when(
      "a channel", [=] { return (*created)->over; },
      [=, &stage] {
        stage.check((*created)->events[0] == "opened 201", "method or body does not arrive");
      });
  stage.create_channel();
  const auto resumed = std::make_shared<Held>();
  stage.then([=, &stage] {
    Request after;
    after.kind = ConnectionKind::kStream;
    after.url = stage.channel + "/sse";
    after.header_fields = {{"Last-Event-ID", "1000000"}};
    *resumed = stage.open(std::move(after));
  });
  stage.when("the reset that is due to a cursor from the future", [=] {
    return std::any_of(
        (*resumed)->events.begin(), (*resumed)->events.end(),
        [](const std::string& each) { return each.find("reset") != std::string::npos; });
  });
}

void a_stream_ends_in_order(HostStage& stage) {
  follow(stage, ConnectionKind::kStream, [&stage](Held stream) {
    stage.check(stream->events[0] == "opened 200", "a stream begins with " + stream->events[0]);
    stage.play_fault(R"({"kind":"close"})");
    stage.when(
        "the end of the stream", [=] { return stream->over; },
        [=, &stage] { stage.check(stream->count("closed 0") == 1, "no end in order"); });
  });
}

void a_stream_breaks(HostStage& stage) {
  follow(stage, ConnectionKind::kStream, [&stage](Held stream) {
    stage.play_fault(R"({"kind":"cut","reset":true})");
    stage.when(
        "the broken stream", [=] { return stream->over; },
        [=, &stage] { stage.check(stream->count("failed") == 1, "no failure"); });
  });
}

void a_stream_is_refused(HostStage& stage) {
  const Held stream =
      stage.open(ConnectionKind::kStream, stage.server + "/api/channels/none/stream");
  stage.when(
      "the refusal's end", [=] { return stream->over; },
      [=, &stage] {
        stage.check(stream->events[0] == "opened 404" && stream->count("chunk") > 0 &&
                        stream->count("closed 0") == 1,
                    "a refusal is no stream of its own");
      });
}

void an_event_source_listens(HostStage& stage) {
  follow(stage, ConnectionKind::kEventSource, [&stage](Held source) {
    stage.check(source->events[0] == "opened 0", "it begins with " + source->events[0]);
    stage.check(source->count("event greeting") == 1, "a named event is not told");
    stage.check(source->count("event message") > 0, "an event without a name is not told");
    const std::set<std::string> different(source->events.begin(), source->events.end());
    stage.check(different.size() == source->events.size(), "an event is told twice");
  });
}

void an_event_source_breaks(HostStage& stage) {
  follow(stage, ConnectionKind::kEventSource, [&stage](Held source) {
    stage.play_fault(R"({"kind":"cut"})");
    stage.when(
        "the broken source", [=] { return source->over; },
        [=, &stage] {
          stage.check(source->count("failed for now") == 1,
                      "it does not say that it would try again");
        });
  });
}

void an_event_source_reconnects(HostStage& stage) {
  follow(
      stage, ConnectionKind::kEventSource,
      [&stage](Held source) {
        stage.play_fault(R"({"kind":"cut"})");
        stage.when("an interruption", [=] { return source->count("interrupted") > 0; });
        stage.when("another opening", [=] { return source->count("opened 0") == 2; });
        stage.when("another event", [=] { return source->count("event greeting") == 2; });
      },
      /*reconnects_itself=*/true);
}

void an_event_source_is_refused(HostStage& stage) {
  Request request;
  request.kind = ConnectionKind::kEventSource;
  request.url = stage.server + "/api/channels/none/sse";
  const Held once = stage.open(request);
  request.reconnects_itself = true;
  const Held again = stage.open(request);
  stage.when(
      "two refusals", [=] { return once->over && again->over; },
      [=, &stage] {
        for (const Held& each : {once, again}) {
          stage.check(each->events == std::vector<std::string>{"failed"},
                      "a refusal is not for good");
        }
      });
}

void a_web_socket_speaks(HostStage& stage) {
  follow(stage, ConnectionKind::kWebSocket, [&stage](Held socket) {
    stage.check(socket->events[0] == "opened 0", "it begins with " + socket->events[0]);
    stage.send(*socket, "spoken");
    stage.when("what was said", [=] {
      return std::any_of(socket->events.begin(), socket->events.end(), [](const std::string& each) {
        return each.find("spoken") != std::string::npos;
      });
    });
  });
}

void a_web_socket_is_closed(HostStage& stage) {
  follow(stage, ConnectionKind::kWebSocket, [&stage](Held socket) {
    stage.play_fault(R"({"kind":"close"})");
    stage.when(
        "the close", [=] { return socket->over; },
        [=, &stage] {
          stage.check(socket->newest("closed") != "closed 1006", "a close in order has no code");
          // Nobody hears it, and nothing breaks.
          stage.send(*socket, "too late");
        });
  });
}

void a_web_socket_breaks(HostStage& stage) {
  follow(stage, ConnectionKind::kWebSocket, [&stage](Held socket) {
    stage.play_fault(R"({"kind":"cut","reset":true})");
    stage.when(
        "the broken socket", [=] { return socket->over; },
        [=, &stage] {
          stage.check(socket->count("closed 1006") == 1,
                      "a broken connection has a code of its own");
        });
  });
  const auto held = std::make_shared<Held>();
  stage.then([=, &stage] {
    *held = stage.open(ConnectionKind::kWebSocket, stage.server + "/api/channels/none/websocket");
    stage.send(**held, "too early");
  });
  stage.when(
      "the refused socket", [=] { return (*held)->over; },
      [=, &stage] {
        stage.check((*held)->events == std::vector<std::string>{"closed 1006"},
                    "a refusal is not 1006");
      });
}

void closed_at_once(HostStage& stage) {
  stage.create_channel();
  stage.then([&stage] {
    for (const ConnectionKind kind : kKinds) {
      stage.close(*stage.open(kind, stage.channel + path_of(kind)));
      stage.close(*stage.open(kind, stage.nobody + "/"));
    }
  });
  stage.rest(300 * kMillisecond);
}

void closed_while_open(HostStage& stage) {
  for (const ConnectionKind kind : kKinds) {
    if (kind == ConnectionKind::kRequest) continue;
    follow(stage, kind, [&stage](Held each) {
      stage.close(*each);
      stage.close(*each);
    });
  }
  stage.rest(300 * kMillisecond);
}

void closed_from_inside(HostStage& stage) {
  for (const ConnectionKind kind : kKinds) {
    if (kind == ConnectionKind::kRequest) continue;
    stage.create_channel();
    stage.then([&stage, kind] {
      const Held first = stage.open(kind, stage.channel + path_of(kind));
      const Held other = stage.open(kind, stage.channel + path_of(kind));
      // The one that hears first ends both.
      stage.inside(first, "opened", [=, &stage] {
        stage.close(*first);
        if (!other->over) stage.close(*other);
      });
      stage.when("an opening", [=] { return first->over; });
    });
  }
  stage.rest(300 * kMillisecond);
}

void opened_from_inside(HostStage& stage) {
  const auto second = std::make_shared<Held>();
  const Held first = stage.open(ConnectionKind::kRequest, stage.server + "/api/time");
  stage.inside(first, "answered", [=, &stage] {
    *second = stage.open(ConnectionKind::kRequest, stage.server + "/api/time");
  });
  stage.when("the second answer", [=] { return *second && (*second)->count("answered 200") == 1; });
}

void timers_come_in_order(HostStage& stage) {
  stage.set_timer(90 * kMillisecond, "third");
  stage.set_timer(30 * kMillisecond, "second");
  stage.set_timer(0, "first");
  stage.when(
      "three timers", [&stage] { return stage.due.size() == 3; },
      [&stage] {
        stage.check(stage.due == std::vector<std::string>{"first", "second", "third"},
                    "they come in another order");
        stage.set_timer(20 * kMillisecond, "fourth");
      });
  stage.when("one more", [&stage] { return stage.due.size() == 4; });
  stage.rest(100 * kMillisecond);
  stage.then([&stage] { stage.check(stage.due.size() == 4, "one comes twice"); });
}

void timers_are_cancelled(HostStage& stage) {
  const TimerId at_once = stage.set_timer(0, "cancelled");
  const TimerId later = stage.set_timer(20 * kMillisecond, "cancelled later");
  stage.cancel_timer(at_once);
  stage.set_timer(10 * kMillisecond, "kept");
  stage.when(
      "the kept one", [&stage] { return !stage.due.empty(); },
      [&stage, later] {
        stage.cancel_timer(later);
        stage.cancel_timer(later);
      });
  stage.rest(100 * kMillisecond);
  stage.then([&stage] {
    stage.check(stage.due == std::vector<std::string>{"kept"}, "a cancelled timer is due");
  });
}

constexpr HostScene kScenes[] = {
    {"a request is answered once, whole, whatever its status", a_request_is_answered},
    {"an opaque request sees who is there, and nothing of the answer is needed",
     an_opaque_request_sees_who_is_there},
    {"where nobody is, every kind fails once, and not inside open()", nobody_is_there},
    {"what the browser or the network cannot make a request of fails once, later",
     an_address_is_none},
    {"a stream is asked for with method, header fields and body", a_stream_is_asked_for_in_full},
    {"a stream is opened with its status, and its end is told", a_stream_ends_in_order},
    {"a stream that breaks fails", a_stream_breaks},
    {"a stream that is refused is opened with its status", a_stream_is_refused},
    {"an EventSource tells the events that were asked for", an_event_source_listens},
    {"an EventSource that breaks fails, where it is not to reconnect", an_event_source_breaks},
    {"an EventSource that may reconnect is interrupted and opened anew",
     an_event_source_reconnects},
    {"an EventSource that is refused fails for good", an_event_source_is_refused},
    {"a WebSocket speaks both ways", a_web_socket_speaks},
    {"a WebSocket that is closed has a code", a_web_socket_is_closed},
    {"a WebSocket that breaks, or is refused, is closed with 1006", a_web_socket_breaks},
    {"nothing comes for what is closed as soon as it is opened", closed_at_once},
    {"nothing comes for what is closed while it delivers", closed_while_open},
    {"connections may be closed from inside an event", closed_from_inside},
    {"connections may be opened from inside an event", opened_from_inside},
    {"timers come once, in their order, and not inside set_timer()", timers_come_in_order},
    {"a cancelled timer does not come", timers_are_cancelled},
};

}  // namespace

std::span<const HostScene> host_scenes() { return kScenes; }

}  // namespace playground::client
