// One interface to the records of every transport, for tests that go over all of them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/record.h"
#include "tests/native_server/support/client.h"

namespace playground::server {

enum class Transport { kPoll, kLongPoll, kEventStream, kNdjson, kWebSocket };

inline constexpr Transport kAllTransports[] = {Transport::kPoll, Transport::kLongPoll,
                                               Transport::kEventStream, Transport::kNdjson,
                                               Transport::kWebSocket};
inline constexpr Transport kStreams[] = {Transport::kEventStream, Transport::kNdjson,
                                         Transport::kWebSocket};

std::string_view name(Transport transport);

class RecordReader {
 public:
  virtual ~RecordReader() = default;
  // The next record; polls ask for more by themselves. Nothing when the stream ended in order;
  // throws when it ended otherwise.
  virtual std::optional<Record> next() = 0;
  virtual Client& connection() = 0;

  // Passes by what is not a message.
  Message next_message();
  // `count` messages, which must be `first`, `first` + 1, and so on.
  void expect_messages(std::uint64_t first, std::uint64_t count);
};

// `query` holds further parameters, as `lane=a`.
std::unique_ptr<RecordReader> open_reader(Transport transport, std::uint16_t port,
                                          const std::string& channel,
                                          std::optional<std::uint64_t> after = std::nullopt,
                                          const std::string& query = {}, int receive_buffer = 0);

}  // namespace playground::server
