#pragma once

#include <optional>
#include <unordered_map>

#include "base/clock.h"
#include "storage/ids.h"

namespace atrium::chat {

/// The users whom nobody is to notice. Each shard has a copy, which the presence's owner keeps like its own. A pure value.
class HiddenUsers final {
 public:
  static constexpr TimePoint kForGood = TimePoint::max();

  /// None: he is not hidden.
  void set(const storage::UserId& user, std::optional<TimePoint> until) {
    if (until) {
      users_[user] = *until;
    } else {
      users_.erase(user);
    }
  }
  bool has(const storage::UserId& user, TimePoint now) const {
    const auto found = users_.find(user);
    return found != users_.end() && now < found->second;
  }
  /// He was hidden when that was said last, though his time may be over.
  bool knows(const storage::UserId& user) const { return users_.contains(user); }

 private:
  std::unordered_map<storage::UserId, TimePoint> users_;  ///< as many as have chosen it
};

}  // namespace atrium::chat
