#include "core/server/pending_answer.h"

#include <optional>
#include <utility>

#include "core/json_text.h"
#include "core/server/api_text.h"

namespace playground::server {

void respond(Outlet& outlet, std::string head, std::string_view body, Messages messages) {
  head.resize(head.size() - 2);  // the blank line
  head += "Content-Length: ";
  append_number(body.size(), head);
  head.append("\r\n\r\n").append(body);
  outlet.push({head, messages});
  outlet.finish();
}

struct PendingAnswer::Content {
  std::string body;
  Messages messages = {};
  bool failed = false;
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

  static Content ended() { return {error_body("the channel has ended"), {}, true}; }

 private:
  void leave();

  void send() {
    // The head promised success.
    if (content_->failed) head_.replace(0, head_.find('\r'), "HTTP/1.1 503 Service Unavailable");
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
  give(Content{error_body(sentence), {}, true});
}

void PendingAnswer::give(Content content) const {
  if (state_->waiter) return state_->waiter->settle(std::move(content));
  state_->content = std::move(content);
}

bool PendingAnswer::given() const { return state_->content.has_value(); }

void PendingAnswer::settle(Reply& reply) const {
  if (auto& content = state_->content) {
    if (content->failed) reply.status = 503;
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
