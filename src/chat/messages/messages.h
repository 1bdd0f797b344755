#pragma once

#include "chat/channels/channels.h"
#include "chat/events.h"
#include "chat/limits/limiter.h"
#include "chat/messages/announcer.h"
#include "chat/messages/message_frame.h"
#include "chat/reply.h"
#include "chat/workspaces/membership.h"
#include "storage/database.h"

namespace atrium::chat {

/// What is said in channels: stored first, told afterwards, in the order of the channel's `seq`. Any shard.
class Messages final {
 public:
  Messages(const Stage& stage, Channels& channels, const Membership& membership, storage::Database& database, Limiter& limiter);

  /// On the socket's shard, until the channel's home has taken over; while too much of the socket is on its way, until it is
  /// stored, so that the socket's later events wait.
  Task<void> send(Reply reply, events::SendRequest request);
  /// The same by HTTP: `user` may write in the channel.
  Task<Outcome<storage::Appended>> post(storage::User user, events::SendRequest request);

  /// `from`: the socket that asks and shall hear of it even outside of the room; empty when the request came by HTTP. post(),
  /// edit(), remove() and find() resume on the shard they were awaited on.
  Task<Outcome<storage::Message>> edit(storage::UserId editor, events::EditRequest request, std::string from = {});
  Task<Outcome<storage::Message>> remove(storage::UserId remover, storage::MessageId id, std::string from = {});

  /// The message, if `reader` may see it and it has not been deleted.
  Task<Outcome<storage::Message>> find(storage::UserId reader, storage::MessageId id) const;

  static constexpr std::size_t kMaxLength = 4000;   ///< code points
  static constexpr std::size_t kMaxClientId = 128;  ///< octets
  static constexpr int kMaxStoring = 64;            ///< messages of one socket on their way into the database

 private:
  Task<void> store(Reply reply, std::shared_ptr<const Identity> who, storage::NewMessage message);
  // At the channel's home.
  /// `asker`, if there is one, is answered before anybody is told; not when it fails.
  Task<Outcome<storage::Appended>> append(storage::NewMessage message, std::shared_ptr<const Identity> who, const Reply* asker);
  void announce(const storage::Appended& appended, const SocketRef& from);

  /// The message, if `user` may be where it stands; it may be a deleted one.
  Task<Outcome<storage::Message>> find_for(storage::UserId user, storage::MessageId id) const;
  Task<std::vector<storage::UserId>> mentioned(storage::ChannelId channel, std::string content) const;

  const Stage& stage_;
  Channels& channels_;
  const Membership& membership_;
  storage::Database& database_;
  Limiter& limiter_;
  Announcer announcer_;
};

}  // namespace atrium::chat
