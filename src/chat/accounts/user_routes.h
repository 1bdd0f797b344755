#pragma once

#include "chat/accounts/account_shapes.h"
#include "chat/accounts/revocations.h"
#include "chat/accounts/sessions.h"
#include "chat/gate.h"
#include "web/controller.h"

namespace atrium::chat {

/// Oneself, one's sessions, and others as far as one may know them.
class UserRoutes final : public web::Controller<UserRoutes, Gate> {
 public:
  static constexpr auto routes() {
    return std::tuple{
        get<"/users/me", &UserRoutes::me>.with({.summary = "Who I am"}),
        patch<"/users/me", &UserRoutes::change_me>.with({.summary = "Changes my names"}),
        get<"/users/me/sessions", &UserRoutes::sessions>.with({.summary = "Where I am signed in"}),
        delete_<"/users/me/sessions/:sessionId", &UserRoutes::end_session>.with({.summary = "Ends one of my sessions"}),
        get<"/users/:userId", &UserRoutes::show>.with({.summary = "Somebody with whom I share a workspace"}),
        patch<"/users/:userId", &UserRoutes::administer>.with({.summary = "Lets somebody in or not; for superadmins"}),
    };
  }

  UserRoutes(const Gate& gate, storage::Database& database, Sessions& sessions, Revocations& revocations)
      : Controller(gate), database_(database), sessions_(sessions), revocations_(revocations) {}

 private:
  using Profile = web::Ok<shapes::Profile>;
  using UserPath = web::Path<"userId", storage::UserId>;

  static Profile me(const storage::User& user) { return web::ok(to_profile(user)); }
  Task<Outcome<Profile>> change_me(const storage::User& user, ProfileChange wanted);
  Task<web::Ok<std::vector<shapes::Session>>> sessions(const Bearer& bearer);
  Task<Outcome<web::Ok<std::nullptr_t>>> end_session(const storage::User& user, web::Path<"sessionId", storage::SessionId> id);
  Task<Outcome<Profile>> show(const storage::User& user, UserPath id);
  Task<Outcome<Profile>> administer(const storage::User& user, UserPath id, UserAdministration wanted);

  storage::Database& database_;
  Sessions& sessions_;
  Revocations& revocations_;
};

}  // namespace atrium::chat
