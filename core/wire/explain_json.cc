// JSON in and out of explain().
#include <nlohmann/json.hpp>

#include "core/json_text.h"
#include "core/utf8.h"
#include "core/wire/explain.h"

namespace playground::wire {
namespace {

using Json = nlohmann::ordered_json;

// In the order of Carrier, and of Span::Form.
constexpr std::string_view kCarriers[] = {"unknown", "event-stream", "lines", "websocket",
                                          "answer"};
constexpr std::string_view kForms[] = {"text", "hex", "bits", "omitted"};

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (!out.empty()) out += ' ';
    out += kDigits[byte >> 4];
    out += kDigits[byte & 0xf];
  }
  return out;
}

Json span_json(const Span& span) {
  const Span::Form form = is_utf8(span.bytes) ? span.form : Span::Form::kHex;
  return {{"kind", span.kind},
          {"text", form == Span::Form::kHex ? hex(span.bytes) : span.bytes},
          {"form", kForms[static_cast<std::size_t>(form)]},
          {"bytes", span.size},
          {"overhead", span.overhead},
          {"chosen", span.chosen},
          {"meaning", span.meaning},
          {"source", span.source}};
}

Json blocks_json(const std::vector<Block>& blocks) {
  Json list = Json::array();
  for (const Block& block : blocks) {
    Json spans = Json::array();
    for (const Span& span : block.spans) spans.push_back(span_json(span));
    list.push_back({{"title", block.title},
                    {"direction", block.inbound ? "in" : "out"},
                    {"atUs", block.at_us},
                    {"spans", std::move(spans)}});
  }
  return list;
}

std::string answer_json(std::string_view error, std::string_view lane,
                        std::optional<std::uint64_t> seq, std::uint64_t connection,
                        const Explanation& explanation) {
  const Json json = {{"lane", lane},
                     {"seq", seq ? Json(*seq) : Json(nullptr)},
                     {"error", error},
                     {"connection", connection},
                     {"carrier", kCarriers[static_cast<std::size_t>(explanation.carrier)]},
                     {"messages", explanation.messages},
                     {"bytes", explanation.bytes},
                     {"overhead", explanation.overhead},
                     {"message", blocks_json(explanation.message)},
                     {"heads", blocks_json(explanation.connection)}};
  return json_text(json);
}

std::optional<Part> part_from(const nlohmann::json& json) {
  const std::string* direction = text_in(json, "direction");
  const auto* at = member_in(json, "at_us");
  const auto skipped = count_in(json, "skipped");
  const std::string* text = text_in(json, "bytes");
  if (!direction || !at || !at->is_number_integer() || !skipped || !text) return std::nullopt;
  auto bytes = bytes_of_text(*text);
  if (!bytes) return std::nullopt;
  return Part{*direction == "in", at->get<std::int64_t>(), *skipped, std::move(*bytes)};
}

}  // namespace

std::string explain_json(int status, std::string_view body, std::string_view lane,
                         std::optional<std::uint64_t> seq) {
  const auto json = parse_json(body);
  const auto unreadable = [&] {
    return unexplained_json("The server's answer about its bytes cannot be read.", lane, seq);
  };
  if (status != 200) {
    const std::string* error = text_in(json, "error");
    return error ? unexplained_json("The server says: " + *error + ".", lane, seq) : unreadable();
  }
  const auto connection = count_in(json, "connection");
  const auto* list = array_in(json, "parts");
  if (!connection || !list) return unreadable();
  std::vector<Part> parts;
  for (const auto& each : *list) {
    auto part = part_from(each);
    if (!part) return unreadable();
    parts.push_back(std::move(*part));
  }
  return answer_json("", lane, seq, *connection, explain(parts, seq));
}

std::string unexplained_json(std::string_view error, std::string_view lane,
                             std::optional<std::uint64_t> seq) {
  return answer_json(error, lane, seq, 0, {});
}

}  // namespace playground::wire
