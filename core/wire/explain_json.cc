// JSON in and out of explain().
#include "core/json.h"
#include "core/json_text.h"
#include "core/utf8.h"
#include "core/wire/explain.h"

namespace playground::wire {
namespace {

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

void append_span(const Span& span, std::string& out) {
  const Span::Form form = is_utf8(span.bytes) ? span.form : Span::Form::kHex;
  JsonObject(out)
      .add("kind", span.kind)
      .add("text", form == Span::Form::kHex ? hex(span.bytes) : span.bytes)
      .add("form", kForms[static_cast<std::size_t>(form)])
      .add("bytes", span.size)
      .add("overhead", span.overhead)
      .add("chosen", span.chosen)
      .add("meaning", span.meaning)
      .add("source", span.source);
}

void append_blocks(const std::vector<Block>& blocks, std::string& out) {
  JsonArray list(out);
  for (const Block& block : blocks) {
    JsonObject json(list.next());
    json.add("title", block.title)
        .add("direction", block.inbound ? "in" : "out")
        .add("atUs", block.at_us);
    JsonArray spans(json.value("spans"));
    for (const Span& span : block.spans) append_span(span, spans.next());
  }
}

std::string answer_json(std::string_view error, std::string_view lane,
                        std::optional<std::uint64_t> seq, std::uint64_t connection,
                        const Explanation& explanation) {
  std::string out;
  {
    JsonObject json(out);
    json.add("lane", lane)
        .add("seq", seq)
        .add("error", error)
        .add("connection", connection)
        .add("carrier", kCarriers[static_cast<std::size_t>(explanation.carrier)])
        .add("messages", explanation.messages)
        .add("bytes", explanation.bytes)
        .add("overhead", explanation.overhead);
    append_blocks(explanation.message, json.value("message"));
    append_blocks(explanation.connection, json.value("heads"));
  }
  return out;
}

std::optional<Part> part_from(const Json& json) {
  const std::string* direction = text_in(json, "direction");
  const auto* at = member_in(json, "at_us");
  const auto skipped = count_in(json, "skipped");
  const std::string* text = text_in(json, "bytes");
  if (!direction || !at || !at->whole() || !skipped || !text) return std::nullopt;
  auto bytes = bytes_of_text(*text);
  if (!bytes) return std::nullopt;
  return Part{*direction == "in", *at->whole(), *skipped, std::move(*bytes)};
}

}  // namespace

std::string explain_json(int status, std::string_view body, std::string_view lane,
                         std::optional<std::uint64_t> seq) {
  const auto unexplained = [&](std::string_view error) {
    return answer_json(error, lane, seq, 0, {});
  };
  constexpr std::string_view kUnreadable = "The server's answer about its bytes cannot be read.";
  if (status == 0) return unexplained(body);
  const Json json = parse_json(body);
  if (status != 200) {
    const std::string* error = text_in(json, "error");
    return unexplained(error ? "The server says: " + *error + "." : std::string(kUnreadable));
  }
  const auto connection = count_in(json, "connection");
  const auto* list = array_in(json, "parts");
  if (!connection || !list) return unexplained(kUnreadable);
  std::vector<Part> parts;
  for (const Json& each : *list) {
    auto part = part_from(each);
    if (!part) return unexplained(kUnreadable);
    parts.push_back(std::move(*part));
  }
  return answer_json("", lane, seq, *connection, explain(parts, seq));
}

}  // namespace playground::wire
