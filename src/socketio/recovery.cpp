#include "socketio/recovery.h"

#include <algorithm>
#include <unordered_map>

#include "base/random_id.h"

namespace atrium::socketio {

namespace {

// Characters of a random id, behind those of its first octet: enough that a word which a client kept from another server, or
// from this one before it was started again, is not taken for one of ours.
constexpr std::size_t kEpoch = 4;
constexpr std::size_t kEpochAt = 8;

bool contains(const RecoveryLog::Seen& seen, const Offset& offset) {
  return offset.origin < seen.size() && offset.number <= seen[offset.origin];
}

/// What either has seen.
RecoveryLog::Seen unite(RecoveryLog::Seen one, const RecoveryLog::Seen& other) {
  one.resize(std::max(one.size(), other.size()));
  for (std::size_t i = 0; i < other.size(); ++i) one[i] = std::max(one[i], other[i]);
  return one;
}

}  // namespace

void Restored::leave(const std::string& room) {
  if (std::erase(rooms, room) + std::erase(former, room) == 0) return;
  auto left = rooms;
  left.insert(left.end(), former.begin(), former.end());
  left.push_back(sid);
  RecoveryLog::keep_for(left, missed);
}

/// A client whose connection was lost.
struct Recovery::Saved {
  Saved(Recoverable::State kept, UniqueFunction<void()> on_expiry) : state(std::move(kept)), expiry(std::move(on_expiry)) {}
  ~Saved() {
    if (sent_away) --*sent_away;
  }
  Saved(const Saved&) = delete;
  Saved& operator=(const Saved&) = delete;

