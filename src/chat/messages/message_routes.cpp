#include "chat/messages/message_routes.h"

namespace atrium::chat {

Task<Outcome<std::optional<std::uint64_t>>> MessageRoutes::cursor(std::string name, std::optional<std::string> id,
                                                                  storage::ChannelId channel) const {
  if (!id) co_return std::nullopt;
  const auto message = co_await database_.messages().find(storage::MessageId(std::move(*id)));
  if (!message || message->channel != channel) {
    co_return failures::invalid(std::move(name), "must be the id of a message of this channel");
  }
  co_return std::optional(message->seq);
}

Task<Outcome<History>> MessageRoutes::history(const storage::Channel& channel, web::Query<HistoryPage> page) {
  const auto before = co_await cursor("before", std::move(page.before), channel.id);
  if (!before) co_return before.error();
  const auto after = co_await cursor("after", std::move(page.after), channel.id);
  if (!after) co_return after.error();
  const auto limit = static_cast<std::size_t>(page.limit ? page.limit->value : 50);
  storage::PageQuery query{.channel = channel.id, .before_seq = *before, .after_seq = *after, .limit = limit};
  const auto found = co_await database_.messages().page(std::move(query));
  const auto counts = co_await database_.messages().counts(channel.id);

  History history{.data = to_shapes(found.newest_first), .meta = {}};
  history.meta.limit = limit;
  history.meta.hasMore = found.has_more;
  history.meta.lastSeq = counts.last_seq;
  if (!history.data.empty()) {
    history.meta.nextCursor.emplace(history.data.back().id);
    history.meta.prevCursor.emplace(history.data.front().id);
  }
  co_return history;
}

Task<Outcome<web::Ok<shapes::Message>>> MessageRoutes::edit(const storage::User& user,
                                                            web::Path<"messageId", storage::MessageId> id, NewContent wanted) {
  const auto edited = co_await messages_.edit(user.id, *id, std::move(wanted.content));
  if (!edited) co_return edited.error();
  co_return web::ok(to_shape(*edited));
}

Task<Outcome<web::Ok<std::nullptr_t>>> MessageRoutes::remove(const storage::User& user,
                                                             web::Path<"messageId", storage::MessageId> id) {
  const auto removed = co_await messages_.remove(user.id, *id);
  if (!removed) co_return removed.error();
  co_return web::ok(nullptr, "Message deleted");
}

}  // namespace atrium::chat
