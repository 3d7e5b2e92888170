// What an endpoint understands and says: how to ask it to go on, and what is in a piece of its
// stream. Codecs keep no state: one object of each serves all feeds.
#pragma once

#include <optional>
#include <string_view>

#include "core/client/feed.h"
#include "core/result.h"

namespace playground::client {

class Codec {
 public:
  // The request that `spec.endpoint` go on after `cursor`; `first`: the first one of an attempt.
  // The transport sets the kind of the request.
  virtual Request request(const FeedSpec& spec, const Cursor& cursor, bool first) const = 0;
  // Reports what is in a piece (an event, a message, a line), or returns what is wrong with it.
  virtual std::optional<InputError> read(const Endpoint& endpoint, const Item& piece,
                                         FeedEvents& events, Micros now) const = 0;
  // The same for the whole answer to a poll; the next request goes on after `cursor`.
  virtual std::optional<InputError> read_answer(const Endpoint& endpoint, std::string_view body,
                                                Cursor& cursor, FeedEvents& events,
                                                Micros now) const = 0;
  // Whether a stream greets as soon as it is open, says how long it may be silent, and ends every
  // line.
  virtual bool has_greeting() const = 0;

 protected:
  ~Codec() = default;
};

const Codec& codec(CodecId id);

}  // namespace playground::client
