// What JavaScript sees of core/check: `PathCheck` in web/src/contract/check-report.ts.
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include <emscripten/bind.h>
#include <emscripten/val.h>

#include "core/check/check.h"
#include "core/check/report.h"
#include "core/check/settings.h"
#include "core/simulation/simulated_check.h"
#include "wasm/browser_host.h"

namespace playground::wasm {
namespace {

using emscripten::val;

class PathCheck {
 public:
  std::string start(const std::string& settings_json) {
    auto settings = check::parse_check_settings(settings_json);
    if (!settings) return settings.error().message;
    simulated_.reset();
    check_.reset();
    const double random = val::global("Math").call<double>("random");
    const auto seed = static_cast<std::uint64_t>(random * 0x1p53);
    if (settings->simulated) {
      simulated_ = std::make_unique<simulation::SimulatedCheck>(std::move(settings->check),
                                                                *settings->simulated, seed);
      passed_at_ = wasm::now();
      return {};
    }
    if (host_ == nullptr) host_ = std::make_unique<BrowserHost>();
    check_ = std::make_unique<check::Check>(std::move(settings->check), host_->dispatcher(), seed);
    check_->start(wasm::now());
    return {};
  }

  void stop() {
    if (check::Check* check = current()) check->stop(clock());
  }

  std::string report() {
    pass();
    const check::Check* check = current();
    return check == nullptr ? "null" : check::to_json(*check, clock());
  }

  std::string markdown() {
    const check::Check* check = current();
    return check == nullptr ? "" : check::to_markdown(*check);
  }

 private:
  check::Check* current() { return simulated_ != nullptr ? &simulated_->check() : check_.get(); }
  client::Micros clock() const { return simulated_ != nullptr ? simulated_->now() : wasm::now(); }

  void pass() {
    if (simulated_ == nullptr) return;
    const client::Micros at = wasm::now();
    simulated_->pass(at - std::exchange(passed_at_, at));
  }

  std::unique_ptr<BrowserHost> host_;
  std::unique_ptr<check::Check> check_;
  std::unique_ptr<simulation::SimulatedCheck> simulated_;
  client::Micros passed_at_ = 0;
};

}  // namespace
}  // namespace playground::wasm

EMSCRIPTEN_BINDINGS(playground_check) {
  using namespace playground::wasm;

  emscripten::class_<PathCheck>("PathCheck")
      .constructor<>()
      .function("start", &PathCheck::start)
      .function("stop", &PathCheck::stop)
      .function("report", &PathCheck::report)
      .function("markdown", &PathCheck::markdown);

  emscripten::function("hostEvent", &BrowserHost::callback);
  emscripten::function("hostTimer", &BrowserHost::timer_callback);
  emscripten::function("hostEnvironment", &BrowserHost::environment_callback);
}
