#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "socketio/audience.h"
#include "socketio/receiver.h"
#include "socketio/room_observer.h"

namespace atrium::socketio {

/// Who is in which room, for one namespace on one shard; needs no lock. Every member is also reached by its id, as if that
/// were a room of its own. A room exists while somebody is in it.
class RoomIndex final {
  struct Room;
  struct Place {
    Room* room;
    std::size_t slot;
  };

 public:
  /// A receiver's card in the index. Owned by the receiver, which must be removed before it goes.
  class Member final {
   public:
    explicit Member(Receiver& receiver) : receiver_(receiver) {}
    Member(const Member&) = delete;

   private:
    friend class RoomIndex;
    Receiver& receiver_;
    std::vector<Place> places_;
    std::size_t slot_ = 0;    ///< in everybody_
    std::uint64_t seen_ = 0;  ///< the last walk that met it
  };

  RoomIndex();
  ~RoomIndex();

  void add(Member& member);
  void remove(Member& member);
  /// False when it already is in the room.
  bool join(Member& member, const std::string& room);
  /// False when it was not in the room.
  bool leave(Member& member, std::string_view room);
  /// Rooms that were joined, without the one that is the id.
  std::vector<std::string> rooms_of(const Member& member) const;

  std::size_t size() const { return everybody_.size(); }
  std::size_t room_count() const { return rooms_.size(); }

  /// Calls `visit(Receiver&)` once for each of the audience. `visit` must not change the index.
  template <class Visit>
  void each(const Audience& audience, Visit&& visit) {
    ++walk_;
    const auto first_time = [this](Member& member) { return std::exchange(member.seen_, walk_) != walk_; };
    for (const auto& name : audience.except) each_in(name, first_time);
    if (audience.rooms.empty()) {
      for (Member* member : everybody_) {
        if (first_time(*member)) visit(member->receiver_);
      }
    }
    for (const auto& name : audience.rooms) {
      each_in(name, [&](Member& member) {
        if (first_time(member)) visit(member.receiver_);
      });
    }
  }
  /// The same, collected, for what does change the index.
  std::vector<Receiver*> collect(const Audience& audience);
  /// The member of that id; null when there is none.
  Receiver* find(std::string_view id) const;
  /// The names of the rooms that somebody is in.
  std::vector<std::string> rooms() const;

  /// `observer` is told of every change from now on; it outlives this, or is null.
  void observe(RoomObserver* observer) { observer_ = observer; }

 private:
  struct Room {
    std::string name;
    std::vector<Member*> members;
  };

  template <class Visit>
  void each_in(std::string_view name, Visit&& visit) {
    if (const auto room = rooms_.find(name); room != rooms_.end()) {
      for (Member* member : room->second->members) visit(*member);
    }
    if (const auto member = by_id_.find(name); member != by_id_.end()) visit(*member->second);
  }
  void take_out(Member& member, std::size_t place);

  std::unordered_map<std::string_view, std::unique_ptr<Room>> rooms_;  ///< keys lie in the rooms
  std::unordered_map<std::string_view, Member*> by_id_;                ///< keys lie in the receivers
  std::vector<Member*> everybody_;
  std::uint64_t walk_ = 0;
  RoomObserver* observer_ = nullptr;
};

}  // namespace atrium::socketio
