#pragma once

#include <string>

#include "chat/config.h"
#include "web/controller.h"

namespace atrium::chat {

/// The documents of the interface, and a page to read them on. Written once, at start.
class DocumentRoutes final : public web::Controller<DocumentRoutes> {
 public:
  static constexpr auto routes() {
    return std::tuple{
        get<"/openapi.json", &DocumentRoutes::openapi>.answers<json::value>().with(
            {.summary = "What can be asked by HTTP (OpenAPI)", .open = true}),
        get<"/asyncapi.json", &DocumentRoutes::asyncapi>.answers<json::value>().with(
            {.summary = "What sockets say and are told (AsyncAPI)", .open = true}),
        get<"/docs", &DocumentRoutes::page>.with(
            {.summary = "Both documents, for people", .content = "text/html", .open = true}),
    };
  }

  explicit DocumentRoutes(const Config& config);

 private:
  http::Response openapi() const;
  http::Response asyncapi() const;
  http::Response page() const;

  const std::string openapi_;
  const std::string asyncapi_;
};

}  // namespace atrium::chat
