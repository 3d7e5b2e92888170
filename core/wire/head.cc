// Heads of HTTP messages.
#include "core/field_text.h"
#include "core/wire/body.h"

namespace playground::wire {
namespace {

struct FieldRow {
  std::string_view name;  // with a hyphen at the end: all that begin like that
  const char* meaning;
  std::string_view source;
};

constexpr FieldRow kFields[] = {
    {"Host",
     "The name and port the reader asked for: one server may have many names. The only field that "
     "HTTP/1.1 demands.",
     "RFC 9110 7.2"},
    {"Connection", "What becomes of this connection after the answer.", "RFC 9110 7.6.1"},
    {"Keep-Alive", "How long the connection may stay open.", "RFC 9112 C.2.2"},
    {"Upgrade", "The protocol this connection is to speak from here on.", "RFC 9110 7.8"},
    {"User-Agent", "The browser, in words nobody can rely on. It is sent with every request.",
     "RFC 9110 10.1.5"},
    {"Accept", "The formats the reader can take.", "RFC 9110 12.5.1"},
    {"Accept-Encoding", "The compressions the reader can undo.", "RFC 9110 12.5.3"},
    {"Accept-Language", "The languages of the person who reads.", "RFC 9110 12.5.4"},
    {"Cache-Control",
     "Who may keep a copy, and for how long. A stream must not be kept, nor held back.",
     "RFC 9111 5.2"},
    {"Pragma", "The same for caches of HTTP/1.0.", "RFC 9111 5.4"},
    {"Origin", "The page that asks, for the server to decide whether it may.", "RFC 6454 7"},
    {"Referer", "The address of the page that asks.", "RFC 9110 10.1.3"},
    {"Sec-Fetch-", "What the browser wants it for, in a field that no script can set.",
     "W3C Fetch Metadata 2"},
    {"Sec-CH-UA", "The browser's name and version, as a hint.", "WICG UA Client Hints 3"},
    {"Last-Event-ID",
     "Where an event stream goes on after a reconnect: the id of the last event that came.",
     "WHATWG HTML 9.2.4"},
    {"Content-Length", "How many bytes of body follow; the next message begins behind them.",
     "RFC 9110 8.6"},
    {"Content-Type", "The format of the body. An EventSource takes nothing but text/event-stream.",
     "RFC 9110 8.3"},
    {"Transfer-Encoding",
     "The body comes in chunks, each with its length before it: nobody knows yet how long it will "
     "be.",
     "RFC 9112 6.1"},
    {"Vary", "The request fields on which the answer depends, for caches.", "RFC 9110 12.5.5"},
    {"Access-Control-", "Which other origins' pages may read the answer.", "WHATWG Fetch 3.3"},
    {"X-Accel-Buffering", "Tells nginx not to collect the stream before it passes it on.",
     "nginx, proxy_buffering"},
    {"Sec-WebSocket-Key",
     "Sixteen random bytes. Only a server that speaks WebSocket can answer them.",
     "RFC 6455 11.3.1"},
    {"Sec-WebSocket-Extensions",
     "What both sides may do to frames beyond the standard, such as compress them.",
     "RFC 6455 11.3.2"},
    {"Sec-WebSocket-Accept",
     "The SHA-1 of the key and a fixed text: proof that the server read the handshake, and is no "
     "cache or proxy that knows nothing of it.",
     "RFC 6455 11.3.3"},
    {"Sec-WebSocket-Protocol", "What is spoken inside the frames.", "RFC 6455 11.3.4"},
    {"Sec-WebSocket-Version", "The version of the protocol: 13 is the only one in use.",
     "RFC 6455 11.3.5"},
    {"Cookie", "What the server asked the browser to say with every request.", "RFC 6265 5.4"},
    {"Priority", "How urgent the answer is.", "RFC 9218 5"},
    {"DNT", "A wish not to be followed.", "W3C Tracking Preference 5"},
    {"Date", "When the answer was made.", "RFC 9110 6.6.1"},
};

Span annotate_field(std::string_view line) {
  const std::string_view name = trimmed(line.substr(0, line.find(':')));
  FieldRow found{{}, "A field of the head: a name, a colon, a value.", "RFC 9110 5"};
  for (const FieldRow& row : kFields) {
    const bool family = row.name.back() == '-' || row.name == "Sec-CH-UA";
    const std::string_view compared = family ? name.substr(0, row.name.size()) : name;
    if (equals_ignoring_case(compared, row.name)) found = row;
  }
  return text_span("field", line, found.meaning, found.source);
}

Span annotate_start(std::string_view line, bool request) {
  if (request) {
    return text_span("request line", line,
                     "The request line: the method, what is asked for, and the version of HTTP.",
                     "RFC 9112 3");
  }
  const std::string_view status = line.substr(0, 12);
  if (status.ends_with(" 101")) {
    return text_span("status line", line,
                     "101 Switching Protocols: behind this head nothing on the connection is HTTP "
                     "any more.",
                     "RFC 9110 15.2.2");
  }
  return text_span("status line", line,
                   "The status line: the version of HTTP, and what became of the request.",
                   "RFC 9112 4");
}

}  // namespace

std::vector<Span> annotate_head(std::string_view head, bool request) {
  std::vector<Span> spans;
  for (bool first = true; !head.empty(); first = false) {
    const std::size_t end = head.find('\n');
    const std::string_view line = end == std::string_view::npos ? head : head.substr(0, end + 1);
    head.remove_prefix(line.size());
    if (line == "\r\n" || line == "\n") {
      spans.push_back(text_span("blank line", line, "A blank line ends the head.", "RFC 9112 2.1"));
    } else {
      spans.push_back(first ? annotate_start(line, request) : annotate_field(line));
    }
  }
  return spans;
}

}  // namespace playground::wire
