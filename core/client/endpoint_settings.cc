#include "core/client/endpoint_settings.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/field_text.h"
#include "core/json_pointer.h"
#include "core/json_text.h"

namespace playground::client {
namespace {

constexpr std::size_t kMostText = 65'536;
constexpr double kLeastPollMs = 50;
constexpr double kMostPollMs = 3'600'000;

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

  // False where something is wrong: then problem() says which member, and how.
  bool read(const Json& value) {
    if (value.members() == nullptr) return refuse("it must be an object", "");
    // What the others can be depends on it.
    const std::string* url = text_in(value, "url");
    if (url == nullptr) return refuse("url", " is missing");
    const bool socket = url->starts_with("ws");
    std::optional<TransportId> id = socket ? TransportId::kWebSocket : TransportId::kSseFetch;
    if (const Json* transport = value.find("transport")) {
      id = transport->text() == nullptr ? std::nullopt : find_transport(*transport->text());
      // Without a cursor of ours the others are one of these, and less.
      if (!id || *id == TransportId::kSse || *id == TransportId::kLongPoll) {
        return refuse("transport",
                      " must be sse-native, sse-fetch, websocket, ndjson or short-poll, not ",
                      shown(*transport));
      }
    }
    feed_.transport = *id;
    feed_.codec = CodecId::kPlain;
    for (const auto& [member, each] : *value.members()) {
      if (!take(member, each)) return false;
    }
    const bool get = endpoint_.method == "GET" || endpoint_.method == "HEAD";
    if (get && !endpoint_.body.empty()) {
      return refuse("body", ": a browser sends none with ", endpoint_.method);
    }
    if (endpoint_.name.empty()) {
      const std::string_view origin = origin_of(endpoint_.address(feed_.transport));
      endpoint_.name = origin.substr(origin.find("://") + 3);
    }
    return true;
  }

  std::string problem() && { return std::move(problem_); }

 private:
  // "headers: a browser sends none with WebSocket".
  [[gnu::noinline]] bool refuse(std::string_view member, std::string_view what,
                                std::string_view which = {}) {
    problem_ = member;
    problem_.append(what).append(which);
    return false;
  }

  bool take(std::string_view member, const Json& value) {
    if (member == "transport") return true;
    if (is_one_of("headers,method,body,contentType", member) && !sends_fields()) {
      return refuse(member, ": a browser sends none with ", name(info(feed_.transport).needs));
    }
    if (member == "headers") return take_headers(value);
    if (member == "events") return take_list(member, value, endpoint_.event_names);
    if (member == "subprotocols") return take_list(member, value, endpoint_.subprotocols);
    if (member == "pollMs") return take_interval(value);
    if (!is_one_of("url,method,time,number,sendTo,body,name,contentType,sendType", member)) {
      std::string unknown;
      append_json_string(member, unknown);
      return refuse(unknown.substr(0, 80), " is not a member of an endpoint");
    }
    if (value.text() == nullptr || value.text()->size() > kMostText) {
      return refuse(member, " must be a text of at most 65536 bytes");
    }
    return take_text(member, *value.text());
  }

  // Whether script chooses what is asked: an EventSource and a WebSocket have their own way.
  bool sends_fields() const {
    const Feature needs = info(feed_.transport).needs;
    return needs == Feature::kFetch || needs == Feature::kXmlHttpRequest;
  }

  bool take_text(std::string_view member, const std::string& text) {
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
      if (!is_field_value(text)) return refuse(member, kNoValue);
      (member == "sendType" ? settings_.send_type : endpoint_.content_type) = text;
    }
    return true;
  }

