include(GNUInstallDirs)

# Each folder of src/ is one static library, linked by docs/layers.txt, so the link graph is the layer graph.

# The headers that nearly every file of a floor reads; Asio and Beast only where they may be seen at all.
set(ATRIUM_PCH_COMMON
    <algorithm> <chrono> <coroutine> <cstdint> <functional> <map> <memory> <optional> <span> <string> <string_view>
    <unordered_map> <utility> <variant> <vector> <boost/json.hpp> <boost/system/result.hpp>)

# In the build as where it is installed, a program of others includes <atrium/socketio/server.h>.
file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/include)
file(CREATE_LINK ${PROJECT_SOURCE_DIR}/src ${PROJECT_BINARY_DIR}/include/atrium SYMBOLIC)

function(atrium_floors_from file)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(STRINGS ${file} lines REGEX "^[a-z]+:")
  foreach(line IN LISTS lines)
    string(REGEX REPLACE ":.*" "" floor "${line}")
    string(REGEX REPLACE "^[a-z]+: *" "" below "${line}")
    separate_arguments(below)
    if(floor STREQUAL "main")
      continue()
    endif()
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS src/${floor}/*.cpp)
    add_library(atrium_${floor} STATIC ${sources})
    set_property(GLOBAL APPEND PROPERTY ATRIUM_FLOORS ${floor})
    target_compile_features(atrium_${floor} PUBLIC cxx_std_20)
    target_include_directories(
      atrium_${floor} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src> $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include>
                             $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
    if(floor STREQUAL "net")
      target_precompile_headers(atrium_net PRIVATE ${ATRIUM_PCH_COMMON} <boost/asio.hpp>)
    elseif(floor STREQUAL "http")
      target_precompile_headers(atrium_http PRIVATE ${ATRIUM_PCH_COMMON} <boost/asio.hpp> <boost/beast/http.hpp>)
    elseif(floor STREQUAL "base")
      target_precompile_headers(atrium_base PRIVATE ${ATRIUM_PCH_COMMON})
    else()
      target_precompile_headers(atrium_${floor} REUSE_FROM atrium_base)
    endif()
    foreach(name IN LISTS below)
      target_link_libraries(atrium_${floor} PUBLIC atrium_${name})
    endforeach()
  endforeach()
endfunction()
