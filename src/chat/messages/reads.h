#pragma once

#include "chat/channels/channels.h"

namespace atrium::chat {

/// How far users have read, told to their own other sockets and to others. Any shard.
class Reads final {
 public:
  Reads(const Stage& stage, Channels& channels, const Membership& membership, storage::Database& database)
      : stage_(stage), channels_(channels), membership_(membership), database_(database) {
    stage_.peers.hear<facts::Read>([this](const NodeId&, const facts::Read& read) {
      channels_.home_of(storage::ChannelId(read.channelId)).dispatch([this, read] { tell_here(read, {}); });
    });
  }

  /// On the socket's shard.
  Task<void> mark(Reply reply, events::ReadRequest request);
  /// `user` may read the channel. `from`: the socket that asks; empty when the request came by HTTP. Resumes on the shard it
  /// was awaited on.
  Task<Outcome<storage::Reading>> mark(storage::UserId user, storage::ChannelId channel, std::uint64_t seq,
                                       std::string from = {});

 private:
  void tell(const storage::ChannelId& channel, const storage::UserId& user, const storage::Marked& marked,
            const std::string& from);
  /// The clients of this node. At the channel's home.
  void tell_here(const facts::Read& read, const std::string& from);

  const Stage& stage_;
  Channels& channels_;
  const Membership& membership_;
  storage::Database& database_;
};

}  // namespace atrium::chat
