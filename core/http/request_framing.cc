#include "core/http/request_framing.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

#include "core/field_text.h"

namespace playground::http {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

// What a character may be part of, in a table: every byte of every request is looked at.
enum : std::uint8_t { kToken = 1, kField = 2, kTarget = 4, kHost = 8 };

constexpr std::array<std::uint8_t, 256> kClasses = [] {
  std::array<std::uint8_t, 256> classes{};
  for (std::size_t c = 0; c < classes.size(); ++c) {
    // RFC 9110 5.5: visible characters, obs-text, space and tab.
    if (c == '\t' || (c >= 0x20 && c != 0x7f)) classes[c] |= kField;
    if (c > 0x20 && c < 0x7f) classes[c] |= kTarget;
  }
  // RFC 9110 5.6.2.
  for (const char c : std::string_view("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                       "0123456789!#$%&'*+-.^_`|~")) {
    classes[static_cast<std::size_t>(c)] |= kToken;
  }
  // RFC 3986 3.2.2 and 3.2.3: unreserved, sub-delims, percent-encoded, an address in brackets.
  for (const char c : std::string_view("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                       "0123456789-._~!$&'()*+,;=%[]:")) {
    classes[static_cast<std::size_t>(c)] |= kHost;
  }
  return classes;
}();

bool is_in(std::uint8_t character_class, char c) {
  return (kClasses[static_cast<unsigned char>(c)] & character_class) != 0;
}

bool all_of(std::string_view text, std::uint8_t character_class) {
  std::uint8_t classes = character_class;
  for (const char c : text) classes &= kClasses[static_cast<unsigned char>(c)];
  return classes != 0;
}

// RFC 9112 2.3.
bool is_version(std::string_view text) {
  const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
  return text.size() == 8 && text.starts_with("HTTP/") && digit(5) && text[6] == '.' && digit(7);
}

bool is_token(std::string_view text) { return !text.empty() && all_of(text, kToken); }

// RFC 9110 9.1, RFC 5789, and what HTTP/2 begins with.
constexpr std::array<std::string_view, 10> kMethods{
    "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "PRI"};

constexpr std::string_view kMaxHead = "--max-head";
constexpr std::string_view kMaxBody = "--max-body";

struct Fault {
  int status;
  std::string_view reason;
  std::string_view limit = {};
};

class HeadReader {
 public:
  explicit HeadReader(const server::Limits& limits) : limits_(limits) {}

  std::optional<Fault> request_line(std::string_view line) {
    const std::size_t first = line.find(' ');
    const std::size_t second = line.find(' ', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) {
      return Fault{400, "the request line is not `method target version`"};
    }
    const std::string_view target = line.substr(first + 1, second - first - 1);
    const std::string_view version = line.substr(second + 1);
    const std::string_view method = line.substr(0, first);
    if (!is_token(method)) return Fault{400, "the method is not a token"};
    if (std::find(kMethods.begin(), kMethods.end(), method) == kMethods.end()) {
      return Fault{501, "the method is none that this server knows"};
    }
    if (target.empty() || !all_of(target, kTarget)) {
      return Fault{400, "the target holds a character that must be percent-encoded"};
    }
    if (version != "HTTP/1.1" && version != "HTTP/1.0") {
      return Fault{is_version(version) ? 505 : 400, "the version is neither HTTP/1.1 nor HTTP/1.0"};
    }
    is_1_1_ = version == "HTTP/1.1";
    return std::nullopt;
  }

  std::optional<Fault> field_line(std::string_view line) {
    std::size_t colon = 0;
    while (colon < line.size() && is_in(kToken, line[colon])) ++colon;
    if (colon == 0 || colon == line.size() || line[colon] != ':') {
      return Fault{400, "a header field is not `name: value` on one line"};
    }
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (!all_of(value, kField)) {
      return Fault{400, "a header field holds a control character"};
    }
    field_names_ |= name_bit(name);
    if (equals_ignoring_case(name, "Host")) {
      if (std::exchange(has_host_, true)) {
        return Fault{400, "there is more than one header field Host"};
      }
      if (!all_of(value, kHost)) return Fault{400, "Host is not `host` or `host:port`"};
    }
    if (equals_ignoring_case(name, "Content-Length")) return content_length(value);
    if (equals_ignoring_case(name, "Transfer-Encoding")) {
      return Fault{411, "a body needs a Content-Length; Transfer-Encoding is not taken"};
    }
    if (equals_ignoring_case(name, "Expect")) {
      if (!equals_ignoring_case(value, "100-continue")) {
        return Fault{417, "the expectation in Expect is not known"};
      }
      expects_continue_ = true;
    }
    return std::nullopt;
  }

  std::optional<Fault> end() const {
    if (is_1_1_ && !has_host_) return Fault{400, "the header field Host is missing"};
    return std::nullopt;
  }

  std::size_t body_bytes() const { return body_bytes_; }
  std::uint64_t field_names() const { return field_names_; }
  bool expects_continue() const { return is_1_1_ && expects_continue_ && body_bytes() > 0; }

 private:
  std::optional<Fault> content_length(std::string_view value) {
    if (has_length_) return Fault{400, "there is more than one Content-Length"};
    std::uint64_t length = 0;
    const char* end = value.data() + value.size();
    const auto [stop, error] = std::from_chars(value.data(), end, length);
    if (error == std::errc::invalid_argument || stop != end) {
      return Fault{400, "Content-Length is not a number"};
    }
    if (error == std::errc::result_out_of_range || length > limits_.body_bytes) {
      return Fault{413, "the body is too long", kMaxBody};
    }
    has_length_ = true;
    body_bytes_ = static_cast<std::size_t>(length);
    return std::nullopt;
  }

  const server::Limits& limits_;
  bool is_1_1_ = false;
  bool has_host_ = false;
  bool expects_continue_ = false;
  bool has_length_ = false;
  std::size_t body_bytes_ = 0;
  std::uint64_t field_names_ = 0;
};

Framing refused(const Fault& fault) {
  Framing framing;
  framing.state = Framing::State::kRefused;
  framing.status = fault.status;
  framing.reason = fault.reason;
  framing.limit = fault.limit;
  return framing;
}

}  // namespace

Framing frame_request(std::string_view bytes, const server::Limits& limits) {
  Framing framing;
  while (bytes.substr(framing.skipped).starts_with(kLineEnd)) framing.skipped += 2;
  const std::string_view request = bytes.substr(framing.skipped);

  HeadReader reader(limits);
  std::size_t begin = 0;
  for (bool first = true;; first = false) {
    const std::size_t end = request.find('\n', begin);
    if (framing.skipped + std::min(end, request.size()) >= limits.head_bytes) {
      return refused(first && framing.skipped < limits.head_bytes
                         ? Fault{414, "the target is too long", kMaxHead}
                         : Fault{431, "the head is too long", kMaxHead});
    }
    if (end == std::string_view::npos) return framing;
    std::string_view line = request.substr(begin, end - begin);
    if (!line.ends_with('\r')) return refused({400, "a line of the head does not end in CR LF"});
    line.remove_suffix(1);
    begin = end + 1;
    if (line.empty()) break;
    if (const auto fault = first ? reader.request_line(line) : reader.field_line(line)) {
      return refused(*fault);
    }
  }
  if (const auto fault = reader.end()) return refused(*fault);

  framing.head_bytes = begin;
  framing.body_bytes = reader.body_bytes();
  framing.expects_continue = reader.expects_continue();
  framing.field_names = reader.field_names();
  if (bytes.size() >= framing.total_bytes()) framing.state = Framing::State::kComplete;
  return framing;
}

}  // namespace playground::http
