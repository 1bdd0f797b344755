#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "engineio/shared_message.h"
#include "socketio/audience.h"
#include "socketio/episode.h"
#include "socketio/offset.h"

namespace atrium::socketio {

/// What one shard has lately said in one namespace, in the order in which its sockets heard it, so that a client which lost
/// its connection can be told what it missed. Pure: time comes as an argument. On its shard.
///
/// Every shard is two origins: one of its broadcasts, which every shard hears, and one of what it says to single sockets of its
/// own, which no other hears. Those of other servers are origins too, which all shards hear alike. The numbers of one origin
/// only grow, so `seen()`, the last number of each, says exactly which events this shard has had.
class RecoveryLog final {
 public:
  using Position = std::uint64_t;  ///< counts what was logged here

  struct Limits {
    Duration max_age;
    std::size_t max_octets;  ///< of messages that are kept, and what it takes to keep them
  };
  struct Item {
    Offset offset;
    engineio::SharedMessagePtr message;
    std::shared_ptr<const Audience> audience = nullptr;  ///< null: whoever has it
    std::optional<Episode> episode = {};
  };
  /// How far a client has been told what is said here.
  struct Heard {
    Position connected_at = 0;            ///< the end of the log when it joined
    Position last_delivered = 0;          ///< 0: nothing that is logged
    std::optional<Offset> last = {};      ///< the last that it was told, logged or not
    std::optional<Offset> fleeting = {};  ///< the last that it was told and that is not logged
    Position fleeting_at = 0;             ///< the end of the log at that moment
  };
  /// For each origin the last number that was heard from it; what is beyond its end, 0.
  using Seen = std::vector<std::uint64_t>;

  RecoveryLog(std::size_t shards, Limits limits)
      : shards_(shards), limits_(limits), origins_(first_foreign(shards)), seen_(first_foreign(shards)) {}

  /// The origin of what `shard` says to everybody, and of what it says to one socket.
  static std::uint32_t broadcasts_of(std::size_t shard) { return static_cast<std::uint32_t>(2 * shard); }
  static std::uint32_t whispers_of(std::size_t shard) { return static_cast<std::uint32_t>(2 * shard + 1); }
  /// That of what other servers said without a number: counted here, so nobody else knows which event it was.
  static std::uint32_t unnumbered(std::size_t shards) { return static_cast<std::uint32_t>(2 * shards); }
  /// From here on those of others who number what they say.
  static std::uint32_t first_foreign(std::size_t shards) { return unnumbered(shards) + 1; }
  bool is_whisper(std::uint32_t origin) const { return origin < 2 * shards_ && origin % 2 != 0; }

  /// Keeps `message` for those of `audience` who miss it. A null message is only remembered as a place: nobody is told later
  /// what was volatile, but a client may name it as the last that it heard. Returns its position.
  Position append(const Offset& offset, std::shared_ptr<const Audience> audience, engineio::SharedMessagePtr message,
                  TimePoint now, std::optional<Episode> episode = {});
  /// Forgets what is too old.
  void expire(TimePoint now);

  Position begin() const { return begin_; }                  ///< of the oldest that is kept
  Position end() const { return begin_ + entries_.size(); }  ///< of the next that will come
  std::size_t octets() const { return octets_; }
  const Seen& seen() const { return seen_; }

  /// Where to go on after the event of that offset; 0 when that was too long ago to be kept. None: never heard of it.
  std::optional<Position> after(const Offset& offset) const;
  /// What a member of `rooms` heard from `from` on.
  std::vector<Item> collect(Position from, const std::vector<std::string>& rooms) const;
  /// The broadcasts that a member of `rooms` heard here and that a shard which had `seen` has not; none when something which
  /// that shard has not is kept no more.
  std::optional<std::vector<Item>> collect_unseen(const Seen& seen, const std::vector<std::string>& rooms) const;
  /// The same for a client of another server, of which `seen` tells what it had heard; so nothing that was for the sockets of
  /// this server alone. None also when something was lately dropped for want of room: that one may not have heard it yet.
  std::optional<std::vector<Item>> collect_unheard(const Seen& seen, const std::vector<std::string>& rooms,
                                                   TimePoint now) const;

  /// Takes out what is of no use any more to somebody who has missed all of `items`, see Episode.
  static void settle(std::vector<Item>& items);
  /// Takes out what was not meant for a member of `rooms`.
  static void keep_for(const std::vector<std::string>& rooms, std::vector<Item>& items);

 private:
  struct Entry {
    Offset offset;
    TimePoint time;
    std::shared_ptr<const Audience> audience;
    engineio::SharedMessagePtr message;
    std::optional<Episode> episode;
  };

  const Entry& at(Position position) const { return entries_[position - begin_]; }
  struct Origin {
    std::deque<Position> places;  ///< where its events stand
    std::uint64_t dropped = 0;    ///< the last that is kept no more
  };

  static std::size_t weight(const Entry& entry);
  static std::uint64_t last_of(const Seen& seen, std::size_t origin) { return origin < seen.size() ? seen[origin] : 0; }
  std::vector<Item> collect_after(const Seen& seen, const std::vector<std::string>& rooms) const;
  void drop_oldest();

  const std::size_t shards_;
  const Limits limits_;
  std::deque<Entry> entries_;
  Position begin_ = 1;  ///< so that 0 is before everything
  std::size_t octets_ = 0;
  TimePoint dropped_at_ = TimePoint::min();  ///< when the last that is kept no more was said
  std::vector<Origin> origins_;
  Seen seen_;
};

}  // namespace atrium::socketio
