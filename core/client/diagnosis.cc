#include "core/client/diagnosis.h"

#include <utility>

#include "core/field_text.h"

namespace playground::client {
namespace {

std::string_view host_of(std::string_view url) {
  std::string_view host = origin_of(url);
  host.remove_prefix(host.find("://") + 3);
  if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
  return host.substr(0, host.find(':'));
}

// What browsers take for trustworthy without TLS (W3C Secure Contexts 3.1).
bool is_loopback(std::string_view host) {
  return host == "localhost" || host.ends_with(".localhost") || host.starts_with("127.") ||
         host == "[::1]";
}

std::string_view media_type(std::string_view fields) {
  const std::string_view type = find_field(fields, "Content-Type");
  return trimmed(type.substr(0, type.find(';')));
}

// WHATWG Fetch 2.2.2, without the limits of their values.
bool needs_no_leave(const HeaderField& field) {
  return list_has("Accept,Accept-Language,Content-Language", field.name);
}

bool is_plain_type(std::string_view type) {
  const std::string_view essence = trimmed(type.substr(0, type.find(';')));
  return essence.empty() ||
         list_has("text/plain,application/x-www-form-urlencoded,multipart/form-data", essence);
}

}  // namespace

std::string Diagnosis::http_url() const {
  const std::string& url = spec_.endpoint.address(spec_.transport);
  return url.starts_with("ws") ? "http" + url.substr(2) : url;
}

void Diagnosis::asked(std::string_view last_event_id) {
  last_event_id_ = last_event_id;
  has_head_ = false;
}

void Diagnosis::head(int status, std::string_view fields) {
  has_head_ = true;
  status_ = status;
  fields_ = fields;
  if (status == 0 || is_wanted(status, fields)) {
    stop();
    found_.reset();
  }
}

void Diagnosis::stop() {
  readable_.close();
  timer_.cancel();
  opaque_.cancel();
}

bool Diagnosis::is_wanted(int status, std::string_view fields) const {
  if (status != 200) return false;
  const bool events = info(spec_.transport).served == Served::kEventStream;
  return !events || equals_ignoring_case(media_type(fields), "text/event-stream");
}

void Diagnosis::failed(Micros now) {
  if (readable_ || opaque_ || timer_) return;
  if (has_head_) {
    // What has been followed and has ended needs no explanation.
    if (status_ != 0 && !is_wanted(status_, fields_)) find_unwanted(status_, fields_, now);
    return;
  }
  const std::string url = http_url();
  const bool secure = dispatcher_.host().page().origin.starts_with("https:");
  if (secure && url.starts_with("http:") && !is_loopback(host_of(url))) {
    return find(Reason::kEndpointMixedContent, now);
  }
  if (found_ && now - looked_at_ < kRest) return;
  looked_at_ = now;
  ask_readably();
}

// Without what a server would have to allow first: then only that is in question.
void Diagnosis::ask_readably() {
  Request request;
  request.kind = ConnectionKind::kStream;
  request.url = http_url();
  if (info(spec_.transport).served == Served::kEventStream) {
    request.header_fields.push_back({"Accept", "text/event-stream"});
  }
  readable_ = Connection(dispatcher_, request, [this](const HostEvent& event, Micros now) {
    const auto* opened = std::get_if<Opened>(&event);
    if (opened == nullptr && !is_last(event)) return;
    stop();
    if (opened == nullptr) return ask_opaquely();
    answered(opened->status, opened->fields, now);
  });
  timer_ = Timer(dispatcher_, kTimeLimit, [this](Micros now) {
    stop();
    find(Reason::kEndpointNotThere, now);
  });
}

void Diagnosis::answered(int status, std::string_view fields, Micros now) {
  if (info(spec_.transport).upgrades()) return find(Reason::kEndpointNotWebSocket, now, status);
  std::string needs = to_allow();
  if (!needs.empty()) return find(Reason::kEndpointPreflight, now, 0, std::move(needs));
  if (!is_wanted(status, fields)) find_unwanted(status, fields, now);
}

void Diagnosis::ask_opaquely() {
  const std::string origin = dispatcher_.host().page().origin;
  Request request;
  request.url = http_url();
  request.opaque = true;
  // Its own origin a page may read.
  if (origin.empty() || origin == origin_of(request.url)) return unanswered();
  opaque_ = Question(dispatcher_, request, kTimeLimit, [this](const Reply& reply, Micros at) {
    if (!reply.answered()) return unanswered();
    const bool upgrades = info(spec_.transport).upgrades();
    find(upgrades ? Reason::kEndpointNotWebSocket : Reason::kEndpointNotAllowed, at);
  });
}

void Diagnosis::unanswered() {
  timer_ = Timer(dispatcher_, kPolicyTold, [this](Micros now) {
    stop();
    say_who_forbids(now);
  });
}

void Diagnosis::say_who_forbids(Micros now) {
  const Host& host = dispatcher_.host();
  const bool forbidden = host.policy_forbids(http_url()) ||
                         host.policy_forbids(spec_.endpoint.address(spec_.transport));
  find(forbidden                          ? Reason::kEndpointPolicy
       : host.page().local_network_denied ? Reason::kEndpointLocalNetwork
                                          : Reason::kEndpointNotThere,
       now);
}

void Diagnosis::find_unwanted(int status, std::string_view fields, Micros now) {
  find(Reason::kEndpointNotStream, now, status, std::string(media_type(fields)));
}

void Diagnosis::find(Reason reason, Micros now, int status, std::string words) {
  if (std::exchange(found_, reason) == reason) return;
  Decision decision{.at = now, .lane = spec_.transport, .reason = reason};
  Parameters& what = decision.parameters;
  what.transport = spec_.transport;
  what.endpoint = spec_.endpoint.name;
  what.server = origin_of(spec_.endpoint.address(spec_.transport));
  what.origin = dispatcher_.host().page().origin;
  what.status = status;
  (reason == Reason::kEndpointPreflight ? what.said : what.type) = std::move(words);
  events_.on_found(std::move(decision));
}

std::string Diagnosis::to_allow() const {
  const Endpoint& endpoint = spec_.endpoint;
  const auto& page = dispatcher_.host().page();
  const bool sends_fields = info(spec_.transport).needs != Feature::kEventSource;
  if (!sends_fields || page.origin == origin_of(endpoint.http)) return {};
  std::string fields;
  const auto add = [&fields](std::string_view name) {
    fields.append(fields.empty() ? "" : ", ").append(name);
  };
  for (const HeaderField& each : endpoint.header_fields) {
    if (!needs_no_leave(each)) add(each.name);
  }
  if (!is_plain_type(endpoint.content_type)) add("Content-Type");
  if (!last_event_id_.empty()) add("Last-Event-ID");
  std::string all;
  if (!fields.empty()) all = "`Access-Control-Allow-Headers: " + fields + "`";
  const std::string& method = endpoint.method;
  if (method != "GET" && method != "HEAD" && method != "POST") {
    all.append(all.empty() ? "" : " and ").append("`Access-Control-Allow-Methods: ");
    all.append(method).append("`");
  }
  return all;
}

}  // namespace playground::client
