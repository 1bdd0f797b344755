#pragma once

#include <deque>
#include <string>
#include <unordered_set>

#include "base/clock.h"

namespace atrium::admin {

/// Who has signed in, by ids that nobody can guess, so that a page that connects anew need not ask for the password again. On
/// one shard. When there are too many, the oldest is forgotten before its time.
class RememberedLogins final {
 public:
  static constexpr Duration kLifetime = std::chrono::hours(24);
  static constexpr std::size_t kMax = 1000;

  /// The id of a new login: 16 hexadecimal digits.
  std::string add(TimePoint now);
  bool knows(const std::string& id, TimePoint now);

 private:
  struct Login {
    std::string id;
    TimePoint until;
  };

  void forget_expired(TimePoint now);
  void forget_oldest();

  std::deque<Login> by_age_;
  std::unordered_set<std::string> ids_;
};

}  // namespace atrium::admin
