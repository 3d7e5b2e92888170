// What `watch` prints: a line for each thing that happens, for people or as JSON
// (docs/command-line.md lists the members).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/client/host.h"
#include "core/event_stream/parser.h"
#include "core/json_text.h"
#include "native_client/output.h"

namespace playground::native {

class WatchReport {
 public:
  // Data of one event in a line for people; on a terminal, what fits into it.
  static constexpr std::size_t kMostData = 64 * 1024;

  // `output` outlives it; times count from `start`.
  WatchReport(Output& output, bool json, bool verbose, client::Micros start)
      : output_(output), json_(json), verbose_(verbose), start_(start), last_(start) {}

  // What is asked for: in JSON, and for people with --verbose.
  void request(std::string_view method, std::string_view url, std::string_view last_event_id,
               client::Micros now);
  // `status` is 101 for a WebSocket. `reads`: how what follows is read, as --as has it.
  void open(int status, std::string_view fields, std::string_view reads, client::Micros now);
  void event(const event_stream::Event& event, client::Micros now);
  void comment(std::string_view text, client::Micros now);
  void retry(client::Micros reconnection_time, client::Micros now);
  // `what`: "text", "binary" (a WebSocket's), "line".
  void message(std::string_view what, std::string_view data, client::Micros now);
  void sent(std::string_view text, client::Micros now);
  void answer(int status, std::string_view fields, std::string_view body, client::Micros now);
  // Nothing has come for so long.
  void silence(client::Micros time, client::Micros now);
  // The connection is over; `next` is when it will be asked for again.
  void lost(std::string_view why, client::Micros pause, std::string_view last_event_id,
            client::Micros now);
  void closed(std::optional<std::uint16_t> code, std::string_view reason, client::Micros now);
  // What is wrong: a finding.
  void problem(std::string_view sentence, client::Micros now);
  // Of an answer's body, as it came and as it was read.
  void body(const client::BodySize& size);
  void summary(client::Micros now);

  std::uint64_t items() const { return items_; }
  std::uint64_t problems() const { return problems_; }

 private:
  template <typename AddMembers>
  void put(std::string_view what, std::string_view words, std::string_view data, client::Micros now,
           AddMembers add);
  // The time since the item before, which this one ends.
  client::Micros begin_item(client::Micros now);
  void fields(std::string_view lines);

  Output& output_;
  const bool json_;
  const bool verbose_;
  const client::Micros start_;
  client::Micros last_;                  // of the newest item
  client::Micros longest_ = 0;           // between two items, or before the first
  std::optional<client::Micros> since_;  // of the item that is being printed
  std::uint64_t items_ = 0;
  std::uint64_t bytes_ = 0;
  client::BodySize bodies_;
  std::uint64_t reconnections_ = 0;
  std::uint64_t problems_ = 0;
};

}  // namespace playground::native