  Recoverable::State state;
  net::Deadline expiry;
  std::atomic<std::size_t>* sent_away = nullptr;  ///< where it is counted; null: it is not
};

struct Recovery::Part {
  Part(std::size_t shards, RecoveryLog::Limits limits) : log(shards, limits) {}
  RecoveryLog log;
  std::uint64_t last_number = 0;
  std::unordered_map<std::string_view, Recoverable*> connected;  ///< by the private id that the socket keeps
  std::unordered_map<std::string, std::unique_ptr<Saved>> lost;
  std::unordered_map<std::string, net::Shard*> moved;  ///< those whose home this is and who are on another shard
};

Recovery::Recovery(net::ShardSet& shards, RecoveryOptions options)
    : shards_(shards), options_(options), epoch_(random_id(0).substr(kEpochAt, kEpoch)) {
  const RecoveryLog::Limits limits{.max_age = options_.max_disconnection_duration, .max_octets = options_.max_octets};
  for (std::size_t i = 0; i < shards_.size(); ++i) parts_.push_back(std::make_unique<Part>(shards_.size(), limits));
}

Recovery::~Recovery() = default;

Offset Recovery::next_broadcast(const net::Shard& shard) {
  return {RecoveryLog::broadcasts_of(shard.index()), ++parts_[shard.index()]->last_number};
}

Offset Recovery::next_whisper(const net::Shard& shard) {
  return {RecoveryLog::whispers_of(shard.index()), ++parts_[shard.index()]->last_number};
}

RecoveryLog& Recovery::log(const net::Shard& shard) { return parts_[shard.index()]->log; }

void Recovery::remember(net::Shard& shard, std::string_view pid, Recoverable& socket) {
  parts_[shard.index()]->connected[pid] = &socket;
}

void Recovery::forget(net::Shard& shard, const std::string& pid) {
  if (parts_[shard.index()]->connected.erase(pid) > 0) tell_home_gone(shard, pid);
}

void Recovery::save(net::Shard& shard, const std::string& pid, Recoverable::State state) {
  if (parts_[shard.index()]->connected.erase(pid) > 0) keep(shard, pid, std::move(state));
}

bool Recovery::catch_up(const net::Shard& shard, Restored& restored) const {
  const RecoveryLog& log = parts_[shard.index()]->log;
  auto rooms = restored.rooms;
  rooms.push_back(restored.sid);
  auto unseen = log.collect_unseen(restored.seen, rooms);
  if (!unseen) return false;
  std::move(unseen->begin(), unseen->end(), std::back_inserter(restored.missed));
  RecoveryLog::settle(restored.missed);
  restored.seen = unite(std::move(restored.seen), log.seen());
  return !is_too_much(restored.missed);
}

bool Recovery::catch_up_with(const net::Shard& shard, Restored& restored, RecoveryLog::Seen seen) const {
  const RecoveryLog& log = parts_[shard.index()]->log;
  auto rooms = restored.rooms;
  rooms.push_back(restored.sid);
  auto unheard = log.collect_unheard(seen, rooms, shard.clock().now());
  if (!unheard) return false;
  std::move(unheard->begin(), unheard->end(), std::back_inserter(restored.missed));
  restored.seen = unite(std::move(seen), log.seen());
  return true;
}

void Recovery::put_back(net::Shard& shard, Restored restored) {
  if (!catch_up(shard, restored)) return abandon(shard, restored.pid);
  const RecoveryLog::Position end = parts_[shard.index()]->log.end();
  keep(shard, restored.pid,
       {.sid = std::move(restored.sid),
        .rooms = std::move(restored.rooms),
        .data = std::move(restored.data),
        .replayed = std::move(restored.missed),
        .heard = {.connected_at = end},
        .disconnected_at = end,
        .seen = std::move(restored.seen),
        .spared = std::move(restored.spared),
        .foreign = std::move(restored.foreign),
        .former = std::move(restored.former),
        .hold = std::move(restored.hold)});
}

void Recovery::keep(net::Shard& shard, const std::string& pid, Recoverable::State state) {
  Part& part = *parts_[shard.index()];
  if (part.lost.size() >= options_.max_sessions) return tell_home_gone(shard, pid);
  auto saved = std::make_unique<Saved>(std::move(state), [this, &shard, pid = pid] {
    const auto self = shared_from_this();  // the namespace may go with the last client that is waited for
    const auto gone = parts_[shard.index()]->lost.extract(pid);
    tell_home_gone(shard, pid);
    tell_waiting(-1);
  });
  if (sending_away_) {
    saved->sent_away = &sent_away_;
    ++sent_away_;
  }
  shard.deadlines().arm(saved->expiry, options_.max_disconnection_duration);
  part.lost[pid] = std::move(saved);
  tell_waiting(+1);
}

void Recovery::tell_waiting(int change) {
  waiting_ += static_cast<std::size_t>(change);
  if (on_waiting_) on_waiting_(change);
}

net::Shard* Recovery::home_of(const std::string& pid) {
  // It may be of another server, which has more shards.
  const auto index = first_octet_of(pid);
  return index ? &shards_[*index % shards_.size()] : nullptr;
}

void Recovery::tell_home_gone(const net::Shard& from, const std::string& pid) {
  net::Shard* home = home_of(pid);
  if (!home || home == &from) return;
  home->post([self = shared_from_this(), home, pid, from = &from] {
    auto& moved = self->parts_[home->index()]->moved;
    if (const auto found = moved.find(pid); found != moved.end() && found->second == from) moved.erase(found);
  });
}

template <class Act>
bool Recovery::at_owner(const std::string& pid, Act act) {
  net::Shard* const home = home_of(pid);
  if (!home) return false;
  home->dispatch([self = shared_from_this(), pid, home, act = std::move(act)]() mutable {
    const auto& moved = self->parts_[home->index()]->moved;
    const auto elsewhere = moved.find(pid);
    net::Shard& owner = elsewhere == moved.end() ? *home : *elsewhere->second;
    owner.dispatch([&owner, act = std::move(act)]() mutable { act(owner); });
  });
  return true;
}

/// Known at home before the client can come again.
void Recovery::set_owner(const std::string& pid, const net::Shard& owner) {
  net::Shard& home = *home_of(pid);
  home.dispatch([self = shared_from_this(), pid, &home, owner = &shards_[owner.index()]] {
    auto& moved = self->parts_[home.index()]->moved;
    if (&home == owner) {
      moved.erase(pid);
    } else {
      moved[pid] = owner;
    }
  });
}

void Recovery::restore(net::Shard& shard, std::string pid, std::optional<std::string> offset, Callback callback) {
  if (!home_of(pid)) return callback(std::nullopt);
  at_owner(pid, [self = shared_from_this(), pid, offset = std::move(offset), asker = &shard, callback = std::move(callback)](
                    net::Shard& owner) mutable { self->restore_from(owner, pid, offset, *asker, std::move(callback)); });
}

void Recovery::restore_from(net::Shard& owner, const std::string& pid, const std::optional<std::string>& offset,
                            net::Shard& asker, Callback callback) {
  auto restored = hand_over(owner, pid, offset, true);
  if (restored) set_owner(pid, asker);
  asker.dispatch([self = shared_from_this(), &asker, restored = std::move(restored), callback = std::move(callback)]() mutable {
    // Both shards hear all broadcasts, but not at the same moment: what this one heard before the client was here, and the
    // other not before it had gone, was told by neither.
    if (restored && !self->catch_up(asker, *restored)) {
      self->abandon(asker, restored->pid);
      restored.reset();
    }
    callback(std::move(restored));
  });
}

void Recovery::find(net::Shard& shard, std::string pid, UniqueFunction<void(std::optional<Known>)> told) {
  if (!home_of(pid)) return told(std::nullopt);
  at_owner(pid, [self = shared_from_this(), pid, asker = &shard, told = std::move(told)](net::Shard& owner) mutable {
    Part& part = *self->parts_[owner.index()];
    if (const auto connected = part.connected.find(pid); connected != part.connected.end()) connected->second->give_up();
    std::optional<Known> known;
    if (const auto lost = part.lost.find(pid); lost != part.lost.end()) {
      const Recoverable::State& state = lost->second->state;
      known = {.sid = state.sid, .rooms = state.rooms, .data = state.data};
    }
    asker->dispatch([known = std::move(known), told = std::move(told)]() mutable { told(std::move(known)); });
  });
}

void Recovery::give_away(net::Shard& shard, std::string pid, std::optional<std::string> offset, Callback callback) {
  if (!home_of(pid)) return callback(std::nullopt);
  ++giving_;
  at_owner(pid, [self = shared_from_this(), pid, offset = std::move(offset), asker = &shard,
                 callback = std::move(callback)](net::Shard& owner) mutable {
    auto restored = self->hand_over(owner, pid, offset, false);
    if (restored) self->tell_home_gone(owner, pid);
    asker->dispatch([self, restored = std::move(restored), callback = std::move(callback)]() mutable {
      callback(std::move(restored));
      --self->giving_;
    });
  });
}

bool Recovery::take_over(const net::Shard& shard, Restored& restored) {
  RecoveryLog::settle(restored.missed);
  if (is_too_much(restored.missed)) return false;
  set_owner(restored.pid, shard);
  return true;
}

/// The client, which is no longer this shard's.
std::optional<Recoverable::State> Recovery::take(net::Shard& shard, const std::string& pid) {
  Part& part = *parts_[shard.index()];
  if (const auto connected = part.connected.find(pid); connected != part.connected.end()) connected->second->give_up();
  const auto lost = part.lost.find(pid);
  if (lost == part.lost.end()) return std::nullopt;
  Recoverable::State state = std::move(lost->second->state);
  part.lost.erase(lost);
  tell_waiting(-1);
  return state;
}

std::optional<Restored> Recovery::hand_over(net::Shard& shard, const std::string& pid, const std::optional<std::string>& offset,
                                            bool settled) {
  auto state = take(shard, pid);
  if (!state) return std::nullopt;
  RecoveryLog& log = parts_[shard.index()]->log;
  log.expire(shard.clock().now());
  auto items = missed(log, *state, offset);
  if (items && settled) RecoveryLog::settle(*items);
  if (!items || is_too_much(*items)) {
    tell_home_gone(shard, pid);
    return std::nullopt;
  }
  return Restored{.sid = std::move(state->sid),
                  .pid = pid,
                  .rooms = std::move(state->rooms),
                  .data = std::move(state->data),
                  .missed = std::move(*items),
                  .seen = unite(std::move(state->seen), log.seen()),
                  .spared = std::move(state->spared),
                  .foreign = std::move(state->foreign),
                  .former = std::move(state->former),
                  .hold = std::move(state->hold)};
}

bool Recovery::is_too_much(const std::vector<RecoveryLog::Item>& items) const {
  std::size_t octets = 0;
  for (const auto& item : items) octets += item.message->websocket_frames().size();
  return octets > options_.max_replay;
}

/// What was said to the client after `offset`, the last that it heard; none when that cannot be known any more.
std::optional<std::vector<RecoveryLog::Item>> Recovery::missed(const RecoveryLog& log, Recoverable::State& state,
                                                               const std::optional<std::string>& offset) const {
  // A client that has heard nothing on this connection may name no offset.
  auto from = offset ? skip_heard(log, state, *offset) : before_all(state);
  if (!from) return std::nullopt;
  std::vector<RecoveryLog::Item> items = std::move(state.replayed);
  const bool forgotten = std::any_of(items.begin(), items.end(), [](const auto& item) { return !item.message; });
  // Nothing between the last that it was sent and the loss of its connection was for it.
  if (*from > state.heard.last_delivered) from = std::max(*from, state.disconnected_at);
  if (forgotten || *from < log.begin()) return std::nullopt;
  auto rooms = state.rooms;
  rooms.push_back(state.sid);
  for (auto& item : log.collect(*from, rooms)) {
    const bool told_elsewhere = contains(state.seen, item.offset);
    if (!told_elsewhere) items.push_back(std::move(item));
  }
  return items;
}

/// Where the log goes on after what the client has heard, which is taken out of `state.replayed`; none when that is unknown.
std::optional<RecoveryLog::Position> Recovery::skip_heard(const RecoveryLog& log, Recoverable::State& state,
                                                          std::string_view offset) const {
  if (offset == state.foreign) return before_all(state);
  auto& replayed = state.replayed;
  const auto last = offset.starts_with(epoch_) ? parse_offset(offset.substr(epoch_.size())) : std::nullopt;
  if (last) {
    const auto told_again =
        std::find_if(replayed.begin(), replayed.end(), [&](const auto& item) { return item.offset == *last; });
    if (told_again != replayed.end()) {
      replayed.erase(replayed.begin(), told_again + 1);
      return before_all(state);
    }
    // Of the time before: nothing of this connection has arrived.
    if (contains(state.seen, *last)) return before_all(state);
    const RecoveryLog::Heard& heard = state.heard;
    if (last == heard.last || last == heard.fleeting) {
      replayed.clear();
      return last == heard.last ? heard.last_delivered + 1 : heard.fleeting_at;
    }
    if (const auto after = log.after(*last)) {
      if (*after <= heard.connected_at) return before_all(state);
      replayed.clear();
      return *after > heard.fleeting_at ? after : std::nullopt;
    }
  }
  // Whatever it is, it is of an earlier time than this connection, if nothing was said on that.
  const bool silent = state.heard.last_delivered == 0 && replayed.empty();
  return silent ? before_all(state) : std::nullopt;
}

/// Where to begin for who has heard nothing that was said on the connection itself. None: something that is not kept.
std::optional<RecoveryLog::Position> Recovery::before_all(const Recoverable::State& state) {
  return state.heard.fleeting ? std::nullopt : std::optional(state.heard.connected_at);
}

}  // namespace atrium::socketio
