# What every target of ours is compiled with.
add_library(playground_options INTERFACE)
target_include_directories(playground_options INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_options(playground_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -Wold-style-cast -Woverloaded-virtual
  # What shares a folder's one source may hide a name of another's.
  $<$<NOT:$<BOOL:${PLAYGROUND_UNITY}>>:-Wshadow>
  $<$<BOOL:${PLAYGROUND_WARNINGS_AS_ERRORS}>:-Werror>)

# Sanitizers reach third-party targets too, so that they go on everything from here down.
if(PLAYGROUND_SANITIZE)
  add_compile_options(-fsanitize=${PLAYGROUND_SANITIZE} -fno-omit-frame-pointer
                      -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${PLAYGROUND_SANITIZE})
endif()

# core/ and wasm/ report errors as values: no exceptions and no RTTI there. UndefinedBehaviorSanitizer
# asks RTTI whether an object is what it is called on as, so that it stays where that runs.
add_library(playground_no_exceptions INTERFACE)
target_compile_options(playground_no_exceptions INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions>)
if(NOT PLAYGROUND_SANITIZE)
  target_compile_options(playground_no_exceptions INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-fno-rtti>)
endif()

# playground_unity(TARGET [SOURCE…]): with PLAYGROUND_UNITY the sources of a folder are compiled as one,
# so that what they all include is read and instantiated once. The sources named here stay alone: they
# have names of their own (in a namespace without a name) that another of their folder has too.
#
# The preset `native` compiles file by file, unless `make test` is the first to configure it: that is
# what one works on, and it shows when an #include is missing; so do the sanitizers' presets.
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

# What is compiled for the tests' own sake: how soon it is built matters more than how fast it runs.
# Not -O0: what tests and core instantiate alike is taken from the tests, and the simulations would run
# at a sixth of their speed.
# What nearly every test includes is read once. nlohmann/json is not among it: with GCC it costs every
# source more to have it there than a few to read it.
function(playground_tests target)
  target_precompile_headers(${target} PRIVATE
    <catch2/catch_test_macros.hpp> <memory> <optional> <string> <string_view> <vector>)
  target_compile_options(${target} PRIVATE -O1)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # What GCC's optimiser guesses about the standard library is wrong at this level.
    target_compile_options(${target} PRIVATE
      -Wno-array-bounds -Wno-maybe-uninitialized -Wno-stringop-overflow)
  endif()
endfunction()
