#include "chat/workspaces/workspace_routes.h"

#include "chat/field_rules.h"

namespace atrium::chat {

using storage::Role;
using storage::StoreError;
using storage::UserId;
using storage::WorkspaceStore;

namespace {

Failure failure_of(StoreError error) {
  if (error == StoreError::name_taken) return failures::workspace_slug_exists();
  return error == StoreError::not_found ? failures::workspace_not_found() : to_failure(error);
}

Failure default_stays() {
  return {403, "CANNOT_DELETE_DEFAULT", "The workspace default stays; it is where newcomers come to."};
}

}  // namespace

std::optional<FieldError> NewWorkspace::check() const {
  return first_of(check_line("name", name.value), check_prose("description", description),
                  check_url("logoUrl", logoUrl.value_or("")));
}

std::optional<FieldError> WorkspacePatch::check() const {
  return first_of(check_line("name", name), check_prose("description", description),
                  check_url("logoUrl", logoUrl.value_or("")));
}

std::optional<FieldError> Invitation::check() const { return check_email("email", email); }

Task<Outcome<ListOf<shapes::Workspace>>> WorkspaceRoutes::list(const storage::User& user, web::Query<ListPage> page) {
  const auto wish = read_wish(page, WorkspaceStore::kFields);
  if (!wish) co_return wish.error();
  const auto listed = co_await database_.workspaces().list(user.id, wish->query);
  co_return to_list(*wish, listed);
}

Task<Outcome<web::Ok<shapes::Workspace>>> WorkspaceRoutes::create(const storage::User& user, NewWorkspace wanted) {
  storage::Workspace workspace{.id = {},
                               .name = std::move(wanted.name.value),
                               .slug = std::move(wanted.slug.value),
                               .created_by = user.id,
                               .description = wanted.description.value_or(WorkspaceDescription()),
                               .logo_url = wanted.logoUrl.value_or("")};
  const auto created = co_await database_.workspaces().create(std::move(workspace));
  if (!created) co_return failure_of(created.error());
  co_await live_.enter_workspace(created->id, user.id);
  co_return web::ok(to_shape(*created), "Workspace created");
}

Task<Outcome<web::Ok<shapes::Workspace>>> WorkspaceRoutes::change(const WorkspaceAccess& access, WorkspacePatch wanted) {
  if (auto refused = refusal(WorkspaceAction::change, access)) co_return std::move(*refused);
  storage::WorkspaceChange change{.name = std::move(wanted.name),
                                  .slug = std::move(wanted.slug),
                                  .description = std::move(wanted.description),
                                  .logo_url = std::move(wanted.logoUrl)};
  const auto changed = co_await database_.workspaces().update(access.workspace.id, std::move(change));
  if (!changed) co_return failure_of(changed.error());
  co_return web::ok(to_shape(*changed), "Workspace changed");
}

Task<WorkspaceRoutes::Done> WorkspaceRoutes::remove(const WorkspaceAccess& access) {
  if (auto refused = refusal(WorkspaceAction::remove, access)) co_return std::move(*refused);
  if (access.workspace.id.value == "default") co_return default_stays();
  auto channels = co_await database_.workspaces().remove(access.workspace.id);
  if (!channels) co_return failures::workspace_not_found();
  co_await live_.close_workspace(access.workspace.id, std::move(*channels));
  co_return web::ok(nullptr, "Workspace deleted");
}

Task<Outcome<ListOf<shapes::Member>>> WorkspaceRoutes::members(const storage::Workspace& workspace, web::Query<ListPage> page) {
  const auto wish = read_wish(page, WorkspaceStore::kMemberFields);
  if (!wish) co_return wish.error();
  const auto listed = co_await database_.workspaces().list_members(workspace.id, wish->query);
  co_return to_list(*wish, listed);
}

Task<Outcome<web::Ok<shapes::Member>>> WorkspaceRoutes::invite(const WorkspaceAccess& access, Invitation wanted) {
  if (auto refused = refusal(WorkspaceAction::invite, access)) co_return std::move(*refused);
  const Role role = wanted.role.value_or(Role::member);
  const auto member = co_await database_.workspaces().invite(access.workspace.id, std::move(wanted.email), role);
  if (!member) co_return failures::nobody_with_email();
  co_await live_.enter_workspace(access.workspace.id, member->user);
  co_return web::ok(to_shape(*member), "Member added");
}

Task<Outcome<web::Ok<shapes::Member>>> WorkspaceRoutes::change_role(const WorkspaceAccess& access, UserPath changed,
                                                                    NewRole wanted) {
  if (auto refused = refusal(WorkspaceAction::change_role, access)) co_return std::move(*refused);
  if (*changed == access.workspace.created_by && wanted.role != Role::admin) co_return failures::cannot_remove_owner();
  const auto member = co_await database_.workspaces().set_role(access.workspace.id, *changed, wanted.role);
  if (!member) co_return failures::user_not_found();
  co_return web::ok(to_shape(*member), "Role changed");
}

Task<WorkspaceRoutes::Done> WorkspaceRoutes::remove_member(const storage::User& user, const WorkspaceAccess& access,
                                                           UserPath removed) {
  const auto action = *removed == user.id ? WorkspaceAction::leave : WorkspaceAction::remove_member;
  if (auto refused = refusal(action, access)) co_return std::move(*refused);
  if (*removed == access.workspace.created_by) co_return failures::cannot_remove_owner();
  const bool was_member = co_await put_out(access.workspace.id, *removed);
  if (!was_member) co_return failures::user_not_found();
  co_return web::ok(nullptr, "Member removed");
}

Task<WorkspaceRoutes::Done> WorkspaceRoutes::leave(const storage::User& user, const WorkspaceAccess& access) {
  if (auto refused = refusal(WorkspaceAction::leave, access)) co_return std::move(*refused);
  co_await put_out(access.workspace.id, user.id);
  co_return web::ok(nullptr, "Workspace left");
}

Task<bool> WorkspaceRoutes::put_out(storage::WorkspaceId workspace, UserId user) {
  const bool was_member = co_await database_.workspaces().remove_member(workspace, user);
  if (!was_member) co_return false;
  auto channels = co_await database_.channels().ids_in(workspace);
  co_await live_.leave_workspace(std::move(workspace), std::move(user), std::move(channels));
  co_return true;
}

}  // namespace atrium::chat
