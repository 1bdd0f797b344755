#pragma once

#include <limits>

#include "chat/gate.h"
#include "chat/http_shapes.h"
#include "chat/messages/messages.h"
#include "chat/messages/reads.h"
#include "web/controller.h"

namespace atrium::chat {

using Counter = WholeNumber<0, std::numeric_limits<std::int64_t>::max()>;

/// What is to be said. The header Idempotency-Key stands for clientMsgId.
struct Draft {
  std::string content;
  std::optional<std::string> clientMsgId;  ///< makes a repetition harmless
};
BOOST_DESCRIBE_STRUCT(Draft, (), (content, clientMsgId))

struct NewContent {
  std::string content;
  std::optional<Counter> ifRev;  ///< refused when the message is at another revision
};
BOOST_DESCRIBE_STRUCT(NewContent, (), (content, ifRev))

/// Which part of a channel's history. A place is the id of a message of this channel, or a cursor of an earlier answer.
struct HistoryPage {
  std::optional<WholeNumber<1, 100>> limit;  ///< 50 unless given
  std::optional<std::string> before;         ///< the messages below that place
  std::optional<std::string> after;          ///< those above it
  std::optional<std::string> around;         ///< half of them above it, the rest from it downwards; excludes the other two
  std::optional<bool> includeDeleted;        ///< blank
};
BOOST_DESCRIBE_STRUCT(HistoryPage, (), (limit, before, after, around, includeDeleted))

struct HistoryMeta {
  std::uint64_t limit;
  bool hasMore;
  Nullable<std::string> nextCursor;  ///< `before` of the next older page
  Nullable<std::string> prevCursor;  ///< `after` of the next newer page
  std::uint64_t lastSeq;
  std::uint64_t modSeq;
};
BOOST_DESCRIBE_STRUCT(HistoryMeta, (), (limit, hasMore, nextCursor, prevCursor, lastSeq, modSeq))

struct History {
  bool success = true;
  std::vector<shapes::Message> data;  ///< newest first
  HistoryMeta meta;
};
BOOST_DESCRIBE_STRUCT(History, (), (success, data, meta))

struct SentMessage {
  bool success = true;
  shapes::Message data;
  bool duplicate;  ///< it had been said already
};
BOOST_DESCRIBE_STRUCT(SentMessage, (), (success, data, duplicate))

struct ChangesQuery {
  std::optional<Counter> since;              ///< a modSeq; 0 unless given
  std::optional<WholeNumber<1, 500>> limit;  ///< 100 unless given
};
BOOST_DESCRIBE_STRUCT(ChangesQuery, (), (since, limit))

enum class ChangeKind : std::uint8_t { new_, edited, deleted };
BOOST_DESCRIBE_ENUM(ChangeKind, new_, edited, deleted)

struct Change : shapes::Message {
  ChangeKind change;  ///< since then
};
BOOST_DESCRIBE_STRUCT(Change, (shapes::Message), (change))

struct ChangesMeta {
  std::uint64_t limit;
  bool hasMore;
  bool tooOld;              ///< too much has changed to be told: read the history anew
  std::uint64_t nextSince;  ///< `since` of the next call
  std::uint64_t lastSeq;
  std::uint64_t modSeq;
};
BOOST_DESCRIBE_STRUCT(ChangesMeta, (), (limit, hasMore, tooOld, nextSince, lastSeq, modSeq))

struct ChangesSince {
  bool success = true;
  std::vector<Change> data;  ///< in the order of their modSeq, each message once, as it is now
  ChangesMeta meta;
};
BOOST_DESCRIBE_STRUCT(ChangesSince, (), (success, data, meta))

struct ReadMark {
  Counter seq;  ///< everything up to it has been read
};
BOOST_DESCRIBE_STRUCT(ReadMark, (), (seq))

struct ReadingShape {
  std::string channelId;
  std::uint64_t lastSeq;
  std::uint64_t modSeq;
  std::uint64_t readSeq;
  std::uint64_t unread;
};
BOOST_DESCRIBE_STRUCT(ReadingShape, (), (channelId, lastSeq, modSeq, readSeq, unread))

/// What was said: the history in pages, what has changed in it, what of it has been read, and changes to it.
class MessageRoutes final : public web::Controller<MessageRoutes, Gate> {
 public:
  static constexpr auto routes() {
    return std::tuple{
        get<"/channels/:channelId/messages", &MessageRoutes::history>.with({.summary = "The messages of a channel"}),
        post<"/channels/:channelId/messages", &MessageRoutes::send>.with({.status = 201, .summary = "Says something"}),
        get<"/channels/:channelId/changes", &MessageRoutes::changes>.with(
            {.summary = "What has been said, edited and deleted since"}),
        post<"/channels/:channelId/read", &MessageRoutes::mark_read>.with({.summary = "Says how far I have read"}),
        get<"/channels/:channelId/unread", &MessageRoutes::unread>.with({.summary = "How far I have read"}),
        get<"/messages/:messageId", &MessageRoutes::show>.with({.summary = "One message"}),
        patch<"/messages/:messageId", &MessageRoutes::edit>.with({.summary = "Changes what I said"}),
        delete_<"/messages/:messageId", &MessageRoutes::remove>.with({.summary = "Takes back what I said"}),
    };
  }

  MessageRoutes(const Gate& gate, storage::Database& database, Messages& messages, Reads& reads)
      : Controller(gate), database_(database), messages_(messages), reads_(reads) {}

 private:
  using MessagePath = web::Path<"messageId", storage::MessageId>;

  Task<Outcome<web::Tagged<History>>> history(const storage::Channel& channel, web::Query<HistoryPage> page,
                                              web::Header<"If-None-Match"> known);
  Task<Outcome<SentMessage>> send(const storage::User& user, const storage::Channel& channel, Draft draft,
                                  web::Header<"Idempotency-Key"> key);
  Task<ChangesSince> changes(const storage::Channel& channel, web::Query<ChangesQuery> query);
  Task<Outcome<web::Ok<ReadingShape>>> mark_read(const storage::User& user, const storage::Channel& channel, ReadMark mark);
  Task<web::Ok<ReadingShape>> unread(const storage::User& user, const storage::Channel& channel);
  Task<Outcome<web::Ok<shapes::Message>>> show(const storage::User& user, MessagePath id);
  Task<Outcome<web::Ok<shapes::Message>>> edit(const storage::User& user, MessagePath id, NewContent wanted);
  Task<Outcome<web::Ok<std::nullptr_t>>> remove(const storage::User& user, MessagePath id);

  /// What of the history `page` means, or which member of it means nothing here.
  Task<Outcome<storage::PageQuery>> page_query(storage::ChannelId channel, HistoryPage page) const;
  /// The `seq` of the place that the query's member `name` means.
  Task<Outcome<std::optional<std::uint64_t>>> place(std::string name, std::optional<std::string> value,
                                                    storage::ChannelId channel) const;

  storage::Database& database_;
  Messages& messages_;
  Reads& reads_;
};

}  // namespace atrium::chat
