#include "native_server/classic_demo.h"

#include <ctime>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "core/event_stream/encoder.h"
#include "core/server/api_text.h"
#include "core/server/wire_format.h"
#include "native_server/http/refusal.h"

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
    outlet.push(head += event());
    set_next();
  }

  void on_writable() override { blocked_ = false; }

  void end() override {
    tick_.cancel();
    outlet_->push(chunked_ ? end_of_stream(WireFormat::kEventStream) : std::string());
    outlet_->finish();
  }

 private:
  // A reader that does not keep up misses a second: the time is of no use later.
  void tick() {
    if (!blocked_) {
      const std::string text = event();
      const std::string_view piece = text;
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

namespace {

constexpr std::string_view kMaxSubscribers = "--max-subscribers";

// As the Express demo sends them. (A browser that sends credentials would want an origin in place
// of the star; the demo's page sends none.)
void set_headers(httplib::Response& response) {
  response.set_header("Access-Control-Allow-Origin", "*");
  response.set_header("Access-Control-Allow-Headers",
                      "Content-Type, Authorization, X-Requested-With");
  response.set_header("Access-Control-Allow-Methods", "PUT,POST,GET,DELETE,OPTIONS");
  response.set_header("Access-Control-Allow-Credentials", "true");
}

}  // namespace

ClassicDemo::ClassicDemo(Router& router, Schedule& schedule, const Limits& limits, Metrics& metrics,
                         std::function<std::size_t()> readers)
    : router_(router),
      schedule_(schedule),
      limits_(limits),
      metrics_(metrics),
      readers_(std::move(readers)) {
  for (const char* path : {"/sse", "/sse/"}) {
    router.Get(path, [this](const auto& request, auto& response) { begin(request, response); });
    router.Options(path, [](const auto&, auto& response) {
      set_headers(response);
      response.set_content("OK", "text/plain");
    });
  }
}

void ClassicDemo::end() {
  for (ClockStream* stream : streams_) stream->end();
}

void ClassicDemo::begin(const httplib::Request& request, httplib::Response& response) {
  set_headers(response);
  if (readers_() >= limits_.readers) {
    response.status = httplib::ServiceUnavailable_503;
    ++metrics_.refusals[kMaxSubscribers];
    response.set_content(
        error_body(limit_reached(response.status, "there are as many streams as the server allows",
                                 kMaxSubscribers)
                       .sentence),
        "application/json");
    return;
  }
  response.set_header("Cache-Control", "no-cache, no-transform");
  response.set_header("X-Accel-Buffering", "no");
  const bool chunked = request.version == "HTTP/1.1";
  router_.stream(response, "text/event-stream", chunked,
                 std::make_unique<ClockStream>(*this, chunked));
}

}  // namespace playground::server
