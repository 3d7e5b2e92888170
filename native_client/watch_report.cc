#include "native_client/watch_report.h"

#include <algorithm>
#include <utility>

#include "core/field_text.h"
#include "core/http/message.h"
#include "core/utf8.h"
#include "core/websocket/format.h"
#include "native_client/net/url.h"

namespace playground::native {
namespace {

using client::Micros;

// "12.345"
std::string seconds(Micros time) {
  const Micros milliseconds = (std::max<Micros>(time, 0) + 500) / client::kMillisecond;
  const std::string fraction = std::to_string(milliseconds % 1000);
  return std::to_string(milliseconds / 1000) + "." + std::string(3 - fraction.size(), '0') +
         fraction;
}

double milliseconds(Micros time) {
  return static_cast<double>(time) / static_cast<double>(client::kMillisecond);
}

std::string bytes_text(std::size_t bytes) {
  return std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes");
}

std::string status_text(int status) {
  return std::to_string(status) + " " + std::string(http::reason_phrase(status));
}

// Text as it is; other bytes in base64, under a name of their own.
void add_data(std::string_view data, JsonObject& json) {
  json.add("bytes", data.size());
  if (is_utf8(data)) {
    json.add("data", data);
  } else {
    json.add("base64", base64(data));
  }
}

void add_fields(std::string_view lines, JsonObject& json) {
  JsonArray all(json.value("fields"));
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find("\r\n"), lines.size());
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(std::min(end + 2, lines.size()));
    const std::size_t colon = std::min(line.find(':'), line.size());
    JsonArray field(all.next());
    append_json_string(line.substr(0, colon), field.next());
    append_json_string(trimmed(line.substr(std::min(colon + 1, line.size()))), field.next());
  }
}

}  // namespace

template <typename AddMembers>
void WatchReport::put(std::string_view what, std::string_view words, std::string_view data,
                      Micros now, AddMembers add) {
  const auto since = std::exchange(since_, std::nullopt);
  if (json_) {
    std::string text;
    {
      JsonObject json(text);
      json.add("atMs", milliseconds(now - start_)).add("what", what);
      if (since) json.add("sinceLastMs", milliseconds(*since));
      add(json);
    }
    return output_.line(text);
  }
  std::string text = seconds(now - start_);
  text.insert(0, text.size() < 9 ? 9 - text.size() : 0, ' ');
  std::string delta = since ? "+" + seconds(*since) : "";
  text += "  " + delta + std::string(delta.size() < 8 ? 8 - delta.size() : 0, ' ') + "  ";
  text += what;
  if (!words.empty()) text.append("  ").append(words);
  if (!data.empty()) {
    const std::size_t width = output_.width();
    const std::size_t room =
        output_.is_terminal() ? width - std::min(width, text.size() + 3) : kMostData;
    text.append("  ").append(escaped(data, std::max<std::size_t>(room, 16)));
  }
  output_.line(text);
}

Micros WatchReport::begin_item(Micros now) {
  const Micros since = now - last_;
  longest_ = std::max(longest_, since);
  last_ = now;
  since_ = since;
  return since;
}

void WatchReport::fields(std::string_view lines) {
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find("\r\n"), lines.size());
    output_.line("                       " + escaped(lines.substr(0, end), 4096));
    lines.remove_prefix(std::min(end + 2, lines.size()));
  }
}

void WatchReport::request(std::string_view method, std::string_view url,
                          std::string_view last_event_id, Micros now) {
  if (!json_ && !verbose_) return;
  std::string words(method);
  words.append(" ").append(url);
  if (!last_event_id.empty()) words += "  Last-Event-ID: " + escaped(last_event_id, 200);
  put("request", words, {}, now, [&](JsonObject& json) {
    json.add("method", method).add("url", url);
    if (!last_event_id.empty()) json.add("lastEventId", last_event_id);
  });
}

void WatchReport::open(int status, std::string_view fields_of, std::string_view reads, Micros now) {
  const std::string_view type = find_field(fields_of, "Content-Type");
  std::string words = status_text(status);
  if (!type.empty()) words += "  " + escaped(type, 200);
  if (!reads.empty()) words.append("  read as ").append(reads);
  put("open", words, {}, now, [&](JsonObject& json) {
    json.add("status", status);
    if (!reads.empty()) json.add("as", reads);
    add_fields(fields_of, json);
  });
  if (verbose_ && !json_) fields(fields_of);
}

