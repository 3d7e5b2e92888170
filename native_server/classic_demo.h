// The demo everyone knows from a first article on Server-Sent Events: the time, every second, for a
// page of any origin. A page written against a small Express server on port 8088 works unchanged.
#ifndef PLAYGROUND_NATIVE_SERVER_CLASSIC_DEMO_H_
#define PLAYGROUND_NATIVE_SERVER_CLASSIC_DEMO_H_

#include <cstddef>
#include <functional>
#include <unordered_set>

#include "core/server/limits.h"
#include "core/server/metrics.h"
#include "core/server/schedule.h"
#include "native_server/http/router.h"

namespace playground::server {

class ClockStream;

class ClassicDemo {
 public:
  // Adds /sse and /sse/ to `router`. `readers` is as for the API. All must outlive the demo.
  ClassicDemo(Router& router, Schedule& schedule, const Limits& limits, Metrics& metrics,
              std::function<std::size_t()> readers);

  std::size_t readers() const { return streams_.size(); }

  // Ends every stream.
  void end();

 private:
  friend class ClockStream;

  void begin(const httplib::Request& request, httplib::Response& response);

  Router& router_;
  Schedule& schedule_;
  const Limits& limits_;
  Metrics& metrics_;
  std::function<std::size_t()> readers_;
  std::unordered_set<ClockStream*> streams_;
};

}  // namespace playground::server

#endif  // PLAYGROUND_NATIVE_SERVER_CLASSIC_DEMO_H_
