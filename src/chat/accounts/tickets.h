#pragma once

#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/clock.h"
#include "chat/accounts/token.h"

namespace atrium::chat {

/// Stand-ins for a token in a URL, where a browser's EventSource can put nothing else: each opens one stream, once, within a
/// minute. Any shard; lost with the process.
class Tickets final {
 public:
  static constexpr Duration kLifetime = std::chrono::seconds(60);
  static constexpr std::size_t kMax = 100'000;  ///< unused ones; the oldest goes for a new one

  std::string issue(Claims claims, TimePoint now);
  /// Whose it was; none when it is unknown, used, or too old.
  std::optional<Claims> redeem(const std::string& ticket, TimePoint now);

 private:
  struct Issued {
    Claims claims;
    TimePoint until;
  };
  void forget_old(TimePoint now);

  std::mutex mutex_;  ///< for a look into a table: nobody waits long
  std::unordered_map<std::string, Issued> issued_;
  std::deque<std::pair<TimePoint, std::string>> by_age_;  ///< used ones too, until their time
};

}  // namespace atrium::chat
