#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

#include "admin/options.h"
#include "base/unique_function.h"
#include "net/shard.h"

namespace atrium::admin {

/// Checks passwords, which blocks, on a thread of its own, one after another. After a wrong one it rests as long as that took:
/// whoever guesses gets half of one core at most. Destroyed before the shards that ask it.
class PasswordChecker final {
 public:
  using Verdict = UniqueFunction<void(bool)>;
  static constexpr std::size_t kMaxWaiting = 4;

  explicit PasswordChecker(PasswordCheck check);
  ~PasswordChecker();

  /// On a shard, where `verdict` comes later. False when too many wait; then no verdict comes.
  bool ask(std::string username, std::string password, Verdict verdict);

 private:
  struct Question {
    std::string username;
    std::string password;
    Verdict verdict;
    net::Shard* asker;
  };

  void work(const std::stop_token& stop);
  bool is_right(const Question& question) const;

  const PasswordCheck check_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Question> waiting_;  ///< guarded by mutex_
  std::jthread thread_;           ///< last: it uses all of the above
};

}  // namespace atrium::admin
