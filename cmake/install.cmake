# What `cmake --install` installs, and the Debian package that `make deb` makes of it.
include(GNUInstallDirs)

set(programs playground_server)
set(manuals "${PROJECT_SOURCE_DIR}/docs/man/playground_server.1")
if(TARGET playground)
  list(APPEND programs playground)
  list(APPEND manuals "${PROJECT_SOURCE_DIR}/docs/man/playground.1")
endif()
install(TARGETS ${programs} RUNTIME)
install(FILES ${manuals} DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
install(FILES
  "${PROJECT_SOURCE_DIR}/docs/api.md"
  "${PROJECT_SOURCE_DIR}/docs/command-line.md"
  "${PROJECT_SOURCE_DIR}/docs/operating.md"
  DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/transport-playground")

# The unit names where the program and its settings are, which the prefix decides: of what is in
# /usr they are in /etc (Filesystem Hierarchy Standard 3.7).
set(package_files "${PROJECT_SOURCE_DIR}/deploy/package")
install(CODE "
  set(package_files \"${package_files}\")
  set(unit \"${PROJECT_BINARY_DIR}/playground.service\")")
install(CODE [[
  set(settings "${CMAKE_INSTALL_PREFIX}/etc")
  if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
    set(settings /etc)
  endif()
  configure_file("${package_files}/playground.service.in" "${unit}" @ONLY)
  file(INSTALL "${unit}" DESTINATION "${CMAKE_INSTALL_PREFIX}/lib/systemd/system")
  file(INSTALL "${package_files}/server.conf" DESTINATION "${settings}/playground")
]])

set(CPACK_PACKAGE_NAME transport-playground)
set(CPACK_PACKAGE_VENDOR "the project's maintainers")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY
  "polling, Server-Sent Events and WebSocket side by side: server, page and command line")
set(CPACK_GENERATOR DEB)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_SET_DESTDIR ON)  # for the settings, which are outside the prefix
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS  # whatever the umask
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "the project's maintainers <root@localhost>")
set(CPACK_DEBIAN_PACKAGE_SECTION web)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  "${package_files}/conffiles" "${package_files}/postinst" "${package_files}/prerm"
  "${package_files}/postrm")
include(CPack)
