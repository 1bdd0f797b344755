#include "storage/mongo_channel_store.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/random_id.h"
#include "storage/direct_name.h"
#include "storage/mongo_listing.h"
#include "storage/mongo_members.h"
#include "storage/mongo_removals.h"
#include "storage/mongo_schema.h"

namespace atrium::storage {

namespace {

constexpr std::array<const char*, ChannelStore::kFields.size()> kNames{"_id",  "name",      "description",
                                                                       "type", "createdBy", "createdAt"};
constexpr MongoList kList{
    .collection = kChannels, .fields = ChannelStore::kFields, .names = kNames, .order = "name", .tie = "_id"};

Channel channel_of(const MongoRecord& record) {
  return {.id = ChannelId(record.text("_id")),
          .workspace = WorkspaceId(record.text("workspaceId")),
          .name = record.text("name"),
          .description = record.text("description"),
          // One of a later version would be kept from everybody's eyes.
          .type = parse_channel_type(record.text("type")).value_or(ChannelType::private_),
          .created_by = UserId(record.text("createdBy")),
          .created_at = record.time("createdAt")};
}

std::optional<Channel> stored(MongoConnection& db, const MongoDocument& filter) {
  const auto record = db.find_one(kChannels, filter);
  return record ? std::optional(channel_of(*record)) : std::nullopt;
}

/// False: the name or the id is taken.
bool insert(MongoConnection& db, const Channel& channel) {
  make_room_for(db, channel.id);
  return db.insert(
      kChannels, {"_id", channel.id, "workspaceId", channel.workspace, "name", channel.name, "description", channel.description,
                  "type", to_string(channel.type), "createdBy", channel.created_by, "createdAt", channel.created_at});
}

bool was_added(MongoConnection& db, const ChannelId& channel, const UserId& user) {
  return db.exists(kChannelMembers, {"_id", pair_id(channel.value, user.value)});
}

/// False: was added already, or he is not in the workspace.
bool add(MongoConnection& db, const Channel& channel, const UserId& user) {
  if (!is_workspace_member(db, channel.workspace, user)) return false;
  return db.insert(kChannelMembers, {"_id", pair_id(channel.id.value, user.value), "channelId", channel.id, "userId", user,
                                     "workspaceId", channel.workspace});
}

std::vector<ChannelId> added_to(MongoConnection& db, const WorkspaceId& workspace, const UserId& user) {
  std::vector<ChannelId> channels;
  for (const MongoRecord& member : db.find(kChannelMembers, {"userId", user, "workspaceId", workspace})) {
    channels.emplace_back(member.text("channelId"));
  }
  return channels;
}

std::vector<ChannelId> open_among(MongoConnection& db, const UserId& user, const std::vector<ChannelId>& channels) {
  const auto workspaces = workspaces_of(db, user);
  std::vector<std::string> memberships;
  for (const ChannelId& channel : channels) memberships.push_back(pair_id(channel.value, user.value));
  std::set<std::string> added;
  for (const MongoRecord& member : db.find(kChannelMembers, {"_id", MongoDocument("$in", memberships)})) {
    added.insert(member.text("channelId"));
  }
  std::set<ChannelId> open;
  const MongoDocument his("_id", MongoDocument("$in", channels), "workspaceId", MongoDocument("$in", workspaces));
  for (const MongoRecord& record : db.find(kChannels, his)) {
    Channel channel = channel_of(record);
    if (channel.type == ChannelType::public_ || added.contains(channel.id.value)) open.insert(std::move(channel.id));
  }
  std::vector<ChannelId> in_order;
  std::copy_if(channels.begin(), channels.end(), std::back_inserter(in_order),
               [&](const ChannelId& channel) { return open.contains(channel); });
  return in_order;
}

/// Namesakes in a workspace who are looked at for a channel that few of them may be in.
constexpr std::uint64_t kCandidates = 1000;

std::vector<UserId> users_of(const std::vector<MongoRecord>& members) {
  std::vector<UserId> users;
  for (const MongoRecord& member : members) users.emplace_back(member.text("userId"));
  return users;
}

std::vector<UserId> called(MongoConnection& db, const Channel& channel, const std::string& name) {
  const bool all = channel.type == ChannelType::public_;
  const std::vector<MongoDocument> either{{"foldedName", folded(name)}, {"userId", name}};
  const MongoDocument in_workspace("workspaceId", channel.workspace, "$or", either);
  auto users = users_of(db.find(kWorkspaceMembers, in_workspace, {.limit = all ? ChannelStore::kNamesakes : kCandidates}));
  if (all || users.empty()) return users;
  const MongoDocument in_channel("channelId", channel.id, "userId", MongoDocument("$in", users));
  return users_of(db.find(kChannelMembers, in_channel, {.limit = ChannelStore::kNamesakes}));
}

}  // namespace

Task<std::optional<Channel>> MongoChannelStore::find(ChannelId id) {
  return engine_.run([id = std::move(id)](MongoConnection& db) { return stored(db, {"_id", id}); });
}

Task<std::optional<Channel>> MongoChannelStore::find_by_name(WorkspaceId workspace, std::string name) {
  return engine_.run([workspace = std::move(workspace), name = std::move(name)](MongoConnection& db) {
    return stored(db, {"workspaceId", workspace, "name", name});
  });
}

Task<Result<Channel, StoreError>> MongoChannelStore::create(Channel channel) {
  if (channel.created_at == WallTime{}) channel.created_at = clock_.wall();
  if (channel.id.empty()) channel.id = ChannelId(object_id(channel.created_at));
  const std::string line = channel.id.value;
  auto work = [channel = std::move(channel)](MongoConnection& db) -> Result<Channel, StoreError> {
    if (!db.exists(kWorkspaces, {"_id", channel.workspace})) return StoreError::not_found;
    if (!insert(db, channel)) return StoreError::name_taken;
    // Whoever removes a workspace takes the workspace itself first and its channels then: either he found this one, or he is
    // seen here.
    if (!db.exists(kWorkspaces, {"_id", channel.workspace})) {
      remove_channel(db, channel.id);
      return StoreError::not_found;
    }
    if (channel.type != ChannelType::public_) add(db, channel, channel.created_by);
    return channel;
  };
  return engine_.run_in_line(line, std::move(work));
}

Task<Result<Channel, StoreError>> MongoChannelStore::direct(WorkspaceId workspace, UserId user, UserId other) {
  const WallTime now = clock_.wall();
  Channel made{.id = ChannelId(object_id(now)),
               .workspace = std::move(workspace),
               .name = direct_name(user, other),
               .description = {},
               .type = ChannelType::direct,
               .created_by = std::move(user),
               .created_at = now};
  return engine_.run([made = std::move(made), other = std::move(other)](MongoConnection& db) -> Result<Channel, StoreError> {
    const UserId& one = made.created_by;
    if (!is_workspace_member(db, made.workspace, one) || !is_workspace_member(db, made.workspace, other)) {
      return StoreError::not_found;
    }
    const MongoDocument of_both("workspaceId", made.workspace, "name", made.name);
    auto channel = stored(db, of_both);
    // Of two who make it at the same time, the second finds that of the first.
    if (!channel) channel = insert(db, made) ? std::optional(made) : stored(db, of_both);
    if (!channel || channel->type != ChannelType::direct) return StoreError::name_taken;
    for (const UserId& member : {one, other}) add(db, *channel, member);
    return std::move(*channel);
  });
}

Task<Result<Channel, StoreError>> MongoChannelStore::update(ChannelId id, ChannelChange change) {
  const std::string line = id.value;
  auto work = [id = std::move(id), change = std::move(change)](MongoConnection& db) -> Result<Channel, StoreError> {
    auto channel = stored(db, {"_id", id});
    if (!channel) return StoreError::channel_not_found;
    MongoDocument set;
    if (change.name) set.add("name", *change.name);
    if (change.description) set.add("description", *change.description);
    if (bson_empty(set.get())) return std::move(*channel);
    if (change.name) {
      const auto namesake = stored(db, {"workspaceId", channel->workspace, "name", *change.name});
      if (namesake && namesake->id != id) return StoreError::name_taken;
    }
    if (db.update_one(kChannels, {"_id", id}, {"$set", set}).taken) return StoreError::name_taken;
    channel = stored(db, {"_id", id});
    if (!channel) return StoreError::channel_not_found;
    return std::move(*channel);
  };
  return engine_.run_in_line(line, std::move(work));
}

// In no line: what is appended meanwhile looks for the channel afterwards, and a long removal holds up nobody.
Task<bool> MongoChannelStore::remove(ChannelId id) {
  return engine_.run([id = std::move(id)](MongoConnection& db) { return remove_channel(db, id); });
}

Task<std::optional<ChannelStanding>> MongoChannelStore::standing(ChannelId id, UserId user) {
  return engine_.run([id = std::move(id), user = std::move(user)](MongoConnection& db) -> std::optional<ChannelStanding> {
    auto channel = stored(db, {"_id", id});
    if (!channel) return std::nullopt;
    const auto role = role_in(db, channel->workspace, user);
    return ChannelStanding{.channel = std::move(*channel), .role = role, .added = was_added(db, id, user)};
  });
}

Task<Listed<Channel>> MongoChannelStore::list(WorkspaceId workspace, UserId user, ListQuery query) {
  return engine_.run([workspace = std::move(workspace), user = std::move(user), query = std::move(query)](MongoConnection& db) {
    const MongoDocument added("_id", MongoDocument("$in", added_to(db, workspace, user)));
    const std::vector<MongoDocument> either{{"type", to_string(ChannelType::public_)}, added};
    return read_list(db, kList, {"workspaceId", workspace, "$or", either}, query, channel_of);
  });
}

Task<std::vector<ChannelId>> MongoChannelStore::ids_in(WorkspaceId workspace) {
  return engine_.run([workspace = std::move(workspace)](MongoConnection& db) {
    std::vector<ChannelId> ids;
    for (const MongoRecord& record : db.find(kChannels, {"workspaceId", workspace})) ids.emplace_back(record.text("_id"));
    return ids;
  });
}

Task<std::vector<ChannelId>> MongoChannelStore::open_to(UserId user, std::vector<ChannelId> channels) {
  return engine_.run(
      [user = std::move(user), channels = std::move(channels)](MongoConnection& db) { return open_among(db, user, channels); });
}

Task<bool> MongoChannelStore::is_member(ChannelId channel, UserId user) {
  return engine_.run(
      [channel = std::move(channel), user = std::move(user)](MongoConnection& db) { return was_added(db, channel, user); });
}

Task<bool> MongoChannelStore::add_member(ChannelId channel, UserId user) {
  const std::string line = user.value;
  return engine_.run_in_line(line, [channel = std::move(channel), user = std::move(user)](MongoConnection& db) {
    const auto found = stored(db, {"_id", channel});
    return found && add(db, *found, user);
  });
}

Task<bool> MongoChannelStore::remove_member(ChannelId channel, UserId user) {
  const std::string line = user.value;
  return engine_.run_in_line(line, [channel = std::move(channel), user = std::move(user)](MongoConnection& db) {
    return db.remove_one(kChannelMembers, {"_id", pair_id(channel.value, user.value)}) > 0;
  });
}

Task<std::vector<Called>> MongoChannelStore::readers_called(ChannelId channel, std::vector<std::string> names) {
  return engine_.run([channel = std::move(channel), names = std::move(names)](MongoConnection& db) {
    std::vector<Called> found;
    const auto of = stored(db, {"_id", channel});
    if (!of) return found;
    for (const std::string& name : names) {
      for (UserId& user : called(db, *of, name)) found.push_back({name, std::move(user)});
    }
    return found;
  });
}

Task<std::vector<UserId>> MongoChannelStore::members(ChannelId channel) {
  return engine_.run([channel = std::move(channel)](MongoConnection& db) {
    return users_of(db.find(kChannelMembers, {"channelId", channel}, {.sort = {"userId", 1}}));
  });
}

}  // namespace atrium::storage
