# What all our targets are compiled with.
add_library(playground_options INTERFACE)
target_include_directories(playground_options INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_options(playground_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -Wold-style-cast -Woverloaded-virtual
  # Sources that are compiled as one may hide each other's names.
  $<$<NOT:$<BOOL:${PLAYGROUND_UNITY}>>:-Wshadow>
  $<$<BOOL:${PLAYGROUND_WARNINGS_AS_ERRORS}>:-Werror>)

# Sanitizers must cover third-party targets too, so they apply to everything from here down.
if(PLAYGROUND_SANITIZE)
  add_compile_options(-fsanitize=${PLAYGROUND_SANITIZE} -fno-omit-frame-pointer
                      -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${PLAYGROUND_SANITIZE})
  # With sanitizers GCC warns wrongly about the standard library, most of all where sources are
  # compiled as one.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-Wno-maybe-uninitialized)
  endif()
endif()

# core/ and wasm/ report errors as values: no exceptions and no RTTI there. UndefinedBehaviorSanitizer
# uses RTTI to check that an object has the type it is called as, so RTTI stays on where that runs.
add_library(playground_no_exceptions INTERFACE)
target_compile_options(playground_no_exceptions INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions>)
if(NOT PLAYGROUND_SANITIZE)
  target_compile_options(playground_no_exceptions INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-fno-rtti>)
endif()

# playground_unity(TARGET [SOURCE…]): with PLAYGROUND_UNITY the sources of a folder are compiled as one,
# so that what they all include is read and instantiated once. The sources named here are compiled by
# themselves: a name in their unnamed namespace also occurs in another source of their folder.
#
# The preset `native` compiles file by file, unless `make test` is the first to configure it: that is
# the preset to work with, and it shows when an #include is missing. So do the sanitizers' presets.
function(playground_unity target)
  if(NOT PLAYGROUND_UNITY)
    return()
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  get_target_property(sources ${target} SOURCES)
  list(REMOVE_ITEM sources ${ARGN})
  foreach(source ${sources})
    cmake_path(GET source PARENT_PATH folder)
    string(MAKE_C_IDENTIFIER "folder_${folder}" group)
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${group})
  endforeach()
endfunction()

# For code that only the tests need: how soon it is built matters more than how fast it runs.
# Not -O0: what tests and core both instantiate is taken from the tests, and the simulations would run
# at a sixth of their speed.
# What nearly every test includes is precompiled, but not nlohmann/json: with GCC, having it there costs
# every source more than reading it costs the few that need it.
function(playground_tests target)
  target_precompile_headers(${target} PRIVATE
    <catch2/catch_test_macros.hpp> <memory> <optional> <string> <string_view> <vector>)
  target_compile_options(${target} PRIVATE -O1)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # At this level GCC's optimiser warns wrongly about the standard library.
    target_compile_options(${target} PRIVATE
      -Wno-array-bounds -Wno-maybe-uninitialized -Wno-stringop-overflow)
  endif()
endfunction()

# Settings of Emscripten that have another name in an older version than in a newer one, which in its
# strict mode refuses the old name: the stack's size (STACK_SIZE from 3.1.25 on), and keeping data
# out of a file beside the JavaScript (never in one from 3.1.55 on).
if(EMSCRIPTEN)
  set(playground_stack_size -sSTACK_SIZE)
  set(playground_data_in_glue "")
  if(EMSCRIPTEN_VERSION VERSION_LESS 3.1.25)
    set(playground_stack_size -sTOTAL_STACK)
  endif()
  if(EMSCRIPTEN_VERSION VERSION_LESS 3.1.55)
    set(playground_data_in_glue --memory-init-file 0)
  endif()
endif()
