#include "native_client/http/request_head.h"

#include <algorithm>

#include "core/field_text.h"
#include "native_client/http/content_decoder.h"

namespace playground::native {
namespace {

constexpr std::string_view kFraming[] = {
    "Connection",        "Content-Length",        "Keep-Alive",
    "Proxy-Connection",  "Sec-WebSocket-Accept",  "Sec-WebSocket-Extensions",
    "Sec-WebSocket-Key", "Sec-WebSocket-Version", "TE",
    "Trailer",           "Transfer-Encoding",     "Upgrade",
};

using Fields = std::vector<client::HeaderField>;

bool has(const Fields& fields, std::string_view name) {
  return std::any_of(fields.begin(), fields.end(), [&](const client::HeaderField& each) {
    return equals_ignoring_case(each.name, name);
  });
}

// Those of `more` take the place of those with the same names.
void put(const Fields& more, Fields& fields) {
  std::erase_if(fields, [&](const client::HeaderField& each) { return has(more, each.name); });
  for (const client::HeaderField& each : more) {
    if (!is_framing_field(each.name)) fields.push_back(each);
  }
}

}  // namespace

bool is_field_name(std::string_view name) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (to_lower(c) >= 'a' && to_lower(c) <= 'z') ||
           kMarks.find(c) != kMarks.npos;
  });
}

bool is_field_value(std::string_view value) {
  return std::all_of(value.begin(), value.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
  });
}

bool is_framing_field(std::string_view name) {
  return std::any_of(std::begin(kFraming), std::end(kFraming),
                     [&](std::string_view each) { return equals_ignoring_case(each, name); });
}

std::string text_of(const RequestHead& head, const NetworkSettings& settings) {
  const Url& url = head.url;
  Fields fields = {{"Host", url.authority()},
                   {"User-Agent", "playground/" PLAYGROUND_VERSION},
                   {"Accept", "*/*"},
                   {"Accept-Encoding", std::string(ContentDecoder::kAccepted)}};
  if (!url.userinfo.empty()) fields.push_back({"Authorization", "Basic " + base64(url.userinfo)});
  put(head.fields, fields);
  Fields said = settings.header_fields;
  std::erase_if(said, [&](const client::HeaderField& each) {
    return head.redirected_away && (equals_ignoring_case(each.name, "Authorization") ||
                                    equals_ignoring_case(each.name, "Cookie"));
  });
  put(said, fields);
  std::string text(head.method);
  text += ' ';
  if (head.proxy != nullptr) text += "http://" + url.authority();
  text += url.target + " HTTP/1.1\r\n";
  const auto add = [&](const client::HeaderField& each) {
    text.append(each.name).append(": ").append(each.value).append("\r\n");
  };
  for (const client::HeaderField& each : fields) add(each);
  if (head.proxy != nullptr && !head.proxy->authorization.empty()) {
    add({"Proxy-Authorization", head.proxy->authorization});
  }
  for (const client::HeaderField& each : head.own) add(each);
  return text + "\r\n";
}

}  // namespace playground::native
