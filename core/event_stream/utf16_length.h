// How long a text is once JavaScript has it.
#ifndef PLAYGROUND_CORE_EVENT_STREAM_UTF16_LENGTH_H_
#define PLAYGROUND_CORE_EVENT_STREAM_UTF16_LENGTH_H_

#include <cstdint>
#include <string_view>

namespace playground::event_stream {

// The UTF-16 code units that "UTF-8 decode without BOM" (WHATWG Encoding 6) makes of the bytes: one
// U+FFFD for each longest piece that could have begun a character, as TextDecoder does it.
std::uint32_t utf16_length(std::string_view bytes);

}  // namespace playground::event_stream

#endif  // PLAYGROUND_CORE_EVENT_STREAM_UTF16_LENGTH_H_
