#include "core/poll/batch.h"

#include <utility>

#include "core/json.h"
#include "core/json_text.h"

namespace playground::poll {

void BatchWriter::begin() {
  out_ += "{\"messages\":[";
  first_ = true;
}

void BatchWriter::message(std::string_view json) {
  if (!first_) out_ += ',';
  first_ = false;
  out_ += json;
}

void BatchWriter::end(std::uint64_t last, const std::optional<Reset>& reset, std::string_view epoch,
                      std::string_view server) {
  out_ += "],\"last\":";
  append_number(last, out_);
  if (reset) {
    // A reset record is {"reset":{…}}: its member joins the batch's.
    std::string record;
    encode(*reset, record);
    out_ += ',';
    out_.append(record, 1, record.size() - 2);
  }
  if (!epoch.empty()) {
    out_ += ",\"epoch\":";
    append_json_string(epoch, out_);
  }
  if (!server.empty()) {
    out_ += ",\"server\":";
    append_json_string(server, out_);
  }
  out_ += '}';
}

Result<Batch> parse_batch(std::string_view text) {
  const Json json = parse_json(text);
  if (json.members() == nullptr) return InputError{"a batch is not a JSON object"};
  const auto* messages = array_in(json, "messages");
  if (messages == nullptr) return InputError{"a batch's messages is not an array"};
  const auto last = count_in(json, "last");
  if (!last) return InputError{"a batch's last is not a whole number"};
  Batch batch;
  batch.last = *last;
  batch.messages.reserve(messages->size());
  for (const Json& entry : *messages) {
    if (entry.members() == nullptr) return InputError{"a batch's message is not a JSON object"};
    auto message = message_from(entry);
    if (!message) return message.error();
    batch.messages.push_back(std::move(*message));
  }
  if (const auto* body = member_in(json, "reset")) {
    auto reset = reset_from(*body);
    if (!reset) return reset.error();
    batch.reset = *reset;
  }
  const std::string* epoch = text_in(json, "epoch");
  if (epoch == nullptr && member_in(json, "epoch")) {
    return InputError{"a batch's epoch is not a string"};
  }
  if (epoch != nullptr) batch.epoch = *epoch;
  if (const std::string* server = text_in(json, "server")) batch.server = *server;
  return batch;
}

}  // namespace playground::poll
