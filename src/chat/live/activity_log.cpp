#include "chat/live/activity_log.h"

#include <charconv>

namespace atrium::chat {

const ActivityLog::Entry& ActivityLog::append(storage::ChannelId channel,
                                              std::shared_ptr<const std::set<storage::UserId>> audience,
                                              std::shared_ptr<const std::string> frame) {
  if (entries_.size() == bound_) entries_.pop_front();
  return entries_.emplace_back(
      Entry{.number = ++last_, .channel = std::move(channel), .audience = std::move(audience), .frame = std::move(frame)});
}

std::optional<std::vector<ActivityLog::Entry>> ActivityLog::after(std::string_view id) const {
  if (!id.starts_with(epoch_) || id.substr(epoch_.size(), 1) != "-") return std::nullopt;
  id.remove_prefix(epoch_.size() + 1);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  if (error != std::errc() || end != id.data() + id.size() || number > last_) return std::nullopt;
  const std::uint64_t first_kept = last_ - entries_.size() + 1;
  if (number + 1 < first_kept) return std::nullopt;
  return std::vector<Entry>(entries_.begin() + static_cast<std::ptrdiff_t>(number + 1 - first_kept), entries_.end());
}

}  // namespace atrium::chat
