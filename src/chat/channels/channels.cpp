#include "chat/channels/channels.h"

#include "chat/accounts/keepsake.h"
#include "chat/live/activity.h"
#include "chat/rooms.h"
#include "net/hop.h"

namespace atrium::chat {

using storage::ChannelId;

Channels::Channels(const Stage& stage, const Membership& membership, storage::Database& database)
    : stage_(stage), membership_(membership), database_(database), rooms_(stage.shards.size()) {}

template <class Action>
void Channels::at_home(const ChannelId& channel, Action action) {
  home_of(channel).dispatch([this, channel, action = std::move(action)] { in_room(channel, action); });
}

Task<void> Channels::join(Reply reply, events::ChannelRef request) {
  const ChannelId channel(request.channelId);
  if (channel.empty() || channel.value.size() > 128) {
    reply.fail(failures::invalid("channelId", "must have 1 to 128 characters"));
    co_return;
  }
  Visitor& visitor = visitor_of(reply.socket());
  if (visitor.joined.size() >= kMaxJoined && !visitor.joined.contains(channel)) {
    reply.fail(failures::too_many_channels());
    co_return;
  }
  const auto allowed = co_await membership_.channel_to_join(channel, visitor.identity->user);
  if (!allowed) {
    reply.fail(allowed.error());
    co_return;
  }
  // It may have gone while the database was asked: a late join must not leave a ghost.
  if (!reply.socket().connected()) co_return;
  visitor.joined.insert(channel);
  Keepsake::leave(reply.socket());
  spawn(join_at_home(std::move(reply), visitor.identity, channel));
}

Task<void> Channels::join_at_home(Reply reply, std::shared_ptr<const Identity> who, ChannelId channel) {
  co_await net::hop_to(home_of(channel));
  ChannelRoom& room = room_of(channel);
  const auto typists = room.join(*who, ref_of(reply.socket()));
  if (!reply.wants_ack()) co_return;
  events::Joined joined{.channelId = channel.value, .lastSeq = 0, .members = room.user_count(), .typing = {}};
  for (const Typist& typist : typists) {
    if (typist.user != who->user) joined.typing.push_back({typist.user.value, typist.name});
  }
  try {
    joined.lastSeq = co_await database_.messages().last_seq(channel);
  } catch (const storage::StoreUnavailable&) {
    reply.fail(failures::unavailable());  // joined all the same; a client that asks again is told how it stands
    co_return;
  }
  reply.ok(joined);
}

void Channels::leave(const Reply& reply, const events::ChannelRef& request) {
  Visitor& visitor = visitor_of(reply.socket());
  const ChannelId channel(request.channelId);
  if (visitor.joined.erase(channel) > 0) {
    Keepsake::leave(reply.socket());
    at_home(channel,
            [who = visitor.identity, socket = ref_of(reply.socket())](ChannelRoom& room) { room.leave(*who, socket); });
  }
  reply.ok(events::Left{.channelId = request.channelId});
}

void Channels::start_typing(const Reply& reply, const events::ChannelRef& request) {
  const Visitor& visitor = visitor_of(reply.socket());
  const ChannelId channel(request.channelId);
  if (!visitor.joined.contains(channel)) return reply.fail(failures::not_joined());
  at_home(channel,
          [who = visitor.identity, socket = ref_of(reply.socket())](ChannelRoom& room) { room.start_typing(*who, socket); });
  reply.ok(events::Left{.channelId = request.channelId});
}

void Channels::stop_typing(const Reply& reply, const events::ChannelRef& request) {
  const Visitor& visitor = visitor_of(reply.socket());
  const ChannelId channel(request.channelId);
  // A client that stops just after it left says nothing wrong.
  if (visitor.joined.contains(channel)) {
    at_home(channel,
            [who = visitor.identity, socket = ref_of(reply.socket())](ChannelRoom& room) { room.stop_typing(*who, socket); });
  }
  reply.ok(events::Left{.channelId = request.channelId});
}

void Channels::come_back(socketio::Socket& socket, std::uint64_t removals) {
  const Visitor& visitor = visitor_of(socket);
  const auto rooms = socket.rooms();
  for (const ChannelId& channel : visitor.joined) {
    // It may have been lost before the home's word that it joins could reach it.
    const bool is_in = std::find(rooms.begin(), rooms.end(), rooms::of_channel(channel)) != rooms.end();
    home_of(channel).dispatch([this, channel, who = visitor.identity, id = ref_of(socket), removals, is_in] {
      ChannelRoom& room = room_of(channel);
      if (is_in) {
        room.come_back(*who, id);
      } else {
        room.join(*who, id);
      }
      // Whoever is removed from now on finds the socket here; who was before, may have been after it was asked.
      if (removals_ != removals) spawn(put_out_if_removed(who, channel));
    });
  }
}

Task<void> Channels::put_out_if_removed(std::shared_ptr<const Identity> who, ChannelId channel) {
  const auto allowed = co_await membership_.channel(channel, who->user);
  if (!allowed) in_room(channel, [&who](ChannelRoom& room) { room.remove(who->user, "removed"); });
}

void Channels::disconnect(socketio::Socket& socket, Leaving how) {
  const Visitor& visitor = visitor_of(socket);
  for (const ChannelId& channel : visitor.joined) {
    at_home(channel, [who = visitor.identity, id = ref_of(socket), how](ChannelRoom& room) { room.disconnect(*who, id, how); });
  }
}

void Channels::add(const ChannelId& channel, const storage::UserId& user) { stage_.activity.member_added(channel, user); }

void Channels::remove(const ChannelId& channel, const storage::UserId& user, const std::string& reason) {
  ++removals_;
  stage_.activity.member_removed(channel, user);
  at_home(channel, [user, reason](ChannelRoom& room) { room.remove(user, reason); });
}

Channels::Rooms& Channels::here() { return rooms_[net::Shard::current()->index()]; }

ChannelRoom* Channels::find_room(const ChannelId& channel) {
  const auto found = here().find(channel);
  return found == here().end() ? nullptr : found->second.get();
}

ChannelRoom& Channels::room_of(const ChannelId& channel) {
  auto& room = here()[channel];
  if (!room) room = std::make_unique<ChannelRoom>(stage_, channel, *net::Shard::current());
  return *room;
}

void Channels::drop_room(const ChannelId& channel) { here().erase(channel); }

}  // namespace atrium::chat
