#include "core/client/endpoint_settings.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/field_text.h"
#include "core/json_pointer.h"
#include "core/json_text.h"

namespace playground::client {
namespace {

using Problem = std::optional<InputError>;

constexpr std::size_t kMostText = 65'536;
constexpr double kLeastPollMs = 50;
constexpr double kMostPollMs = 3'600'000;

// The member that is wrong, and how: "headers: a browser sends none with WebSocket".
[[gnu::noinline]] Problem problem(std::string_view member, std::string_view what,
                                  std::string_view which = {}) {
  std::string text(member);
  return InputError{text.append(what).append(which)};
}

std::string shown(const Json& value) { return json_text(value).substr(0, 80); }

bool is_one_of(std::string_view names, std::string_view name) { return list_has(names, name); }

// RFC 9110 5.6.2
bool is_token(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (to_lower(c) >= 'a' && to_lower(c) <= 'z') ||
           kMarks.find(c) != kMarks.npos;
  });
}

// What a browser leaves out without a word (WHATWG Fetch 2.2.2), of what readers try.
bool is_forbidden(std::string_view name) {
  return is_one_of(
             "Accept-Encoding,Connection,Content-Length,Cookie,Host,Keep-Alive,Origin,Referer,"
             "Upgrade",
             name) ||
         equals_ignoring_case(name.substr(0, 4), "Sec-") ||
         equals_ignoring_case(name.substr(0, 6), "Proxy-");
}

// Whether it is an absolute address of one of these schemes, with nothing that a browser refuses.
bool is_address(std::string_view url, std::string_view schemes) {
  const std::string_view origin = origin_of(url);
  const std::size_t end = origin.find("://");
  return end != origin.npos && origin.size() > end + 3 && origin.find('@') == origin.npos &&
         url.find_first_of(" \t\r\n\"<>\\#") == url.npos && is_one_of(schemes, url.substr(0, end));
}

class EndpointReader {
 public:
  explicit EndpointReader(EndpointSettings& settings)
      : settings_(settings), feed_(settings.feed), endpoint_(settings.feed.endpoint) {}

  Problem read(const Json& value) {
    if (value.members() == nullptr) return problem("it must be an object", "");
    // What the others can be depends on it.
    const std::string* url = text_in(value, "url");
    if (url == nullptr) return problem("url", " is missing");
    const bool socket = url->starts_with("ws");
    std::optional<TransportId> id = socket ? TransportId::kWebSocket : TransportId::kSseFetch;
    if (const Json* transport = value.find("transport")) {
      id = transport->text() == nullptr ? std::nullopt : find_transport(*transport->text());
      // Without a cursor of ours the others are one of these, and less.
      if (!id || *id == TransportId::kSse || *id == TransportId::kLongPoll) {
        return problem("transport",
                       " must be sse-native, sse-fetch, websocket, ndjson or short-poll, not ",
                       shown(*transport));
      }
    }
    feed_.transport = *id;
    feed_.codec = CodecId::kPlain;
    for (const auto& [member, each] : *value.members()) {
      if (Problem wrong = take(member, each)) return wrong;
    }
    const bool get = endpoint_.method == "GET" || endpoint_.method == "HEAD";
    if (get && !endpoint_.body.empty()) {
      return problem("body", ": a browser sends none with ", endpoint_.method);
    }
    if (endpoint_.name.empty()) {
      const std::string_view origin = origin_of(endpoint_.address(feed_.transport));
      endpoint_.name = origin.substr(origin.find("://") + 3);
    }
    return std::nullopt;
  }

 private:
  Problem take(std::string_view member, const Json& value) {
    if (member == "transport") return std::nullopt;
    if (is_one_of("headers,method,body,contentType", member) && !sends_fields()) {
      return problem(member, ": a browser sends none with ", name(info(feed_.transport).needs));
    }
    if (member == "headers") return take_headers(value);
    if (member == "events") return take_list(member, value, endpoint_.event_names);
    if (member == "subprotocols") return take_list(member, value, endpoint_.subprotocols);
    if (member == "pollMs") return take_interval(value);
    if (!is_one_of("url,method,time,number,sendTo,body,name,contentType,sendType", member)) {
      std::string unknown;
      append_json_string(member, unknown);
      return problem(unknown.substr(0, 80), " is not a member of an endpoint");
    }
    if (value.text() == nullptr || value.text()->size() > kMostText) {
      return problem(member, " must be a text of at most 65536 bytes");
    }
    return take_text(member, *value.text());
  }

  // Whether script chooses what is asked: an EventSource and a WebSocket have their own way.
  bool sends_fields() const {
    const Feature needs = info(feed_.transport).needs;
    return needs == Feature::kFetch || needs == Feature::kXmlHttpRequest;
  }

