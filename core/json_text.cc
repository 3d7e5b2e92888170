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

std::uint64_t count_in(const nlohmann::json& object, const char* name) {
  if (!object.is_object()) return 0;
  const auto member = object.find(name);
  return member != object.end() && member->is_number_unsigned() ? member->get<std::uint64_t>() : 0;
}

}  // namespace playground
