// JSON (RFC 8259) that somebody else wrote, as a value; json_text.h writes JSON.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace playground {

class Json {
 public:
  using Elements = std::vector<Json>;
  using Members = std::map<std::string, Json, std::less<>>;

  Json() = default;  // null
  Json(Json&&) = default;
  Json& operator=(Json&&) = default;

  // What it is; null, or nothing, where it is something else.
  const bool* truth() const { return kind_ == Kind::kTruth ? &truth_ : nullptr; }
  const std::string* text() const { return kind_ == Kind::kText ? &text_ : nullptr; }
  const Elements* elements() const { return kind_ == Kind::kArray ? &elements_ : nullptr; }
  const Members* members() const { return kind_ == Kind::kObject ? &members_ : nullptr; }
  std::optional<double> number() const;
  // A whole number, of 0 or more, and of any sign.
  std::optional<std::uint64_t> count() const;
  std::optional<std::int64_t> whole() const;

  // A member of an object, whose name occurs once: the last of several counts.
  const Json* find(std::string_view name) const;
  // Whether it is this string.
  bool is(std::string_view text) const { return kind_ == Kind::kText && text_ == text; }

 private:
  friend class JsonReader;

  enum class Kind : std::uint8_t {
    kNull,
    kTruth,
    kCount,
    kNegative,
    kFraction,
    kText,
    kArray,
    kObject
  };

  Kind kind_ = Kind::kNull;
  bool truth_ = false;
  std::uint64_t count_ = 0;
  std::int64_t negative_ = 0;
  double fraction_ = 0;
  std::string text_;
  Elements elements_;
  Members members_;
};

// Deeper than this a text is not read.
inline constexpr std::size_t kMaxJsonDepth = 64;

// The value of `text`; null where that is not JSON. nlohmann/json reads it, and is compiled in
// json_nlohmann.cc only, as that takes seconds. In a browser its size counts: there, a reader of
// our own takes its place.
Json parse_json(std::string_view text);
// As a browser reads it. The tests hold it to what nlohmann/json says.
Json parse_small_json(std::string_view text);

// The shortest text of `json`.
std::string json_text(const Json& json);

// A member of `object`, whatever that is: null, or nothing, where it has none of that name and
// type.
inline const Json* member_in(const Json& object, std::string_view name) {
  return object.find(name);
}
const Json::Elements* array_in(const Json& object, std::string_view name);
const std::string* text_in(const Json& object, std::string_view name);
// A whole number of 0 or more.
std::optional<std::uint64_t> count_in(const Json& object, std::string_view name);

}  // namespace playground
