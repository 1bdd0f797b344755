#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/task.h"
#include "storage/records.h"

namespace atrium::storage {

/// The SHA-256 of a refresh token, as text. The token itself is stored nowhere.
using TokenHash = StringId<struct TokenHashTag>;

/// A sign-in, with all refresh tokens that follow from it (their family): each is exchanged once for the next one.
struct Session {
  SessionId id;
  UserId user;
  std::string device;   ///< how the client called itself, for people
  std::string address;  ///< where it came from
  WallTime created_at{};
  WallTime last_used_at{};
  WallTime expires_at{};
  bool operator==(const Session&) const = default;
};

/// What became of a refresh token that was to be exchanged.
struct Rotation {
  enum class Outcome : std::uint8_t {
    rotated,   ///< the next token counts from now on
    repeated,  ///< it was exchanged a moment ago, for the same next token: a client that asked twice
    reused,    ///< it was exchanged long ago, so two have it: the session is over
    expired,
    unknown,
  };
  Outcome outcome = Outcome::unknown;
  Session session = {};  ///< but for an unknown token
};

/// Who is signed in, where. Awaited on a shard and resumed there; throws StoreUnavailable. A session that has expired is as
/// good as none.
class SessionStore {
 public:
  /// How long a token that was exchanged may come again: answers get lost, and tabs ask at the same moment.
  static constexpr Duration kRepeatWindow = std::chrono::seconds(10);
  static constexpr std::size_t kMaxOfUser = 100;       ///< sessions; the longest unused one goes for a new one
  static constexpr std::uint64_t kMaxOfFamily = 1000;  ///< tokens that are remembered to notice reuse, the newest

  virtual ~SessionStore() = default;

  /// Begins a session with its first token, now, which is also the user's last login. Its times but the end are set here.
  /// The answer: those that had to go for it.
  virtual Task<std::vector<SessionId>> begin(Session session, TokenHash first) = 0;
  /// Exchanges `token` for `next`, which lasts until `expires_at`. All in one commit: of two that exchange the same token,
  /// the second finds it exchanged.
  virtual Task<Rotation> rotate(TokenHash token, TokenHash next, WallTime expires_at) = 0;
  /// The session that a token belongs to, whether it was exchanged or not.
  virtual Task<std::optional<Session>> find_by_token(TokenHash token) = 0;
  /// The last used first.
  virtual Task<std::vector<Session>> of_user(UserId user) = 0;

  /// False: the user has no such session.
  virtual Task<bool> end(UserId user, SessionId session) = 0;
  /// Those that were ended.
  virtual Task<std::vector<SessionId>> end_all(UserId user) = 0;
  /// How many there were.
  virtual Task<std::size_t> remove_expired() = 0;
};

}  // namespace atrium::storage
