#pragma once

#include <set>
#include <string>
#include <vector>

#include "chat/channels/channels.h"
#include "chat/messages/message_order.h"
#include "chat/nodes/facts.h"
#include "storage/database.h"

namespace atrium::chat {

/// Tells those in a channel what has been stored of it, here or by another node, in the order of the database. At the channel's
/// home.
class Announcer final {
 public:
  Announcer(const Stage& stage, Channels& channels, storage::Database& database);

  /// A change has been stored here: tells the room, the socket `from` if there is one, and the other nodes.
  void tell(const storage::Message& message, MessageFrame::Kind kind, const std::string& from);

  static constexpr Duration kGapPatience = std::chrono::milliseconds(150);  ///< for what another node has said

 private:
  /// Tells the clients here, in the order of the database.
  void tell_here(const storage::ChannelId& channel, MessageOrder::Item item);
  void tell_now(const storage::ChannelId& channel, const MessageOrder::Item& item) const;
  void tell_now(const storage::ChannelId& channel, const std::vector<MessageOrder::Item>& items);
  /// What is missing has some time to come by itself, then it is read.
  Task<void> fill_gaps(storage::ChannelId channel);
  Task<bool> fill_gap(storage::ChannelId channel);
  /// Another node may have said something that this one has not heard.
  void doubt_all();
  /// Another node has stored a change. On the first shard.
  void hear(const facts::Said& said);
  void note(MessageFrame::Kind kind, const storage::Message& message) const;

  const Stage& stage_;
  Channels& channels_;
  storage::Database& database_;
  std::vector<std::set<storage::ChannelId>> filling_;  ///< channels with a fill_gaps(), by home
};

}  // namespace atrium::chat
