#include "native_client/net/url.h"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <optional>
#include <vector>

#include "core/field_text.h"

namespace playground::native {
namespace {

constexpr std::string_view kSchemes[] = {"http", "https", "ws", "wss"};

std::uint16_t default_port(std::string_view scheme) {
  return scheme == "https" || scheme == "wss" ? 443 : 80;
}

InputError wrong(std::string_view text, std::string_view what) {
  return {"\"" + std::string(text.substr(0, 200)) + "\" " + std::string(what)};
}

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = to_lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
        hex_value(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

// RFC 3986 3.3, 3.4, and what browsers send as it is.
std::string percent_encoded(std::string_view target) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : target) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte >= 0x7f || c == '"' || c == '<' || c == '>' || c == '`') {
      out += '%';
      out += kDigits[byte >> 4];
      out += kDigits[byte & 15];
    } else {
      out += c;
    }
  }
  return out;
}

// RFC 3986 5.2.4.
std::string without_dot_segments(std::string_view path) {
  std::vector<std::string_view> kept;
  bool ends_in_slash = false;
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    const std::size_t end = std::min(path.find('/'), path.size());
    const std::string_view segment = path.substr(0, end);
    path.remove_prefix(end);
    ends_in_slash = segment == "." || segment == "..";
    if (segment == "..") {
      if (!kept.empty()) kept.pop_back();
    } else if (segment != ".") {
      kept.push_back(segment);
    }
  }
  std::string out;
  for (const std::string_view segment : kept) out.append("/").append(segment);
  if (ends_in_slash || out.empty()) out += '/';
  return out;
}

// Into `url`; what is wrong with it, if anything is.
std::optional<std::string> take_host(std::string_view text, Url& url) {
  if (text.starts_with('[')) {
    if (!text.ends_with(']')) return "has an IPv6 address whose bracket does not close";
    const std::string address(text.substr(1, text.size() - 2));
    in6_addr parsed;
    if (inet_pton(AF_INET6, address.c_str(), &parsed) != 1) {
      return "has in its brackets what is no IPv6 address";
    }
    url.host = address;
  } else {
    if (text.empty()) return "names no host";
    if (text.size() > 253) return "has a host name of more than 253 bytes";
    const auto fits = [](char c) {
      return is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~';
    };
    if (!std::all_of(text.begin(), text.end(), fits)) {
      return "has a host with a character that no name has (one outside ASCII is written as "
             "punycode: xn--…)";
    }
    url.host = text;
  }
  std::transform(url.host.begin(), url.host.end(), url.host.begin(), to_lower);
  return std::nullopt;
}

std::optional<std::string> take_authority(std::string_view text, Url& url) {
  if (const std::size_t at = text.rfind('@'); at != text.npos) {
    url.userinfo = percent_decoded(text.substr(0, at));
    text.remove_prefix(at + 1);
  }
  const std::size_t bracket = text.rfind(']');
  const std::size_t colon = text.find(':', bracket == text.npos ? 0 : bracket);
  url.port = default_port(url.scheme);
  if (colon != text.npos) {
    const std::string_view digits = text.substr(colon + 1);
    if (!digits.empty()) {
      const auto [stop, error] =
          std::from_chars(digits.data(), digits.data() + digits.size(), url.port);
      if (error != std::errc() || stop != digits.data() + digits.size() || url.port == 0) {
        return "has a port that is no number from 1 to 65535";
      }
    }
    text = text.substr(0, colon);
  }
  url.port_written = url.port != default_port(url.scheme);
  return take_host(text, url);
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

}  // namespace

std::string Url::authority() const {
  std::string out = host.find(':') == host.npos ? host : "[" + host + "]";
  if (port_written) out += ":" + std::to_string(port);
  return out;
}

std::string Url::origin() const { return (secure() ? "https://" : "http://") + authority(); }

std::string Url::place() const { return host + " port " + std::to_string(port); }

Result<Url> parse_url(std::string_view text) {
  if (text.size() > kMaxUrlBytes) return InputError{"an address is longer than 64 KiB"};
  if (has_control(text)) return InputError{"an address has a control character in it"};
  const std::size_t end = text.find("://");
  Url url;
  if (end != text.npos) {
    url.scheme = text.substr(0, end);
    std::transform(url.scheme.begin(), url.scheme.end(), url.scheme.begin(), to_lower);
  }
  if (std::find(std::begin(kSchemes), std::end(kSchemes), url.scheme) == std::end(kSchemes)) {
    return wrong(text, "must begin with http://, https://, ws:// or wss://");
  }
  std::string_view rest = text.substr(end + 3);
  rest = rest.substr(0, rest.find('#'));
  const std::size_t path = std::min(rest.find_first_of("/?"), rest.size());
  if (const auto problem = take_authority(rest.substr(0, path), url)) return wrong(text, *problem);
  const std::string_view target = rest.substr(path);
  const std::size_t query = std::min(target.find('?'), target.size());
  url.target = percent_encoded(without_dot_segments(target.substr(0, query))) +
               percent_encoded(target.substr(query));
  return url;
}

Result<Url> resolve_reference(const Url& base, std::string_view reference) {
  reference = trimmed(reference.substr(0, reference.find('#')));
  const std::size_t special = reference.find_first_of(":/?");
  if (special != reference.npos && special > 0 && reference[special] == ':') {
    return parse_url(reference);
  }
  const std::string origin = base.scheme + "://" + base.authority();
  if (reference.starts_with("//")) return parse_url(base.scheme + ":" + std::string(reference));
  if (reference.starts_with('/')) return parse_url(origin + std::string(reference));
  const std::string_view target = base.target;
  const std::string_view path = target.substr(0, target.find('?'));
  if (reference.empty()) return parse_url(origin + base.target);
  if (reference.starts_with('?')) {
    return parse_url(origin + std::string(path) + std::string(reference));
  }
  return parse_url(origin + std::string(path.substr(0, path.rfind('/') + 1)) +
                   std::string(reference));
}

bool is_ip_address(std::string_view host) {
  const std::string text(host);
  in6_addr parsed;
  return inet_pton(AF_INET, text.c_str(), &parsed) == 1 ||
         inet_pton(AF_INET6, text.c_str(), &parsed) == 1;
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      group = group << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      out += j <= std::min<std::size_t>(bytes.size() - i, 3) ? kDigits[group >> (18 - 6 * j) & 63]
                                                             : '=';
    }
  }
  return out;
}

}  // namespace playground::native
