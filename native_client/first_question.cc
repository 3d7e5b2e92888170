#include "native_client/first_question.h"

#include <utility>

#include "core/field_text.h"
#include "core/http/message.h"

namespace playground::native {

FirstQuestion::FirstQuestion(client::Dispatcher& dispatcher, std::string server)
    : server_(std::move(server)) {
  client::Request request;
  request.url = server_ + "/api/config";
  question_ = client::Connection(
      dispatcher, request, [this](const client::HostEvent& event, client::Micros) { take(event); });
  limit_ = client::Timer(dispatcher, kAnswerTime, [this](client::Micros) {
    question_.close();
    answered_ = true;
    problem_ = server_ + " does not answer within 15 s";
  });
}

void FirstQuestion::take(const client::HostEvent& event) {
  answered_ = true;
  limit_.cancel();
  if (const auto* failed = std::get_if<client::Failed>(&event)) {
    problem_ = failed->reason;
    return;
  }
  const auto* answer = std::get_if<client::Answered>(&event);
  if (answer == nullptr) return;
  if (answer->status == 200 && !find_field(answer->fields, kPlaygroundField).empty()) return;
  problem_ = "there is no playground server at " + server_ + ": /api/config answers " +
             std::to_string(answer->status) + " " +
             std::string(http::reason_phrase(answer->status));
}

}  // namespace playground::native
