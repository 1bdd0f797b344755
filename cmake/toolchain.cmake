# Flags that every target shares, and the two accelerators that are used where they are installed: ccache and mold.
add_compile_options(-Wall -Wextra -Wpedantic -Werror -Wshadow -Wnon-virtual-dtor -Wno-missing-field-initializers)
# GCC 12 reports false positives of these inside its own std::string and coroutine frames at -O2.
add_compile_options("$<$<CXX_COMPILER_ID:GNU>:-Wno-restrict;-Wno-maybe-uninitialized;-Wno-array-bounds;-Wno-stringop-overflow;-Wno-stringop-overread>")

find_program(CCACHE ccache)
if(CCACHE)
  # A precompiled header is compared by its content, not by its time.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
  if(NOT CMAKE_DISABLE_PRECOMPILE_HEADERS)
    add_compile_options($<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
  endif()
endif()

find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

if(ATRIUM_SANITIZE)
  add_compile_options(-fsanitize=${ATRIUM_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${ATRIUM_SANITIZE})
  if(ATRIUM_SANITIZE MATCHES "thread")
    add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>) # Asio's fences, which this sanitizer does not see through
  endif()
endif()
