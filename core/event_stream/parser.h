// Reads text/event-stream (WHATWG HTML 9.2.5 and 9.2.6): bytes in, events out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/event_stream/bytes.h"

namespace playground::event_stream {

// The views live until on_event returns. They are the bytes of the stream: a reader that needs
// text decodes them as UTF-8 with replacement, which for whole fields is what 9.2.5 asks for.
struct Event {
  std::string_view type;  // "message" where the stream named none
  std::string_view data;
  std::string_view last_event_id;
  // False where the last event id is certain to be that of the event before.
  bool has_new_id = false;
};

class ParserEvents {
 public:
  virtual ~ParserEvents() = default;
  virtual void on_event(const Event& event) = 0;
  // A `retry` field: the new reconnection time; the largest number for one too large for 64 bits.
  virtual void on_retry(std::uint64_t milliseconds) = 0;
  // A line that is a comment, without its colon and one space after it.
  virtual void on_comment(std::string_view) {}
};

enum class ParseStatus {
  kOk,
  kTooLarge,  // a line or an event's data is over the limit; terminal until reset()
};

class Parser {
 public:
  // The longest line, and the longest data of one event, in bytes.
  static constexpr std::size_t kMaxEventBytes = 16 << 20;

  // `last_event_id`: the one the stream is resumed with; an `id` field replaces it.
  explicit Parser(std::string_view last_event_id = {}) {
    last_event_id_.borrow(last_event_id);
    last_event_id_.keep();
    is_id_told_ = last_event_id.empty();
  }

  ParseStatus feed(std::string_view bytes, ParserEvents& events);

  // A new stream begins. What the last one left unfinished is dropped (9.2.6: the end of the file
  // in the middle of an event discards it); the last event id stays.
  void reset();

  // What a reconnection sends: the id as of the last blank line, which commits an `id` field even
  // where there was no data and so no event. The view lives until the next call.
  std::string_view last_event_id() const { return last_event_id_.get(); }

 private:
  // A text in the chunk being fed, where most events lie whole, or a copy of it for the next one.
  class Text {
   public:
    void borrow(std::string_view text) {
      text_ = text;
      borrowed_ = true;
    }
    Bytes& keep() {
      if (borrowed_) copy_.assign(text_);
      borrowed_ = false;
      return copy_;
    }
    // `other` must not be used afterwards.
    void take(Text& other) {
      if (other.borrowed_) {
        borrow(other.text_);
        other.forget();
      } else {
        borrowed_ = false;
        copy_.swap(other.copy_);
      }
    }
    // The text is no longer needed, so it need not be copied.
    void forget() { borrowed_ = false; }
    std::string_view get() const { return borrowed_ ? text_ : copy_.view(); }

   private:
    std::string_view text_;
    Bytes copy_;
    bool borrowed_ = false;
  };

  void skip_byte_order_mark(std::string_view& bytes);
  void take_line(std::string_view line, ParserEvents& events);
  void take_field(std::string_view name, std::string_view value, ParserEvents& events);
  void take_id(std::string_view value);
  void append_data(std::string_view value);
  void keep_texts();
  void dispatch(ParserEvents& events);

  Bytes carry_;  // a line not yet whole
  Text data_;    // of the current event, where `has_data_`
  bool has_data_ = false;
  Text type_;  // of the current event, where `has_type_`
  bool has_type_ = false;
  Text id_buffer_;  // takes effect at the next blank line, where `has_new_id_`
  bool has_new_id_ = false;
  Text last_event_id_;
  bool is_id_told_ = true;      // by an event
  bool after_cr_ = false;       // an LF that comes next belongs to the line end before it
  std::uint8_t bom_bytes_ = 0;  // of the leading byte order mark, seen so far
  bool begun_ = false;          // past where a byte order mark may stand
  ParseStatus status_ = ParseStatus::kOk;
};

}  // namespace playground::event_stream
