#include "storage/sqlite_message_store.h"

#include <algorithm>
#include <limits>

#include "base/describe.h"
#include "base/random_id.h"
#include "storage/sqlite_query.h"

namespace atrium::storage {

namespace {

/// A message's columns in the order in which message_of() reads them.
const std::string kSelect =
    "SELECT id, channel_id, sender_id, sender_name, content, client_msg_id, seq, rev, edited, deleted, created_at, "
    "updated_at, mod_seq, created_mod_seq, mentions FROM messages ";
const std::string kById = kSelect + "WHERE id = ?1";
const std::string kByClientId = kSelect + "WHERE sender_id = ?1 AND client_msg_id = ?2 AND client_msg_id <> ''";
const std::string kPage = kSelect + "WHERE channel_id = ?1 AND seq > ?2 AND seq < ?3 AND deleted <= ?4 ORDER BY seq ";
const std::string kPageDown = kPage + "DESC LIMIT ?5";
const std::string kPageUp = kPage + "ASC LIMIT ?5";
const std::string kChanges = kSelect + "WHERE channel_id = ?1 AND mod_seq > ?2 ORDER BY mod_seq LIMIT ?3";
constexpr std::string_view kInsert =
    "INSERT INTO messages "
    "(id, channel_id, sender_id, sender_name, content, client_msg_id, seq, rev, edited, deleted, created_at, "
    "updated_at, mod_seq, created_mod_seq, mentions) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, 0, ?9, ?9, ?10, ?10, ?11)";
constexpr std::string_view kUpdate =
    "UPDATE messages SET content = ?2, rev = ?3, edited = ?4, deleted = ?5, updated_at = ?6, mod_seq = ?7, mentions = ?8 "
    "WHERE id = ?1";
/// Read first, then written: RETURNING would open a statement journal, 64 KiB of memory for every message.
constexpr std::string_view kCount = "UPDATE channels SET last_seq = ?2, mod_seq = ?3 WHERE id = ?1";
/// SQLite's greatest integer.
constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

/// A list of ids as JSON, which holds any text; no list as none, for nearly all messages have none.
std::string to_text(const std::vector<UserId>& ids) {
  if (ids.empty()) return {};
  json::array array;
  for (const UserId& id : ids) array.emplace_back(id.value);
  return json::serialize(array);
}

std::vector<UserId> to_ids(const std::string& text) {
  std::vector<UserId> ids;
  if (text.empty()) return ids;
  const json::value list = json::parse(text);
  for (const json::value& id : list.as_array()) ids.emplace_back(std::string(id.as_string()));
  return ids;
}

Message message_of(const SqliteQuery& row) {
  return {.id = MessageId(row.text(0)),
          .channel = ChannelId(row.text(1)),
          .sender = UserId(row.text(2)),
          .sender_name = row.text(3),
          .content = row.text(4),
          .client_msg_id = row.text(5),
          .seq = row.counter(6),
          .rev = row.counter(7),
          .mod_seq = row.counter(12),
          .created_mod_seq = row.counter(13),
          .mentions = to_ids(row.text(14)),
          .edited = row.integer(8) != 0,
          .deleted = row.integer(9) != 0,
          .created_at = row.time(10),
          .updated_at = row.time(11)};
}

/// None: no such channel.
std::optional<ChannelCounts> stored_counts(SqliteConnection& db, const ChannelId& channel) {
  SqliteQuery row(db, "SELECT last_seq, mod_seq FROM channels WHERE id = ?1", channel);
  if (!row.next()) return std::nullopt;
  return ChannelCounts{.last_seq = row.counter(0), .mod_seq = row.counter(1)};
}

ChannelCounts counts_of(SqliteConnection& db, const ChannelId& channel) {
  return stored_counts(db, channel).value_or(ChannelCounts{});
}

std::optional<Message> first_of(SqliteQuery&& query) {
  if (!query.next()) return std::nullopt;
  return message_of(query);
}

Result<Appended, StoreError> repeated(Message stored, const Message& again) {
  const bool comparable = !stored.edited && !stored.deleted;
  if (stored.channel != again.channel || (comparable && stored.content != again.content)) {
    return StoreError::idempotency_conflict;
  }
  const std::uint64_t before = stored.seq - 1;
  return Appended{std::move(stored), before, true};
}

Result<Appended, StoreError> append_to(SqliteConnection& db, Message message) {
  if (!message.client_msg_id.empty()) {
    if (auto stored = first_of(SqliteQuery(db, kByClientId, message.sender, message.client_msg_id))) {
      return repeated(std::move(*stored), message);
    }
  }
  const auto counts = stored_counts(db, message.channel);
  if (!counts) return StoreError::channel_not_found;
  message.seq = counts->last_seq + 1;
  message.mod_seq = message.created_mod_seq = counts->mod_seq + 1;
  SqliteQuery(db, kCount, message.channel, message.seq, message.mod_seq).change();
  SqliteQuery(db, kInsert, message.id, message.channel, message.sender, message.sender_name, message.content,
              message.client_msg_id, message.seq, message.rev, message.created_at, message.mod_seq, to_text(message.mentions))
      .change();
  const std::uint64_t before = message.seq - 1;
  return Appended{std::move(message), before, false};
}

/// Counts a change of a message that is there, and writes what may change of it.
Edited revise(SqliteConnection& db, Message message, WallTime now) {
  message.rev += 1;
  message.updated_at = now;
  const ChannelCounts counts = counts_of(db, message.channel);
  message.mod_seq = counts.mod_seq + 1;
  SqliteQuery(db, kCount, message.channel, counts.last_seq, message.mod_seq).change();
  SqliteQuery(db, kUpdate, message.id, message.content, message.rev, std::int64_t{message.edited},
              std::int64_t{message.deleted}, message.updated_at, message.mod_seq, to_text(message.mentions))
      .change();
  return {std::move(message), true};
}

/// Up to `limit` messages between two places, from the one nearest to `query`'s on; whether there are more.
bool collect(SqliteConnection& db, const PageQuery& query, bool upwards, std::uint64_t above, std::uint64_t below,
             std::size_t limit, std::vector<Message>& to) {
  // One more than asked for tells whether there are more.
  const std::uint64_t wanted = std::min<std::uint64_t>(limit, kMost - 1) + 1;
  SqliteQuery rows(db, upwards ? kPageUp : kPageDown, query.channel, above, below, std::int64_t{query.include_deleted}, wanted);
  for (std::size_t count = 0; rows.next(); ++count) {
    if (count == limit) return true;
    to.push_back(message_of(rows));
  }
  return false;
}

Page page_of(SqliteConnection& db, const PageQuery& query) {
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

}  // namespace

Task<Result<Appended, StoreError>> SqliteMessageStore::append(NewMessage message) {
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
  return engine_.write([made = std::move(made)](SqliteConnection& db) { return append_to(db, made); });
}

Task<std::optional<Message>> SqliteMessageStore::find(MessageId id) {
  return engine_.read([id = std::move(id)](SqliteConnection& db) { return first_of(SqliteQuery(db, kById, id)); });
}

Task<Page> SqliteMessageStore::page(PageQuery query) {
  return engine_.read([query = std::move(query)](SqliteConnection& db) { return page_of(db, query); });
}

Task<Changes> SqliteMessageStore::changes(ChannelId channel, std::uint64_t since, std::size_t limit) {
  return engine_.read([channel = std::move(channel), since, limit](SqliteConnection& db) {
    Changes changes{.oldest_first = {}, .now = counts_of(db, channel)};
    const std::uint64_t now = changes.now.mod_seq;
    changes.too_old = since > now || now - since > kOldest;
    if (changes.too_old) return changes;
    SqliteQuery rows(db, kChanges, channel, since, std::uint64_t{limit} + 1);
    while (rows.next()) {
      changes.has_more = changes.oldest_first.size() == limit;
      if (changes.has_more) break;
      changes.add(message_of(rows));
    }
    return changes;
  });
}

Task<Result<Edited, StoreError>> SqliteMessageStore::edit(ContentChange change) {
  return engine_.write([change = std::move(change), now = clock_.wall()](SqliteConnection& db) -> Result<Edited, StoreError> {
    auto message = first_of(SqliteQuery(db, kById, change.id));
    if (!message || message->deleted) return StoreError::not_found;
    if (message->sender != change.author) return StoreError::not_author;
    if (message->content == change.content) return Edited{std::move(*message), false};
    if (change.if_rev && *change.if_rev != message->rev) return StoreError::rev_conflict;
    message->content = change.content;
    message->mentions = change.mentions;
    message->edited = true;
    return revise(db, std::move(*message), now);
  });
}

Task<Result<Edited, StoreError>> SqliteMessageStore::remove(MessageId id, UserId author) {
  return engine_.write([id = std::move(id), author = std::move(author),
                        now = clock_.wall()](SqliteConnection& db) -> Result<Edited, StoreError> {
    auto message = first_of(SqliteQuery(db, kById, id));
    if (!message) return StoreError::not_found;
    if (message->sender != author) return StoreError::not_author;
    if (message->deleted) return Edited{std::move(*message), false};
    message->content.clear();
    message->mentions.clear();
    message->deleted = true;
    return revise(db, std::move(*message), now);
  });
}

Task<ChannelCounts> SqliteMessageStore::counts(ChannelId channel) {
  return engine_.read([channel = std::move(channel)](SqliteConnection& db) { return counts_of(db, channel); });
}

// The writer answers in the order of asking, and what a read shows it had been asked for before.
Task<bool> SqliteMessageStore::settle() {
  return engine_.write([](SqliteConnection&) { return true; });
}

Task<std::uint64_t> SqliteMessageStore::count_holes() {
  return engine_.read([](SqliteConnection& db) -> std::uint64_t {
    SqliteQuery query(db,
                      "SELECT coalesce(sum(c.last_seq - (SELECT count(*) FROM messages m WHERE m.channel_id = c.id AND "
                      "m.seq BETWEEN 1 AND c.last_seq)), 0) FROM channels c");
    return query.next() ? query.counter(0) : 0;
  });
}

}  // namespace atrium::storage
