// A reader of plain NDJSON, and what it was sent.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <variant>
#include <vector>

#include "core/lines/line_parser.h"
#include "core/record.h"
#include "core/server/subscriber.h"
#include "tests/support/fake_outlet.h"

namespace playground::server {

struct StreamReader {
  explicit StreamReader(Audience& audience, std::uint64_t cursor = 0)
      : subscriber(std::make_unique<Subscriber>(audience, WireFormat::kNdjsonPlain, cursor)) {
    subscriber->begin(outlet, {});
  }

  // The records since the last call.
  std::vector<Record> take() {
    std::vector<Record> records;
    lines::LineParser lines;
    lines.feed(outlet.text, [&](std::string_view line) { records.push_back(*parse_record(line)); });
    outlet.text.clear();
    return records;
  }

  // Of those the numbers of the messages.
  std::vector<std::uint64_t> take_messages() {
    std::vector<std::uint64_t> numbers;
    for (const Record& record : take()) {
      if (const auto* message = std::get_if<Message>(&record)) numbers.push_back(message->seq);
    }
    return numbers;
  }

  FakeOutlet outlet;
  std::unique_ptr<Subscriber> subscriber;
};

}  // namespace playground::server
