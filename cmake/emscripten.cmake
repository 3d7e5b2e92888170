# Finds the toolchain file of whichever Emscripten emsdk-setup.sh decided on: EMSCRIPTEN_ROOT from
# the environment, else the emcc on PATH.
if(DEFINED ENV{EMSCRIPTEN_ROOT})
  set(playground_emscripten_root "$ENV{EMSCRIPTEN_ROOT}")
else()
  execute_process(COMMAND em-config EMSCRIPTEN_ROOT
                  OUTPUT_VARIABLE playground_emscripten_root
                  OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
set(playground_toolchain
    "${playground_emscripten_root}/cmake/Modules/Platform/Emscripten.cmake")
if(NOT EXISTS "${playground_toolchain}")
  message(FATAL_ERROR "Emscripten was not found: run ./emsdk-setup.sh and load the file it names")
endif()
include("${playground_toolchain}")
