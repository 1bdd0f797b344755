#include "socketio/recovery.h"

#include "base/random_id.h"

namespace atrium::socketio {

/// A client whose connection was lost.
struct Recovery::Saved {
  Saved(Recoverable::State kept, UniqueFunction<void()> on_expiry) : state(std::move(kept)), expiry(std::move(on_expiry)) {}
  Recoverable::State state;
  net::Deadline expiry;
};

struct Recovery::Part {
  Part(std::size_t origins, RecoveryLog::Limits limits) : log(origins, limits) {}
  RecoveryLog log;
  std::uint64_t last_number = 0;
  std::unordered_map<std::string, Recoverable*> connected;
  std::unordered_map<std::string, std::unique_ptr<Saved>> lost;
  std::unordered_map<std::string, net::Shard*> moved;  ///< those whose home this is and who are on another shard
};

Recovery::Recovery(net::ShardSet& shards, RecoveryOptions options) : shards_(shards), options_(options) {
  const RecoveryLog::Limits limits{.max_age = options_.max_disconnection_duration, .max_octets = options_.max_octets};
  for (std::size_t i = 0; i < shards_.size(); ++i) parts_.push_back(std::make_unique<Part>(shards_.size(), limits));
}

Recovery::~Recovery() = default;

Offset Recovery::next(const net::Shard& shard) { return {shard.index(), ++parts_[shard.index()]->last_number}; }

RecoveryLog& Recovery::log(const net::Shard& shard) { return parts_[shard.index()]->log; }

void Recovery::remember(net::Shard& shard, const std::string& pid, Recoverable& socket) {
  parts_[shard.index()]->connected[pid] = &socket;
}

void Recovery::forget(net::Shard& shard, const std::string& pid) {
  if (parts_[shard.index()]->connected.erase(pid) > 0) tell_home_gone(shard, pid);
}

void Recovery::save(net::Shard& shard, const std::string& pid, Recoverable::State state) {
  if (parts_[shard.index()]->connected.erase(pid) > 0) keep(shard, pid, std::move(state));  // else handed over already
}

void Recovery::put_back(net::Shard& shard, Restored restored) {
  RecoveryLog& log = parts_[shard.index()]->log;
  auto rooms = restored.rooms;
  rooms.push_back(restored.sid);
  for (auto& item : log.collect_unseen(restored.seen, rooms)) restored.missed.push_back(std::move(item));
  keep(shard, restored.pid,
       {.sid = std::move(restored.sid),
        .rooms = std::move(restored.rooms),
        .data = std::move(restored.data),
        .replayed = std::move(restored.missed),
        .connected_at = log.end(),
        .last_delivered = 0,
        .disconnected_at = log.end(),
        .last_offset = {},
        .seen = std::move(restored.seen)});
}

void Recovery::keep(net::Shard& shard, const std::string& pid, Recoverable::State state) {
  Part& part = *parts_[shard.index()];
  if (part.lost.size() >= options_.max_sessions) return tell_home_gone(shard, pid);
  auto saved = std::make_unique<Saved>(std::move(state), [this, &shard, pid = pid] {
    const auto gone = parts_[shard.index()]->lost.extract(pid);
    tell_home_gone(shard, pid);
  });
  shard.deadlines().arm(saved->expiry, options_.max_disconnection_duration);
  part.lost[pid] = std::move(saved);
}

net::Shard* Recovery::home_of(const std::string& pid) {
  const auto index = first_octet_of(pid);
  return index && *index < shards_.size() ? &shards_[*index] : nullptr;
}

void Recovery::tell_home_gone(const net::Shard& from, const std::string& pid) {
  net::Shard* home = home_of(pid);
  if (!home || home == &from) return;
  home->post([this, home, pid, from = &from] {
    auto& moved = parts_[home->index()]->moved;
    if (const auto found = moved.find(pid); found != moved.end() && found->second == from) moved.erase(found);
  });
}

void Recovery::restore(net::Shard& shard, std::string pid, std::optional<std::string> offset, Callback callback) {
  net::Shard* home = home_of(pid);
  if (!home) return callback(std::nullopt);
  home->dispatch(
      [this, pid = std::move(pid), offset = std::move(offset), home, asker = &shard, callback = std::move(callback)]() mutable {
        restore_at_home(pid, std::move(offset), *home, *asker, std::move(callback));
      });
}

void Recovery::restore_at_home(const std::string& pid, std::optional<std::string> offset, net::Shard& home, net::Shard& asker,
                               Callback callback) {
  const auto& moved = parts_[home.index()]->moved;
  const auto elsewhere = moved.find(pid);
  net::Shard& owner = elsewhere == moved.end() ? home : *elsewhere->second;
  owner.dispatch([this, pid, offset = std::move(offset), &home, &owner, &asker, callback = std::move(callback)]() mutable {
    auto restored = hand_over(owner, pid, offset);
    if (restored) {
      // Known at home before the client can come again: from now on it is the asker's.
      home.dispatch([this, pid, &home, &asker] {
        auto& table = parts_[home.index()]->moved;
        if (&home == &asker) {
          table.erase(pid);
        } else {
          table[pid] = &asker;
        }
      });
    }
    asker.dispatch(
        [restored = std::move(restored), callback = std::move(callback)]() mutable { callback(std::move(restored)); });
  });
}

std::optional<Restored> Recovery::hand_over(net::Shard& shard, const std::string& pid,
                                            const std::optional<std::string>& offset) {
  Part& part = *parts_[shard.index()];
  Recoverable::State state;
  if (const auto lost = part.lost.find(pid); lost != part.lost.end()) {
    state = std::move(lost->second->state);
    part.lost.erase(lost);
  } else if (const auto connected = part.connected.find(pid); connected != part.connected.end()) {
    Recoverable* const socket = connected->second;
    part.connected.erase(connected);
    state = socket->give_up();
  } else {
    return std::nullopt;
  }
  part.log.expire(shard.clock().now());
  auto items = missed(part.log, state, offset);
  if (!items) {
    tell_home_gone(shard, pid);
    return std::nullopt;
  }
  std::size_t octets = 0;
  for (const auto& item : *items) octets += item.message->websocket_frames().size();
  if (octets > options_.max_replay) {
    tell_home_gone(shard, pid);
    return std::nullopt;
  }
  return Restored{.sid = std::move(state.sid),
                  .pid = pid,
                  .rooms = std::move(state.rooms),
                  .data = std::move(state.data),
                  .missed = std::move(*items),
                  .seen = part.log.seen()};
}

/// What was said to the client after `offset`, the last that it heard; none when that cannot be known any more.
std::optional<std::vector<RecoveryLog::Item>> Recovery::missed(const RecoveryLog& log, const Recoverable::State& state,
                                                               const std::optional<std::string>& offset) const {
  std::vector<RecoveryLog::Item> items = state.replayed;
  // A client that has heard nothing on this connection names no offset, or one from a connection before.
  RecoveryLog::Position from = state.connected_at;
  const auto last = offset ? parse_offset(*offset) : std::nullopt;
  if (offset && !last) return std::nullopt;
  if (last) {
    const auto replayed = std::find_if(items.begin(), items.end(), [&](const auto& item) { return item.offset == *last; });
    if (replayed != items.end()) {
      items.erase(items.begin(), replayed + 1);
    } else if (last == state.last_offset) {
      items.clear();
      from = state.last_delivered + 1;
    } else if (const auto after = log.after(*last); !after) {
      return std::nullopt;
    } else if (*after > state.connected_at) {
      items.clear();
      from = *after;
    }
  }
  // Nothing between the last that it was sent and the loss of its connection was for it.
  if (from > state.last_delivered) from = std::max(from, state.disconnected_at);
  if (from < log.begin()) return std::nullopt;
  auto rooms = state.rooms;
  rooms.push_back(state.sid);
  for (auto& item : log.collect(from, rooms)) {
    const bool told_elsewhere = item.offset.origin < state.seen.size() && item.offset.number <= state.seen[item.offset.origin];
    if (!told_elsewhere) items.push_back(std::move(item));
  }
  return items;
}

}  // namespace atrium::socketio
