#include "native_client/compare.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "core/client/decision_words.h"
#include "core/client/settings.h"
#include "core/client/snapshot.h"
#include "core/client/words.h"
#include "core/json_text.h"
#include "native_client/command.h"
#include "native_client/first_question.h"

namespace playground::native {
namespace {

using client::Micros;
using client::ObservedLane;
using client::Run;
using client::RunState;

constexpr Micros kDefaultTime = 10 * client::kSecond;
constexpr Micros kRedraw = client::kSecond / 4;

std::string milliseconds_text(Micros time) {
  std::string text;
  append_number(std::round(static_cast<double>(time) / 100.0) / 10, text);
  return text;
}

using Row = std::vector<std::string>;

Row row_of(const ObservedLane& lane, const std::string& note) {
  const auto& delay = lane.delay_us();
  const bool known = delay.count() > 0;
  const auto bytes = lane.wire().bytes_per_message();
  const auto& ledger = lane.ledger();
  return {client::title(lane.lane()),
          known ? milliseconds_text(delay.percentile(50)) : "–",
          known ? milliseconds_text(delay.percentile(95)) : "–",
          std::to_string(ledger.delivered()),
          std::to_string(ledger.missing()),
          std::to_string(ledger.duplicate()),
          std::to_string(ledger.reordered()),
          std::to_string(std::max(lane.requests(), lane.wire().total().requests)),
          bytes ? std::to_string(std::llround(*bytes)) : "–",
          note};
}

// The first column and the last are words, the others numbers.
std::string lines_of(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths(rows.front().size());
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns(row[i]));
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string space(widths[i] - columns(row[i]), ' ');
      const bool words = i == 0 || i + 1 == row.size();
      line += (i == 0 ? "" : "  ") + (words ? row[i] + space : space + row[i]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

client::Settings run_settings(const Options& options) {
  client::Settings settings;
  settings.server = server_of(options.url);
  settings.lanes = options.transports;
  if (settings.lanes.empty()) {
    for (const TransportInfo& each : transports()) settings.lanes.push_back(each.id);
  }
  settings.scenario.rate = options.rate;
  settings.scenario.payload_bytes = options.payload_bytes;
  return settings;
}

// Prints what is new, and redraws.
class CompareView {
 public:
  CompareView(const Run& run, const Options& options, Output& output)
      : run_(run), options_(options), output_(output) {}

  void show(Micros now) {
    if (options_.json) return;
    tell_decisions();
    if (!output_.is_terminal() || run_.channel().empty()) return;
    const Micros time = options_.time.value_or(kDefaultTime);
    const std::string below = "\n" + table_of(run_, notes(now)) + "\n" +
                              client::duration_text(std::min(run_.elapsed(now), time)) + " of " +
                              client::duration_text(time) + "\n";
    output_.show(below);
  }

  // Before the lanes are stopped: they forget how they differ from what was asked.
  void keep_tags() {
    for (const ObservedLane& lane : run_.lanes()) tags_.push_back(client::tag_text(lane));
  }

  void end(Micros now) {
    if (options_.json) return output_.line(client::snapshot_json(run_, now));
    tell_decisions();
    output_.show("");
    output_.line("");
    std::string table = table_of(run_, tags_);
    table.pop_back();
    output_.line(table);
  }

 private:
  std::vector<std::string> notes(Micros now) const {
    std::vector<std::string> all;
    for (const ObservedLane& lane : run_.lanes()) {
      std::string tag = client::tag_text(lane);
      all.push_back(tag.empty() ? client::state_text(lane.lane(), now) : std::move(tag));
    }
    return all;
  }

  void tell_decisions() {
    for (const client::Decision& each : run_.decisions()) {
      if (each.number <= told_) continue;
      told_ = each.number;
      std::string at = milliseconds_text(each.at / 1000);
      if (at.find('.') == at.npos) at += ".0";
      const std::string space(at.size() < 6 ? 6 - at.size() : 0, ' ');
      output_.line(space + at + " s  " + plain_sentence(client::sentence(each)));
    }
  }

  const Run& run_;
  const Options& options_;
  Output& output_;
  std::vector<std::string> tags_;
  std::uint64_t told_ = 0;
};

}  // namespace

std::string table_of(const Run& run, std::span<const std::string> notes) {
  std::vector<Row> rows{{"transport", "p50 ms", "p95 ms", "messages", "missing", "repeated",
                         "out of order", "requests", "bytes/message", ""}};
  auto note = notes.begin();
  for (const ObservedLane& lane : run.lanes()) {
    rows.push_back(row_of(lane, note == notes.end() ? std::string() : *note++));
  }
  return lines_of(rows);
}

bool anything_wrong(const Run& run) {
  return std::any_of(run.lanes().begin(), run.lanes().end(), [](const ObservedLane& lane) {
    const auto& ledger = lane.ledger();
    return ledger.delivered() == 0 || ledger.missing() > 0 || ledger.duplicate() > 0 ||
           ledger.reordered() > 0 || !client::tag_text(lane).empty();
  });
}

std::string plain_sentence(std::string_view marked) {
  std::string plain;
  while (!marked.empty()) {
    const std::size_t mark = std::min(marked.find("**"), marked.size());
    plain += marked.substr(0, mark);
    marked.remove_prefix(std::min(mark + 2, marked.size()));
  }
  return plain;
}

int run_compare(const Options& options, Output& output) {
  return run_command(options, [&](CommandWorld& world) {
    NativeHost& host = world.host;
    const client::Settings settings = run_settings(options);
    bool ended = false;
    world.on_stop([&] { ended = true; });
    FirstQuestion first(host.dispatcher(), settings.server);
    world.run([&] { return ended || first.answered(); });
    if (!first.problem().empty()) throw std::runtime_error(first.problem());
    if (ended) return kCouldNotRun;

    Run run(settings, host.dispatcher(), random_seed());
    CompareView view(run, options, output);
    std::optional<bool> wrong;  // once there was a channel
    const auto stop = [&] {
      if (std::exchange(ended, true)) return;
      if (!run.channel().empty()) wrong = anything_wrong(run);
      view.show(host.now());
      view.keep_tags();
      run.stop(host.now());
    };
    world.on_stop(stop);
    run.start(host.now());
    client::Timer redraw;
    client::Timer end;
    // The time counts from the channel's beginning; where there is none, that is the end.
    std::function<void(Micros)> look = [&](Micros now) {
      const bool follows = !run.channel().empty();
      if (follows && !end) {
        end = client::Timer(host.dispatcher(), options.time.value_or(kDefaultTime),
                            [&](Micros) { stop(); });
      }
      if (!follows && !end && run.trouble()) stop();
      if (ended) return;
      view.show(now);
      redraw = client::Timer(host.dispatcher(), kRedraw, look);
    };
    look(host.now());
    world.run([&] {
      if (output.failed()) stop();
      return ended;
    });
    if (!wrong) throw std::runtime_error(plain_sentence(run.error()));
    view.end(host.now());
    return *wrong ? kFound : kAllWell;
  });
}

}  // namespace playground::native
