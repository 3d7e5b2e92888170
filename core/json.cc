#include "core/json.h"

#include <limits>

#include "core/json_text.h"

namespace playground {

std::optional<double> Json::number() const {
  if (kind_ == Kind::kCount) return static_cast<double>(count_);
  if (kind_ == Kind::kNegative) return static_cast<double>(negative_);
  return kind_ == Kind::kFraction ? std::optional(fraction_) : std::nullopt;
}

std::optional<std::uint64_t> Json::count() const {
  return kind_ == Kind::kCount ? std::optional(count_) : std::nullopt;
}

std::optional<std::int64_t> Json::whole() const {
  if (kind_ == Kind::kNegative) return negative_;
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (kind_ != Kind::kCount || count_ > kMost) return std::nullopt;
  return static_cast<std::int64_t>(count_);
}

const Json* Json::find(std::string_view name) const {
  const auto member = members_.find(name);
  return member != members_.end() ? &member->second : nullptr;
}

namespace {

void append_json(const Json& json, std::string& out) {
  if (const auto* members = json.members()) {
    JsonObject object(out);
    for (const auto& [name, value] : *members) append_json(value, object.value(name));
  } else if (const auto* elements = json.elements()) {
    JsonArray array(out);
    for (const Json& each : *elements) append_json(each, array.next());
  } else if (const auto* text = json.text()) {
    append_json_string(*text, out);
  } else if (const auto* truth = json.truth()) {
    out += *truth ? "true" : "false";
  } else if (const auto count = json.count()) {
    append_number(*count, out);
  } else if (const auto whole = json.whole()) {
    append_number(*whole, out);
  } else if (const auto number = json.number()) {
    append_number(*number, out);
  } else {
    out += "null";
  }
}

}  // namespace

std::string json_text(const Json& json) {
  std::string text;
  append_json(json, text);
  return text;
}

const Json::Elements* array_in(const Json& object, std::string_view name) {
  const Json* member = object.find(name);
  return member != nullptr ? member->elements() : nullptr;
}

const std::string* text_in(const Json& object, std::string_view name) {
  const Json* member = object.find(name);
  return member != nullptr ? member->text() : nullptr;
}

std::optional<std::uint64_t> count_in(const Json& object, std::string_view name) {
  const Json* member = object.find(name);
  return member != nullptr ? member->count() : std::nullopt;
}

}  // namespace playground
