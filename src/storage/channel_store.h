#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "storage/records.h"
#include "storage/store_error.h"

namespace atrium::storage {

/// The channels and who was added to them. Awaited on a shard and resumed there; where the answer is no Result, throws
/// StoreUnavailable.
class ChannelStore {
 public:
  virtual ~ChannelStore() = default;

  virtual Task<std::optional<Channel>> find(ChannelId id) = 0;
  virtual Task<std::optional<Channel>> find_by_name(WorkspaceId workspace, std::string name) = 0;
  /// name_taken: the name in that workspace, or the id, is another channel's. not_found: no such workspace. Adds
  /// nobody, not even the creator.
  virtual Task<Result<Channel, StoreError>> create(Channel channel) = 0;
  /// The public channels, and those the user was added to; by name. Whether he is in the workspace is not asked here.
  virtual Task<std::vector<Channel>> visible_to(WorkspaceId workspace, UserId user) = 0;

  /// Those of `channels` where the user may be: in a workspace of his, and public or he was added. In their order.
  virtual Task<std::vector<ChannelId>> open_to(UserId user, std::vector<ChannelId> channels) = 0;

  /// Whether the user was added; a public channel has members nobody added.
  virtual Task<bool> is_member(ChannelId channel, UserId user) = 0;
  /// True when the user was added by this call. False: was already, or no such channel or user.
  virtual Task<bool> add_member(ChannelId channel, UserId user) = 0;
  virtual Task<bool> remove_member(ChannelId channel, UserId user) = 0;
  /// Those who were added, by id.
  virtual Task<std::vector<UserId>> members(ChannelId channel) = 0;
};

}  // namespace atrium::storage
