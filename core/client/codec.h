// What an endpoint understands and says: how it is asked to go on, and what is in a piece of its
// stream. Codecs keep nothing: one object of each serves all feeds.
#pragma once

#include <optional>
#include <string_view>

#include "core/client/feed.h"
#include "core/result.h"

namespace playground::client {

class Codec {
 public:
  // Asks `spec.endpoint` to go on after `cursor`; `first` is the first request of an attempt. The
  // kind of the request is the transport's affair.
  virtual Request request(const FeedSpec& spec, const Cursor& cursor, bool first) const = 0;
  // Tells what is in a piece (an event, a message, a line), or says what is wrong with it.
  virtual std::optional<InputError> read(const Item& piece, FeedEvents& events,
                                         Micros now) const = 0;
  // The same of the whole answer to a poll; the next request goes on after `cursor`.
  virtual std::optional<InputError> read_answer(std::string_view body, Cursor& cursor,
                                                FeedEvents& events, Micros now) const = 0;
  // Whether a stream greets as soon as it is open, says how long it may be silent, and ends every
  // line.
  virtual bool has_greeting() const = 0;

 protected:
  ~Codec() = default;
};

const Codec& codec(CodecId id);

}  // namespace playground::client
