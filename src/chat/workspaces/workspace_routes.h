#pragma once

#include "chat/gate.h"
#include "chat/http_shapes.h"
#include "chat/listing.h"
#include "chat/workspaces/live_members.h"
#include "web/controller.h"

namespace atrium::chat {

using WorkspaceName = Text<1, 100>;
using WorkspaceSlug = Text<1, 50, "a-z0-9-">;
using WorkspaceDescription = Text<0, 500>;

struct NewWorkspace {
  WorkspaceName name;
  WorkspaceSlug slug;
  std::optional<WorkspaceDescription> description;
  std::optional<std::string> logoUrl;

  std::optional<FieldError> check() const;
};
BOOST_DESCRIBE_STRUCT(NewWorkspace, (), (name, slug, description, logoUrl))

/// What is left out stays as it is.
struct WorkspacePatch {
  std::optional<WorkspaceName> name;
  std::optional<WorkspaceSlug> slug;
  std::optional<WorkspaceDescription> description;
  std::optional<std::string> logoUrl;

  std::optional<FieldError> check() const;
};
BOOST_DESCRIBE_STRUCT(WorkspacePatch, (), (name, slug, description, logoUrl))

struct Invitation {
  std::string email;
  std::optional<storage::Role> role;  ///< member unless given

  std::optional<FieldError> check() const;
};
BOOST_DESCRIBE_STRUCT(Invitation, (), (email, role))

struct NewRole {
  storage::Role role;
};
BOOST_DESCRIBE_STRUCT(NewRole, (), (role))

/// Workspaces, and who is in them.
class WorkspaceRoutes final : public web::Controller<WorkspaceRoutes, Gate> {
 public:
  static constexpr auto routes() {
    return std::tuple{
        get<"/workspaces", &WorkspaceRoutes::list>.with({.summary = "My workspaces"}),
        post<"/workspaces", &WorkspaceRoutes::create>.with({.status = 201, .summary = "A new workspace of mine"}),
        get<"/workspaces/:workspaceId", &WorkspaceRoutes::show>.with({.summary = "A workspace"}),
        patch<"/workspaces/:workspaceId", &WorkspaceRoutes::change>.with(
            {.summary = "Changes what a workspace says of itself"}),
        delete_<"/workspaces/:workspaceId", &WorkspaceRoutes::remove>.with(
            {.summary = "Removes a workspace with all that was said there"}),
        get<"/workspaces/:workspaceId/members", &WorkspaceRoutes::members>.with({.summary = "Who is in a workspace"}),
        post<"/workspaces/:workspaceId/invite", &WorkspaceRoutes::invite>.with({.summary = "Adds somebody by his address"}),
        patch<"/workspaces/:workspaceId/members/:userId", &WorkspaceRoutes::change_role>.with(
            {.summary = "Makes somebody an admin, or a member"}),
        delete_<"/workspaces/:workspaceId/members/:userId", &WorkspaceRoutes::remove_member>.with(
            {.summary = "Removes somebody, or me"}),
        post<"/workspaces/:workspaceId/leave", &WorkspaceRoutes::leave>.with({.summary = "Leaves a workspace"}),
    };
  }

  WorkspaceRoutes(const Gate& gate, storage::Database& database, const LiveMembers& live)
      : Controller(gate), database_(database), live_(live) {}

 private:
  using Done = Outcome<web::Ok<std::nullptr_t>>;
  using UserPath = web::Path<"userId", storage::UserId>;

  Task<Outcome<ListOf<shapes::Workspace>>> list(const storage::User& user, web::Query<ListPage> page);
  Task<Outcome<web::Ok<shapes::Workspace>>> create(const storage::User& user, NewWorkspace wanted);
  static web::Ok<shapes::Workspace> show(const storage::Workspace& workspace) { return web::ok(to_shape(workspace)); }
  Task<Outcome<web::Ok<shapes::Workspace>>> change(const WorkspaceAccess& access, WorkspacePatch wanted);
  Task<Done> remove(const WorkspaceAccess& access);
  Task<Outcome<ListOf<shapes::Member>>> members(const storage::Workspace& workspace, web::Query<ListPage> page);
  Task<Outcome<web::Ok<shapes::Member>>> invite(const WorkspaceAccess& access, Invitation wanted);
  Task<Outcome<web::Ok<shapes::Member>>> change_role(const WorkspaceAccess& access, UserPath changed, NewRole wanted);
  Task<Done> remove_member(const storage::User& user, const WorkspaceAccess& access, UserPath removed);
  Task<Done> leave(const storage::User& user, const WorkspaceAccess& access);

  /// False: was no member.
  Task<bool> put_out(storage::WorkspaceId workspace, storage::UserId user);

  storage::Database& database_;
  const LiveMembers& live_;
};

}  // namespace atrium::chat
