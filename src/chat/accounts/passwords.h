#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "base/task.h"
#include "chat/failure.h"
#include "storage/worker_pool.h"

namespace atrium::chat {

/// Hashes and checks passwords (Argon2id), which costs tens of milliseconds and megabytes on purpose, on threads of its own.
/// Any shard; outlives the coroutines that wait for it, and is closed before the shards are destroyed.
class Passwords final {
 public:
  /// With so many waiting the next one is told to try again later: a flood of sign-ins does not pile up.
  static constexpr std::size_t kMaxWaiting = 64;

  enum class Match { right, wrong };

  Passwords();
  ~Passwords() { close(); }

  /// The hash with its salt and parameters, as text.
  Task<Outcome<std::string>> hash(std::string password);
  /// Without a hash it takes as long and says no: whoever asks cannot tell whether there is such an account.
  Task<Outcome<Match>> verify(std::string password, std::optional<std::string> hash);

  void close() { workers_.close(); }

 private:
  const std::string& hash_of_nobody();

  std::once_flag nobody_made_;
  std::string hash_of_nobody_;
  storage::WorkerPool workers_;  ///< last: it uses all of the above
};

}  // namespace atrium::chat
