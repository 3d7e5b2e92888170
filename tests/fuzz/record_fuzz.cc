// What a client reads: lines of records, and batches.
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/lines/line_parser.h"
#include "core/poll/batch.h"
#include "core/record.h"
#include "tests/fuzz/support.h"

namespace playground {
namespace {

std::vector<std::string> lines(const std::vector<std::string_view>& pieces) {
  lines::LineParser parser;
  std::vector<std::string> out;
  for (const std::string_view piece : pieces) {
    const std::string bytes(piece);
    const bool ok = parser.feed(bytes, [&](std::string_view line) { out.emplace_back(line); });
    fuzz::demand(ok, "no line is too long");
  }
  return out;
}

std::vector<std::string> plain_lines(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t end; (end = text.find('\n')) != text.npos; text.remove_prefix(end + 1)) {
    std::string line(text.substr(0, end));
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (!line.empty()) out.push_back(line);
  }
  return out;
}

std::string encoded(const Record& record) {
  std::string out;
  std::visit([&](const auto& each) { encode(each, out); }, record);
  return out;
}

void record(std::string_view text) {
  const auto parsed = parse_record(text);
  if (!parsed) return fuzz::demand(!parsed.error().message.empty(), "an error is a sentence");
  const auto again = parse_record(encoded(*parsed));
  fuzz::demand(again.ok() && *again == *parsed, "a record written again is the same");
}

void batch(std::string_view text) {
  const auto parsed = poll::parse_batch(text);
  if (!parsed) return fuzz::demand(!parsed.error().message.empty(), "an error is a sentence");
  std::string out;
  poll::BatchWriter writer(out);
  writer.begin();
  for (const Message& message : parsed->messages) writer.message(encoded(message));
  writer.end(parsed->last, parsed->reset);
  const auto again = poll::parse_batch(out);
  fuzz::demand(again.ok() && again->messages == parsed->messages && again->last == parsed->last &&
                   again->reset == parsed->reset,
               "a batch written again is the same");
}

}  // namespace
}  // namespace playground

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace playground;
  const std::string_view text = fuzz::as_text(data, size);
  const auto found = fuzz::same_for_every_cut(text, lines);
  fuzz::demand(found == plain_lines(text), "lines are what ends in LF");
  for (const std::string& line : found) record(line);
  record(text);
  batch(text);
  return 0;
}
