#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "storage/ids.h"

namespace atrium::chat {

/// What lately happened in one workspace, numbered, so that a reader who comes again takes up where it left off. A pure value.
class ActivityLog final {
 public:
  struct Entry {
    std::uint64_t number;
    storage::ChannelId channel;
    /// Who may know of it; null: everybody in the workspace.
    std::shared_ptr<const std::set<storage::UserId>> audience;
    std::shared_ptr<const std::string> frame;  ///< as it stands on the wire
  };

  /// `epoch` tells this log from any before it. At most `bound` entries are kept.
  explicit ActivityLog(std::string epoch, std::size_t bound = kBound) : epoch_(std::move(epoch)), bound_(bound) {}

  /// The id of the entry that append() makes next.
  std::string next_id() const { return id_of(last_ + 1); }
  std::string last_id() const { return id_of(last_); }
  const Entry& append(storage::ChannelId channel, std::shared_ptr<const std::set<storage::UserId>> audience,
                      std::shared_ptr<const std::string> frame);
  /// What came after the entry of that id, which must be one of this log's; none when that is not known, or no more.
  std::optional<std::vector<Entry>> after(std::string_view id) const;

  static constexpr std::size_t kBound = 1000;

 private:
  std::string id_of(std::uint64_t number) const { return epoch_ + "-" + std::to_string(number); }

  std::string epoch_;
  std::size_t bound_;
  std::uint64_t last_ = 0;
  std::deque<Entry> entries_;
};

}  // namespace atrium::chat
