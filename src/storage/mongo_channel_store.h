#pragma once

#include "base/clock.h"
#include "storage/channel_store.h"
#include "storage/mongo_engine.h"

namespace atrium::storage {

/// The channels in MongoDB. Any shard; as long as the engine.
class MongoChannelStore final : public ChannelStore {
 public:
  MongoChannelStore(MongoEngine& engine, const Clock& clock) : engine_(engine), clock_(clock) {}

  Task<std::optional<Channel>> find(ChannelId id) override;
  Task<std::optional<Channel>> find_by_name(WorkspaceId workspace, std::string name) override;
  Task<Result<Channel, StoreError>> create(Channel channel) override;
  Task<Result<Channel, StoreError>> direct(WorkspaceId workspace, UserId user, UserId other) override;
  Task<Result<Channel, StoreError>> update(ChannelId id, ChannelChange change) override;
  Task<bool> remove(ChannelId id) override;
  Task<std::optional<ChannelStanding>> standing(ChannelId id, UserId user) override;
  Task<Listed<Channel>> list(WorkspaceId workspace, UserId user, ListQuery query) override;
  Task<std::vector<ChannelId>> ids_in(WorkspaceId workspace) override;
  Task<std::vector<ChannelId>> open_to(UserId user, std::vector<ChannelId> channels) override;
  Task<bool> is_member(ChannelId channel, UserId user) override;
  Task<bool> add_member(ChannelId channel, UserId user) override;
  Task<bool> remove_member(ChannelId channel, UserId user) override;
  Task<std::vector<Called>> readers_called(ChannelId channel, std::vector<std::string> names) override;
  Task<std::vector<UserId>> members(ChannelId channel) override;

 private:
  MongoEngine& engine_;
  const Clock& clock_;
};

}  // namespace atrium::storage
