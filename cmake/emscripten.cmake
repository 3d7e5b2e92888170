# Finds the toolchain file of whichever Emscripten emsdk-setup.sh chose: EMSCRIPTEN_ROOT from
# the environment, else from .deps/emscripten.env, else the emcc on PATH.
#
# The file may name NODE_PATH and EM_CACHE too. They are put in front of the compiler and the
# linker, so that `cmake --build` works from a shell that never loaded the file.
set(playground_decision "${CMAKE_CURRENT_LIST_DIR}/../.deps/emscripten.env")
set(playground_settings "")
if(DEFINED ENV{EMSCRIPTEN_ROOT})
  set(playground_emscripten_root "$ENV{EMSCRIPTEN_ROOT}")
elseif(EXISTS "${playground_decision}")
  execute_process(COMMAND sh -c ". \"$1\" && printf %s \"$EMSCRIPTEN_ROOT\"" sh
                          "${playground_decision}"
                  OUTPUT_VARIABLE playground_emscripten_root)
else()
  execute_process(COMMAND em-config EMSCRIPTEN_ROOT
                  OUTPUT_VARIABLE playground_emscripten_root
                  OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
if(EXISTS "${playground_decision}")
  foreach(name NODE_PATH EM_CACHE)
    execute_process(COMMAND sh -c ". \"$1\" && eval printf %s \"\\\"\\\${$2:-}\\\"\"" sh
                            "${playground_decision}" ${name}
                    OUTPUT_VARIABLE value)
    if(NOT value STREQUAL "")
      list(APPEND playground_settings "${name}=${value}")
    endif()
  endforeach()
endif()

set(playground_toolchain
    "${playground_emscripten_root}/cmake/Modules/Platform/Emscripten.cmake")
if(NOT EXISTS "${playground_toolchain}")
  message(FATAL_ERROR "Emscripten was not found: run ./emsdk-setup.sh, then configure again")
endif()
include("${playground_toolchain}")

if(playground_settings)
  foreach(step C_COMPILER CXX_COMPILER C_LINKER CXX_LINKER)
    set(CMAKE_${step}_LAUNCHER "${CMAKE_COMMAND}" -E env ${playground_settings})
  endforeach()
endif()
