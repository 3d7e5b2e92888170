// What the server has seen of the probes of its clients: what has arrived, and what became of it.
// Whoever has a probe's id may ask.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "core/server/request.h"

namespace playground::server {

// How the server's side of a probe has ended.
enum class SeenEnd : std::uint8_t {
  kOpen,       // it has not
  kAnswered,   // whole, as the probe asked for it
  kCut,        // by the server, as the probe asked for it
  kPeerClose,  // the peer closed the WebSocket in order
  kPeerFin,    // the peer ended the connection
  kPeerReset,  // the connection broke
};

// Of the newest request under the id, but for `requests`.
struct SeenProbe {
  static constexpr std::size_t kMaxFields = 8 * 1024;  // bytes; the first ones are kept

  std::uint64_t requests = 0;
  std::int64_t at_us = 0;  // since the Unix epoch, as `ended_us`
  std::string method;
  std::string target;
  bool is_1_1 = true;
  std::string fields;    // whole lines
  bool upgrade = false;  // it asks for a WebSocket
  int status = 0;        // it was answered with; 0: with none so far
  std::uint64_t writes = 0;
  std::uint64_t beats = 0;
  std::uint64_t messages = 0;  // that came, and the bytes of their payloads
  std::uint64_t bytes = 0;
  std::uint64_t pongs = 0;
  SeenEnd end = SeenEnd::kOpen;
  std::int64_t ended_us = 0;

  void ended(SeenEnd how, std::int64_t now_us) {
    if (end != SeenEnd::kOpen) return;
    end = how;
    ended_us = now_us;
  }
};

class ProbeLog {
 public:
  // The newest ones are kept.
  static constexpr std::size_t kMaxProbes = 2000;

  // A request has come. Shared with the session that answers it.
  std::shared_ptr<SeenProbe> note(const std::string& id, const Request& request,
                                  std::int64_t now_us);
  // Null where nothing has come under the id, or it was long ago.
  std::shared_ptr<const SeenProbe> find(std::string_view id) const;

  std::size_t size() const { return probes_.size(); }

 private:
  std::map<std::string, std::shared_ptr<SeenProbe>, std::less<>> probes_;
  std::deque<std::string> order_;
};

std::string to_json(const SeenProbe& seen);

}  // namespace playground::server
