#pragma once

#include <string>

#include "web/controller.h"

namespace atrium::chat {

struct Health {
  std::string status;
};
BOOST_DESCRIBE_STRUCT(Health, (), (status))

/// Whether the server answers at all, for whoever watches over it.
class HealthRoutes final : public web::Controller<HealthRoutes> {
 public:
  static constexpr auto routes() {
    return std::tuple{get<"/healthz", &HealthRoutes::show>.with({.summary = "Answers while the server runs", .open = true})};
  }

 private:
  static Health show() { return {.status = "ok"}; }
};

}  // namespace atrium::chat
