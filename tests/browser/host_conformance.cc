// The browser as a host in the scenes of tests/support/host_scenes.h, for host.test.mjs.
#include <algorithm>
#include <memory>
#include <string>

#include <emscripten/bind.h>
#include <emscripten/val.h>

#include "tests/support/host_scenes.h"
#include "wasm/browser_host.h"

namespace playground::wasm {
namespace {

using emscripten::val;

val scene_names() {
  val names = val::array();
  for (const client::HostScene& scene : client::host_scenes()) {
    names.call<void>("push", std::string(scene.name));
  }
  return names;
}

// Calls `over` with what broke the contract. One scene at a time.
void play_scene(const std::string& name, const std::string& server, const std::string& nobody,
                val over) {
  static std::unique_ptr<BrowserHost> host;
  static std::unique_ptr<client::HostStage> stage;
  stage.reset();
  host = std::make_unique<BrowserHost>();
  stage = std::make_unique<client::HostStage>(
      host->dispatcher(), server, nobody, [over](const std::string& problems) { over(problems); });
  const auto scenes = client::host_scenes();
  const auto found = std::find_if(scenes.begin(), scenes.end(),
                                  [&](const auto& scene) { return scene.name == name; });
  if (found == scenes.end()) {
    over("there is no scene " + name);
    return;
  }
  stage->play(found->play);
}

}  // namespace
}  // namespace playground::wasm

EMSCRIPTEN_BINDINGS(host_conformance) {
  emscripten::function("sceneNames", &playground::wasm::scene_names);
  emscripten::function("playScene", &playground::wasm::play_scene);
}