  static constexpr std::string_view kNoValue = ": a field's value has no line end in it";
  static bool is_field_value(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) == text.npos;
  }

  bool take_url(const std::string& url) {
    const bool upgrades = info(feed_.transport).upgrades();
    if (!is_address(url, upgrades ? "ws,wss,http,https" : "http,https")) {
      return refuse("url must be an address like ", upgrades ? "wss" : "https",
                    "://example.org/path, without a name, a password or a fragment");
    }
    endpoint_.http = url;
    endpoint_.websocket = url.starts_with("ws") ? url : "ws" + url.substr(4);
    return true;
  }

  bool take_headers(const Json& value) {
    if (value.members() == nullptr) {
      return refuse("headers", " must be an object of names and values");
    }
    for (const auto& [name, each] : *value.members()) {
      if (!is_token(name)) return refuse("headers: no field has the name ", name);
      if (is_forbidden(name)) {
        return refuse("headers", ": a browser does not let a page send ", name);
      }
      if (each.text() == nullptr || !is_field_value(*each.text())) {
        return refuse("headers: ", name, kNoValue);
      }
      endpoint_.header_fields.push_back({name, *each.text()});
    }
    return true;
  }

  bool take_method(const std::string& method) {
    if (!is_token(method)) return refuse("method", " must be one of HTTP's, such as POST");
    if (is_one_of("CONNECT,TRACE,TRACK", method)) {
      return refuse("method", ": a browser does not let a page send ", method);
    }
    endpoint_.method = method;
    return true;
  }

  bool take_list(std::string_view member, const Json& value, std::vector<std::string>& target) {
    const bool upgrades = info(feed_.transport).upgrades();
    const bool of_sockets = member == "subprotocols";
    if (of_sockets != upgrades ||
        (!of_sockets && info(feed_.transport).served != Served::kEventStream)) {
      return refuse(member, of_sockets ? ": only a WebSocket has them"
                                       : ": only an event stream has names of events");
    }
    if (value.elements() == nullptr) return refuse(member, " must be an array of names");
    for (const Json& each : *value.elements()) {
      const std::string* text = each.text();
      if (text == nullptr || (of_sockets ? !is_token(*text) : text->empty())) {
        return refuse(member, ": no name is ", shown(each));
      }
      if (std::find(target.begin(), target.end(), *text) != target.end()) {
        return refuse(member, ": twice there is ", shown(each));
      }
      target.push_back(*text);
    }
    return true;
  }

  bool take_interval(const Json& value) {
    const double milliseconds = value.number().value_or(0);
    if (!(milliseconds >= kLeastPollMs && milliseconds <= kMostPollMs)) {
      return refuse("pollMs", " must be a number from 50 to 3600000 (milliseconds)");
    }
    endpoint_.short_poll_interval = static_cast<Micros>(milliseconds * kMillisecond);
    return true;
  }

  bool take_pointer(std::string_view member, const std::string& text,
                    std::optional<std::string>& target) {
    if (!is_json_pointer(text)) {
      return refuse(member, " must be a JSON Pointer (RFC 6901) such as /ts, not ", text);
    }
    target = text;
    return true;
  }

  bool take_send_to(const std::string& text) {
    if (info(feed_.transport).two_way()) {
      return refuse("sendTo", ": a WebSocket takes what is said itself");
    }
    if (!is_address(text, "http,https")) {
      return refuse("sendTo", " must be an address like https://example.org/path");
    }
    settings_.send_to = text;
    return true;
  }

  std::string problem_;
  EndpointSettings& settings_;
  FeedSpec& feed_;
  Endpoint& endpoint_;
};

bool is_taken(const Endpoints& others, std::string_view name) {
  return std::any_of(others.begin(), others.end(),
                     [&](const auto& each) { return each->feed.endpoint.name == name; });
}

}  // namespace

std::optional<InputError> take_endpoints(const Json& value, Endpoints& target) {
  const Json::Elements* elements = value.elements();
  if (elements == nullptr || elements->size() > kMaxEndpoints) {
    return InputError{"it must be an array of at most 8 objects"};
  }
  for (const Json& each : *elements) {
    auto settings = std::make_shared<EndpointSettings>();
    settings->send_type = "text/plain;charset=UTF-8";
    std::string number;
    append_number(target.size() + 1, number);
    EndpointReader reader(*settings);
    if (!reader.read(each)) {
      const std::string which = elements->size() == 1 ? "" : "number " + number + ": ";
      return InputError{which + std::move(reader).problem()};
    }
    // Names tell them apart.
    std::string& name = settings->feed.endpoint.name;
    if (is_taken(target, name)) name.append(" ").append(number);
    target.push_back(std::move(settings));
  }
  return std::nullopt;
}

}  // namespace playground::client
