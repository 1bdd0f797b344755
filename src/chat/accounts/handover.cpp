#include "chat/accounts/handover.h"

#include "base/log.h"
#include "chat/accounts/keepsake.h"
#include "chat/accounts/sight.h"
#include "chat/nodes/peers.h"
#include "chat/rooms.h"
#include "net/pending.h"
#include "socketio/passage.h"

namespace atrium::chat {

using socketio::HandedOver;
using socketio::Recovery;

namespace {

constexpr std::string_view kKey = "handover";

/// The rooms of a user, wherever he is; those of channels and of presence are joined anew.
bool is_personal(const std::string& room) {
  return room.starts_with(rooms::of_user({})) || room.starts_with(rooms::of_session({})) ||
         room.starts_with(rooms::of_workspace({}));
}

/// None: it came from another node and was lost before it was connected here, so what this one knows of it is not whole.
std::optional<Keepsake> known_whole(const Recovery::Known& known) {
  return known.data.contains(kKey) ? std::nullopt : Keepsake::of(known.data);
}

handover::Session told(HandedOver client, handover::View view) {
  handover::Session session{.sid = std::move(client.sid),
                            .rooms = std::move(client.rooms),
                            .data = std::move(client.data),
                            .spared = cluster::to_wire(client.spared),
                            .missed = cluster::to_wire(std::move(client.missed)),
                            .view = std::move(view)};
  return session;
}

HandedOver heard(handover::Session session) {
  HandedOver client{.sid = std::move(session.sid),
                    .rooms = {},
                    .former = {},
                    .data = {},
                    .missed = cluster::from_wire(std::move(session.missed)),
                    .spared = cluster::from_wire(session.spared)};
  for (auto& room : session.rooms) {
    auto& rooms = is_personal(room) ? client.rooms : client.former;
    rooms.push_back(std::move(room));
  }
  if (session.data.is_object()) client.data = std::move(session.data.get_object());
  client.data[kKey] = to_json(session.view);
  return client;
}

/// The first of the nodes' answers that is one.
template <class T>
std::optional<T> first(const std::vector<json::value>& answers) {
  for (const json::value& answer : answers) {
    if (answer.is_null()) continue;
    auto read = from_json<T>(answer);
    if (read) return std::move(*read);
    log::warn("another node's answer about a client cannot be understood: {} {}", read.error().field, read.error().message);
  }
  return std::nullopt;
}

}  // namespace

Handover::Handover(const Stage& stage, Channels& channels, Presence& presence)
    : stage_(stage), channels_(channels), presence_(presence), recovery_(stage.nsp.core()->recovery) {
  if (!recovery_ || !stage_.one_of_many()) return;
  stage_.peers.on_question<handover::Seek>([this](handover::Seek asked) { return look_for(std::move(asked)); });
  stage_.peers.on_question<handover::Take>([this](handover::Take asked) { return give(std::move(asked)); });
  recovery_->seek_elsewhere([this](net::Shard&, const std::string& pid, const std::optional<std::string>& offset, Found found) {
    spawn(seek(pid, offset, std::move(found)));
  });
}

std::optional<handover::View> Handover::view_of(const socketio::Socket& socket) {
  const json::value* view = socket.data.if_contains(kKey);
  if (!view) return std::nullopt;
  auto read = from_json<handover::View>(*view);
  if (!read) return std::nullopt;
  return std::move(*read);
}

// --- where the client has come

Task<void> Handover::seek(std::string pid, std::optional<std::string> offset, Found found) {
  std::optional<HandedOver> client;
  if (asking_.fetch_add(1) < kAtOnce) {
    try {
      client = co_await fetch(std::move(pid), std::move(offset));
    } catch (const std::exception& error) {
      log::warn("a client that has come from another node begins anew: {}", error.what());
    }
  }
  --asking_;
  found(std::move(client));
}

Task<std::optional<HandedOver>> Handover::fetch(std::string pid, std::optional<std::string> offset) {
  handover::Seek seek{.pid = pid};
  const auto answers = co_await stage_.peers.ask(std::move(seek));
  const auto found = first<handover::Found>(answers);
  if (!found) co_return std::nullopt;
  // From here on this node hears all that is said there, so nothing is between what the other one tells and what this one will.
  for (const auto& channel : found->channels) {
    const storage::ChannelId id(channel);
    co_await channels_.expect(id, kExpected);
  }
  handover::Take take{.node = found->node, .pid = std::move(pid), .offset = std::move(offset)};
  const auto given = co_await stage_.peers.ask(std::move(take));
  auto session = first<handover::Session>(given);
  if (!session) co_return std::nullopt;
  co_return heard(std::move(*session));
}

// --- where it was

Task<json::value> Handover::look_for(handover::Seek asked) {
  const auto known = co_await net::Pending<std::optional<Recovery::Known>>(
      [this, &asked](auto told) { recovery_->find(*net::Shard::current(), asked.pid, std::move(told)); });
  const auto kept = known ? known_whole(*known) : std::nullopt;
  if (!kept) co_return nullptr;
  const handover::Found found{.node = stage_.peers.id().value, .channels = kept->joined};
  co_return to_json(found);
}

Task<json::value> Handover::give(handover::Take asked) {
  if (asked.node != stage_.peers.id().value) co_return nullptr;
  const auto known = co_await net::Pending<std::optional<Recovery::Known>>(
      [this, &asked](auto told) { recovery_->find(*net::Shard::current(), asked.pid, std::move(told)); });
  const auto kept = known ? known_whole(*known) : std::nullopt;
  if (!kept) co_return nullptr;
  // How things stand is looked at before the client is taken from here: what it has yet to be told is told on top of it.
  Sight sight(known->rooms);
  for (const auto& channel : kept->joined) {
    const storage::ChannelId id(channel);
    auto seen = co_await channels_.seen_by(known->sid, id);
    if (!seen) co_return nullptr;
    sight.add(std::move(*seen));
  }
  if (!sight.presence().empty()) {
    auto online = co_await presence_.told_online(sight.presence());
    sight.add(std::move(online));
  }
  auto restored = co_await net::Pending<std::optional<socketio::Restored>>(
      [this, &asked](auto given) { recovery_->give_away(*net::Shard::current(), asked.pid, asked.offset, std::move(given)); });
  if (!restored) co_return nullptr;
  const storage::UserId user(kept->userId);
  for (const auto& channel : kept->joined) channels_.expect_elsewhere(storage::ChannelId(channel), user);
  presence_.expect_elsewhere(user);
  auto client = socketio::send_off(std::move(*restored));
  if (!client) co_return nullptr;
  for (const auto& said : client->missed) sight.tell(said.event.array);
  auto session = told(std::move(*client), sight.take());
  co_return to_json(session);
}

}  // namespace atrium::chat
