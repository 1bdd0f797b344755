#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <utility>

namespace atrium {

/// What was used lately, by key. A pure value in two generations: what is used goes into the younger one, and when that holds
/// `most` entries, the older one is forgotten and the younger takes its place. So it never holds more than `2 * most`, and
/// forgets nothing that was used among the last `most` entries.
template <class Value>
class RecentMap final {
 public:
  explicit RecentMap(std::size_t most) : most_(most) {}

  /// Null when it is not known, or not any more. The answer is good until the next call.
  Value* find(const std::string& key) {
    if (const auto found = recent_.find(key); found != recent_.end()) return &found->second;
    auto old = older_.extract(key);
    if (old.empty()) return nullptr;
    make_room();
    return &recent_.insert(std::move(old)).position->second;
  }
  /// In the place of what was there under this key. The answer is good until the next call.
  Value& put(const std::string& key, Value value) {
    older_.erase(key);
    if (!recent_.contains(key)) make_room();
    return recent_.insert_or_assign(key, std::move(value)).first->second;
  }
  /// Forgets what was not used since the last turn.
  void turn() { older_ = std::exchange(recent_, {}); }

  std::size_t size() const { return recent_.size() + older_.size(); }

 private:
  void make_room() {
    if (recent_.size() >= most_) turn();
  }

  const std::size_t most_;
  std::unordered_map<std::string, Value> recent_;
  std::unordered_map<std::string, Value> older_;
};

}  // namespace atrium
