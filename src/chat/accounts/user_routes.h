#pragma once

#include "chat/gate.h"
#include "chat/http_shapes.h"
#include "web/controller.h"

namespace atrium::chat {

/// The bearer of the token himself.
class UserRoutes final : public web::Controller<UserRoutes, Gate> {
 public:
  static constexpr auto routes() { return std::tuple{get<"/users/me", &UserRoutes::me>.with({.summary = "Who I am"})}; }

  explicit UserRoutes(const Gate& gate) : Controller(gate) {}

 private:
  web::Ok<shapes::User> me(const storage::User& user) const { return web::ok(to_shape(user)); }
};

}  // namespace atrium::chat
