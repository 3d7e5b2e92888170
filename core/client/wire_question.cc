#include "core/client/wire_question.h"

#include <utility>

#include "core/json_text.h"
#include "core/wire/explain.h"

namespace playground::client {
namespace {

constexpr std::string_view kNoAnswer = "The server does not answer.";

}  // namespace

std::string WireSubject::path() const {
  std::string path = "/wire/log?lane=" + lane;
  if (seq) {
    path += "&seq=";
    append_number(*seq, path);
  }
  return path;
}

void WireQuestion::ask(Wiring& wiring, const std::string& channel, WireSubject subject,
                       OnExplained on_explained) {
  subject_ = std::move(subject);
  on_explained_ = std::move(on_explained);
  Request request;
  request.url = channel + subject_.path();
  call_ = Connection(wiring, request, [this](const HostEvent& event, Micros) {
    const auto* answered = std::get_if<Answered>(&event);
    explained(answered != nullptr ? wire::explain_json(answered->status, answered->body,
                                                       subject_.lane, subject_.seq)
                                  : wire::unexplained_json(kNoAnswer, subject_.lane, subject_.seq));
  });
  timeout_ = Timer(wiring, kTimeout, [this](Micros) {
    explained(wire::unexplained_json(kNoAnswer, subject_.lane, subject_.seq));
  });
}

void WireQuestion::cancel() {
  call_.close();
  timeout_.cancel();
  on_explained_ = {};
}

void WireQuestion::explained(std::string json) {
  call_.close();
  timeout_.cancel();
  // Whoever is told may ask the next question.
  if (const OnExplained on_explained = std::exchange(on_explained_, {})) {
    on_explained(std::move(json));
  }
}

}  // namespace playground::client
