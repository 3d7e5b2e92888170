#include "core/client/words.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "core/json_text.h"

namespace playground::client {

std::string duration_text(Micros duration) {
  duration = std::max<Micros>(0, duration);
  std::string out;
  if (duration < kSecond) {
    append_number((duration + kMillisecond / 2) / kMillisecond, out);
    return out + " ms";
  }
  if (duration < 10 * kSecond) {
    const Micros tenths = (duration + kSecond / 20) / (kSecond / 10);
    append_number(tenths / 10, out);
    out += '.';
    append_number(tenths % 10, out);
    return out + " s";
  }
  if (duration < 120 * kSecond) {
    append_number((duration + kSecond / 2) / kSecond, out);
    return out + " s";
  }
  append_number((duration + 30 * kSecond) / (60 * kSecond), out);
  return out + " min";
}

std::string strong(std::string_view words) { return "**" + std::string(words) + "**"; }

std::string messages_text(std::uint64_t first, std::uint64_t last) {
  std::string out = first == last ? "message " : "messages ";
  append_number(first, out);
  if (first != last) {
    out += " to ";
    append_number(last, out);
  }
  return out;
}

std::string error_in(const Answered& answer) {
  const auto json = parse_json(answer.body);
  if (json.is_object()) {
    const auto error = json.find("error");
    if (error != json.end() && error->is_string()) return error->get<std::string>();
  }
  std::string text = "status ";
  append_number(answer.status, text);
  return text;
}

}  // namespace playground::client
