#include "native_client/check.h"

#include <algorithm>
#include <stdexcept>

#include "core/check/findings.h"
#include "core/check/report.h"
#include "core/check/words.h"
#include "native_client/command.h"
#include "native_client/first_question.h"

namespace playground::native {
namespace {

using check::Check;
using check::Finding;
using client::Micros;

// With what comes before and after it, a quick check is over within 20 s.
constexpr Micros kQuickTime = 18 * client::kSecond;
constexpr Micros kLook = client::kSecond / 10;
// Lines of prose are not longer, however wide the terminal is.
constexpr std::size_t kMostColumns = 100;

std::string_view mark(check::Severity severity) {
  switch (severity) {
    case check::Severity::kGood:
      return "ok";
    case check::Severity::kNote:
      return "note";
    case check::Severity::kTrouble:
      return "trouble";
    case check::Severity::kUnknown:
      return "unknown";
  }
  return "";
}

std::string remedy_text(const check::Remedy& remedy, std::size_t width) {
  std::string words = std::string(title(remedy.who));
  if (!remedy.software.empty()) words += " (" + std::string(remedy.software) + ")";
  words += ": " + remedy.text;
  if (remedy.tried) words += " This check has tried it.";
  std::string text = wrapped("- " + words, width, 6);
  for (std::string_view code = remedy.code; !code.empty();) {
    const std::size_t end = std::min(code.find('\n'), code.size());
    text.append(10, ' ').append(code.substr(0, end)).append("\n");
    code.remove_prefix(std::min(end + 1, code.size()));
  }
  return text;
}

std::string lanes_text(const check::Report& report) {
  std::size_t widest = 0;
  for (const check::LaneVerdict& each : report.lanes) {
    widest = std::max(widest, columns(info(each.transport).title));
  }
  std::string text;
  for (const check::LaneVerdict& each : report.lanes) {
    const std::string_view title = info(each.transport).title;
    text.append("  ").append(title).append(widest - columns(title) + 2, ' ').append(each.verdict);
    if (!each.detail.empty()) text.append(", ").append(each.detail);
    text += "\n";
  }
  return text;
}

std::string progress_text(const Check& check, Micros now) {
  if (check.total() == 0) return "asking who is there\n";
  const auto left = (check.left(now) + client::kSecond - 1) / client::kSecond;
  return std::to_string(check.done()) + " of " + std::to_string(check.total()) +
         " probes; at most " + std::to_string(std::max<Micros>(left, 1)) + " s left\n";
}

check::CheckSettings check_settings(const Options& options) {
  check::CheckSettings settings;
  settings.server = server_of(options.url);
  settings.quick = options.quick;
  const Micros usual = options.quick ? 0 : settings.longest_silence;
  settings.longest_silence = options.longest_silence.value_or(usual);
  settings.channel = options.channel;
  return settings;
}

// Lines that have their ends already.
void print(std::string_view lines, Output& output) {
  while (lines.ends_with('\n')) lines.remove_suffix(1);
  output.line(lines);
}

}  // namespace

std::string report_text(const Check& check, std::size_t width) {
  const check::Observations& observations = check.observations();
  const check::Report report = check::report(observations, check.over());
  const std::vector<check::Software> known = check::software(report.between);
  std::string text = wrapped(report.verdict, width, 0);
  text += wrapped(check::path_text(observations.path, report.between), width, 0) + "\n";
  text += lanes_text(report);
  for (const Finding& each : report.findings) {
    text += "\n" + wrapped(std::string(mark(each.severity)) + ": " + title(each), width, 0);
    std::string prose = seen(each);
    if (const std::string means = meaning(each); !means.empty()) prose += " " + means;
    text += wrapped(prose, width, 4);
    for (const check::Remedy& remedy : remedies(each, known)) text += remedy_text(remedy, width);
  }
  if (!report.settings.empty()) text += "\nSettings for this path\n";
  for (const auto& [name, value] : report.settings) {
    text += wrapped(name + ": " + value, width, 4);
  }
  return text;
}

int run_check(const Options& options, Output& output) {
  return run_command(options, [&](CommandWorld& world) {
    NativeHost& host = world.host;
    const check::CheckSettings settings = check_settings(options);
    const Micros began = host.now();
    bool ended = false;
    world.on_stop([&] { ended = true; });
    FirstQuestion first(host.dispatcher(), settings.server);
    world.run([&] { return ended || first.answered(); });
    if (!first.problem().empty()) throw std::runtime_error(first.problem());
    if (ended) return kCouldNotRun;

    Check check(settings, host.dispatcher(), random_seed());
    world.on_stop([&] { check.stop(host.now()); });
    check.start(host.now());
    client::Timer limit;
    if (options.quick) {
      limit = client::Timer(host.dispatcher(), kQuickTime - (host.now() - began),
                            [&](Micros now) { check.stop(now); });
    }
    client::Timer timer;
    std::function<void(Micros)> look = [&](Micros now) {
      if (check.over()) return;
      output.show(progress_text(check, now));
      timer = client::Timer(host.dispatcher(), kLook, look);
    };
    look(host.now());
    world.run([&] {
      if (output.failed()) check.stop(host.now());
      return check.over();
    });
    output.show("");
    if (!check.error().empty()) throw std::runtime_error(check.error());
    if (options.json) {
      output.line(check::to_json(check, host.now()));
    } else if (options.markdown) {
      print(check::to_markdown(check), output);
    } else {
      print(report_text(check, std::min(output.is_terminal() ? output.width() : kMostColumns,
                                        kMostColumns)),
            output);
    }
    return check::report(check.observations(), true).trouble ? kFound : kAllWell;
  });
}

}  // namespace playground::native
