#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "base/clock.h"
#include "storage/ids.h"

namespace atrium::chat {

/// How far the users of one channel have read, gathered so that others are told once in a while. A pure value: time is an
/// argument.
class ReceiptBatch final {
 public:
  using Receipts = std::map<storage::UserId, std::uint64_t>;

  void note(const storage::UserId& user, std::uint64_t seq);
  /// How long what there is has to wait yet; none when there is nothing.
  std::optional<Duration> wait(TimePoint now) const;
  /// Empties it, to be told at `now`.
  Receipts take(TimePoint now);

  static constexpr Duration kInterval = std::chrono::seconds(1);

 private:
  Receipts receipts_;
  std::optional<TimePoint> told_;
};

}  // namespace atrium::chat
