# Third-party code: pinned versions, fetched at configure time, never committed.
#
# Where the download is not possible, tools/fetch-dependencies.sh puts the libraries, from the
# distribution's signed source packages and of some in an older version, under .deps/sources/<name>,
# and they are used in place of the download (FETCHCONTENT_SOURCE_DIR_<NAME>).
include(FetchContent)

set(FETCHCONTENT_QUIET OFF)

macro(playground_declare name)
  string(TOUPPER ${name} upper)
  if(NOT FETCHCONTENT_SOURCE_DIR_${upper}
     AND EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/.deps/sources/${name}")
    set(FETCHCONTENT_SOURCE_DIR_${upper} "${CMAKE_CURRENT_SOURCE_DIR}/.deps/sources/${name}")
  endif()
  FetchContent_Declare(${name} SYSTEM DOWNLOAD_EXTRACT_TIMESTAMP FALSE ${ARGN})
endmacro()

# A header-only library: its own CMakeLists.txt is not run, its headers are system headers.
macro(playground_headers target name include_dir)
  FetchContent_MakeAvailable(${name})
  add_library(${target} INTERFACE)
  target_include_directories(${target} SYSTEM INTERFACE "${${name}_SOURCE_DIR}/${include_dir}")
endmacro()

playground_declare(nlohmann_json
  URL https://github.com/nlohmann/json/archive/refs/tags/v3.11.3.tar.gz
  URL_HASH SHA256=0d8ef5af7f9794e3263480193c491549b2ba6cc74bb018906202ada498a79406
  SOURCE_SUBDIR headers-only)
playground_headers(playground_json nlohmann_json include)
# core/ holds no iostream: the library's stream operators are left out everywhere.
target_compile_definitions(playground_json INTERFACE JSON_NO_IO=1)

if(NOT EMSCRIPTEN)
  find_package(Threads REQUIRED)

  # The seam in native_server/http/router.cc is written for this version and for the source
  # package's; a test checks it.
  playground_declare(httplib
    URL https://github.com/yhirose/cpp-httplib/archive/refs/tags/v0.53.1.tar.gz
    URL_HASH SHA256=185af9587e270de9a3bfee234c6740f02e82265da33c7a41f97e02ee42f979d2
    SOURCE_SUBDIR headers-only)
  FetchContent_MakeAvailable(httplib)
  # The library is one header of 20,000 lines, most of them functions that every source would
  # compile anew. It is split as its own split.py does: what is between two borders goes into a
  # source, without the word inline.
  function(playground_split_httplib header directory)
    set(border
      "// ----------------------------------------------------------------------------\n")
    string(LENGTH "${border}" border_length)
    file(READ "${header}" rest)
    set(declarations "")
    set(definitions "#include \"httplib.h\"\nnamespace httplib {\n")
    set(part declarations)
    while(NOT rest STREQUAL "")
      string(FIND "${rest}" "${border}" at)
      string(SUBSTRING "${rest}" 0 ${at} piece)
      string(APPEND ${part} "${piece}")
      if(at EQUAL -1)
        break()
      endif()
      math(EXPR after "${at} + ${border_length}")
      string(SUBSTRING "${rest}" ${after} -1 rest)
      if(part STREQUAL "declarations")
        set(part definitions)
      else()
        set(part declarations)
      endif()
    endwhile()
    string(REPLACE "inline " "" definitions "${definitions}} // namespace httplib\n")
    file(WRITE "${directory}/new/httplib.h" "${declarations}")
    file(WRITE "${directory}/new/httplib.cc" "${definitions}")
    file(COPY_FILE "${directory}/new/httplib.h" "${directory}/httplib.h" ONLY_IF_DIFFERENT)
    file(COPY_FILE "${directory}/new/httplib.cc" "${directory}/httplib.cc" ONLY_IF_DIFFERENT)
    file(REMOVE_RECURSE "${directory}/new")
  endfunction()
  set(httplib_split "${PROJECT_BINARY_DIR}/httplib")
  playground_split_httplib("${httplib_SOURCE_DIR}/httplib.h" "${httplib_split}")
  add_library(playground_httplib STATIC "${httplib_split}/httplib.cc")
  target_include_directories(playground_httplib SYSTEM PUBLIC "${httplib_split}")
  target_link_libraries(playground_httplib PUBLIC Threads::Threads)
  target_compile_options(playground_httplib PRIVATE -g0)
  # Its own limits of a request's head are those of --max-head at most, and so never the ones that
  # count (core/http/request_framing.h).
  foreach(limit REQUEST_URI_MAX_LENGTH HEADER_MAX_LENGTH HEADER_MAX_COUNT MAX_LINE_LENGTH)
    target_compile_definitions(playground_httplib PUBLIC CPPHTTPLIB_${limit}=65536)
  endforeach()

  playground_declare(libuv
    URL https://github.com/libuv/libuv/archive/refs/tags/v1.52.1.tar.gz
    URL_HASH SHA256=478baf2599bfbc882c355288c9cb6f92e0e7dda435fa04031fa5b607cf3f414c)
  # Three sources of our own say where and when; this one reads and writes the protocol. Its CMake
  # project would build tests and a shared library.
  playground_declare(hiredis
    URL https://github.com/redis/hiredis/archive/refs/tags/v1.2.0.tar.gz
    URL_HASH SHA256=82ad632d31ee05da13b537c124f819eb88e18851d9cb0c30ae0552084811588c
    SOURCE_SUBDIR headers-only)
  set(LIBUV_BUILD_SHARED OFF CACHE BOOL "" FORCE)
  set(LIBUV_BUILD_TESTS OFF CACHE BOOL "" FORCE)
  set(LIBUV_BUILD_BENCH OFF CACHE BOOL "" FORCE)
  FetchContent_MakeAvailable(libuv)
  # What it would install is for those who build with it.
  set_property(DIRECTORY "${libuv_SOURCE_DIR}" PROPERTY EXCLUDE_FROM_ALL ON)
  target_compile_options(uv_a PRIVATE -g0)

  FetchContent_MakeAvailable(hiredis)
  find_package(OpenSSL 1.1.1 REQUIRED)
  set(hiredis_sources alloc.c async.c hiredis.c net.c read.c sds.c sockcompat.c ssl.c)
  list(TRANSFORM hiredis_sources PREPEND "${hiredis_SOURCE_DIR}/")
  add_library(playground_hiredis STATIC ${hiredis_sources})
  target_include_directories(playground_hiredis SYSTEM PUBLIC "${hiredis_SOURCE_DIR}")
  target_link_libraries(playground_hiredis PUBLIC OpenSSL::SSL)
  target_compile_options(playground_hiredis PRIVATE -g0)
endif()

if(BUILD_TESTING OR NOT DEFINED BUILD_TESTING)
  playground_declare(Catch2
    URL https://github.com/catchorg/Catch2/archive/refs/tags/v3.7.1.tar.gz
    URL_HASH SHA256=c991b247a1a0d7bb9c39aa35faf0fe9e19764213f28ffba3109388e62ee0269c)
  FetchContent_MakeAvailable(Catch2)
  # It is a hundred small sources that all include much the same, and nobody debugs them.
  set_target_properties(Catch2 PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 30)
  target_compile_options(Catch2 PRIVATE -O1 -g0)
  if(EMSCRIPTEN)
    # Emscripten leaves exceptions out unless asked; a failed REQUIRE is one.
    target_compile_options(Catch2 PUBLIC -fexceptions)
    target_link_options(Catch2 PUBLIC -fexceptions)
  endif()
  list(APPEND CMAKE_MODULE_PATH "${catch2_SOURCE_DIR}/extras")
endif()
