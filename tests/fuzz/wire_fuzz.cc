// Bytes of the wire taken apart: whatever they are, each is accounted for once, and what is said of
// a message is valid JSON.
//
// Parts are separated by a byte 0xff and one of flags: whether it was read, and whether bytes are
// missing before it.
#include <nlohmann/json.hpp>

#include "core/json_text.h"
#include "core/wire/body.h"
#include "core/wire/explain.h"
#include "tests/fuzz/support.h"
#include "tests/support/json.h"

namespace playground::wire {
namespace {

std::vector<Part> parts_of(std::string_view input) {
  std::vector<Part> parts(1);
  for (std::size_t i = 0; i < input.size(); ++i) {
    if (input[i] != '\xff' || i + 1 == input.size()) {
      parts.back().bytes += input[i];
      continue;
    }
    Part part;
    const char flags = input[++i];
    part.inbound = (flags & 1) != 0;
    part.skipped = (flags & 2) != 0 ? 100 : 0;
    parts.push_back(std::move(part));
  }
  return parts;
}

std::size_t size_of_all(const std::vector<Block>& blocks) {
  std::size_t size = 0;
  for (const Block& block : blocks) size += size_of(block.spans);
  return size;
}

void account(std::string_view bytes) {
  std::vector<Span> spans;
  const std::size_t frame = annotate_frame(bytes, spans);
  fuzz::demand(frame <= bytes.size() && size_of(spans) == frame, "a frame's bytes are its spans'");
  for (const bool chunked : {true, false}) {
    spans.clear();
    const std::size_t chunk = annotate_chunk(bytes, chunked, spans);
    fuzz::demand(chunk <= bytes.size() && size_of(spans) == chunk, "so are a chunk's");
  }
  spans.clear();
  annotate_batch(bytes, 2, 1, spans);
  fuzz::demand(size_of(spans) == bytes.size(), "so are a batch's");
  fuzz::demand(size_of(annotate_head(bytes, true)) == bytes.size(), "so are a head's");
}

}  // namespace
}  // namespace playground::wire

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace playground;
  const std::string_view input = fuzz::as_text(data, size);
  wire::account(input);
  const std::vector<wire::Part> parts = wire::parts_of(input);
  std::size_t all = 0;
  std::string json = R"({"connection":1,"parts":[)";
  for (const wire::Part& part : parts) {
    all += part.bytes.size();
    if (json.back() != '[') json += ',';
    json += part.inbound ? R"({"direction":"in","at_us":0,"skipped":)"
                         : R"({"direction":"out","at_us":0,"skipped":)";
    json += part.skipped == 0 ? "0,\"bytes\":" : "100,\"bytes\":";
    append_byte_text(part.bytes, json);
    json += '}';
  }
  json += "]}";
  const wire::Explanation whole = wire::explain(parts, std::nullopt);
  fuzz::demand(wire::size_of_all(whole.connection) == all, "a connection's bytes are its blocks'");
  const wire::Explanation message = wire::explain(parts, 2);
  fuzz::demand(message.overhead <= message.bytes && message.bytes <= all,
               "a message takes no more bytes than there are");
  const std::string told = wire::explain_json(200, json, "lane", 2);
  const auto read = read_json(told);
  fuzz::demand(read.is_object(), "an explanation is JSON");
  fuzz::demand(read.value("error", "x").empty(), "and the server's answer was read");
  return 0;
}
