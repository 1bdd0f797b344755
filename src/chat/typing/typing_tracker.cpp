#include "chat/typing/typing_tracker.h"

namespace atrium::chat {

bool TypingTracker::start(const Typist& typist, const SocketRef& socket, TimePoint now) {
  const auto found = typings_.find(typist.key);
  if (found != typings_.end()) {
    found->second.sockets.insert(socket);
    found->second.until = now + ttl_;
    return false;
  }
  if (!take_allowance(typist.key, now)) return false;
  typings_.emplace(typist.key, Typing{.typist = typist, .sockets = {socket}, .until = now + ttl_});
  return true;
}

bool TypingTracker::take_allowance(const std::string& key, TimePoint now) {
  Allowance& allowance = allowances_.try_emplace(key, Allowance{.left = kBurst, .since = now}).first->second;
  const auto refilled = (now - allowance.since) / kRefill;
  if (refilled > 0) {
    allowance.left = static_cast<int>(std::min<std::int64_t>(kBurst, allowance.left + refilled));
    allowance.since += refilled * kRefill;
  }
  if (allowance.left == 0) return false;
  --allowance.left;
  return true;
}

std::optional<Typist> TypingTracker::stop(const std::string& key, const SocketRef& socket) {
  const auto found = typings_.find(key);
  if (found == typings_.end()) return std::nullopt;
  found->second.sockets.erase(socket);
  if (!found->second.sockets.empty()) return std::nullopt;
  return clear(key);
}

std::optional<Typist> TypingTracker::clear(const std::string& key) {
  auto node = typings_.extract(key);
  if (node.empty()) return std::nullopt;
  return std::move(node.mapped().typist);
}

std::vector<Typist> TypingTracker::expire(TimePoint now) {
  std::vector<Typist> ended;
  std::erase_if(typings_, [&](auto& entry) {
    if (entry.second.until > now) return false;
    ended.push_back(std::move(entry.second.typist));
    return true;
  });
  return ended;
}

std::optional<TimePoint> TypingTracker::next() const {
  std::optional<TimePoint> earliest;
  for (const auto& [key, typing] : typings_) {
    if (!earliest || typing.until < *earliest) earliest = typing.until;
  }
  return earliest;
}

std::vector<Typist> TypingTracker::introduce(const SocketRef& socket, std::size_t limit) {
  std::vector<Typist> shown;
  for (auto& [key, typing] : typings_) {
    if (shown.size() < limit) {
      shown.push_back(typing.typist);
    } else {
      typing.typist.unaware.insert(socket);
    }
  }
  return shown;
}

std::vector<Typist> TypingTracker::dismiss(const SocketRef& socket) {
  std::vector<Typist> known;
  for (auto& [key, typing] : typings_) {
    if (typing.typist.unaware.erase(socket) == 0) known.push_back(typing.typist);
  }
  return known;
}

}  // namespace atrium::chat
