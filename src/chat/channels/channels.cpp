#include "chat/channels/channels.h"

#include "chat/live/activity.h"
#include "chat/rooms.h"
#include "net/hop.h"

namespace atrium::chat {

using storage::ChannelId;

Channels::Channels(const Stage& stage, const Membership& membership, storage::Database& database)
    : stage_(stage), membership_(membership), database_(database), rooms_(stage.shards.size()), hidden_(stage.shards.size()) {
  listen_to_peers();
}

Task<void> Channels::join(Reply reply, events::JoinRequest request) {
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
  auto allowed = co_await membership_.channel_to_join(channel, visitor.identity->user);
  std::unique_ptr<Visit> visiting;
  if (allowed && stage_.one_of_many()) {
    const auto changes = membership_.changes(visitor.identity->user);
    visiting = co_await visit(channel);
    // That has taken its time, in which he may have been put out.
    const bool moved = membership_.changes(visitor.identity->user) != changes;
    if (moved) allowed = co_await membership_.channel(channel, visitor.identity->user);
  }
  if (!allowed) {
    reply.fail(allowed.error());
    co_return;
  }
  // It may have gone while the database was asked: a late join must not leave a ghost.
  if (!reply.socket().connected()) co_return;
  visitor.joined.insert(channel);
  net::Shard& origin = *net::Shard::current();
  co_await join_at_home(std::move(reply), visitor.identity, std::move(request));
  co_await net::hop_to(origin);
}

Task<void> Channels::join_at_home(Reply reply, std::shared_ptr<const Identity> who, events::JoinRequest request) {
  const ChannelId channel(request.channelId);
  co_await net::hop_to(home_of(channel));
  ChannelRoom& room = room_of(channel);
  const SocketRef socket = ref_of(reply.socket());
  const auto typists = room.join(*who, socket);
  const bool catches_up = request.sinceSeq || request.sinceMod;
  if (!reply.wants_ack() && !catches_up) co_return;
  if (catches_up) room.catch_up().begin(socket);
  events::Joined joined{
      .channelId = channel.value, .lastSeq = 0, .modSeq = 0, .readSeq = 0, .members = room.user_count(who->user), .typing = {}};
  for (const Typist& typist : typists) {
    if (typist.user != who->user) joined.typing.push_back({typist.user.value, typist.name});
  }
  try {
    co_await answer_join(reply, who->user, std::move(request), std::move(joined));
  } catch (const storage::StoreUnavailable&) {
    // Joined all the same; a client that asks again is told how it stands.
    reply.fail(failures::unavailable());
    if (ChannelRoom* still = find_room(channel)) send_frames(socket, still->catch_up().give_up(socket));
  }
}

Task<void> Channels::answer_join(Reply reply, storage::UserId user, events::JoinRequest request, events::Joined joined) {
  const ChannelId channel(request.channelId);
  const auto reading = co_await database_.reads().reading(channel, std::move(user));
  joined.lastSeq = reading.now.last_seq;
  joined.modSeq = reading.now.mod_seq;
  joined.readSeq = reading.read_seq;
  auto backfill = co_await read_backfill(database_, std::move(request), reading.now);
  // What has been read is kept back by now, and not told once more later.
  if (backfill) co_await database_.messages().settle();
  if (backfill && stage_.one_of_many()) co_await await_told(channel, backfill->newest());
  if (!backfill) {
    reply.ok(joined);
    co_return;
  }
  const SocketRef socket = ref_of(reply.socket());
  ChannelRoom* room = find_room(channel);
  if (!room || !room->catch_up().waits(socket)) {
    reply.fail(failures::not_joined());  // put out meanwhile, or gone
    co_return;
  }
  room->catch_up().end(socket, *backfill);
  joined.lastSeq = backfill->now.last_seq;
  joined.modSeq = backfill->now.mod_seq;
  joined.backfill = backfill->told;
  reply.ok(joined);
  send_frames(socket, std::move(backfill->frames));
}

void Channels::send_frames(const SocketRef& socket, std::vector<MessageFrame> frames) const {
  stage_.directory.tell(socket, [frames = std::move(frames)](socketio::Socket& receiver) {
    for (const MessageFrame& frame : frames) receiver.send(*frame.event, {.episode = frame.episode});
  });
}

void Channels::leave(const Reply& reply, const events::ChannelRef& request) {
  Visitor& visitor = visitor_of(reply.socket());
  const ChannelId channel(request.channelId);
  if (visitor.joined.erase(channel) > 0) {
    std::erase(visitor.typing, channel);
    at_home(channel,
            [who = visitor.identity, socket = ref_of(reply.socket())](ChannelRoom& room) { room.leave(*who, socket); });
  }
  reply.ok(events::Left{.channelId = request.channelId});
}

void Channels::start_typing(const Reply& reply, const events::ChannelRef& request) {
  Visitor& visitor = visitor_of(reply.socket());
  const ChannelId channel(request.channelId);
  if (!visitor.joined.contains(channel)) return reply.fail(failures::not_joined());
  const SocketRef socket = ref_of(reply.socket());
  note_typing(visitor, socket, channel);
  const auto dialect = visitor.caps.typing_v2 ? TypingDialect::v2 : TypingDialect::legacy;
  auto answer = reply.wants_ack() ? std::optional(reply) : std::nullopt;
  home_of(channel).dispatch([this, channel, who = visitor.identity, socket, dialect, answer = std::move(answer)] {
    ChannelRoom* room = find_room(channel);
    const bool shown = !room || room->start_typing(*who, socket, dialect);
    if (!answer) return;
    if (shown) return answer->ok(events::Left{.channelId = channel.value});
    answer->fail_quietly(failures::typing_disabled());
  });
}

void Channels::note_typing(Visitor& visitor, const SocketRef& socket, const ChannelId& channel) {
  auto& places = visitor.typing;
  // Some of them may be over without our knowledge; nobody is the worse for a stop that was told already.
  if (std::erase(places, channel) == 0 && places.size() == kMaxTyping) {
    at_home(places.front(), [who = visitor.identity, socket](ChannelRoom& room) { room.stop_typing(*who, socket); });
    places.erase(places.begin());
  }
  places.push_back(channel);
}

void Channels::stop_typing(const Reply& reply, const events::ChannelRef& request) {
  Visitor& visitor = visitor_of(reply.socket());
  const ChannelId channel(request.channelId);
  // A client that stops just after it left says nothing wrong.
  if (visitor.joined.contains(channel)) {
    std::erase(visitor.typing, channel);
    at_home(channel,
            [who = visitor.identity, socket = ref_of(reply.socket())](ChannelRoom& room) { room.stop_typing(*who, socket); });
  }
  reply.ok(events::Left{.channelId = request.channelId});
}

void Channels::come_back(socketio::Socket& socket) {
  const Visitor& visitor = visitor_of(socket);
  const auto rooms = socket.rooms();
  for (const ChannelId& channel : visitor.joined) {
    // It may have been lost before the home's word that it joins could reach it.
    const bool is_in = std::find(rooms.begin(), rooms.end(), rooms::of_channel(channel)) != rooms.end();
    home_of(channel).dispatch([this, channel, who = visitor.identity, id = ref_of(socket), is_in] {
      ChannelRoom& room = room_of(channel);
      if (stage_.one_of_many() && room.opening() == ChannelRoom::Opening::closed) spawn(open(channel));
      if (is_in) {
        room.come_back(*who, id);
      } else {
        room.join(*who, id);
      }
    });
  }
}

void Channels::disconnect(socketio::Socket& socket, Leaving how) {
  const Visitor& visitor = visitor_of(socket);
  // What comes from other nodes is brought into order by the room, and a client that comes back wants it too.
  const bool kept = stage_.one_of_many() && how != Leaving::on_purpose && stage_.config.recovery_window > Duration::zero();
  for (const ChannelId& channel : visitor.joined) {
    at_home(channel, [this, who = visitor.identity, id = ref_of(socket), how, channel, kept](ChannelRoom& room) {
      room.disconnect(*who, id, how);
      if (kept) keep(room, channel, stage_.config.recovery_window);
    });
  }
}

void Channels::keep(ChannelRoom& room, const ChannelId& channel, Duration within) {
  if (room.keep_until(net::Shard::current()->clock().now() + within)) spawn(drop_later(channel, within));
}

Channels::Sending::Sending(Channels& channels, ChannelId channel, std::shared_ptr<const Identity> who, const SocketRef& socket)
    : channels_(channels), channel_(std::move(channel)), who_(std::move(who)), socket_(socket) {
  if (ChannelRoom* room = channels_.find_room(channel_)) room->typing().message_begun(*who_, socket_);
}

Channels::Sending::~Sending() {
  if (ChannelRoom* room = channels_.find_room(channel_)) room->typing().message_done(*who_, socket_);
}

Task<std::vector<storage::UserId>> Channels::users_in(ChannelId channel) {
  net::Shard& origin = *net::Shard::current();
  co_await net::hop_to(home_of(channel));
  const auto visiting = co_await visit(channel);
  std::vector<storage::UserId> users;
  if (const ChannelRoom* room = find_room(channel)) users = room->users();
  co_await net::hop_to(origin);
  co_return users;
}

Task<TypingState> Channels::typing_in(ChannelId channel) {
  net::Shard& origin = *net::Shard::current();
  co_await net::hop_to(home_of(channel));
  const auto visiting = co_await visit(channel);
  TypingState state;
  if (ChannelRoom* room = find_room(channel)) state = room->typing().state();
  co_await net::hop_to(origin);
  co_return state;
}

void Channels::set_hidden(const storage::UserId& user, std::optional<TimePoint> until) {
  for (const auto& shard : stage_.shards) {
    shard->dispatch([this, user, until] { hidden_here().set(user, until); });
  }
}

void Channels::look_again(const ChannelId& channel, const storage::UserId& user) {
  at_home(channel, [user](ChannelRoom& room) { room.look_again(user); });
}

HiddenUsers& Channels::hidden_here() { return hidden_[net::Shard::current()->index()]; }

Channels::Rooms& Channels::here() { return rooms_[net::Shard::current()->index()]; }

ChannelRoom* Channels::find_room(const ChannelId& channel) {
  const auto found = here().find(channel);
  return found == here().end() ? nullptr : found->second.get();
}

ChannelRoom& Channels::room_of(const ChannelId& channel) {
  auto& room = here()[channel];
  if (!room) room = std::make_unique<ChannelRoom>(stage_, channel, *net::Shard::current(), hidden_here());
  return *room;
}

void Channels::drop_room(const ChannelId& channel) { here().erase(channel); }

}  // namespace atrium::chat
