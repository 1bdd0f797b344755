#pragma once

#include "chat/channels/channels.h"
#include "chat/events.h"
#include "chat/limits/limiter.h"
#include "chat/reply.h"
#include "chat/workspaces/membership.h"
#include "storage/database.h"

namespace atrium::chat {

/// What is said in channels: stored first, told afterwards, in the order of the channel's `seq`. Any shard.
class Messages final {
 public:
  Messages(const Stage& stage, Channels& channels, const Membership& membership, storage::Database& database, Limiter& limiter);

  /// On the socket's shard, until the channel's home has taken over.
  Task<void> send(Reply reply, events::SendRequest request);

  /// `from`: the socket that asks and shall hear of it even outside of the room; empty when the request came by HTTP.
  /// Resumes on the shard it was awaited on.
  Task<Outcome<storage::Message>> edit(storage::UserId editor, storage::MessageId id, std::string content,
                                       std::string from = {});
  Task<Outcome<storage::Message>> remove(storage::UserId remover, storage::MessageId id, std::string from = {});

  static constexpr std::size_t kMaxLength = 4000;   ///< code points
  static constexpr std::size_t kMaxClientId = 128;  ///< octets

 private:
  Task<void> store(Reply reply, std::shared_ptr<const Identity> who, storage::NewMessage message);
  void announce(const storage::Appended& appended, const SocketRef& from);
  /// The message, if `user` may still change things where it stands.
  Task<Outcome<storage::Message>> find_to_change(storage::MessageId id, storage::UserId user) const;
  socketio::Emitter room_and(const storage::ChannelId& channel, const std::string& socket) const;

  const Stage& stage_;
  Channels& channels_;
  const Membership& membership_;
  storage::Database& database_;
  Limiter& limiter_;
};

}  // namespace atrium::chat
