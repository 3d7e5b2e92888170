// One request and what became of it: all that a connection and whoever answers know of each other.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/server/faults/response_path.h"
#include "core/server/request.h"
#include "core/server/session.h"
#include "core/server/wire_meter.h"

namespace playground::server {

// Calls back, later and once at most, when the request can be answered or never will be. It is then
// answered anew, and says what it has waited for.
using Later = std::function<void(std::function<void(Waited)> ready)>;

// The answer to a request.
struct Reply {
  enum class Form : std::uint8_t {
    kWhole,    // `body` is the content
    kHeld,     // the session completes the head with a Content-Length, and writes the content
    kStream,   // the session writes content that never ends, in chunks for HTTP/1.1
    kUpgrade,  // 101: the session speaks another protocol (RFC 9110 7.8)
  };

  int status = 200;
  std::string body = {};
  Messages messages = {};                      // in the body
  std::string_view type = "application/json";  // of the content
  std::string fields = {};                     // whole lines, besides those that frame the content
  Form form = Form::kWhole;
  std::unique_ptr<Session> session = {};
  // The lane that the bytes of request and response are counted for; null for none.
  Lane lane = {};
  // What the response goes through; null where nothing can go wrong with it.
  std::shared_ptr<ResponsePath> response_path = {};
  // Set where the request cannot be answered yet; nothing else counts then.
  Later later = {};

  void add_field(std::string_view name, std::string_view value) {
    fields.append(name).append(": ").append(value).append("\r\n");
  }
};

struct Exchange {
  // Already framed; the views live while the handler runs.
  std::string_view head;
  Request request;
  std::int64_t now_us = 0;  // since the Unix epoch

  // The response as it goes over the wire, or its head where a session carries on from there.
  std::string response = {};
  Messages messages = {};  // in the response
  std::unique_ptr<Session> session = {};
  bool keep_alive = false;  // whether the connection takes another request afterwards
  Lane lane = {};           // as Reply's
  std::shared_ptr<ResponsePath> response_path = {};
  Later later = {};
};

using ExchangeHandler = std::function<void(Exchange&)>;

}  // namespace playground::server
