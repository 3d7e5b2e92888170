// The events of a chunk as one text and one table, so that they cross to JavaScript in two steps
// however many they are: the text is decoded once, and cut by the table's lengths.
#ifndef PLAYGROUND_CORE_EVENT_STREAM_BATCH_H_
#define PLAYGROUND_CORE_EVENT_STREAM_BATCH_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/event_stream/parser.h"

namespace playground::event_stream {

class Batch final : public ParserEvents {
 public:
  // Instead of a length: the same as in the row before, and not in the text.
  static constexpr std::uint32_t kSame = 0xffffffff;

  // Instead of a reconnection time.
  static constexpr std::uint32_t kNoTime = 0xffffffff;

  // One event. Lengths are in UTF-16 code units, as `text` has them once it is decoded.
  struct Row {
    std::uint32_t data;
    std::uint32_t type;           // or kSame
    std::uint32_t last_event_id;  // or kSame
  };

  // A new chunk begins; its first row names type and last event id in full.
  void begin();

  void on_event(const Event& event) override;
  void on_retry(std::uint64_t milliseconds) override;

  // Data, type and last event id of every row in turn. An LF follows each: it keeps bytes that are
  // not UTF-8 from running into the next one. The views live until the next event.
  std::string_view text() const { return {text_.data(), text_size_}; }
  const std::vector<Row>& rows() const { return rows_; }
  // Whether the text is ASCII and so every length one in bytes as well.
  bool is_ascii() const { return is_ascii_; }
  // The newest one since begin(), in milliseconds and at most kNoTime - 1; kNoTime where none came.
  std::uint32_t reconnection_time() const { return reconnection_time_; }

 private:
  std::uint32_t append(std::string_view bytes);
  std::uint32_t append_unless_same(std::string_view bytes, std::string& before);

  std::vector<char> text_;  // the first `text_size_` of them
  std::size_t text_size_ = 0;
  std::vector<Row> rows_;
  std::string type_;  // of the row before
  std::string last_event_id_;
  bool is_ascii_ = true;
  std::uint32_t reconnection_time_ = kNoTime;
};

}  // namespace playground::event_stream

#endif  // PLAYGROUND_CORE_EVENT_STREAM_BATCH_H_
