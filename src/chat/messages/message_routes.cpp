#include "chat/messages/message_routes.h"

#include <spdlog/fmt/fmt.h>

#include "chat/messages/cursor.h"

namespace atrium::chat {

namespace {

/// Names all that an answer about a channel's messages may rest on: a channel that was made anew counts from 0 again.
std::string tag_of(const storage::Channel& channel, storage::ChannelCounts counts) {
  return fmt::format("W/\"{:x}-{}\"", channel.created_at.time_since_epoch().count(), counts.mod_seq);
}

History to_history(const storage::ChannelId& channel, std::size_t limit, const storage::Page& page,
                   storage::ChannelCounts counts) {
  History history{.data = to_shapes(page.newest_first), .meta = {}};
  history.meta.limit = limit;
  history.meta.hasMore = page.has_more;
  history.meta.lastSeq = counts.last_seq;
  history.meta.modSeq = counts.mod_seq;
  if (!page.newest_first.empty()) {
    history.meta.nextCursor.emplace(to_cursor(channel, page.newest_first.back().seq));
    history.meta.prevCursor.emplace(to_cursor(channel, page.newest_first.front().seq));
  }
  return history;
}

Change to_change(const storage::Message& message, std::uint64_t since) {
  const bool is_new = message.created_mod_seq > since;
  return {to_shape(message), message.deleted ? ChangeKind::deleted : is_new ? ChangeKind::new_ : ChangeKind::edited};
}

ReadingShape to_shape(const storage::ChannelId& channel, const storage::Reading& reading) {
  return {.channelId = channel.value,
          .lastSeq = reading.now.last_seq,
          .modSeq = reading.now.mod_seq,
          .readSeq = reading.read_seq,
          .unread = reading.unread};
}

/// The header and the body may both name the request; then they must agree.
Outcome<std::optional<std::string>> client_id(std::optional<std::string> key, const Draft& draft) {
  if (!key) return draft.clientMsgId;
  if (draft.clientMsgId && draft.clientMsgId != key) {
    return failures::invalid("clientMsgId", "differs from the header Idempotency-Key");
  }
  return key;
}

}  // namespace

Task<Outcome<std::optional<std::uint64_t>>> MessageRoutes::place(std::string name, std::optional<std::string> value,
                                                                 storage::ChannelId channel) const {
  if (!value) co_return std::nullopt;
  if (const auto seq = seq_of_cursor(*value, channel)) co_return std::optional(*seq);
  const auto message = co_await database_.messages().find(storage::MessageId(std::move(*value)));
  if (!message || message->channel != channel) {
    co_return failures::invalid(std::move(name), "must be the id of a message of this channel, or a cursor");
  }
  co_return std::optional(message->seq);
}

Task<Outcome<storage::PageQuery>> MessageRoutes::page_query(storage::ChannelId channel, HistoryPage page) const {
  storage::PageQuery query{.channel = channel,
                           .limit = static_cast<std::size_t>(page.limit ? page.limit->value : 50),
                           .include_deleted = page.includeDeleted.value_or(false)};
  if (page.around && (page.before || page.after)) {
    co_return failures::invalid("around", "cannot be given together with before or after");
  }
  const auto before = co_await place("before", std::move(page.before), channel);
  if (!before) co_return before.error();
  const auto after = co_await place("after", std::move(page.after), channel);
  if (!after) co_return after.error();
  const auto around = co_await place("around", std::move(page.around), channel);
  if (!around) co_return around.error();
  query.before_seq = *before;
  query.after_seq = *after;
  query.around_seq = *around;
  co_return query;
}

Task<Outcome<web::Tagged<History>>> MessageRoutes::history(const storage::Channel& channel, web::Query<HistoryPage> page,
                                                           web::Header<"If-None-Match"> known) {
  const auto query = co_await page_query(channel.id, page);
  if (!query) co_return query.error();
  // Before the page: what it shows is never older than its tag says.
  const auto counts = co_await database_.messages().counts(channel.id);
  web::Tagged<History> tagged{.tag = tag_of(channel, counts), .value = {}};
  if (web::has_version(known.value.value_or(""), tagged.tag)) co_return std::move(tagged);
  const auto found = co_await database_.messages().page(*query);
  tagged.value = to_history(channel.id, query->limit, found, counts);
  co_return std::move(tagged);
}

Task<Outcome<SentMessage>> MessageRoutes::send(const storage::User& user, const storage::Channel& channel, Draft draft,
                                               web::Header<"Idempotency-Key"> key) {
  auto id = client_id(std::move(key.value), draft);
  if (!id) co_return id.error();
  events::SendRequest request{
      .channelId = channel.id.value, .content = std::move(draft.content), .clientMsgId = std::move(*id)};
  const auto sent = co_await messages_.post(user, std::move(request));
  if (!sent) co_return sent.error();
  co_return SentMessage{.data = chat::to_shape(sent->message), .duplicate = sent->duplicate};
}

Task<ChangesSince> MessageRoutes::changes(const storage::Channel& channel, web::Query<ChangesQuery> query) {
  const auto since = static_cast<std::uint64_t>(query.since ? query.since->value : 0);
  const auto limit = static_cast<std::size_t>(query.limit ? query.limit->value : 100);
  const auto found = co_await database_.messages().changes(channel.id, since, limit);
  ChangesSince answer{.data = {}, .meta = {}};
  for (const auto& message : found.oldest_first) answer.data.push_back(to_change(message, since));
  answer.meta = {.limit = limit,
                 .hasMore = found.has_more,
                 .tooOld = found.too_old,
                 .nextSince = found.has_more ? found.oldest_first.back().mod_seq : found.now.mod_seq,
                 .lastSeq = found.now.last_seq,
                 .modSeq = found.now.mod_seq};
  co_return answer;
}

Task<Outcome<web::Ok<ReadingShape>>> MessageRoutes::mark_read(const storage::User& user, const storage::Channel& channel,
                                                              ReadMark mark) {
  const auto seq = static_cast<std::uint64_t>(mark.seq.value);
  const auto reading = co_await reads_.mark(user.id, channel.id, seq);
  if (!reading) co_return reading.error();
  co_return web::ok(to_shape(channel.id, *reading));
}

Task<web::Ok<ReadingShape>> MessageRoutes::unread(const storage::User& user, const storage::Channel& channel) {
  const auto reading = co_await database_.reads().reading(channel.id, user.id);
  co_return web::ok(to_shape(channel.id, reading));
}

Task<Outcome<web::Ok<shapes::Message>>> MessageRoutes::show(const storage::User& user, MessagePath id) {
  const auto found = co_await messages_.find(user.id, *id);
  if (!found) co_return found.error();
  co_return web::ok(chat::to_shape(*found));
}

Task<Outcome<web::Ok<shapes::Message>>> MessageRoutes::edit(const storage::User& user, MessagePath id, NewContent wanted) {
  events::EditRequest request{.messageId = id->value, .content = std::move(wanted.content), .ifRev = {}};
  if (wanted.ifRev) request.ifRev = static_cast<std::uint64_t>(wanted.ifRev->value);
  const auto edited = co_await messages_.edit(user.id, std::move(request));
  if (!edited) co_return edited.error();
  co_return web::ok(chat::to_shape(*edited));
}

Task<Outcome<web::Ok<std::nullptr_t>>> MessageRoutes::remove(const storage::User& user, MessagePath id) {
  const auto removed = co_await messages_.remove(user.id, *id);
  if (!removed) co_return removed.error();
  co_return web::ok(nullptr, "Message deleted");
}

}  // namespace atrium::chat
