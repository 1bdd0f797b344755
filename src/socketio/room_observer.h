#pragma once

#include <string>

namespace atrium::socketio {

/// What a change of its members means for a room.
enum class Occupancy {
  first,  ///< the room came into being
  last,   ///< the room is empty now, and no more
  among_others,
};

/// What a room index tells of its rooms, on its shard, when the change has been made.
class RoomObserver {
 public:
  virtual ~RoomObserver() = default;
  /// `socket` is the id of the member; `room` may be that id, the room of its own that every socket has.
  virtual void on_join(const std::string& room, const std::string& socket, Occupancy occupancy) = 0;
  virtual void on_leave(const std::string& room, const std::string& socket, Occupancy occupancy) = 0;
};

}  // namespace atrium::socketio
