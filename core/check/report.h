// What a check has to say so far: in one sentence, lane by lane, as settings, and as JSON and
// Markdown to keep and to send.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/check/check.h"
#include "core/check/findings.h"

namespace playground::check {

struct LaneVerdict {
  TransportId transport = TransportId::kShortPoll;
  bool works = false;
  bool held = false;
  bool known = false;        // enough has been seen to say either
  std::string verdict = {};  // "works", "held back"
  std::string detail = {};
};

struct Report {
  std::vector<Finding> findings;
  std::vector<std::string> between;
  std::vector<LaneVerdict> lanes;
  // What to try, best first: those that work and are not held back.
  std::vector<TransportId> ladder;
  std::string verdict;
  bool trouble = false;
  bool stopped = false;                                       // by the reader, before its end
  std::vector<std::pair<std::string, std::string>> settings;  // name, value
};

Report report(const Observations& observations, bool over);

// "From this browser to example.org, over h2, through a proxy that calls itself nginx."
std::string path_text(const Path& path, const std::vector<std::string>& between);

// `CheckReport` in web/src/contract/check-report.ts.
std::string to_json(const Check& check, Micros now);
std::string to_markdown(const Check& check);

}  // namespace playground::check
