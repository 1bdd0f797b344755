#pragma once

#include <cstddef>

#include "base/task.h"

namespace atrium::storage {

/// An open database below the stores, of whatever kind. Used from any shard; outlives the coroutines that wait for it, and
/// is closed before the shards are destroyed.
class Engine {
 public:
  virtual ~Engine() = default;

  /// How many changes wait. Any thread.
  virtual std::size_t waiting() const = 0;
  /// What the database needs from time to time while it is in use. False: there was nothing to do. Throws StoreUnavailable.
  virtual Task<bool> tidy() = 0;
  /// Finishes what was accepted and closes the connections; blocks meanwhile. A closed engine refuses.
  virtual void close() = 0;
};

}  // namespace atrium::storage
