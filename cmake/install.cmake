# `cmake --install`: the floors that make up the library, with headers as <atrium/floor/name.h>, for find_package(atrium) and
# pkg-config. docs/decisions/installed-headers.md says why the headers are rewritten on the way.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# The product's own floors, which nobody links.
set(ATRIUM_PRODUCT_FLOORS storage chat)
get_property(ATRIUM_LIBRARY_FLOORS GLOBAL PROPERTY ATRIUM_FLOORS)
list(REMOVE_ITEM ATRIUM_LIBRARY_FLOORS ${ATRIUM_PRODUCT_FLOORS})

# All that is installed: for whoever builds the library and nothing else.
add_custom_target(atrium_library)
foreach(floor IN LISTS ATRIUM_LIBRARY_FLOORS)
  add_dependencies(atrium_library atrium_${floor})
  set_target_properties(atrium_${floor} PROPERTIES EXPORT_NAME ${floor})
  # For a project that has Atrium as a subdirectory the names are those that the package has.
  add_library(atrium::${floor} ALIAS atrium_${floor})
  # cron and the cluster need more than the others (time zones, a Redis), so whoever does without them needs nothing of that.
  if(floor STREQUAL "cron")
    install(TARGETS atrium_${floor} EXPORT atrium-cron-targets)
  elseif(floor MATCHES "^(redis|cluster)$")
    install(TARGETS atrium_${floor} EXPORT atrium-cluster-targets)
  else()
    install(TARGETS atrium_${floor} EXPORT atrium-targets)
  endif()
endforeach()

set(ATRIUM_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/atrium)
install(EXPORT atrium-targets NAMESPACE atrium:: DESTINATION ${ATRIUM_CMAKE_DIR})
install(EXPORT atrium-cron-targets NAMESPACE atrium:: DESTINATION ${ATRIUM_CMAKE_DIR})
install(EXPORT atrium-cluster-targets NAMESPACE atrium:: DESTINATION ${ATRIUM_CMAKE_DIR})
configure_package_config_file(cmake/atrium-config.cmake.in atrium-config.cmake INSTALL_DESTINATION ${ATRIUM_CMAKE_DIR})
# Until 1.0 a minor version may break what was built against the one before.
write_basic_package_version_file(atrium-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/atrium-config.cmake ${CMAKE_CURRENT_BINARY_DIR}/atrium-config-version.cmake
        DESTINATION ${ATRIUM_CMAKE_DIR})

# The linker reads static libraries once, so each stands before what it needs: highest floor first.
set(ATRIUM_PC_LIBRARIES "")
foreach(floor IN LISTS ATRIUM_LIBRARY_FLOORS)
  if(NOT floor MATCHES "^(cron|redis|cluster)$")
    # What a floor needs by its mere name (-lcrypt); for the rest there are modules, in atrium.pc.in.
    get_target_property(libraries atrium_${floor} LINK_LIBRARIES)
    list(FILTER libraries INCLUDE REGEX "^[a-z0-9]+$")
    list(TRANSFORM libraries PREPEND -l)
    list(PREPEND ATRIUM_PC_LIBRARIES -latrium_${floor} ${libraries})
  endif()
endforeach()
list(JOIN ATRIUM_PC_LIBRARIES " " ATRIUM_PC_LIBRARIES)
# Relative, because `cmake --install --prefix` may come later than this.
file(RELATIVE_PATH ATRIUM_PC_TO_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(cmake/atrium.pc.in atrium.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/atrium.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

list(JOIN ATRIUM_LIBRARY_FLOORS "|" ATRIUM_FLOORS_PATTERN)
configure_file(cmake/install_headers.cmake.in install_headers.cmake @ONLY)
install(SCRIPT ${CMAKE_CURRENT_BINARY_DIR}/install_headers.cmake)
