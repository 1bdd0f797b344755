#include "chat/messages/message_frame.h"

#include "base/timestamp.h"
#include "chat/episodes.h"
#include "chat/events.h"
#include "chat/events/outgoing.h"

namespace atrium::chat {

namespace {

using Kind = MessageFrame::Kind;

std::vector<std::string> to_words(const std::vector<storage::UserId>& ids) {
  std::vector<std::string> words;
  for (const auto& id : ids) words.push_back(id.value);
  return words;
}

episodes::Part part_of(Kind kind) {
  switch (kind) {
    case Kind::created:
      return episodes::Part::begin;
    case Kind::edited:
      return episodes::Part::change;
    case Kind::deleted:
      break;
  }
  return episodes::Part::end;
}

template <FixedString Name, class Event>
MessageFrame frame(Kind kind, const storage::Message& message, const Event& event) {
  return {.kind = kind,
          .seq = message.seq,
          .mod_seq = message.mod_seq,
          .event = std::make_shared<socketio::Outgoing>(events::event<Name>(event)),
          .episode = episodes::message(message.id, part_of(kind))};
}

}  // namespace

MessageFrame frame_of_new(const storage::Message& message) {
  events::MessageNew event{.messageId = message.id.value,
                           .channelId = message.channel.value,
                           .senderId = message.sender.value,
                           .senderName = message.sender_name,
                           .content = message.content,
                           .createdAt = to_iso8601(message.created_at),
                           .seq = message.seq,
                           .prevSeq = message.seq - 1,
                           .rev = message.rev,
                           .modSeq = message.mod_seq,
                           .mentions = to_words(message.mentions),
                           .clientMsgId = {}};
  if (!message.client_msg_id.empty()) event.clientMsgId = message.client_msg_id;
  return frame<"message:new">(Kind::created, message, event);
}

MessageFrame frame_of_edit(const storage::Message& message) {
  return frame<"message:edited">(Kind::edited, message,
                                 events::MessageEdited{.messageId = message.id.value,
                                                       .channelId = message.channel.value,
                                                       .content = message.content,
                                                       .updatedAt = to_iso8601(message.updated_at),
                                                       .seq = message.seq,
                                                       .rev = message.rev,
                                                       .modSeq = message.mod_seq,
                                                       .mentions = to_words(message.mentions)});
}

MessageFrame frame_of_deletion(const storage::Message& message) {
  return frame<"message:deleted">(Kind::deleted, message,
                                  events::MessageDeleted{.messageId = message.id.value,
                                                         .channelId = message.channel.value,
                                                         .seq = message.seq,
                                                         .rev = message.rev,
                                                         .modSeq = message.mod_seq});
}

MessageFrame frame_of(Kind kind, const storage::Message& message) {
  switch (kind) {
    case Kind::created:
      return frame_of_new(message);
    case Kind::edited:
      return frame_of_edit(message);
    case Kind::deleted:
      break;
  }
  return frame_of_deletion(message);
}

std::vector<MessageFrame> steps_since(std::uint64_t since, const storage::Message& message) {
  std::vector<MessageFrame> steps;
  if (message.created_mod_seq > since) {
    storage::Message fresh = message;
    fresh.mod_seq = message.created_mod_seq;
    steps.push_back(frame_of_new(fresh));
  }
  if (message.mod_seq != message.created_mod_seq) {
    steps.push_back(message.deleted ? frame_of_deletion(message) : frame_of_edit(message));
  }
  return steps;
}

}  // namespace atrium::chat
