#include "core/json_pointer.h"

#include <charconv>
#include <string>

namespace playground {
namespace {

// Section 4: ~1 is a slash, and ~0 a tilde.
std::string unescaped(std::string_view part) {
  std::string name;
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (part[i] != '~') {
      name += part[i];
    } else {
      name += part[++i] == '1' ? '/' : '~';
    }
  }
  return name;
}

// An index is written in one way only: without zeros before it.
const Json* element(const Json::Elements& elements, std::string_view part) {
  std::size_t index = 0;
  const auto read = std::from_chars(part.data(), part.data() + part.size(), index);
  const bool whole = read.ec == std::errc() && read.ptr == part.data() + part.size();
  if (!whole || (part.size() > 1 && part[0] == '0') || index >= elements.size()) return nullptr;
  return &elements[index];
}

}  // namespace

bool is_json_pointer(std::string_view text) {
  if (!text.empty() && text[0] != '/') return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '~') continue;
    if (i + 1 == text.size() || (text[i + 1] != '0' && text[i + 1] != '1')) return false;
  }
  return true;
}

const Json* find_at(const Json& json, std::string_view pointer) {
  if (!is_json_pointer(pointer)) return nullptr;
  const Json* at = &json;
  while (at != nullptr && !pointer.empty()) {
    pointer.remove_prefix(1);
    const std::string_view part = pointer.substr(0, pointer.find('/'));
    pointer.remove_prefix(part.size());
    const Json::Elements* elements = at->elements();
    at = elements != nullptr ? element(*elements, part) : at->find(unescaped(part));
  }
  return at;
}

}  // namespace playground
