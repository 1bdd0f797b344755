#include "chat/messages/reads.h"

#include "chat/events/outgoing.h"
#include "chat/rooms.h"
#include "net/hop.h"

namespace atrium::chat {

using storage::ChannelId;
using storage::UserId;

Task<void> Reads::mark(Reply reply, events::ReadRequest request) {
  const Visitor& visitor = visitor_of(reply.socket());
  const UserId user = visitor.identity->user;
  const ChannelId channel(request.channelId);
  if (!visitor.joined.contains(channel)) {
    const auto allowed = co_await membership_.channel(channel, user);
    if (!allowed) {
      reply.fail(allowed.error());
      co_return;
    }
  }
  const auto reading = co_await mark(user, channel, request.seq, reply.socket().id());
  if (!reading) {
    reply.fail(reading.error());
    co_return;
  }
  reply.ok(events::ReadMarked{.channelId = request.channelId, .seq = reading->read_seq, .unread = reading->unread});
}

Task<Outcome<storage::Reading>> Reads::mark(UserId user, ChannelId channel, std::uint64_t seq, std::string from) {
  net::Shard& origin = *net::Shard::current();
  // Told from the channel's home, so that nobody sees the marker of two tabs move down.
  co_await net::hop_to(channels_.home_of(channel));
  const auto marked = co_await database_.reads().mark(channel, user, seq, ChannelReceipts::kSmall + 1);
  if (marked && marked->moved) tell(channel, user, *marked, from);
  co_await net::hop_to(origin);
  if (!marked) co_return to_failure(marked.error());
  co_return marked->reading;
}

void Reads::tell(const ChannelId& channel, const UserId& user, const storage::Marked& marked, const std::string& from) {
  const facts::Read read{.channelId = channel.value,
                         .userId = user.value,
                         .seq = marked.reading.read_seq,
                         .unread = marked.reading.unread,
                         .receipts = marked.members <= ChannelReceipts::kSmall};
  if (stage_.one_of_many()) stage_.peers.tell(read);
  tell_here(read, from);
}

void Reads::tell_here(const facts::Read& read, const std::string& from) {
  const UserId user(read.userId);
  events::emit<"channel:read">(stage_.here().to(rooms::of_user(user)).except(from),
                               events::OwnRead{read.channelId, read.seq, read.unread});
  ChannelRoom* room = channels_.find_room(ChannelId(read.channelId));
  if (room && read.receipts) room->receipts().note(user, read.seq);
}

}  // namespace atrium::chat