  Problem take_text(std::string_view member, const std::string& text) {
    if (member == "url") return take_url(text);
    if (member == "method") return take_method(text);
    if (member == "time") return take_pointer(member, text, endpoint_.time_at);
    if (member == "number") return take_pointer(member, text, endpoint_.number_at);
    if (member == "sendTo") return take_send_to(text);
    if (member == "body") {
      endpoint_.body = text;
    } else if (member == "name") {
      endpoint_.name = text.substr(0, 80);
    } else if (member == "contentType" || member == "sendType") {
      if (!is_field_value(text)) return problem(member, kNoValue);
      (member == "sendType" ? settings_.send_type : endpoint_.content_type) = text;
    }
    return std::nullopt;
  }

  static constexpr std::string_view kNoValue = ": a field's value has no line end in it";
  static bool is_field_value(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) == text.npos;
  }

  Problem take_url(const std::string& url) {
    const bool upgrades = info(feed_.transport).upgrades();
    if (!is_address(url, upgrades ? "ws,wss,http,https" : "http,https")) {
      return problem("url must be an address like ", upgrades ? "wss" : "https",
                     "://example.org/path, without a name, a password or a fragment");
    }
    endpoint_.http = url;
    endpoint_.websocket = url.starts_with("ws") ? url : "ws" + url.substr(4);
    return std::nullopt;
  }

  Problem take_headers(const Json& value) {
    if (value.members() == nullptr) {
      return problem("headers", " must be an object of names and values");
    }
    for (const auto& [name, each] : *value.members()) {
      if (!is_token(name)) return problem("headers: no field has the name ", name);
      if (is_forbidden(name)) {
        return problem("headers", ": a browser does not let a page send ", name);
      }
      if (each.text() == nullptr || !is_field_value(*each.text())) {
        return problem("headers: ", name, kNoValue);
      }
      endpoint_.header_fields.push_back({name, *each.text()});
    }
    return std::nullopt;
  }

  Problem take_method(const std::string& method) {
    if (!is_token(method)) return problem("method", " must be one of HTTP's, such as POST");
    if (is_one_of("CONNECT,TRACE,TRACK", method)) {
      return problem("method", ": a browser does not let a page send ", method);
    }
    endpoint_.method = method;
    return std::nullopt;
  }

  Problem take_list(std::string_view member, const Json& value, std::vector<std::string>& target) {
    const bool upgrades = info(feed_.transport).upgrades();
    const bool of_sockets = member == "subprotocols";
    if (of_sockets != upgrades ||
        (!of_sockets && info(feed_.transport).served != Served::kEventStream)) {
      return problem(member, of_sockets ? ": only a WebSocket has them"
                                        : ": only an event stream has names of events");
    }
    if (value.elements() == nullptr) return problem(member, " must be an array of names");
    for (const Json& each : *value.elements()) {
      const std::string* text = each.text();
      if (text == nullptr || (of_sockets ? !is_token(*text) : text->empty())) {
        return problem(member, ": no name is ", shown(each));
      }
      if (std::find(target.begin(), target.end(), *text) != target.end()) {
        return problem(member, ": twice there is ", shown(each));
      }
      target.push_back(*text);
    }
    return std::nullopt;
  }

  Problem take_interval(const Json& value) {
    const double milliseconds = value.number().value_or(0);
    if (!(milliseconds >= kLeastPollMs && milliseconds <= kMostPollMs)) {
      return problem("pollMs", " must be a number from 50 to 3600000 (milliseconds)");
    }
    endpoint_.short_poll_interval = static_cast<Micros>(milliseconds * kMillisecond);
    return std::nullopt;
  }

  static Problem take_pointer(std::string_view member, const std::string& text,
                              std::optional<std::string>& target) {
    if (!is_json_pointer(text)) {
      return problem(member, " must be a JSON Pointer (RFC 6901) such as /ts, not ", text);
    }
    target = text;
    return std::nullopt;
  }

  Problem take_send_to(const std::string& text) {
    if (info(feed_.transport).two_way()) {
      return problem("sendTo", ": a WebSocket takes what is said itself");
    }
    if (!is_address(text, "http,https")) {
      return problem("sendTo", " must be an address like https://example.org/path");
    }
    settings_.send_to = text;
    return std::nullopt;
  }

  EndpointSettings& settings_;
  FeedSpec& feed_;
  Endpoint& endpoint_;
};

bool is_taken(const Endpoints& others, std::string_view name) {
  return std::any_of(others.begin(), others.end(),
                     [&](const auto& each) { return each->feed.endpoint.name == name; });
}

}  // namespace

Problem take_endpoints(const Json& value, Endpoints& target) {
  const Json::Elements* elements = value.elements();
  if (elements == nullptr || elements->size() > kMaxEndpoints) {
    return problem("it must be an array of at most 8 objects", "");
  }
  for (const Json& each : *elements) {
    auto settings = std::make_shared<EndpointSettings>();
    settings->send_type = "text/plain;charset=UTF-8";
    std::string number;
    append_number(target.size() + 1, number);
    if (Problem wrong = EndpointReader(*settings).read(each)) {
      return elements->size() == 1 ? wrong : problem("number " + number, ": ", wrong->message);
    }
    // Names tell them apart.
    std::string& name = settings->feed.endpoint.name;
    if (is_taken(target, name)) name.append(" ").append(number);
    target.push_back(std::move(settings));
  }
  return std::nullopt;
}

}  // namespace playground::client
