#include "storage/mongo_removals.h"

#include "storage/mongo_schema.h"

namespace atrium::storage {

namespace {

void note(MongoConnection& db, const std::string& collection, const std::string& id) {
  db.insert(kRemovals, {"_id", pair_id(collection, id), "collection", collection, "removed", id});
}

void forget(MongoConnection& db, const std::string& collection, const std::string& id) {
  db.remove_one(kRemovals, {"_id", pair_id(collection, id)});
}

bool noted(MongoConnection& db, const std::string& collection, const std::string& id) {
  return db.exists(kRemovals, {"_id", pair_id(collection, id)});
}

bool erase_channel(MongoConnection& db, const ChannelId& channel) {
  const bool was_there = db.remove_one(kChannels, {"_id", channel}) > 0;
  for (const char* held : {kChannelMembers, kMessages, kChannelReads}) db.remove_many(held, {"channelId", channel});
  return was_there;
}

std::vector<ChannelId> erase_workspace(MongoConnection& db, const WorkspaceId& workspace) {
  db.remove_one(kWorkspaces, {"_id", workspace});
  db.remove_many(kWorkspaceMembers, {"workspaceId", workspace});
  std::vector<ChannelId> channels;
  for (const MongoRecord& channel : db.find(kChannels, {"workspaceId", workspace})) {
    erase_channel(db, channels.emplace_back(channel.text("_id")));
  }
  return channels;
}

void finish(MongoConnection& db, const std::string& collection, const std::string& id) {
  if (collection == kWorkspaces) {
    erase_workspace(db, WorkspaceId(id));
  } else {
    erase_channel(db, ChannelId(id));
  }
  forget(db, collection, id);
}

}  // namespace

bool remove_channel(MongoConnection& db, const ChannelId& channel) {
  if (!db.exists(kChannels, {"_id", channel})) return false;
  note(db, kChannels, channel.value);
  const bool was_there = erase_channel(db, channel);
  forget(db, kChannels, channel.value);
  return was_there;
}

std::optional<std::vector<ChannelId>> remove_workspace(MongoConnection& db, const WorkspaceId& workspace) {
  if (!db.exists(kWorkspaces, {"_id", workspace})) return std::nullopt;
  note(db, kWorkspaces, workspace.value);
  auto channels = erase_workspace(db, workspace);
  forget(db, kWorkspaces, workspace.value);
  return channels;
}

void make_room_for(MongoConnection& db, const ChannelId& channel) {
  if (noted(db, kChannels, channel.value)) finish(db, kChannels, channel.value);
}

void make_room_for(MongoConnection& db, const WorkspaceId& workspace) {
  if (noted(db, kWorkspaces, workspace.value)) finish(db, kWorkspaces, workspace.value);
}

bool finish_removals(MongoConnection& db) {
  const auto left = db.find(kRemovals, {});
  for (const MongoRecord& removal : left) finish(db, removal.text("collection"), removal.text("removed"));
  return !left.empty();
}

}  // namespace atrium::storage
