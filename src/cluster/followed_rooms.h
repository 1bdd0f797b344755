#pragma once

#include <functional>
#include <string>
#include <unordered_map>

namespace atrium::cluster {

/// The rooms of one namespace in which this node wants to hear what others say: somebody is there, or was and may come back.
/// On the bus's shard.
class FollowedRooms final {
 public:
  /// `told`: of each room that is wanted from now on, or no more.
  explicit FollowedRooms(std::function<void(const std::string& room, bool wanted)> told) : told_(std::move(told)) {}

  /// One reason more for it.
  void want(const std::string& room) {
    if (++reasons_[room] == 1) told_(room, true);
  }
  /// One that there was is no more.
  void give_up(const std::string& room) {
    const auto found = reasons_.find(room);
    if (found == reasons_.end() || --found->second > 0) return;
    reasons_.erase(found);
    told_(room, false);
  }

 private:
  const std::function<void(const std::string& room, bool wanted)> told_;
  std::unordered_map<std::string, std::size_t> reasons_;
};

}  // namespace atrium::cluster
