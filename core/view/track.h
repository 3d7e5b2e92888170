// What happened on a lane, as the time line shows it: arrivals, spans and marks, all bounded.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/transport.h"

namespace playground::view {

using Micros = std::int64_t;

// A message that was sent to all lanes; `sent` is by the client's clock.
struct Sent {
  std::uint64_t seq;
  Micros sent;
};

struct Arrival {
  std::uint64_t seq;
  Micros sent;  // by the client's clock
  Micros arrived;
};

// One of the lane's own messages, from the page to the server.
struct Said {
  Micros at;
  Micros sent;  // like that of the message it became
};

// A connection or a request that was open for a while.
struct Span {
  TransportId transport;
  Micros begin;
  std::optional<Micros> end;  // none while it is open
  std::optional<Micros> opened;
  // Stretches in which nothing came, each longer than Track::kQuiet.
  std::vector<std::pair<Micros, Micros>> quiet;
};

// A moment that matters.
struct Mark {
  Micros at;
  std::string text;
  bool trouble;
};

// A stretch in which something is wrong on the way; a moment where it ends as it begins.
struct Trouble {
  Micros begin;
  std::optional<Micros> end;  // none while it goes on
  std::string word;
};

class Track {
 public:
  // What is older than this is forgotten, and of arrivals all but the newest kMaxArrivals.
  static constexpr Micros kMemory = 120'000'000;
  static constexpr std::size_t kMaxArrivals = 200'000;
  // Silence on an open connection that is worth showing.
  static constexpr Micros kQuiet = 1'500'000;

  void arrival(std::uint64_t seq, Micros sent, Micros now);
  void said(Micros at, Micros sent, Micros now);
  void begin_span(TransportId transport, Micros now);
  void span_opened(Micros now);
  void bytes(Micros now);
  void end_span(Micros now);
  void mark(std::string text, bool trouble, Micros now);
  void trouble_begins(std::string word, Micros now);
  // Ends the stretch that began with the same word; with an empty one, all that go on.
  void trouble_ends(std::string_view word, Micros now);

  const std::deque<Arrival>& arrivals() const { return arrivals_; }
  const std::deque<Said>& said() const { return said_; }
  const std::deque<Span>& spans() const { return spans_; }
  const std::deque<Mark>& marks() const { return marks_; }
  const std::deque<Trouble>& troubles() const { return troubles_; }
  // The next one that will begin, where one will.
  void trouble_comes(std::optional<Trouble> coming) { coming_ = std::move(coming); }
  const std::optional<Trouble>& coming() const { return coming_; }
  // When the open span last showed life: its beginning, its opening, or the last bytes.
  Micros last_sign() const { return last_sign_; }

 private:
  void forget(Micros now);
  void sign(Micros now);

  std::deque<Arrival> arrivals_;
  std::deque<Said> said_;
  std::deque<Span> spans_;
  std::deque<Mark> marks_;
  std::deque<Trouble> troubles_;
  std::optional<Trouble> coming_;
  Micros last_sign_ = 0;
};

}  // namespace playground::view
