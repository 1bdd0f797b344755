#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/unique_function.h"
#include "net/deadline_queue.h"
#include "net/shard_set.h"
#include "socketio/handed_over.h"
#include "socketio/packet.h"
#include "socketio/recovery_log.h"

namespace atrium::socketio {

/// Connection state recovery, with the official names and defaults; the bounds are ours.
struct RecoveryOptions {
  Duration max_disconnection_duration = std::chrono::minutes(2);
  bool skip_middlewares = true;         ///< whoever comes back in time is not judged again
  std::size_t max_octets = 16'777'216;  ///< of events that each shard keeps for a namespace
  std::size_t max_replay = 1'048'576;   ///< octets that one client may be told at once; who missed more begins anew
  std::size_t max_sessions = 100'000;   ///< lost clients that each shard waits for in a namespace
};

/// What a lost client finds again.
struct Restored {
  std::string sid;
  std::string pid;
  std::vector<std::string> rooms;  ///< without the one that is the id
  json::object data;
  std::vector<RecoveryLog::Item> missed;
  RecoveryLog::Seen seen;                   ///< what the shards that it came from had told it, or put into `missed`
  std::set<std::uint64_t> spared = {};      ///< see Recoverable::State
  std::optional<std::string> foreign = {};  ///< see Recoverable::State
  std::vector<std::string> former = {};     ///< see Recoverable::State
  std::shared_ptr<const void> hold = {};    ///< see Recoverable::State

  /// It is in that room no more, and was not lately, and is told nothing of what was said there.
  void leave(const std::string& room);
};

/// What a recoverable socket is to its shard as long as it is connected.
class Recoverable {
 public:
  virtual ~Recoverable() = default;
  /// What there is to hand over.
  struct State {
    std::string sid;
    std::vector<std::string> rooms;
    json::object data;
    /// What it was told when it was itself recovered. When that is too old to be kept, only the last, without its message.
    std::vector<RecoveryLog::Item> replayed;
    RecoveryLog::Heard heard;
    RecoveryLog::Position disconnected_at = 0;
    RecoveryLog::Seen seen = {};          ///< of a recovered client: what it had been told elsewhere
    std::set<std::uint64_t> spared = {};  ///< episodes whose beginning it was not told, because it was behind
    /// The offset with which it came from another server: by that name it has heard nothing here.
    std::optional<std::string> foreign = {};
    /// Rooms of another server, in which it heard `replayed` and is here not yet.
    std::vector<std::string> former = {};
    /// As long as it is there this server hears what others say in the rooms, see Adapter::hold().
    std::shared_ptr<const void> hold = {};
  };
  /// Another connection of the same client has come: this one is over. It disconnects as one whose transport was lost, and is
  /// saved before this returns.
  virtual void give_up() = 0;
};

/// Brings lost clients back to where they were: one for each namespace, with a part on each shard. A client is known by its
/// private id, whose first octet names the shard that keeps track of where it is; that one asks the shard where the client
/// was last, which hands everything over, once. So no two connections ever hold the same client.
/// Shared, because what is posted may outlive a namespace that goes while the server runs.
class Recovery final : public std::enable_shared_from_this<Recovery> {
 public:
  Recovery(net::ShardSet& shards, RecoveryOptions options);
  ~Recovery();

  const RecoveryOptions& options() const { return options_; }
  /// What a client is given as the offset. No other server, and no other namespace, gives the same.
  std::string to_word(const Offset& offset) const { return epoch_ + to_string(offset); }
  /// Asks other servers for a client that nobody here knows, or not well enough. `found` is to come on `shard`, once.
  using Seek = std::function<void(net::Shard& shard, const std::string& pid, const std::optional<std::string>& offset,
                                  UniqueFunction<void(std::optional<HandedOver>)> found)>;
  /// Before any client.
  void seek_elsewhere(Seek seek) { elsewhere_ = std::move(seek); }
  /// Empty: there are no others.
  const Seek& elsewhere() const { return elsewhere_; }
  /// `told` hears of +1 for each lost client that is waited for, and of -1 when it is no more, on its shard. Before any client.
  void on_waiting(std::function<void(int change)> told) { on_waiting_ = std::move(told); }

