# The page of /docs, made a string of the program.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS src/chat/documents/page.html)
file(READ src/chat/documents/page.html ATRIUM_DOCUMENTS_PAGE)
configure_file(src/chat/documents/page.cpp.in documents_page.cpp @ONLY)
target_sources(atrium_chat PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/documents_page.cpp)
