#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "storage/listing.h"
#include "storage/records.h"
#include "storage/store_error.h"

namespace atrium::storage {

/// Somebody who goes by a name that was asked for.
struct Called {
  std::string name;  ///< as it was asked for
  UserId user;
  bool operator==(const Called&) const = default;
};

/// A channel, and what somebody is in it and in its workspace.
struct ChannelStanding {
  Channel channel;
  std::optional<Role> role;  ///< in the workspace; none: no member
  bool added = false;        ///< to the channel
};

/// What is left as it is when it is empty.
struct ChannelChange {
  std::optional<std::string> name = {};
  std::optional<std::string> description = {};
};

/// The channels and who was added to them. Awaited on a shard and resumed there; where the answer is no Result, throws
/// StoreUnavailable.
class ChannelStore {
 public:
  virtual ~ChannelStore() = default;

  virtual Task<std::optional<Channel>> find(ChannelId id) = 0;
  virtual Task<std::optional<Channel>> find_by_name(WorkspaceId workspace, std::string name) = 0;
  /// name_taken: the name in that workspace, or the id, is another channel's. not_found: no such workspace. Adds the creator
  /// to a channel that is not public, else nobody.
  virtual Task<Result<Channel, StoreError>> create(Channel channel) = 0;
  /// The direct channel of two members of the workspace, made by the first when there is none yet; both have been added to
  /// it. There is at most one for two, also after one of them was away. not_found: one of them is no member.
  virtual Task<Result<Channel, StoreError>> direct(WorkspaceId workspace, UserId user, UserId other) = 0;
  /// channel_not_found, name_taken.
  virtual Task<Result<Channel, StoreError>> update(ChannelId id, ChannelChange change) = 0;
  /// With all that was said there, in one commit. False: no such channel.
  virtual Task<bool> remove(ChannelId id) = 0;
  virtual Task<std::optional<ChannelStanding>> standing(ChannelId id, UserId user) = 0;
  /// The public channels, and those the user was added to. Whether he is in the workspace is not asked here.
  virtual Task<Listed<Channel>> list(WorkspaceId workspace, UserId user, ListQuery query) = 0;
  /// All channels of the workspace.
  virtual Task<std::vector<ChannelId>> ids_in(WorkspaceId workspace) = 0;

  /// Those of `channels` where the user may be: in a workspace of his, and public or he was added. In their order.
  virtual Task<std::vector<ChannelId>> open_to(UserId user, std::vector<ChannelId> channels) = 0;

  /// Whether the user was added; a public channel has members nobody added.
  virtual Task<bool> is_member(ChannelId channel, UserId user) = 0;
  /// True when the user was added by this call. False: was already, or no such channel, or he is not in its workspace.
  virtual Task<bool> add_member(ChannelId channel, UserId user) = 0;
  virtual Task<bool> remove_member(ChannelId channel, UserId user) = 0;
  /// Those who may read the channel and whose name (but for the case of ASCII letters) or id is one of `names`, at most
  /// kNamesakes for each.
  virtual Task<std::vector<Called>> readers_called(ChannelId channel, std::vector<std::string> names) = 0;
  /// Those who were added, by id.
  virtual Task<std::vector<UserId>> members(ChannelId channel) = 0;

  static constexpr std::uint64_t kNamesakes = 10;
  static constexpr std::array<ListField, 6> kFields{{{"id"},
                                                     {"name", ListField::Kind::text, true},
                                                     {"description", ListField::Kind::text, true},
                                                     {"type"},
                                                     {"createdById"},
                                                     {"createdAt", ListField::Kind::time}}};
};

}  // namespace atrium::storage
