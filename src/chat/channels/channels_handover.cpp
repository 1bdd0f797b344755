#include "base/log.h"
#include "chat/channels/channels.h"
#include "chat/events/outgoing.h"
#include "chat/messages/backfill.h"
#include "net/hop.h"

// Channels of clients that go from one node to another, by recovery.

namespace atrium::chat {

using storage::ChannelId;

// --- from this node

Task<std::optional<handover::Channel>> Channels::seen_by(std::string sid, ChannelId channel) {
  net::Shard& origin = *net::Shard::current();
  co_await net::hop_to(home_of(channel));
  ChannelRoom* room = find_room(channel);
  std::optional<handover::Channel> seen;
  if (room) seen = room->seen_by(sid);
  co_await net::hop_to(origin);
  co_return seen;
}

// --- to this node

Task<void> Channels::expect(ChannelId channel, Duration within) {
  net::Shard& origin = *net::Shard::current();
  const auto visiting = co_await visit(channel);
  co_await net::hop_to(home_of(channel));
  keep(room_of(channel), channel, within);
  co_await net::hop_to(origin);
}

Task<void> Channels::come_over(std::shared_ptr<socketio::Socket> socket, std::vector<handover::Channel> views) {
  const std::shared_ptr<const Identity> who = visitor_of(*socket).identity;
  const SocketRef id = ref_of(*socket);
  auto changes = membership_.changes(who->user);
  std::vector<std::unique_ptr<Visit>> visiting;
  for (const auto& view : views) {
    const ChannelId channel(view.channelId);
    auto visit_of_one = co_await visit(channel);
    visiting.push_back(std::move(visit_of_one));
  }
  // That has taken its time, in which he may have been put out.
  while (membership_.changes(who->user) != changes) {
    changes = membership_.changes(who->user);
    co_await check_views(*socket, views);
  }
  if (!socket->connected()) co_return;
  for (const auto& view : views) {
    const ChannelId channel(view.channelId);
    if (!visitor_of(*socket).joined.contains(channel)) continue;
    home_of(channel).dispatch([this, channel, who, id, view] { room_of(channel).come_over(*who, id, view); });
  }
  for (const auto& view : views) {
    const bool whole = co_await bring_up(id, ChannelId(view.channelId), view.modSeq);
    if (!whole && socket->connected()) socket->drop_connection();
  }
}

Task<void> Channels::check_views(socketio::Socket& socket, const std::vector<handover::Channel>& views) {
  for (const auto& view : views) {
    const ChannelId channel(view.channelId);
    const auto allowed = co_await membership_.channel(channel, visitor_of(socket).identity->user);
    if (allowed || visitor_of(socket).joined.erase(channel) == 0) continue;
    events::emit<"channel:removed">(socket, events::ChannelRemoved{channel.value, "removed"});
  }
}

Task<bool> Channels::bring_up(SocketRef socket, ChannelId channel, std::uint64_t mod_seq) {
  net::Shard& origin = *net::Shard::current();
  co_await net::hop_to(home_of(channel));
  bool whole = false;
  try {
    whole = co_await tell_missed(socket, channel, mod_seq);
  } catch (const storage::StoreUnavailable& error) {
    log::error("what {} has missed cannot be read: {}", socket.id, error.what());
  }
  co_await net::hop_to(origin);
  co_return whole;
}

Task<bool> Channels::tell_missed(SocketRef socket, ChannelId channel, std::uint64_t mod_seq) {
  for (bool more = true; more;) {
    auto missed = co_await read_steps(database_, channel, mod_seq);
    co_await database_.messages().settle();
    co_await await_told(channel, missed.newest());
    ChannelRoom* room = find_room(channel);
    if (!room || !room->catch_up().waits(socket)) break;  // put out meanwhile, or gone
    more = missed.told.more;
    mod_seq = missed.told.to;
    if (!more) room->catch_up().end(socket, missed);
    if (missed.told.tooOld) co_return false;
    send_frames(socket, std::move(missed.frames));
  }
  co_return true;
}

}  // namespace atrium::chat
