#pragma once

#include <cstdint>

namespace atrium::socketio {

/// Something that lasts, told by one event when it begins and by another when it ends: somebody is online, types, a message
/// stands. Said with an event for the sake of clients that hear late, or not all. Who is recovered and missed that a thing
/// began and that it ended, or the other way round, is told neither, and nobody is told how a thing changed that has ended
/// since. Beginnings and ends of one episode alternate for each client.
struct Episode {
  enum class Part : std::uint8_t {
    begin,
    change,
    again,  ///< it goes on: worth nothing to whoever is behind, or comes back later
    end,
  };

  std::uint64_t id = 0;  ///< the same for all parts, and no other's while it lasts
  Part part = Part::begin;
  /// Whoever is too far behind to be told the beginning is spared the rest, so a slow client misses the whole and never the
  /// half.
  bool spares = false;
};

}  // namespace atrium::socketio
