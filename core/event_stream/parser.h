// Reads text/event-stream (WHATWG HTML 9.2.5 and 9.2.6): bytes in, events out.
#ifndef PLAYGROUND_CORE_EVENT_STREAM_PARSER_H_
#define PLAYGROUND_CORE_EVENT_STREAM_PARSER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace playground::event_stream {

// The views live until on_event returns. They are the bytes of the stream: a reader that needs
// text decodes them as UTF-8 with replacement, which for whole fields is what 9.2.5 asks for.
struct Event {
  std::string_view type;  // "message" where the stream named none
  std::string_view data;
  std::string_view last_event_id;
};

class ParserEvents {
 public:
  virtual ~ParserEvents() = default;
  virtual void on_event(const Event& event) = 0;
  // A `retry` field: the new reconnection time.
  virtual void on_retry(std::uint64_t milliseconds) = 0;
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
  explicit Parser(std::string_view last_event_id = {})
      : id_buffer_(last_event_id), last_event_id_(last_event_id) {}

  ParseStatus feed(std::string_view bytes, ParserEvents& events);

  // A new stream begins. What the last one left unfinished is dropped (9.2.6: the end of the file
  // in the middle of an event discards it); the last event id stays.
  void reset();

  // What a reconnection sends: the id as of the last blank line, which commits an `id` field even
  // where there was no data and so no event.
  const std::string& last_event_id() const { return last_event_id_; }

 private:
  void take_line(std::string_view line, ParserEvents& events);
  void take_field(std::string_view name, std::string_view value, ParserEvents& events);
  void append_data(std::string_view value);
  void own_data();
  void dispatch(ParserEvents& events);

  std::string carry_;           // a line not yet whole
  std::string data_;            // the data of the current event, where it had to be copied
  std::string_view data_view_;  // …or where it lies in the bytes being fed
  bool has_data_ = false;
  std::string type_;
  std::string id_buffer_;
  std::string last_event_id_;
  bool after_cr_ = false;       // an LF that comes next belongs to the line end before it
  std::uint8_t bom_bytes_ = 0;  // of the leading byte order mark, seen so far
  bool begun_ = false;          // past where a byte order mark may stand
  ParseStatus status_ = ParseStatus::kOk;
};

}  // namespace playground::event_stream

#endif  // PLAYGROUND_CORE_EVENT_STREAM_PARSER_H_
