#include "storage/mongo_message_store.h"

#include <algorithm>
#include <limits>
#include <map>

#include "base/random_id.h"
#include "storage/mongo_history.h"
#include "storage/mongo_schema.h"

namespace atrium::storage {

namespace {

/// BSON's greatest integer.
constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

std::optional<Message> stored(MongoConnection& db, const MessageId& id) {
  // What corrects a message has no seq.
  const auto record = db.find_one(kMessages, {"_id", id, "seq", MongoDocument("$gt", 0)});
  return record ? std::optional(message_of(*record)) : std::nullopt;
}

Result<Appended, StoreError> repeated(Message stored, const Message& again) {
  const bool comparable = !stored.edited && !stored.deleted;
  if (stored.channel != again.channel || (comparable && stored.content != again.content)) {
    return StoreError::idempotency_conflict;
  }
  const std::uint64_t before = stored.seq - 1;
  return Appended{std::move(stored), before, true};
}

/// None: another change came before.
std::optional<Result<Appended, StoreError>> try_append(MongoConnection& db, const ChannelCounts& counts, Message message) {
  const MongoDocument channel("_id", message.channel);
  if (counts.mod_seq == 0 && !db.exists(kChannels, channel)) return StoreError::channel_not_found;
  message.seq = counts.last_seq + 1;
  message.mod_seq = message.created_mod_seq = counts.mod_seq + 1;
  if (db.insert(kMessages, document_of(message))) {
    // Whoever removes a channel takes the channel itself first and its messages then: either he found this one, or he is seen
    // here.
    if (db.exists(kChannels, channel)) return Appended{message, message.seq - 1, false};
    db.remove_one(kMessages, {"_id", message.id});
    return StoreError::channel_not_found;
  }
  if (message.client_msg_id.empty()) return std::nullopt;
  const auto earlier = db.find_one(kMessages, {"clientKey", client_key(message)});
  if (!earlier) return std::nullopt;
  return repeated(message_of(*earlier), message);
}

/// `revision(Message&)` changes the message, or refuses, or answers that it is like that already.
template <class Revision>
Result<Edited, StoreError> change_message(MongoConnection& db, const ChannelId& channel, const MessageId& id, WallTime now,
                                          Revision revision) {
  return make_change(db, channel, [&](const ChannelCounts& counts) -> std::optional<Result<Edited, StoreError>> {
    auto message = stored(db, id);
    if (!message) return StoreError::not_found;
    const Result<bool, StoreError> revised = revision(*message);
    if (!revised) return revised.error();
    if (!*revised) return Edited{std::move(*message), false};
    message->rev += 1;
    message->updated_at = now;
    message->mod_seq = counts.mod_seq + 1;
    if (!revise(db, counts, *message)) return std::nullopt;
    return Edited{std::move(*message), true};
  });
}

/// Up to `limit` messages between two places, from the one nearest to `query`'s on; whether there are more.
bool collect(MongoConnection& db, const PageQuery& query, bool upwards, std::uint64_t above, std::uint64_t below,
             std::size_t limit, std::vector<Message>& to) {
  MongoDocument filter("channelId", query.channel, "seq", MongoDocument("$gt", above, "$lt", below));
  if (!query.include_deleted) filter.add("deleted", false);
  // One more than asked for tells whether there are more.
  const std::uint64_t wanted = std::min<std::uint64_t>(limit, std::numeric_limits<std::int32_t>::max() - 1) + 1;
  const auto records = db.find(kMessages, filter, {.sort = {"seq", upwards ? 1 : -1}, .limit = wanted});
  const std::size_t given = std::min(records.size(), limit);
  for (std::size_t i = 0; i < given; ++i) to.push_back(message_of(records[i]));
  return records.size() > given;
}

Page page_of(MongoConnection& db, const PageQuery& query) {
  Page page;
  std::vector<Message>& messages = page.newest_first;
  if (query.around_seq) {
    const std::uint64_t at = *query.around_seq;
    collect(db, query, true, at, kMost, query.limit / 2, messages);
    std::reverse(messages.begin(), messages.end());
    page.has_more = collect(db, query, false, 0, at < kMost ? at + 1 : at, query.limit - messages.size(), messages);
    return page;
  }
  const bool upwards = query.after_seq.has_value();
  page.has_more =
      collect(db, query, upwards, query.after_seq.value_or(0), query.before_seq.value_or(kMost), query.limit, messages);
  if (upwards) std::reverse(messages.begin(), messages.end());
  return page;
}

Changes changes_of(MongoConnection& db, const ChannelId& channel, std::uint64_t since, std::size_t limit) {
  // All up to `now` has been written.
  Changes changes{.oldest_first = {}, .now = settled_counts(db, channel)};
  const std::uint64_t now = changes.now.mod_seq;
  changes.too_old = since > now || now - since > MessageStore::kOldest;
  if (changes.too_old) return changes;
  const MongoDocument filter("channelId", channel, "modSeq", MongoDocument("$gt", since));
  const std::uint64_t wanted = std::min<std::uint64_t>(limit, MessageStore::kOldest) + 1;
  const auto records = db.find(kMessages, filter, {.sort = {"modSeq", 1}, .limit = wanted});
  changes.has_more = records.size() > limit;
  // One that changes while they are read may come twice, and is further behind the second time.
  std::map<MessageId, std::size_t> last;
  for (std::size_t i = 0; i < records.size(); ++i) last[message_of(records[i]).id] = i;
  for (std::size_t i = 0; i < std::min(records.size(), limit); ++i) {
    Message message = message_of(records[i]);
    if (last.at(message.id) == i) changes.add(std::move(message));
  }
  return changes;
}

}  // namespace

Task<Result<Appended, StoreError>> MongoMessageStore::append(NewMessage message) {
  const WallTime now = clock_.wall();
  Message made{.id = MessageId(object_id(now)),
               .channel = std::move(message.channel),
               .sender = std::move(message.sender),
               .sender_name = std::move(message.sender_name),
               .content = std::move(message.content),
               .client_msg_id = std::move(message.client_msg_id),
               .rev = 1,
               .mentions = std::move(message.mentions),
               .created_at = now,
               .updated_at = now};
  const std::string line = made.channel.value;
  return engine_.run_in_line(line, [made = std::move(made)](MongoConnection& db) {
    return make_change(db, made.channel, [&](const ChannelCounts& counts) { return try_append(db, counts, made); });
  });
}

Task<std::optional<Message>> MongoMessageStore::find(MessageId id) {
  return engine_.run([id = std::move(id)](MongoConnection& db) { return stored(db, id); });
}

Task<Page> MongoMessageStore::page(PageQuery query) {
  return engine_.run([query = std::move(query)](MongoConnection& db) { return page_of(db, query); });
}

Task<Changes> MongoMessageStore::changes(ChannelId channel, std::uint64_t since, std::size_t limit) {
  return engine_.run(
      [channel = std::move(channel), since, limit](MongoConnection& db) { return changes_of(db, channel, since, limit); });
}

Task<Result<ChannelId, StoreError>> MongoMessageStore::channel_of(MessageId id) {
  return engine_.run([id = std::move(id)](MongoConnection& db) -> Result<ChannelId, StoreError> {
    auto message = stored(db, id);
    if (!message) return StoreError::not_found;
    return std::move(message->channel);
  });
}

Task<Result<Edited, StoreError>> MongoMessageStore::edit(ContentChange change) {
  const WallTime now = clock_.wall();
  const auto channel = co_await channel_of(change.id);
  if (!channel) co_return channel.error();
  auto edit = [channel = *channel, change = std::move(change), now](MongoConnection& db) {
    return change_message(db, channel, change.id, now, [&](Message& message) -> Result<bool, StoreError> {
      if (message.deleted) return StoreError::not_found;
      if (message.sender != change.author) return StoreError::not_author;
      if (message.content == change.content) return false;
      if (change.if_rev && *change.if_rev != message.rev) return StoreError::rev_conflict;
      message.content = change.content;
      message.mentions = change.mentions;
      message.edited = true;
      return true;
    });
  };
  co_return co_await engine_.run_in_line(channel->value, std::move(edit));
}

Task<Result<Edited, StoreError>> MongoMessageStore::remove(MessageId id, UserId author) {
  const WallTime now = clock_.wall();
  const auto channel = co_await channel_of(id);
  if (!channel) co_return channel.error();
  auto remove = [channel = *channel, id = std::move(id), author = std::move(author), now](MongoConnection& db) {
    return change_message(db, channel, id, now, [&](Message& message) -> Result<bool, StoreError> {
      if (message.sender != author) return StoreError::not_author;
      if (message.deleted) return false;
      message.content.clear();
      message.mentions.clear();
      message.deleted = true;
      return true;
    });
  };
  co_return co_await engine_.run_in_line(channel->value, std::move(remove));
}

Task<ChannelCounts> MongoMessageStore::counts(ChannelId channel) {
  return engine_.run([channel = std::move(channel)](MongoConnection& db) { return settled_counts(db, channel); });
}

Task<std::uint64_t> MongoMessageStore::count_holes() {
  return engine_.run([](MongoConnection& db) {
    std::uint64_t holes = 0;
    for (const MongoRecord& channel : db.find(kChannels, {}, {.only_ids = true})) {
      const ChannelId id(channel.text("_id"));
      const std::uint64_t last = settled_counts(db, id).last_seq;
      const std::uint64_t there = db.count(kMessages, {"channelId", id, "seq", MongoDocument("$gt", 0, "$lte", last)});
      // One that is being removed loses them bit by bit. Two with the same seq would be as wrong as none.
      if (last != there && db.exists(kChannels, {"_id", id})) holes += last > there ? last - there : there - last;
    }
    return holes;
  });
}

}  // namespace atrium::storage
