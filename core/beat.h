// What a check has the server send while a stream is silent otherwise (docs/api.md, "Check").
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace playground {

// kEvent is a message that readers see; the others are for those on the way: a comment line of an
// event stream (an empty line of lines), and the control frames of RFC 6455 5.5.
enum class Beat : std::uint8_t { kNone, kComment, kEvent, kPing, kPong };

// Of these, what one can send, best first.
inline constexpr Beat kBeats[] = {Beat::kPing, Beat::kPong, Beat::kComment, Beat::kEvent};

inline constexpr std::array<std::string_view, 5> kBeatNames{"none", "comment", "event", "ping",
                                                            "pong"};

constexpr std::string_view name(Beat beat) { return kBeatNames[static_cast<std::size_t>(beat)]; }

}  // namespace playground
