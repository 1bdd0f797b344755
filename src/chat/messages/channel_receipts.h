#pragma once

#include "chat/messages/receipt_batch.h"
#include "chat/stage.h"

namespace atrium::chat {

/// Tells those in a small channel how far the others have read, once a second at most, if their clients ask for it. Lives at
/// the channel's home shard.
class ChannelReceipts final {
 public:
  ChannelReceipts(const Stage& stage, storage::ChannelId channel, net::Shard& home);

  void note(const storage::UserId& user, std::uint64_t seq);
  /// Tells what waits, if something does.
  void tell();

  static constexpr std::uint64_t kSmall = 50;  ///< members; in larger channels nobody is told

 private:
  const Stage& stage_;
  const storage::ChannelId channel_;
  net::Shard& home_;
  ReceiptBatch batch_;
  net::Deadline due_;
};

}  // namespace atrium::chat
