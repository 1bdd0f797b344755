#pragma once

#include <cstdint>

namespace atrium::socketio {

/// Something that lasts, told by one event when it begins and by another when it ends, such as a typing. Whoever is too far
/// behind to be told the beginning is spared the end, so a slow client misses the whole of it and never the half.
struct Episode {
  enum class Part {
    begin,
    again,  ///< it goes on: worth nothing to whoever is behind, or comes back later
    end,
  };

  std::uint64_t id = 0;  ///< the same for all parts, and no other's while it lasts
  Part part = Part::begin;
};

}  // namespace atrium::socketio
