#include "base/random_id.h"
#include "socketio/recovery_card.h"
#include "socketio/socket.h"

// A socket's part in connection state recovery: what it keeps for the day its connection is lost, and how it begins when it
// is the one of a client that was.

namespace atrium::socketio {

namespace {

/// Whether a client that was lost in this way may come back to where it was.
bool is_recoverable(DisconnectReason reason) {
  switch (reason) {
    case DisconnectReason::transport_close:
    case DisconnectReason::transport_error:
    case DisconnectReason::forced_close:
    case DisconnectReason::ping_timeout:
    case DisconnectReason::server_shutting_down:
    case DisconnectReason::forced_server_close:
      return true;
    default:
      return false;
  }
}

}  // namespace

void Socket::recover(Restored restored) {
  id_ = restored.sid;
  data = std::move(restored.data);
  recovered_ = true;
  card_ = std::make_unique<RecoveryCard>(restored.pid);
  card_->comeback = std::make_unique<Comeback>(std::move(restored));
}

bool Socket::catch_up() {
  if (core_->recovery->catch_up(shard_, card_->comeback->restored)) return true;
  core_->recovery->abandon(shard_, card_->pid);
  card_.reset();
  recovered_ = false;
  return false;
}

bool Socket::send_when_open(const Outgoing& event, const EmitFlags& flags) {
  // Before it, what others have said until now.
  if (flags.may_drop || !core_->recovery->catch_up(shard_, card_->comeback->restored)) return keeps_up();
  const Broadcast said = make_whisper(*core_, flags, event);
  if (said.content) tell_outgoing(*said.content);
  card_->comeback->restored.missed.push_back({.offset = *said.offset, .message = said.message, .episode = said.episode});
  return keeps_up();
}

void Socket::leave_before_open(DisconnectReason reason) {
  if (!is_recoverable(reason)) return core_->recovery->abandon(shard_, card_->pid);
  Restored& restored = card_->comeback->restored;
  restored.data = data;
  core_->recovery->put_back(shard_, std::move(restored));
}

void Socket::join_recovery() {
  if (session_->protocol() < 4) return;  // its clients know nothing of it
  if (!card_) card_ = std::make_unique<RecoveryCard>(random_id(static_cast<std::uint8_t>(shard_.index())));
  if (recovered_) {
    Restored& restored = card_->comeback->restored;
    for (const auto& room : restored.rooms) join(room);
    if (!restored.spared.empty()) missed_ = std::make_unique<std::set<std::uint64_t>>(std::move(restored.spared));
    for (const auto& item : restored.missed) {
      if (!item.episode || !misses(*item.episode)) session_->send(item.message);
    }
    shard_.deadlines().arm(card_->comeback->replay_age, core_->recovery->options().max_disconnection_duration);
  }
  card_->heard.connected_at = core_->recovery->log(shard_).end();
  core_->recovery->remember(shard_, card_->pid, *this);
}

void Socket::send_connect() {
  Packet packet{.type = PacketType::connect, .nsp = core_->name, .id = {}, .data = {}, .attachments = {}};
  if (session_->protocol() >= 4) {
    json::object answer{{"sid", id_}};
    if (card_) answer["pid"] = card_->pid;
    packet.data = std::move(answer);
  }
  session_->send(core_->writer.encode(packet));
}

void Socket::deliver(const Broadcast& broadcast, std::uint64_t position) {
  if (broadcast.may_drop && !session_->writable()) return;
  if (card_ && broadcast.offset && !note(broadcast, position)) return;
  // After the place was noted: a client that is lost meanwhile may still be told the beginning.
  if (broadcast.episode && misses(*broadcast.episode)) return;
  if (broadcast.content) tell_outgoing(*broadcast.content);
  session_->send(broadcast.message);
}

bool Socket::note(const Broadcast& broadcast, std::uint64_t position) {
  const Offset& offset = *broadcast.offset;
  if (card_->comeback) {
    const auto& seen = card_->comeback->restored.seen;
    if (offset.origin < seen.size() && offset.number <= seen[offset.origin]) return false;
  }
  RecoveryLog::Heard& heard = card_->heard;
  heard.last = offset;
  if (broadcast.fleeting) {
    heard.fleeting = offset;
    heard.fleeting_at = core_->recovery->log(shard_).end();
  } else {
    heard.last_delivered = position;
  }
  return true;
}

void Socket::give_up() {
  const auto alive = shared_from_this();
  session_->close(engineio::CloseReason::transport_close);
}

void Socket::leave_recovery(DisconnectReason reason) {
  if (!is_recoverable(reason) || card_->forsaken) return core_->recovery->forget(shard_, card_->pid);
  core_->recovery->save(shard_, card_->pid, take_state());
}

Recoverable::State Socket::take_state() {
  Recoverable::State state{.sid = id_,
                           .rooms = joined_rooms(),
                           .data = data,
                           .replayed = {},
                           .heard = card_->heard,
                           .disconnected_at = core_->recovery->log(shard_).end()};
  if (card_->comeback) {
    state.replayed = std::move(card_->comeback->restored.missed);
    state.seen = std::move(card_->comeback->restored.seen);
    state.foreign = std::move(card_->comeback->restored.foreign);
  }
  if (missed_) state.spared = std::move(*missed_);
  state.hold = core_->adapter->hold(state.rooms);
  return state;
}

}  // namespace atrium::socketio
