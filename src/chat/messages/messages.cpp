#include "chat/messages/messages.h"

#include "base/timestamp.h"
#include "base/utf8.h"
#include "chat/live/activity.h"
#include "chat/rooms.h"
#include "chat/topics.h"
#include "net/hop.h"

namespace atrium::chat {

using socketio::Turn;
using storage::ChannelId;
using storage::MessageId;
using storage::UserId;

namespace {

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n\v\f";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

/// What is stored of `content`, or what is wrong with it.
Outcome<std::string> check_content(const std::string& content) {
  const std::string_view trimmed = trim(content);
  if (trimmed.empty()) return failures::invalid("content", "must not be empty");
  if (utf8_length(trimmed) > Messages::kMaxLength) return failures::invalid("content", "must have at most 4000 characters");
  return std::string(trimmed);
}

events::MessageNew to_event(const storage::Appended& appended) {
  const storage::Message& message = appended.message;
  events::MessageNew event{.messageId = message.id.value,
                           .channelId = message.channel.value,
                           .senderId = message.sender.value,
                           .senderName = message.sender_name,
                           .content = message.content,
                           .createdAt = to_iso8601(message.created_at),
                           .seq = message.seq,
                           .prevSeq = appended.prev_seq,
                           .clientMsgId = {}};
  if (!message.client_msg_id.empty()) event.clientMsgId = message.client_msg_id;
  return event;
}

}  // namespace

Messages::Messages(const Stage& stage, Channels& channels, const Membership& membership, storage::Database& database)
    : stage_(stage), channels_(channels), membership_(membership), database_(database) {}

Task<void> Messages::send(Reply reply, events::SendRequest request) {
  const auto content = check_content(request.content);
  if (!content) {
    reply.fail(content.error());
    co_return;
  }
  if (request.clientMsgId && (request.clientMsgId->empty() || request.clientMsgId->size() > kMaxClientId)) {
    reply.fail(failures::invalid("clientMsgId", "must have 1 to 128 characters"));
    co_return;
  }
  const Visitor& visitor = visitor_of(reply.socket());
  const auto who = visitor.identity;
  const ChannelId channel(request.channelId);
  // Whoever is in has been checked, and is put out when that changes.
  if (!visitor.joined.contains(channel)) {
    const auto allowed = co_await membership_.channel(channel, who->user);
    if (!allowed) {
      reply.fail(allowed.error());
      co_return;
    }
  }
  spawn(store(std::move(reply), who,
              {.channel = channel,
               .sender = who->user,
               .sender_name = who->name,
               .content = *content,
               .client_msg_id = request.clientMsgId.value_or("")}));
}

Task<void> Messages::store(Reply reply, std::shared_ptr<const Identity> who, storage::NewMessage message) {
  co_await net::hop_to(channels_.home_of(message.channel));
  // The stores answer in the order of commits, which is that of `seq`: so are the channel's broadcasts.
  const auto appended = co_await database_.messages().append(std::move(message));
  if (!appended) {
    reply.fail(to_failure(appended.error()));
    co_return;
  }
  reply.ok(events::Sent{.messageId = appended->message.id.value,
                        .seq = appended->message.seq,
                        .createdAt = to_iso8601(appended->message.created_at),
                        .duplicate = appended->duplicate});
  const SocketRef socket = ref_of(reply.socket());
  if (appended->duplicate) {
    // Everybody has it already, except perhaps the one who asks again.
    stage_.directory.tell(socket,
                          [event = to_event(*appended)](socketio::Socket& sender) { sender.emit("message:new", event); });
  } else {
    announce(*appended, *who, socket);
  }
}

void Messages::announce(const storage::Appended& appended, const Identity& who, const SocketRef& from) {
  const ChannelId& channel = appended.message.channel;
  room_and(channel, from.id).about(topics::message(appended.message.id), Turn::begins).emit("message:new", to_event(appended));
  stage_.activity.message_new(appended.message);
  ++stage_.counters.messages;
  if (ChannelRoom* room = channels_.find_room(channel)) room->clear_typing(who, from);
}

socketio::Emitter Messages::room_and(const ChannelId& channel, const std::string& socket) const {
  const auto room = stage_.nsp.to(rooms::of_channel(channel));
  return socket.empty() ? room : room.to(socket);
}

Task<Outcome<storage::Message>> Messages::find_to_change(MessageId id, UserId user) const {
  auto found = co_await database_.messages().find(id);
  if (!found) co_return failures::message_not_found();
  const auto allowed = co_await membership_.channel(found->channel, user);
  if (!allowed) co_return allowed.error().status == 404 ? failures::message_not_found() : allowed.error();
  co_return std::move(*found);
}

Task<Outcome<storage::Message>> Messages::edit(UserId editor, MessageId id, std::string content, std::string from) {
  auto checked = check_content(content);
  if (!checked) co_return checked.error();
  const auto found = co_await find_to_change(id, editor);
  if (!found) co_return found.error();
  net::Shard& origin = *net::Shard::current();
  co_await net::hop_to(channels_.home_of(found->channel));
  const auto edited = co_await database_.messages().edit(id, editor, std::move(*checked));
  if (edited && edited->changed) {
    const storage::Message& message = edited->message;
    room_and(message.channel, from)
        .about(topics::message(message.id), Turn::changes)
        .emit("message:edited", events::MessageEdited{.messageId = message.id.value,
                                                      .channelId = message.channel.value,
                                                      .content = message.content,
                                                      .updatedAt = to_iso8601(message.updated_at),
                                                      .seq = message.seq,
                                                      .rev = message.rev});
    stage_.activity.message_edited(message);
  }
  co_await net::hop_to(origin);
  if (!edited) co_return to_failure(edited.error());
  co_return edited->message;
}

Task<Outcome<storage::Message>> Messages::remove(UserId remover, MessageId id, std::string from) {
  const auto found = co_await find_to_change(id, remover);
  if (!found) co_return found.error();
  net::Shard& origin = *net::Shard::current();
  co_await net::hop_to(channels_.home_of(found->channel));
  const auto removed = co_await database_.messages().remove(id, remover);
  if (removed && removed->changed) {
    const storage::Message& message = removed->message;
    room_and(message.channel, from)
        .about(topics::message(message.id), Turn::ends)
        .emit("message:deleted",
              events::MessageDeleted{.messageId = message.id.value, .channelId = message.channel.value, .seq = message.seq});
    stage_.activity.message_deleted(message);
  }
  co_await net::hop_to(origin);
  if (!removed) co_return to_failure(removed.error());
  co_return removed->message;
}

}  // namespace atrium::chat
