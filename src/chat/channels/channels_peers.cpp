#include "base/log.h"
#include "chat/channels/channels.h"
#include "net/hop.h"
#include "net/pause.h"
#include "net/pending.h"

// Channels on one of many nodes.

namespace atrium::chat {

using storage::ChannelId;

Channels::Visit::Visit(Channels& channels, ChannelId channel) : channels_(channels), channel_(std::move(channel)) {
  channels_.room_of(channel_).expect(+1);
}

Channels::Visit::~Visit() {
  channels_.at_home(channel_, [](ChannelRoom& room) { room.expect(-1); });
}

Task<std::unique_ptr<Channels::Visit>> Channels::visit(ChannelId channel) {
  std::unique_ptr<Visit> visit;
  if (!stage_.one_of_many()) co_return visit;
  net::Shard& origin = *net::Shard::current();
  co_await net::hop_to(home_of(channel));
  visit = std::make_unique<Visit>(*this, channel);
  ChannelRoom& room = room_of(channel);
  if (room.opening() == ChannelRoom::Opening::closed) {
    co_await open(channel);
  } else if (room.opening() == ChannelRoom::Opening::under_way) {
    co_await net::Pending<bool>([&room](auto done) { room.when_open([done = std::move(done)]() mutable { done(true); }); });
  }
  co_await net::hop_to(origin);
  co_return visit;
}

Task<void> Channels::open(ChannelId channel) {
  const Visit visit(*this, channel);
  ChannelRoom& room = room_of(channel);
  room.begin_opening();
  std::optional<std::uint64_t> mod_seq;
  try {
    const auto counts = co_await database_.messages().counts(channel);
    mod_seq = counts.mod_seq;
  } catch (const storage::StoreUnavailable& error) {
    log::warn("a channel is opened without what was said there: {}", error.what());
  }
  co_await stage_.peers.ask_about(channel);
  opened_(channel, mod_seq);
  room.end_opening();
}

Task<void> Channels::await_told(ChannelId channel, std::uint64_t mod_seq) {
  const Visit visit(*this, channel);
  ChannelRoom& room = room_of(channel);
  if (room.order().last() >= mod_seq) co_return;
  // The database could not tell when it was opened, and nothing has been said there since: now it is known.
  if (!room.order().begun()) {
    opened_(channel, mod_seq);
    co_return;
  }
  behind_(channel);
  co_await net::Pending<bool>(
      [&room, mod_seq](auto done) { room.when_told(mod_seq, [done = std::move(done)]() mutable { done(true); }); });
}

Task<void> Channels::drop_later(ChannelId channel, Duration after) {
  for (;;) {
    co_await net::pause(after);
    ChannelRoom* room = find_room(channel);
    if (!room) co_return;
    const auto left = room->kept_for();
    if (left > Duration::zero()) {
      after = left;
      continue;
    }
    in_room(channel, [](ChannelRoom&) {});
    co_return;
  }
}

void Channels::listen_to_peers() {
  const auto bring = [this](const NodeId& node, const auto& fact) {
    at_home(ChannelId(fact.channelId), [node, fact](ChannelRoom& room) { room.hear(node, fact); });
  };
  stage_.peers.hear<facts::InChannel>(bring);
  stage_.peers.hear<facts::Types>(bring);
  stage_.peers.hear<facts::Channel>(bring);
  stage_.peers.on_gone(
      [this](const NodeId& node) { each_open([node](const ChannelId&, ChannelRoom& room) { room.forget(node); }); });
  stage_.peers.on_interest([this] { return open_channels(); });
  stage_.peers.on_standing(
      [this](const Peers::Wanted& wanted, Peers::Telling& telling) { return tell_standing(wanted.channels, telling); });
}

Task<std::vector<std::string>> Channels::open_channels() {
  net::Shard& origin = *net::Shard::current();
  std::vector<std::string> channels;
  for (const auto& shard : stage_.shards) {
    co_await net::hop_to(*shard);
    for (const auto& [channel, room] : here()) channels.push_back(channel.value);
  }
  co_await net::hop_to(origin);
  co_return channels;
}

Task<void> Channels::tell_standing(std::vector<ChannelId> channels, Peers::Telling& telling) {
  net::Shard& origin = *net::Shard::current();
  for (const auto& shard : stage_.shards) {
    co_await net::hop_to(*shard);
    for (const ChannelId& channel : channels) {
      if (&home_of(channel) != shard.get()) continue;
      const ChannelRoom* room = find_room(channel);
      telling.add(room ? room->standing() : facts::Channel{.channelId = channel.value, .users = {}, .typists = {}});
    }
  }
  co_await net::hop_to(origin);
}

}  // namespace atrium::chat
