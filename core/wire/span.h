// Bytes on the wire, taken apart for a reader: what each of them is for, and what says so.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace playground::wire {

// Bytes, or bits of a byte, that mean one thing.
struct Span {
  enum class Form : std::uint8_t {
    kText,
    kHex,
    kBits,     // `bytes` are the digits, and belong to a byte that is counted elsewhere
    kOmitted,  // not shown: `bytes` is a remark, `size` what it stands for
  };

  std::string_view kind;  // a word for it: "chunk size", "opcode"
  std::string bytes;
  std::size_t size = 0;  // bytes of the wire
  bool overhead = true;  // payload otherwise
  bool chosen = false;   // of the message that was asked for
  Form form = Form::kText;
  std::string meaning;      // a sentence
  std::string_view source;  // "RFC 9112 7.1"
};

// What one side wrote, a head or a body.
struct Block {
  std::string_view title;
  bool inbound;  // from the reader to the server
  std::int64_t at_us;
  std::vector<Span> spans;
};

inline std::size_t size_of(const std::vector<Span>& spans) {
  std::size_t size = 0;
  for (const Span& span : spans) size += span.size;
  return size;
}

inline Span text_span(std::string_view kind, std::string_view bytes, std::string meaning,
                      std::string_view source) {
  Span span;
  span.kind = kind;
  span.bytes = bytes;
  span.size = bytes.size();
  span.meaning = std::move(meaning);
  span.source = source;
  return span;
}

inline Span hex_span(std::string_view kind, std::string_view bytes, std::string meaning,
                     std::string_view source) {
  Span span = text_span(kind, bytes, std::move(meaning), source);
  span.form = Span::Form::kHex;
  return span;
}

}  // namespace playground::wire
