// A Json as it is read, piece by piece: for those who read the text (json_nlohmann.cc,
// json_small.cc).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/json.h"

namespace playground {

// The order of the calls is that of the text, and they are those of nlohmann/json's SAX interface.
// False ends the reading.
class JsonReader {
 public:
  bool null() {
    next();
    return true;
  }
  bool boolean(bool truth) {
    take(Json::Kind::kTruth).truth_ = truth;
    return true;
  }
  bool number_integer(std::int64_t number) {
    take(Json::Kind::kNegative).negative_ = number;
    return true;
  }
  bool number_unsigned(std::uint64_t number) {
    take(Json::Kind::kCount).count_ = number;
    return true;
  }
  bool number_float(double number, const std::string&) {
    take(Json::Kind::kFraction).fraction_ = number;
    return true;
  }
  bool string(std::string& text) {
    take(Json::Kind::kText).text_ = std::move(text);
    return true;
  }
  bool start_object(std::size_t) { return open(Json::Kind::kObject); }
  bool start_array(std::size_t) { return open(Json::Kind::kArray); }
  bool key(std::string& name) {
    member_ = &open_.back()->members_[std::move(name)];
    return true;
  }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  Json read() { return std::move(root_); }

 private:
  // Where the next value goes. Those that are open stay where they are: nothing is added to what
  // holds them.
  Json& next() {
    if (open_.empty()) return root_;
    Json& within = *open_.back();
    if (within.kind_ == Json::Kind::kArray) return within.elements_.emplace_back();
    if (member_->kind_ != Json::Kind::kNull) *member_ = Json();
    return *member_;
  }
  Json& take(Json::Kind kind) {
    Json& value = next();
    value.kind_ = kind;
    return value;
  }
  bool open(Json::Kind kind) {
    if (open_.size() == kMaxJsonDepth) return false;
    open_.push_back(&take(kind));
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  Json root_;
  std::vector<Json*> open_;  // from the outside in
  Json* member_ = nullptr;   // of an object: the one that is next
};

}  // namespace playground
