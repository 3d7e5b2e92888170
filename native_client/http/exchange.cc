#include "native_client/http/exchange.h"

#include <algorithm>
#include <utility>

#include "core/field_text.h"
#include "native_client/http/request_head.h"

namespace playground::native {
namespace {

using Framing = http::ResponseReader::Framing;
using State = http::ResponseReader::State;

// RFC 9110 9.2.2: may be sent again where nobody has answered. Another method does not go over a
// connection that may be about to end.
bool may_be_repeated(std::string_view method) {
  constexpr std::string_view kIdempotent[] = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"};
  return std::find(std::begin(kIdempotent), std::end(kIdempotent), method) != std::end(kIdempotent);
}

bool has_body(std::string_view method) {
  return method == "POST" || method == "PUT" || method == "PATCH";
}

std::string how_it_ended(Framing framing) {
  switch (framing) {
    case Framing::kNone:
      return "it has no body";
    case Framing::kLength:
      return "ended at its Content-Length";
    case Framing::kChunked:
      return "ended by its last chunk";
    case Framing::kToTheEnd:
      return "ended with the connection";
  }
  return "";
}

std::string where(http::ResponseError error) {
  switch (error) {
    case http::ResponseError::kEndedBefore:
      return "before an answer";
    case http::ResponseError::kEndedInHead:
      return "in the middle of the answer's head";
    default:
      return "in the middle of the response";
  }
}

void drop(std::vector<client::HeaderField>& fields, std::string_view name) {
  std::erase_if(fields, [&](const client::HeaderField& each) {
    return equals_ignoring_case(each.name, name);
  });
}

}  // namespace

Exchange::Exchange(Web& web, OutgoingRequest request, ExchangeEvents& events)
    : web_(web),
      request_(std::move(request)),
      events_(events),
      failing_(web.network.loop.schedule(), [this] { finish(false, problem_); }) {
  begin(true);
}

void Exchange::begin(bool may_reuse) {
  reader_.reset();
  if (!request_.address.empty()) web_.sizes.note(request_.address, size_);
  if (request_.method == "HEAD") reader_.expect_no_body();
  const Url& url = request_.url;
  const Proxy* proxy = web_.network.settings.proxies.proxy_for(url);
  proxy_ = url.secure() ? nullptr : proxy;
  key_ = url.origin() + " " + (proxy == nullptr ? "" : proxy->place());
  if (may_reuse && may_be_repeated(request_.method)) socket_ = web_.pool.take(key_);
  reused_ = socket_ != nullptr;
  SocketEvents& events = *this;
  if (reused_) {
    socket_->listen(events);
    return send();
  }
  socket_ = std::make_unique<ClientSocket>(web_.network, url, proxy, url.secure(), events);
}

void Exchange::send() {
  RequestHead head{request_.method, request_.url, request_.fields, {}, proxy_, redirected_away_};
  if (!request_.body.empty() || has_body(request_.method)) {
    head.own.push_back({"Content-Length", std::to_string(request_.body.size())});
  }
  socket_->send(text_of(head, web_.network.settings) + request_.body);
}

void Exchange::on_bytes(std::string_view bytes) {
  std::string body;
  const std::size_t taken = reader_.feed(bytes, body);
  if (reader_.has_head() && !told_) {
    if (redirected()) return;
    told_ = true;
    decoder_.begin(find_field(reader_.fields(), "Content-Encoding"));
    events_.on_head(reader_.status(), reader_.fields());
  }
  if (!body.empty() && !over_) take_body(body);
  if (over_) return;
  if (reader_.state() == State::kBroken) {
    return finish(false, "the answer is broken: " + std::string(to_text(reader_.error())));
  }
  if (reader_.state() != State::kDone) return;
  // Whatever comes after an answer belongs to none.
  if (reader_.keeps_alive() && taken == bytes.size() && reader_.status() != 101) {
    web_.pool.keep(key_, std::move(socket_));
  }
  finish_body();
}

void Exchange::take_body(std::string_view bytes) {
  size_.encoded += bytes.size();
  const auto note = [this] {
    if (!request_.address.empty()) web_.sizes.note(request_.address, size_);
  };
  const bool sound = decoder_.feed(bytes, [&](std::string_view piece) {
    size_.decoded += piece.size();
    note();
    events_.on_body(piece);
    return !over_;
  });
  if (over_) return;
  note();
  if (!sound) finish(false, "the answer cannot be read: " + decoder_.problem());
}

void Exchange::finish_body() {
  if (decoder_.complete()) return finish(true, how_it_ended(reader_.framing()));
  finish(false, "it " + how_it_ended(reader_.framing()) + ", in the middle of its compressed body");
}

void Exchange::on_end(const SocketEnd& end) {
  if (reused_ && !reader_.begun()) {
    drop_socket();
    return begin(false);
  }
  if (end.kind == SocketEnd::Kind::kNotOpened) return finish(false, end.why);
  reader_.end();
  const bool reset = end.kind != SocketEnd::Kind::kFin;
  if (reader_.state() == State::kDone && !reset) {
    return finish_body();
  }
  const std::string at = where(reader_.error());
  finish(false, end.kind == SocketEnd::Kind::kBroken ? end.why + ", " + at
                                                     : "the connection was " + end.why + " " + at);
}

bool Exchange::redirected() {
  const int status = reader_.status();
  if (status != 301 && status != 302 && status != 303 && status != 307 && status != 308) {
    return false;
  }
  const std::string location(find_field(reader_.fields(), "Location"));
  if (location.empty()) return false;
  const auto fail = [this](std::string why) {
    drop_socket();
    problem_ = std::move(why);
    failing_.set(web_.network.loop.now_us());
    return true;
  };
  if (++redirects_ > kMostRedirects) return fail("it was redirected more than 20 times");
  auto next = resolve_reference(request_.url, location);
  if (!next) return fail("it was redirected, but " + next.error().message);
  if (next->is_websocket()) return fail("it was redirected to a WebSocket, " + next->text());
  const bool becomes_get =
      (status == 303 && request_.method != "GET" && request_.method != "HEAD") ||
      ((status == 301 || status == 302) && request_.method == "POST");
  if (becomes_get) {
    request_.method = "GET";
    request_.body.clear();
    for (const std::string_view name :
         {"Content-Type", "Content-Encoding", "Content-Language", "Content-Location"}) {
      drop(request_.fields, name);
    }
  }
  if (next->origin() != request_.url.origin()) {
    redirected_away_ = true;
    drop(request_.fields, "Authorization");
  }
  request_.url = std::move(*next);
  drop_socket();
  begin(true);
  return true;
}

void Exchange::finish(bool whole, std::string why) {
  const ExchangeEnd end{whole, told_, std::move(why)};
  close();
  events_.on_end(end);
}

void Exchange::drop_socket() {
  if (socket_) socket_->close();
  web_.network.loop.retire(std::move(socket_));
}

void Exchange::close() {
  over_ = true;
  failing_.cancel();
  drop_socket();
}

}  // namespace playground::native
