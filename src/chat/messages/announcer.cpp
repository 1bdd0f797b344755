#include "chat/messages/announcer.h"

#include "base/log.h"
#include "chat/live/activity.h"
#include "chat/messages/backfill.h"
#include "chat/rooms.h"
#include "net/pause.h"

namespace atrium::chat {

using storage::ChannelId;
using storage::MessageId;
using storage::UserId;

namespace {

facts::Said to_fact(MessageFrame::Kind kind, const storage::Message& message) {
  facts::Said said{.kind = kind,
                   .messageId = message.id.value,
                   .channelId = message.channel.value,
                   .senderId = message.sender.value,
                   .senderName = message.sender_name,
                   .content = message.content,
                   .clientMsgId = message.client_msg_id,
                   .seq = message.seq,
                   .rev = message.rev,
                   .modSeq = message.mod_seq,
                   .mentions = {},
                   .createdAt = message.created_at.time_since_epoch().count(),
                   .updatedAt = message.updated_at.time_since_epoch().count()};
  for (const UserId& user : message.mentions) said.mentions.push_back(user.value);
  return said;
}

storage::Message to_message(const facts::Said& said) {
  storage::Message message{.id = MessageId(said.messageId),
                           .channel = ChannelId(said.channelId),
                           .sender = UserId(said.senderId),
                           .sender_name = said.senderName,
                           .content = said.content,
                           .client_msg_id = said.clientMsgId,
                           .seq = said.seq,
                           .rev = said.rev,
                           .mod_seq = said.modSeq,
                           .mentions = {said.mentions.begin(), said.mentions.end()},
                           .edited = said.kind == MessageFrame::Kind::edited,
                           .deleted = said.kind == MessageFrame::Kind::deleted,
                           .created_at = WallTime(std::chrono::milliseconds(said.createdAt)),
                           .updated_at = WallTime(std::chrono::milliseconds(said.updatedAt))};
  return message;
}

}  // namespace

Announcer::Announcer(const Stage& stage, Channels& channels, storage::Database& database)
    : stage_(stage), channels_(channels), database_(database), filling_(stage.shards.size()) {
  stage_.peers.hear<facts::Said>([this](const NodeId&, const facts::Said& said) { hear(said); });
  stage_.peers.on_missed([this] { doubt_all(); });
  channels_.on_behind([this](const ChannelId& channel) {
    channels_.find_room(channel)->order().doubt();
    spawn(fill_gaps(channel));
  });
  channels_.on_open([this](const ChannelId& channel, std::optional<std::uint64_t> mod_seq) {
    MessageOrder& order = channels_.find_room(channel)->order();
    tell_now(channel, mod_seq ? order.begin(*mod_seq) : order.begin_anywhere());
    if (order.has_gap()) spawn(fill_gaps(channel));
  });
}

void Announcer::tell(const storage::Message& message, MessageFrame::Kind kind, const std::string& from) {
  if (stage_.one_of_many()) stage_.peers.tell(to_fact(kind, message));
  tell_here(message.channel, {.frame = frame_of(kind, message), .from = from, .typist = {}});
  note(kind, message);
}

void Announcer::hear(const facts::Said& said) {
  const storage::Message message = to_message(said);
  note(said.kind, message);
  channels_.home_of(message.channel).dispatch([this, message, kind = said.kind] {
    if (!channels_.find_room(message.channel)) return;
    const UserId typist = kind == MessageFrame::Kind::created ? message.sender : UserId();
    tell_here(message.channel, {.frame = frame_of(kind, message), .from = {}, .typist = typist});
  });
}

void Announcer::note(MessageFrame::Kind kind, const storage::Message& message) const {
  switch (kind) {
    case MessageFrame::Kind::created:
      return stage_.activity.message_new(message);
    case MessageFrame::Kind::edited:
      return stage_.activity.message_edited(message);
    case MessageFrame::Kind::deleted:
      return stage_.activity.message_deleted(message);
  }
}

void Announcer::tell_here(const ChannelId& channel, MessageOrder::Item item) {
  ChannelRoom* room = channels_.find_room(channel);
  if (!room || !stage_.one_of_many()) return tell_now(channel, item);
  MessageOrder& order = room->order();
  if (order.is_late(item.frame)) {
    // The room has read of it before its answer came; only who sent it from outside has not.
    if (!item.from.empty()) stage_.here().to(item.from).in_episode(item.frame.episode).send(*item.frame.event);
    return;
  }
  tell_now(channel, order.take(std::move(item)));
  if (order.has_gap()) spawn(fill_gaps(channel));
}

void Announcer::tell_now(const ChannelId& channel, const std::vector<MessageOrder::Item>& items) {
  for (const auto& item : items) tell_now(channel, item);
  if (ChannelRoom* room = channels_.find_room(channel)) room->has_told();
}

void Announcer::tell_now(const ChannelId& channel, const MessageOrder::Item& item) const {
  auto audience = stage_.here().to(rooms::of_channel(channel)).in_episode(item.frame.episode);
  if (!item.from.empty()) audience = audience.to(item.from);
  ChannelRoom* room = channels_.find_room(channel);
  if (room) {
    if (auto waiting = room->catch_up().keep_back(item.frame); !waiting.empty()) audience = audience.except(std::move(waiting));
  }
  audience.send(*item.frame.event);
  if (room && !item.typist.empty()) {
    room->typing().message_done({.user = item.typist, .name = {}, .workspaces = {}}, {});
  }
}

void Announcer::doubt_all() {
  channels_.each_open([this](const ChannelId& channel, ChannelRoom& room) {
    room.order().doubt();
    spawn(fill_gaps(channel));
  });
}

Task<void> Announcer::fill_gaps(ChannelId channel) {
  auto& filling = filling_[net::Shard::current()->index()];
  if (!filling.insert(channel).second) co_return;
  bool left = true;
  while (left) {
    co_await net::pause(kGapPatience);
    try {
      left = co_await fill_gap(channel);
    } catch (const storage::StoreUnavailable& error) {
      log::warn("what other nodes have said in a channel cannot be read yet: {}", error.what());
    }
  }
  filling.erase(channel);
}

Task<bool> Announcer::fill_gap(ChannelId channel) {
  ChannelRoom* room = channels_.find_room(channel);
  if (!room || !room->order().has_gap()) co_return false;
  const std::uint64_t since = room->order().last();
  const bool doubted = room->order().doubted();
  const auto changes = co_await database_.messages().changes(channel, since, Backfill::kMessages);
  // What has been read and was stored here is at hand by then, with the socket that it came from.
  co_await database_.messages().settle();
  ChannelRoom* still = channels_.find_room(channel);
  if (!still || still->order().last() != since) co_return still != nullptr;
  std::vector<MessageFrame> frames;
  for (const storage::Message& message : changes.oldest_first) {
    for (MessageFrame& frame : steps_since(since, message)) frames.push_back(std::move(frame));
  }
  const auto up_to = changes.has_more ? changes.oldest_first.back().mod_seq : changes.now.mod_seq;
  // Of too much its clients are told by what is missing before the next.
  tell_now(channel, still->order().fill(std::move(frames), up_to));
  if (doubted && changes.has_more) still->order().doubt();
  co_return still->order().has_gap();
}

}  // namespace atrium::chat
