#pragma once

#include "chat/gate.h"
#include "chat/http_shapes.h"
#include "chat/messages/messages.h"
#include "web/controller.h"

namespace atrium::chat {

struct NewContent {
  std::string content;
};
BOOST_DESCRIBE_STRUCT(NewContent, (), (content))

/// Which part of a channel's history.
struct HistoryPage {
  std::optional<WholeNumber<1, 100>> limit;  ///< 50 unless given
  std::optional<std::string> before;         ///< the id of a message: those below it
  std::optional<std::string> after;          ///< the id of a message: those above it
};
BOOST_DESCRIBE_STRUCT(HistoryPage, (), (limit, before, after))

struct HistoryMeta {
  std::uint64_t limit;
  bool hasMore;
  Nullable<std::string> nextCursor;  ///< `before` of the next older page
  Nullable<std::string> prevCursor;  ///< `after` of the next newer page
  std::uint64_t lastSeq;
};
BOOST_DESCRIBE_STRUCT(HistoryMeta, (), (limit, hasMore, nextCursor, prevCursor, lastSeq))

struct History {
  bool success = true;
  std::vector<shapes::Message> data;  ///< newest first
  HistoryMeta meta;
};
BOOST_DESCRIBE_STRUCT(History, (), (success, data, meta))

/// What was said: the history in pages, and changes to it.
class MessageRoutes final : public web::Controller<MessageRoutes, Gate> {
 public:
  static constexpr auto routes() {
    return std::tuple{
        get<"/channels/:channelId/messages", &MessageRoutes::history>.with({.summary = "The messages of a channel"}),
        patch<"/messages/:messageId", &MessageRoutes::edit>.with({.summary = "Changes what I said"}),
        delete_<"/messages/:messageId", &MessageRoutes::remove>.with({.summary = "Takes back what I said"}),
    };
  }

  MessageRoutes(const Gate& gate, storage::Database& database, Messages& messages)
      : Controller(gate), database_(database), messages_(messages) {}

 private:
  Task<Outcome<History>> history(const storage::Channel& channel, web::Query<HistoryPage> page);
  Task<Outcome<web::Ok<shapes::Message>>> edit(const storage::User& user, web::Path<"messageId", storage::MessageId> id,
                                               NewContent wanted);
  Task<Outcome<web::Ok<std::nullptr_t>>> remove(const storage::User& user, web::Path<"messageId", storage::MessageId> id);

  /// The `seq` that the query's member `name` means: `id` must be that of a message of this channel.
  Task<Outcome<std::optional<std::uint64_t>>> cursor(std::string name, std::optional<std::string> id,
                                                     storage::ChannelId channel) const;

  storage::Database& database_;
  Messages& messages_;
};

}  // namespace atrium::chat
