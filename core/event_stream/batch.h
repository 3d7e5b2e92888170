// The events of a chunk as one text and one table, so that they cross to JavaScript in two steps,
// however many there are: the text is decoded once, and cut at the table's offsets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/event_stream/bytes.h"
#include "core/event_stream/parser.h"
#include "core/event_stream/utf16_offsets.h"

namespace playground::event_stream {

class Batch final : private ParserEvents {
 public:
  // In place of a text's begin: the same as in the event before, from this chunk or an earlier one.
  static constexpr std::uint32_t kSame = 0xffffffff;
  // In place of a type's begin: "message".
  static constexpr std::uint32_t kMessage = 0xfffffffe;

  // In place of a reconnection time.
  static constexpr std::uint32_t kNoTime = 0xffffffff;

  // Offsets into the text; with kSame and kMessage, `end` means nothing.
  struct Span {
    std::uint32_t begin;
    std::uint32_t end;
  };
  struct Row {
    Span data;
    Span type;
    Span last_event_id;
  };

  // The first `size` bytes of `text` are the next chunk. Most events lie in it whole. What does not
  // (parts that came with earlier chunks, several lines of data) is put after it, an LF after each
  // text; and bytes of a character that the chunk's beginning or end cuts become ASCII, since no
  // event here has them. So decoding the text never has to go on in the next one.
  ParseStatus read(Parser& parser, std::string& text, std::size_t size);

  const std::vector<Row>& rows() const { return rows_; }
  // Of the chunk and what was put after it.
  std::size_t text_size() const { return text_size_; }
  // Whether the text is ASCII, so that every offset counts UTF-16 code units as well.
  bool is_ascii() const { return is_ascii_; }
  // The newest one of the chunk, in milliseconds and at most kNoTime - 1; kNoTime for none.
  std::uint32_t reconnection_time() const { return reconnection_time_; }

  // Makes all offsets count UTF-16 code units. Precondition: `text` is read's and is UTF-8.
  void count_in_utf16(const std::string& text);

 private:
  void on_event(const Event& event) override;
  void on_retry(std::uint64_t milliseconds) override;
  Span place(std::string_view bytes);
  std::size_t place_behind(std::string_view bytes);
  Span place_type(std::string_view type);
  std::string_view placed(Span span) const;

  std::string_view chunk_;
  Bytes behind_;  // the chunk
  std::vector<Row> rows_;
  Span type_ = {kMessage, 0};  // of the event before, in this chunk; kMessage before the first
  std::size_t text_size_ = 0;
  bool is_ascii_ = true;
  std::uint32_t reconnection_time_ = kNoTime;
  Utf16Offsets offsets_;
};

}  // namespace playground::event_stream