  // On the calling shard.
  /// The offset of the next event that this shard says to everybody, or to one socket of its own.
  Offset next_broadcast(const net::Shard& shard);
  Offset next_whisper(const net::Shard& shard);
  RecoveryLog& log(const net::Shard& shard);
  /// A socket has connected under `pid`. Both are borrowed until forget() or save().
  void remember(net::Shard& shard, std::string_view pid, Recoverable& socket);
  /// It left for good.
  void forget(net::Shard& shard, const std::string& pid);
  /// Its connection was lost.
  void save(net::Shard& shard, const std::string& pid, Recoverable::State state);

  using Callback = UniqueFunction<void(std::optional<Restored>)>;
  /// What was kept for `pid` by whichever shard. `callback` comes on `shard`, with none when it is too late, when nobody of
  /// that name is known, or when what was missed is no longer whole.
  void restore(net::Shard& shard, std::string pid, std::optional<std::string> offset, Callback callback);
  /// What is known of a lost client.
  struct Known {
    std::string sid;
    std::vector<std::string> rooms;
    json::object data;
  };
  /// The client `pid` is about to go to another server, so its connection is closed here, if it stands. `told` comes on
  /// `shard`; none: nobody of that name is known.
  void find(net::Shard& shard, std::string pid, UniqueFunction<void(std::optional<Known>)> told);
  /// Lets the client go to another server, with all that it missed: unsettled. Otherwise as restore().
  void give_away(net::Shard& shard, std::string pid, std::optional<std::string> offset, Callback callback);
  /// The client, whom another server has given away, is `shard`'s from now on, as one that is being restored. False: it has
  /// missed too much.
  bool take_over(const net::Shard& shard, Restored& restored);
  /// Adds to `restored`, which another server has given away, what was said to its rooms besides all that is in `seen`. False
  /// when that is unknown.
  bool catch_up_with(const net::Shard& shard, Restored& restored, RecoveryLog::Seen seen) const;
  /// How many lost clients are waited for. Any thread.
  std::size_t waiting() const { return waiting_; }
  /// Any thread. Whoever is lost from now on is one whom this server has sent away.
  void send_away() { sending_away_ = true; }
  /// Of those, how many no other server has fetched yet, the ones included that are just being given away. Any thread.
  std::size_t unfetched() const { return sent_away_ + giving_; }
  /// Adds to `restored` what `shard` has said since. False when that is no longer known, or too much.
  bool catch_up(const net::Shard& shard, Restored& restored) const;
  /// The client that was to be restored on `shard` has gone again before it could be.
  void put_back(net::Shard& shard, Restored restored);
  /// The client that was to be restored on `shard` is not.
  void abandon(const net::Shard& shard, const std::string& pid) { tell_home_gone(shard, pid); }

 private:
  struct Saved;
  struct Part;

  void keep(net::Shard& shard, const std::string& pid, Recoverable::State state);
  void restore_from(net::Shard& owner, const std::string& pid, const std::optional<std::string>& offset, net::Shard& asker,
                    Callback callback);
  void set_owner(const std::string& pid, const net::Shard& owner);
  /// `act(net::Shard& owner)` on the shard where the client was last, as far as that is known; false: it can be nobody's.
  template <class Act>
  bool at_owner(const std::string& pid, Act act);
  std::optional<Restored> hand_over(net::Shard& shard, const std::string& pid, const std::optional<std::string>& offset,
                                    bool settled);
  std::optional<Recoverable::State> take(net::Shard& shard, const std::string& pid);
  std::optional<std::vector<RecoveryLog::Item>> missed(const RecoveryLog& log, Recoverable::State& state,
                                                       const std::optional<std::string>& offset) const;
  std::optional<RecoveryLog::Position> skip_heard(const RecoveryLog& log, Recoverable::State& state,
                                                  std::string_view offset) const;
  static std::optional<RecoveryLog::Position> before_all(const Recoverable::State& state);
  bool is_too_much(const std::vector<RecoveryLog::Item>& items) const;
  void tell_waiting(int change);
  net::Shard* home_of(const std::string& pid);
  void tell_home_gone(const net::Shard& from, const std::string& pid);

  net::ShardSet& shards_;
  const RecoveryOptions options_;
  const std::string epoch_;
  Seek elsewhere_;
  std::function<void(int change)> on_waiting_;
  std::atomic<std::size_t> waiting_ = 0;
  std::atomic<std::size_t> giving_ = 0;
  std::atomic<bool> sending_away_ = false;
  std::atomic<std::size_t> sent_away_ = 0;
  std::vector<std::unique_ptr<Part>> parts_;  ///< one a shard
};

}  // namespace atrium::socketio
