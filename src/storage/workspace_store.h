#pragma once

#include <array>
#include <optional>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "storage/listing.h"
#include "storage/records.h"
#include "storage/store_error.h"

namespace atrium::storage {

/// A workspace, and what somebody is in it.
struct WorkspaceStanding {
  Workspace workspace;
  std::optional<Role> role;  ///< none: no member
};

/// What is left as it is when it is empty.
struct WorkspaceChange {
  std::optional<std::string> name = {};
  std::optional<std::string> slug = {};
  std::optional<std::string> description = {};
  std::optional<std::string> logo_url = {};
};

/// The workspaces and who belongs to them. Awaited on a shard and resumed there; where the answer is no Result, throws
/// StoreUnavailable.
class WorkspaceStore {
 public:
  virtual ~WorkspaceStore() = default;

  /// Makes the workspace when the id is new; one that exists stays as it is. The answer is what is stored. Throws when
  /// the slug is another workspace's.
  virtual Task<Workspace> ensure(Workspace workspace) = 0;
  /// An empty id: the store makes one. Its creator is a member and an admin in the same commit. name_taken: the slug, or the
  /// id, is another workspace's. not_found: no such user.
  virtual Task<Result<Workspace, StoreError>> create(Workspace workspace) = 0;
  /// not_found, name_taken.
  virtual Task<Result<Workspace, StoreError>> update(WorkspaceId id, WorkspaceChange change) = 0;
  /// With its memberships, its channels and all that was said there, in one commit. The answer is the channels that went;
  /// none: no such workspace.
  virtual Task<std::optional<std::vector<ChannelId>>> remove(WorkspaceId id) = 0;
  virtual Task<std::optional<Workspace>> find(WorkspaceId id) = 0;
  virtual Task<std::optional<WorkspaceStanding>> standing(WorkspaceId id, UserId user) = 0;
  /// Those the user is a member of, by name.
  virtual Task<Listed<Workspace>> list(UserId user, ListQuery query) = 0;

  virtual Task<bool> is_member(WorkspaceId workspace, UserId user) = 0;
  virtual Task<std::optional<WorkspaceMember>> member(WorkspaceId workspace, UserId user) = 0;
  /// True when the user is a member by this call. False: was one already (the role stays), or no such workspace or
  /// user.
  virtual Task<bool> add_member(WorkspaceId workspace, UserId user, Role role) = 0;
  /// Adds the user who has that address, in whatever case of letters; the first one, should several have it. Who is a member
  /// already stays what he is. None: nobody has it, or no such workspace.
  virtual Task<std::optional<WorkspaceMember>> invite(WorkspaceId workspace, std::string email, Role role) = 0;
  /// None: was no member.
  virtual Task<std::optional<WorkspaceMember>> set_role(WorkspaceId workspace, UserId user, Role role) = 0;
  /// Also ends the user's memberships in the workspace's channels. False: was not a member.
  virtual Task<bool> remove_member(WorkspaceId workspace, UserId user) = 0;
  /// By name, unless the query says another order.
  virtual Task<Listed<WorkspaceMember>> list_members(WorkspaceId workspace, ListQuery query) = 0;

  static constexpr std::array<ListField, 5> kFields{{{"id"},
                                                     {"name", ListField::Kind::text, true},
                                                     {"slug", ListField::Kind::text, true},
                                                     {"description", ListField::Kind::text, true},
                                                     {"createdAt", ListField::Kind::time}}};
  static constexpr std::array<ListField, 5> kMemberFields{
      {{"id"}, {"userId"}, {"name", ListField::Kind::text, true}, {"role"}, {"joinedAt", ListField::Kind::time}}};
};

}  // namespace atrium::storage
