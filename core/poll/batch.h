// The JSON batch that answers short and long polls (docs/api.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/record.h"
#include "core/result.h"

namespace playground::poll {

// `last` is the sequence number to ask after next.
struct Batch {
  std::vector<Message> messages;
  std::uint64_t last = 0;
  std::optional<Reset> reset;
  std::string epoch = {};   // as a greeting's
  std::string server = {};  // likewise
};

// Writes a batch piece by piece, from messages that are already JSON (a server encodes a message
// once and hands it to every poll). Call begin, then message for each, then end.
class BatchWriter {
 public:
  // `out` must outlive the writer; what it already holds is kept.
  explicit BatchWriter(std::string& out) : out_(out) {}

  void begin();
  void message(std::string_view json);
  void end(std::uint64_t last, const std::optional<Reset>& reset, std::string_view epoch = {},
           std::string_view server = {});

 private:
  std::string& out_;
  bool first_ = true;
};

Result<Batch> parse_batch(std::string_view json);

}  // namespace playground::poll
