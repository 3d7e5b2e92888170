#include "core/server/pending_answer.h"

#include <optional>
#include <utility>

#include "core/json_text.h"
#include "core/server/api_text.h"

namespace playground::server {

void respond(Outlet& outlet, std::string head, std::string_view body, Messages messages) {
  // RFC 9110 8.6: such an answer has no content, and may not claim that it has none.
  if (!head.starts_with("HTTP/1.1 204")) {
    head.resize(head.size() - 2);  // the blank line
    head += "Content-Length: ";
    append_number(body.size(), head);
    head.append("\r\n\r\n").append(body);
  }
  outlet.push({head, messages});
  outlet.finish();
}

struct PendingAnswer::Content {
  std::string body;
  Messages messages = {};
  std::optional<Failure> failure = {};
};

class PendingAnswer::Waiter final : public Session {
 public:
  explicit Waiter(std::weak_ptr<State> state) : state_(std::move(state)) {}
  ~Waiter() override { leave(); }

  void begin(Outlet& outlet, std::string head) override {
    outlet_ = &outlet;
    head_ = std::move(head);
    if (content_) send();
  }

  void end() override { settle(ended()); }

  void settle(Content content) {
    leave();
    if (content_) return;
    content_ = std::move(content);
    if (outlet_) send();
  }

  static Content ended() {
    return {error_body("the channel has ended"), {}, Failure::kUnavailable};
  }

 private:
  void leave();

  void send() {
    // The head promised success.
    if (const auto failure = content_->failure) {
      head_.replace(0, head_.find('\r'),
                    failure == Failure::kNotFound ? "HTTP/1.1 404 Not Found"
                                                  : "HTTP/1.1 503 Service Unavailable");
    }
    respond(*outlet_, std::move(head_), content_->body, content_->messages);
  }

  std::weak_ptr<State> state_;
  Outlet* outlet_ = nullptr;
  std::string head_;
  std::optional<Content> content_;  // once settled
};

// What all copies share.
struct PendingAnswer::State {
  ~State() {
    if (waiter) waiter->settle(Waiter::ended());
  }

  std::optional<Content> content;
  Waiter* waiter = nullptr;  // null: none, or it is settled or gone
};

void PendingAnswer::Waiter::leave() {
  if (const auto state = state_.lock()) state->waiter = nullptr;
}

PendingAnswer::PendingAnswer() : state_(std::make_shared<State>()) {}

void PendingAnswer::give(std::string body, Messages messages) const {
  give(Content{std::move(body), messages});
}

void PendingAnswer::fail(std::string_view sentence) const {
  fail(Failure::kUnavailable, error_body(sentence));
}

void PendingAnswer::fail(Failure failure, std::string body) const {
  give(Content{std::move(body), {}, failure});
}

void PendingAnswer::give(Content content) const {
  if (state_->waiter) return state_->waiter->settle(std::move(content));
  state_->content = std::move(content);
}

bool PendingAnswer::given() const { return state_->content.has_value(); }

void PendingAnswer::settle(Reply& reply) const {
  if (auto& content = state_->content) {
    if (content->failure) reply.status = static_cast<int>(*content->failure);
    reply.body = std::move(content->body);
    reply.messages = content->messages;
    return;
  }
  auto waiter = std::make_unique<Waiter>(state_);
  state_->waiter = waiter.get();
  reply.form = Reply::Form::kHeld;
  reply.session = std::move(waiter);
}

}  // namespace playground::server
