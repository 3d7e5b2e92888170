// Findings in English: what was seen, what it means, and who can do what about it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/check/findings.h"

namespace playground::check {

// What stands between, as far as there is a line of its configuration to give.
enum class Software : std::uint8_t {
  kNginx,
  kHaproxy,
  kApache,
  kCaddy,
  kVarnish,
  kSquid,
  kIis,
  kCloudflare,
  kAlb,
};
inline constexpr std::size_t kSoftwareCount = 9;
std::string_view title(Software software);
// Those that `between` names.
std::vector<Software> software(std::span<const std::string> between);

enum class Who : std::uint8_t { kReader, kApplication, kOperator };
std::string_view name(Who who);
std::string_view title(Who who);

struct Remedy {
  Who who = Who::kApplication;
  std::string_view software = {};  // whose configuration `code` belongs to
  std::string text = {};           // with `code`, what that does; a sentence without
  std::string code = {};           // ready to copy
  bool tried = false;              // this check has seen that it helps
};

std::string title(const Finding& finding);
std::string seen(const Finding& finding);
std::string meaning(const Finding& finding);
// Those of the software that stands between, where it is known; otherwise of all.
std::vector<Remedy> remedies(const Finding& finding, std::span<const Software> known);

// "60 s", "5 min": as exact as it was seen.
std::string seconds_text(Micros duration);
// "HTTP/1.1", "HTTP/2" of the ALPN ids of RFC 7301.
std::string http_text(const std::string& id);
// "4 KiB", "16 MiB"
std::string bytes_text(std::uint64_t bytes);

}  // namespace playground::check
