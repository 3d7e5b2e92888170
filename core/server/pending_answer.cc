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

// What the two sides share.
struct PendingAnswer::State {
  std::optional<std::string> body;
  Messages messages;
  bool abandoned = false;
  Waiter* waiter = nullptr;  // null: none has begun, or it is gone
};

class PendingAnswer::Waiter final : public Session {
 public:
  explicit Waiter(std::shared_ptr<State> state) : state_(std::move(state)) {}
  ~Waiter() override { state_->waiter = nullptr; }

  void begin(Outlet& outlet, std::string head) override {
    outlet_ = &outlet;
    head_ = std::move(head);
    state_->waiter = this;
    if (state_->body || state_->abandoned) settle();
  }

  void end() override {
    if (state_->waiter) fail();
  }

  void settle() {
    if (!state_->body) return fail();
    state_->waiter = nullptr;
    respond(*outlet_, std::move(head_), *std::exchange(state_->body, std::nullopt),
            state_->messages);
  }

 private:
  // The head promised success.
  void fail() {
    state_->waiter = nullptr;
    head_.replace(0, head_.find('\r'), "HTTP/1.1 503 Service Unavailable");
    respond(*outlet_, std::move(head_), error_body("the channel has ended"));
  }

  std::shared_ptr<State> state_;
  Outlet* outlet_ = nullptr;
  std::string head_;
};

class PendingAnswer::Giver {
 public:
  Giver() = default;
  Giver(const Giver&) = delete;
  Giver& operator=(const Giver&) = delete;
  ~Giver() {
    state->abandoned = true;
    if (state->waiter) state->waiter->settle();
  }

  const std::shared_ptr<State> state = std::make_shared<State>();
};

PendingAnswer::PendingAnswer() : giver_(std::make_shared<Giver>()) {}

void PendingAnswer::give(std::string body, Messages messages) const {
  State& state = *giver_->state;
  state.messages = messages;
  state.body = std::move(body);
  if (state.waiter) state.waiter->settle();
}

bool PendingAnswer::given() const { return giver_->state->body.has_value(); }

std::string PendingAnswer::take() const {
  return *std::exchange(giver_->state->body, std::nullopt);
}

Messages PendingAnswer::messages() const { return giver_->state->messages; }

std::unique_ptr<Session> PendingAnswer::session() const {
  return std::make_unique<Waiter>(giver_->state);
}

}  // namespace playground::server
