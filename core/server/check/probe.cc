#include "core/server/check/probe.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "core/probe_pad.h"
#include "core/server/api_text.h"
#include "core/server/wire_meter.h"

namespace playground::server {
namespace {

constexpr std::array<std::string_view, 4> kEnds{"close", "fin", "reset", "stay"};
// What a path may do to a status is worth asking for these: an end for good, a refusal, a pause
// asked for, a server's error, and its absence.
constexpr std::array<int, 5> kStatuses{204, 401, 429, 500, 503};

constexpr std::int64_t kMillisecondUs = 1000;

class Reader {
 public:
  explicit Reader(const Request& request) : request_(request) {}

  // Whole numbers from 0 to `highest`, counted in `unit`s of what is kept.
  template <typename Kept>
  void number(std::string_view name, Kept& kept, std::uint64_t highest, std::uint64_t unit = 1) {
    const auto text = request_.parameter(name);
    if (!text) return;
    const auto value = parse_whole<std::uint64_t>(*text);
    if (!value || *value > highest) {
      return fail(name, "must be a number from 0 to " + std::to_string(highest));
    }
    kept = static_cast<Kept>(*value * unit);
  }

  template <typename Kept, std::size_t N>
  void word(std::string_view name, Kept& kept, const std::array<std::string_view, N>& words) {
    const auto text = request_.parameter(name);
    if (!text) return;
    const auto found = std::find(words.begin(), words.end(), *text);
    if (found != words.end()) {
      kept = static_cast<Kept>(found - words.begin());
      return;
    }
    std::string all;
    for (const std::string_view each : words) all.append(all.empty() ? "" : ", ").append(each);
    fail(name, "must be one of " + all);
  }

  void truth(std::string_view name, bool& kept) { kept = request_.parameter(name) == "1"; }

  void moments(std::string_view name, std::vector<std::int64_t>& kept) {
    const auto text = request_.parameter(name);
    if (!text) return;
    kept.clear();
    std::string_view rest = *text;
    while (!rest.empty()) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      const auto value = parse_whole<std::int64_t>(rest.substr(0, comma));
      rest.remove_prefix(std::min(comma + 1, rest.size()));
      constexpr std::int64_t kHighest = Probe::kLongest / kMillisecondUs;
      if (!value || *value < 0 || *value > kHighest || kept.size() == Probe::kMaxWrites ||
          (!kept.empty() && kept.back() > *value * kMillisecondUs)) {
        return fail(name, "must be up to " + std::to_string(Probe::kMaxWrites) +
                              " numbers of milliseconds, ascending, from 0 to " +
                              std::to_string(kHighest));
      }
      kept.push_back(*value * kMillisecondUs);
    }
  }

  void fail(std::string_view name, const std::string& must) {
    if (!error_) error_ = InputError{std::string(name) + " " + must};
  }
  const std::optional<InputError>& error() const { return error_; }

 private:
  const Request& request_;
  std::optional<InputError> error_;
};

}  // namespace

Result<Probe> parse_probe(const Request& request) {
  constexpr std::uint64_t kLongestMs = Probe::kLongest / kMillisecondUs;
  Probe probe;
  Reader read(request);
  probe.id = request.parameter("probe").value_or("");
  if (!WireMeter::is_lane_name(probe.id)) {
    read.fail("probe", "must be 1 to 32 characters of a-z, 0-9 and -");
  }
  read.moments("at", probe.writes_us);
  read.number("pad", probe.pad, Probe::kMaxPad);
  if (probe.pad * probe.writes_us.size() > Probe::kMaxTotal) {
    read.fail("pad",
              "must be " + std::to_string(Probe::kMaxTotal) + " bytes or less in all writes");
  }
  read.word("beat", probe.beat, kBeatNames);
  read.number("beat_ms", probe.beat_us, kLongestMs, kMillisecondUs);
  if (probe.beat_us < 100 * kMillisecondUs) read.fail("beat_ms", "must be 100 or more");
  read.word("end", probe.end, kEnds);
  read.number("status", probe.status, 999);
  if (probe.status != 0 &&
      std::find(kStatuses.begin(), kStatuses.end(), probe.status) == kStatuses.end()) {
    read.fail("status", "must be 204, 401, 429, 500 or 503");
  }
  read.number("hold_ms", probe.hold_us, kLongestMs, kMillisecondUs);
  read.number("fill_ms", probe.fill_us, 20'000, kMillisecondUs);
  read.number("bytes", probe.body, Probe::kMaxBody);
  read.truth("text", probe.text);
  read.truth("plain_headers", probe.plain);
  if (read.error()) return *read.error();
  return probe;
}

}  // namespace playground::server
