#pragma once

#include <string>

#include "base/describe.h"
#include "chat/config.h"

namespace atrium::chat {

/// OpenAPI 3.1: the routes that a server with `config` has.
json::object openapi_document(const Config& config);

/// AsyncAPI 3.0: the events of the namespace /chat.
json::object asyncapi_document();

/// A page that shows both; of documents/page.html.
std::string documents_page();

/// Every route there is, one a line: method, path, who may ask, and what it is for.
std::string list_routes();

}  // namespace atrium::chat
