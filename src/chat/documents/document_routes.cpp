#include "chat/documents/document_routes.h"

#include "chat/documents/documents.h"

namespace atrium::chat {

namespace {

http::Response document(const char* content_type, std::string body) {
  return {.status = 200, .headers = {{"Content-Type", content_type}, {"Cache-Control", "no-cache"}}, .body = std::move(body)};
}

}  // namespace

DocumentRoutes::DocumentRoutes(const Config& config)
    : openapi_(json::serialize(openapi_document(config))), asyncapi_(json::serialize(asyncapi_document())) {}

http::Response DocumentRoutes::openapi() const { return document("application/json; charset=utf-8", openapi_); }

http::Response DocumentRoutes::asyncapi() const { return document("application/json; charset=utf-8", asyncapi_); }

http::Response DocumentRoutes::page() const {
  auto page = document("text/html; charset=utf-8", documents_page());
  // It needs nothing but itself and the two documents.
  page.headers.emplace_back("Content-Security-Policy",
                            "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
                            "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  return page;
}

}  // namespace atrium::chat
