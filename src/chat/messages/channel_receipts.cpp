#include "chat/messages/channel_receipts.h"

#include "chat/events.h"
#include "chat/events/outgoing.h"
#include "chat/rooms.h"

namespace atrium::chat {

ChannelReceipts::ChannelReceipts(const Stage& stage, storage::ChannelId channel, net::Shard& home)
    : stage_(stage), channel_(std::move(channel)), home_(home), due_([this] { tell(); }) {}

void ChannelReceipts::note(const storage::UserId& user, std::uint64_t seq) {
  batch_.note(user, seq);
  if (due_.armed()) return;
  if (const auto wait = batch_.wait(home_.clock().now())) home_.deadlines().arm(due_, *wait);
}

void ChannelReceipts::tell() {
  for (const auto& [user, seq] : batch_.take(home_.clock().now())) {
    events::emit<"channel:read">(stage_.here().to(rooms::of_receipts(channel_)).except(rooms::of_user(user)),
                                 events::ReadReceipt{channel_.value, user.value, seq});
  }
}

}  // namespace atrium::chat