void WatchReport::event(const event_stream::Event& event, Micros now) {
  ++items_;
  bytes_ += event.data.size();
  begin_item(now);
  std::string words = escaped(event.type, 200);
  if (event.has_new_id) words += "  id " + escaped(event.last_event_id, 200);
  words += "  " + bytes_text(event.data.size());
  put("event", words, event.data, now, [&](JsonObject& json) {
    json.add("type", event.type).add("lastEventId", event.last_event_id);
    add_data(event.data, json);
  });
}

void WatchReport::comment(std::string_view text, Micros now) {
  put("comment", bytes_text(text.size()), text, now,
      [&](JsonObject& json) { add_data(text, json); });
}

void WatchReport::retry(Micros reconnection_time, Micros now) {
  put("retry", seconds(reconnection_time) + " s until a reconnection", {}, now,
      [&](JsonObject& json) { json.add("reconnectionMs", milliseconds(reconnection_time)); });
}

void WatchReport::message(std::string_view what, std::string_view data, Micros now) {
  ++items_;
  bytes_ += data.size();
  begin_item(now);
  put(what, bytes_text(data.size()), data, now, [&](JsonObject& json) { add_data(data, json); });
}

void WatchReport::sent(std::string_view text, Micros now) {
  put("sent", bytes_text(text.size()), text, now, [&](JsonObject& json) { add_data(text, json); });
}

void WatchReport::answer(int status, std::string_view fields_of, std::string_view body,
                         Micros now) {
  ++items_;
  bytes_ += body.size();
  begin_item(now);
  put("answer", status_text(status) + "  " + bytes_text(body.size()), body, now,
      [&](JsonObject& json) {
        json.add("status", status);
        add_fields(fields_of, json);
        add_data(body, json);
      });
  if (verbose_ && !json_) fields(fields_of);
}

void WatchReport::silence(Micros time, Micros now) {
  put("silent", "for " + std::to_string(time / client::kSecond) + " s", {}, now,
      [&](JsonObject& json) { json.add("silentMs", milliseconds(time)); });
}

void WatchReport::lost(std::string_view why, Micros pause, std::string_view last_event_id,
                       Micros now) {
  ++reconnections_;
  std::string words(why);
  words += "; asked for again in " + seconds(pause) + " s";
  if (!last_event_id.empty()) words += " with Last-Event-ID: " + escaped(last_event_id, 200);
  put("lost", words, {}, now, [&](JsonObject& json) {
    json.add("why", why).add("pauseMs", milliseconds(pause)).add("lastEventId", last_event_id);
  });
}

void WatchReport::closed(std::optional<std::uint16_t> code, std::string_view reason, Micros now) {
  std::string words;
  if (code) {
    words = std::to_string(*code) + " " + std::string(websocket::close_code_name(*code));
    if (!reason.empty()) words += "  ";
  }
  words += escaped(reason, 200);
  put("closed", words, {}, now, [&](JsonObject& json) {
    if (code) {
      json.add("code", *code).add("name", websocket::close_code_name(*code));
    }
    json.add("reason", reason);
  });
}

void WatchReport::problem(std::string_view sentence, Micros now) {
  ++problems_;
  put("problem", sentence, {}, now, [&](JsonObject& json) { json.add("text", sentence); });
}

void WatchReport::body(const client::BodySize& size) {
  bodies_.encoded += size.encoded;
  bodies_.decoded += size.decoded;
}

void WatchReport::summary(Micros now) {
  const Micros time = now - start_;
  const Micros longest = std::max(longest_, now - last_);
  std::string words = std::to_string(items_) + (items_ == 1 ? " item, " : " items, ") +
                      bytes_text(bytes_) + " of data; the longest silence was " + seconds(longest) +
                      " s";
  if (bodies_.encoded != bodies_.decoded) {
    words +=
        "; bodies of " + bytes_text(bodies_.decoded) + " came as " + bytes_text(bodies_.encoded);
  }
  if (reconnections_ > 0) {
    words += "; asked for again " + std::to_string(reconnections_) +
             (reconnections_ == 1 ? " time" : " times");
  }
  put("end", words, {}, now, [&](JsonObject& json) {
    json.add("durationMs", milliseconds(time))
        .add("items", items_)
        .add("bytes", bytes_)
        .add("bodyBytes", bodies_.decoded)
        .add("encodedBytes", bodies_.encoded)
        .add("longestSilenceMs", milliseconds(longest))
        .add("reconnections", reconnections_)
        .add("problems", problems_);
  });
}

}  // namespace playground::native
