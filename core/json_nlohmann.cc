// JSON as nlohmann/json reads it, for whoever must take it from anybody.
#include <nlohmann/json.hpp>

#include "core/json_reader.h"

namespace playground {
namespace {

struct Sax : JsonReader {
  bool binary(const std::vector<std::uint8_t>&) { return false; }
  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception&) {
    return false;
  }
};

}  // namespace

Json parse_json(std::string_view text) {
  Sax sax;
  // nlohmann/json takes a NUL for the end of the text, whatever follows; no JSON has one.
  if (text.find('\0') != text.npos) return Json();
  return nlohmann::json::sax_parse(text, &sax) ? sax.read() : Json();
}

}  // namespace playground
