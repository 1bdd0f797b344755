#include "storage/mongo_read_store.h"

#include <algorithm>

#include "storage/mongo_history.h"
#include "storage/mongo_schema.h"

namespace atrium::storage {

namespace {

std::string id_of(const ChannelId& channel, const UserId& user) { return pair_id(user.value, channel.value); }

Reading read(MongoConnection& db, const ChannelId& channel, const UserId& user) {
  Reading reading;
  reading.now = settled_counts(db, channel);
  if (const auto marker = db.find_one(kChannelReads, {"_id", id_of(channel, user)})) {
    reading.read_seq = std::min(marker->counter("readSeq"), reading.now.last_seq);
  }
  const std::uint64_t above = reading.now.last_seq - reading.read_seq;
  if (above == 0) return reading;
  // `seq` has no gaps, so what is unread need not be visited: only what does not count among it. The deleted ones first: what
  // is deleted meanwhile is then counted in neither, and not twice.
  const MongoDocument unread("$gt", reading.read_seq, "$lte", reading.now.last_seq);
  const std::uint64_t deleted = db.count(kMessages, {"channelId", channel, "deleted", true, "seq", unread});
  const std::uint64_t own = db.count(kMessages, {"channelId", channel, "senderId", user, "deleted", false, "seq", unread});
  reading.unread = above - std::min(above, deleted + own);
  return reading;
}

/// Whether the marker is there now and was not before. Another node may move it at the same time: the higher one stays.
bool move(MongoConnection& db, const ChannelId& channel, const UserId& user, std::uint64_t seq) {
  const std::string id = id_of(channel, user);
  const auto up = [&] {
    const MongoDocument lower("_id", id, "readSeq", MongoDocument("$lt", seq));
    return db.update_one(kChannelReads, lower, {"$set", MongoDocument("readSeq", seq)}).modified > 0;
  };
  return up() || db.insert(kChannelReads, {"_id", id, "channelId", channel, "userId", user, "readSeq", seq}) || up();
}

std::uint64_t count_members(MongoConnection& db, const MongoRecord& channel, std::uint64_t at_most) {
  const auto type = parse_channel_type(channel.text("type"));
  if (type == ChannelType::public_) return db.count(kWorkspaceMembers, {"workspaceId", channel.text("workspaceId")}, at_most);
  return db.count(kChannelMembers, {"channelId", channel.text("_id")}, at_most);
}

}  // namespace

Task<Reading> MongoReadStore::reading(ChannelId channel, UserId user) {
  return engine_.run(
      [channel = std::move(channel), user = std::move(user)](MongoConnection& db) { return read(db, channel, user); });
}

Task<Result<Marked, StoreError>> MongoReadStore::mark(ChannelId channel, UserId user, std::uint64_t seq,
                                                      std::uint64_t count_members_to) {
  const std::string line = user.value;
  auto work = [channel = std::move(channel), user = std::move(user), seq,
               count_members_to](MongoConnection& db) -> Result<Marked, StoreError> {
    const auto stored = db.find_one(kChannels, {"_id", channel});
    if (!stored) return StoreError::channel_not_found;
    const std::uint64_t to = std::min(seq, settled_counts(db, channel).last_seq);
    Marked marked;
    marked.moved = to > 0 && move(db, channel, user, to);
    marked.reading = read(db, channel, user);
    if (marked.moved) marked.members = count_members(db, *stored, count_members_to);
    return marked;
  };
  return engine_.run_in_line(line, std::move(work));
}

}  // namespace atrium::storage
