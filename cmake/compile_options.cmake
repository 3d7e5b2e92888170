# What every target of ours is compiled with.
add_library(playground_options INTERFACE)
target_include_directories(playground_options INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_options(playground_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -Wold-style-cast -Woverloaded-virtual
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
