#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/task.h"
#include "storage/ids.h"

namespace atrium::storage {

struct LastSeen {
  UserId user;
  WallTime at{};
  bool operator==(const LastSeen&) const = default;
};

/// How a user wants to be shown, whether he is connected or not.
struct ChosenStatus {
  UserId user;
  std::string status;             ///< empty: as he is
  std::optional<WallTime> until;  ///< none: until he chooses anew
  bool operator==(const ChosenStatus&) const = default;
};

/// What is known of users while they are away. Awaited on a shard and resumed there; throws StoreUnavailable.
class PresenceStore {
 public:
  virtual ~PresenceStore() = default;

  /// All in one commit. A later time than the stored one wins.
  virtual Task<std::size_t> save_last_seen(std::vector<LastSeen> users) = 0;
  /// Without those who were never seen.
  virtual Task<std::map<UserId, WallTime>> last_seen(std::vector<UserId> users) = 0;
  virtual Task<bool> choose(ChosenStatus choice) = 0;
  /// All choices that are in force at `now`.
  virtual Task<std::vector<ChosenStatus>> choices(WallTime now) = 0;
};

}  // namespace atrium::storage
