#include "chat/accounts/user_routes.h"

namespace atrium::chat {

namespace {

Failure no_such_user() { return {404, "USER_NOT_FOUND", "There is no such user."}; }

bool is_superadmin(const storage::User& user) { return user.role == storage::GlobalRole::superadmin; }

}  // namespace

Task<Outcome<UserRoutes::Profile>> UserRoutes::change_me(const storage::User& user, ProfileChange wanted) {
  storage::UserChange change{
      .name = std::move(wanted.name), .first_name = std::move(wanted.firstName), .last_name = std::move(wanted.lastName)};
  if (!change.name && (change.first_name || change.last_name)) {
    std::string first = change.first_name.value_or(user.first_name);
    const std::string& last = change.last_name.value_or(user.last_name);
    change.name = std::move(first) + (first.empty() || last.empty() ? "" : " ") + last;
  }
  const auto changed = co_await database_.users().change(user.id, std::move(change));
  if (!changed) co_return changed.error() == storage::StoreError::not_found ? no_such_user() : to_failure(changed.error());
  co_return web::ok(to_profile(*changed));
}

Task<web::Ok<std::vector<shapes::Session>>> UserRoutes::sessions(const Bearer& bearer) {
  std::vector<shapes::Session> list;
  for (const auto& session : co_await sessions_.of_user(bearer.user.id)) {
    list.push_back(to_shape(session, bearer.claims.session));
  }
  co_return web::ok(std::move(list));
}

Task<Outcome<web::Ok<std::nullptr_t>>> UserRoutes::end_session(const storage::User& user,
                                                               web::Path<"sessionId", storage::SessionId> id) {
  const bool ended = co_await sessions_.end(user.id, *id);
  if (!ended) co_return Failure{404, "SESSION_NOT_FOUND", "You have no such session."};
  co_return web::ok(nullptr, "Session ended");
}

Task<Outcome<UserRoutes::Profile>> UserRoutes::show(const storage::User& user, UserPath id) {
  const bool admin = is_superadmin(user);
  // In two steps: an await inside ?: is more than this compiler can do.
  std::optional<storage::User> found;
  if (admin) {
    found = co_await database_.users().find(*id);
  } else {
    found = co_await database_.users().find_seen_by(*id, user.id);
  }
  if (!found) co_return no_such_user();
  const bool all = admin || found->id == user.id;
  co_return web::ok(all ? to_profile(*found) : to_public_profile(*found));
}

Task<Outcome<UserRoutes::Profile>> UserRoutes::administer(const storage::User& user, UserPath id, UserAdministration wanted) {
  if (!is_superadmin(user)) co_return Failure{403, "FORBIDDEN", "Only a superadmin may do that."};
  if (*id == user.id) co_return Failure{409, "OWN_ACCOUNT", "Another superadmin must do that: you could not undo it."};
  storage::UserChange change{.role = wanted.globalRole, .active = wanted.active};
  const auto changed = co_await database_.users().change(*id, std::move(change));
  if (!changed) co_return changed.error() == storage::StoreError::not_found ? no_such_user() : to_failure(changed.error());
  if (!changed->active) revocations_.user_deactivated(changed->id);
  co_return web::ok(to_profile(*changed));
}

}  // namespace atrium::chat
