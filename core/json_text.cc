#include "core/json_text.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace playground {
namespace {

template <typename Json>
std::string text_of(const Json& json) {
  return json.dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

}  // namespace

nlohmann::json parse_json(std::string_view text) {
  return nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
}

std::string json_text(const nlohmann::json& json) { return text_of(json); }
std::string json_text(const nlohmann::ordered_json& json) { return text_of(json); }

void append_json_string(std::string_view text, std::string& out) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
  });
  if (plain) {
    out += '"';
    out += text;
    out += '"';
    return;
  }
  out += json_text(nlohmann::json(text));
}

void append_byte_text(std::string_view bytes, std::string& out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += '"';
  for (const char c : bytes) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (byte >= 0x20 && byte < 0x7f) {
      out += c;
    } else {
      out += "\\u00";
      out += kDigits[byte >> 4];
      out += kDigits[byte & 0xf];
    }
  }
  out += '"';
}

std::optional<std::string> bytes_of_text(std::string_view utf8) {
  std::string bytes;
  bytes.reserve(utf8.size());
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto first = static_cast<std::uint8_t>(utf8[i]);
    if (first < 0x80) {
      bytes += utf8[i];
      continue;
    }
    // U+0080 to U+00FF take two bytes: 110000xx 10xxxxxx.
    if ((first & 0xfc) != 0xc0 || i + 1 == utf8.size()) return std::nullopt;
    const auto second = static_cast<std::uint8_t>(utf8[++i]);
    if ((second & 0xc0) != 0x80) return std::nullopt;
    bytes += static_cast<char>((first & 0x03) << 6 | (second & 0x3f));
  }
  return bytes;
}

const nlohmann::json* member_in(const nlohmann::json& object, const char* name) {
  const auto member = object.find(name);
  return member != object.end() ? &*member : nullptr;
}

const nlohmann::json* array_in(const nlohmann::json& object, const char* name) {
  const auto* member = member_in(object, name);
  return member != nullptr && member->is_array() ? member : nullptr;
}

const std::string* text_in(const nlohmann::json& object, const char* name) {
  const auto* member = member_in(object, name);
  return member != nullptr ? member->get_ptr<const std::string*>() : nullptr;
}

std::optional<std::uint64_t> count_in(const nlohmann::json& object, const char* name) {
  const auto* member = member_in(object, name);
  if (member == nullptr || !member->is_number_unsigned()) return std::nullopt;
  return member->get<std::uint64_t>();
}

}  // namespace playground
