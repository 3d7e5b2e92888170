#include "native_server/classic_demo.h"

#include <ctime>
#include <memory>
#include <string>
#include <string_view>

#include "core/event_stream/encoder.h"
#include "core/server/api_text.h"
#include "core/server/wire_format.h"

namespace playground::server {

// One reader of the demo.
class ClockStream final : public Session {
 public:
  ClockStream(ClassicDemo& demo, bool chunked)
      : demo_(demo), chunked_(chunked), tick_(demo.schedule_, [this] { tick(); }) {}
  ~ClockStream() override { demo_.streams_.erase(this); }

  void begin(Outlet& outlet, std::string head) override {
    outlet_ = &outlet;
    demo_.streams_.insert(this);
    due_us_ = demo_.schedule_.now_us();
    head += event();
    outlet.push({head});
    set_next();
  }

  void on_writable() override { blocked_ = false; }

  void end() override {
    tick_.cancel();
    const std::string last = chunked_ ? end_of_stream(WireFormat::kEventStream) : std::string();
    outlet_->push({last});
    outlet_->finish();
  }

 private:
  // A reader that does not keep up misses a second: the time would be useless later.
  void tick() {
    if (!blocked_) {
      const std::string text = event();
      const Piece piece{text};
      blocked_ = outlet_->send({&piece, 1}).status != SendStatus::kAccepted;
    }
    set_next();
  }

  void set_next() { tick_.set(due_us_ += kSecondUs); }

  std::string event() const {
    const std::time_t now = std::time(nullptr);
    char text[64];
    const std::size_t size = std::strftime(
        text, sizeof text, R"({"message":"Current time is %I:%M:%S %p"})", std::localtime(&now));
    std::string plain;
    event_stream::encode({.type = {}, .data = {text, size}, .id = std::nullopt}, plain);
    if (!chunked_) return plain;
    std::string chunk;
    append_chunk(plain, chunk);
    return chunk;
  }

  ClassicDemo& demo_;
  Outlet* outlet_ = nullptr;
  bool chunked_;
  bool blocked_ = false;
  std::int64_t due_us_ = 0;
  Alarm tick_;
};

constexpr std::string_view kMaxSubscribers = "--max-subscribers";

// As the Express demo sends them. (A browser that sends credentials would want an origin instead of
// the star; the demo's page sends none.)
constexpr std::string_view kFields =
    "Access-Control-Allow-Origin: *\r\n"
    "Access-Control-Allow-Headers: Content-Type, Authorization, X-Requested-With\r\n"
    "Access-Control-Allow-Methods: PUT,POST,GET,DELETE,OPTIONS\r\n"
    "Access-Control-Allow-Credentials: true\r\n";

void ClassicDemo::end() {
  for (ClockStream* stream : streams_) stream->end();
}

std::optional<Reply> ClassicDemo::answer(const Request& request) {
  if (request.path != "/sse" && request.path != "/sse/") return std::nullopt;
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (!reads && request.method != "OPTIONS") return std::nullopt;
  Reply reply;
  reply.fields = kFields;
  if (!reads) {
    reply.type = "text/plain";
    reply.body = "OK";
    return reply;
  }
  if (readers_() >= limits_.readers) {
    ++metrics_.refusals[kMaxSubscribers];
    refuse(reply, 503,
           limit_sentence("there are as many streams as the server allows", kMaxSubscribers));
    return reply;
  }
  reply.add_field("Cache-Control", "no-cache, no-transform");
  reply.add_field("X-Accel-Buffering", "no");
  reply.type = "text/event-stream";
  reply.form = Reply::Form::kStream;
  reply.session = std::make_unique<ClockStream>(*this, request.is_1_1);
  return reply;
}

}  // namespace playground::server
