// How fast core/event_stream reads: events of 100 bytes, in chunks of 64 KiB, from memory.
// Prints one JSON object: gigabytes a second of each shape of event, the median of its rounds.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

#include "core/event_stream/batch.h"
#include "core/event_stream/parser.h"

namespace playground::event_stream {
namespace {

constexpr std::size_t kEventBytes = 100;
constexpr std::size_t kStreamBytes = 8 << 20;
constexpr std::size_t kChunkBytes = 64 << 10;
constexpr int kRounds = 15;

// Counts, and looks at every event, so that nothing can be left out.
struct Counter final : ParserEvents {
  void on_event(const Event& event) override {
    ++events;
    bytes += event.data.size() + event.last_event_id.size();
  }
  void on_retry(std::uint64_t) override {}
  std::uint64_t events = 0;
  std::uint64_t bytes = 0;
};

// Events of kEventBytes each, with an id or without.
std::string stream(bool with_id, std::string_view line_end) {
  std::string out;
  for (std::uint64_t number = 1'000'000; out.size() < kStreamBytes; ++number) {
    std::string event;
    if (with_id) event.append("id: ").append(std::to_string(number)).append(line_end);
    event += "data: ";
    event.append(kEventBytes - event.size() - 2 * line_end.size(), 'x');
    event.append(line_end).append(line_end);
    out += event;
  }
  return out;
}

template <typename Feed>
double gigabytes_per_s(std::string_view bytes, Feed feed) {
  std::vector<double> rates;
  for (int round = 0; round < kRounds; ++round) {
    // The processor's time: on a shared machine others take their turns.
    const std::clock_t begin = std::clock();
    for (std::size_t at = 0; at < bytes.size(); at += kChunkBytes) {
      feed(bytes.substr(at, kChunkBytes));
    }
    const double took = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    rates.push_back(static_cast<double>(bytes.size()) / took / 1e9);
  }
  std::nth_element(rates.begin(), rates.begin() + kRounds / 2, rates.end());
  return rates[kRounds / 2];
}

// False where events were lost.
bool measure(const char* name, std::string_view bytes, bool last) {
  Parser parser;
  Counter counter;
  const double parsed =
      gigabytes_per_s(bytes, [&](std::string_view chunk) { parser.feed(chunk, counter); });
  Parser batched_parser;
  Batch batch;
  std::uint64_t batched = 0;
  std::string text(kChunkBytes, '\0');
  const double in_batches = gigabytes_per_s(bytes, [&](std::string_view chunk) {
    std::copy(chunk.begin(), chunk.end(), text.begin());
    batch.read(batched_parser, text, chunk.size());
    batched += batch.rows().size();
  });
  std::printf("\"%s\":{\"parser\":%.3f,\"batch\":%.3f}%s", name, parsed, in_batches,
              last ? "" : ",");
  const std::uint64_t expected = kRounds * (bytes.size() / kEventBytes);
  return counter.events == expected && batched == expected;
}

int main() {
  std::printf("{");
  const bool whole = measure("data", stream(false, "\n"), false) &&
                     measure("id and data", stream(true, "\n"), false) &&
                     measure("id and data, CRLF", stream(true, "\r\n"), true);
  std::printf("}\n");
  return whole ? 0 : 1;
}

}  // namespace
}  // namespace playground::event_stream

int main() { return playground::event_stream::main(); }
