#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "chat/identity.h"
#include "chat/socket_ref.h"

namespace atrium::chat {

/// Somebody who types, as the others see him.
struct Typist {
  std::string key;  ///< one typing each: the user, or in the seed profile the socket
  storage::UserId user;
  std::string name;
  std::set<SocketRef> unaware = {};  ///< sockets that came later and were not shown this typing: they hear of no stop
};

/// Who types in one channel. A pure value that keeps the promise of one stop for every start: each verb tells whether the
/// others must hear of it, and starts and stops of a key alternate. Time is an argument.
class TypingTracker final {
 public:
  /// `ttl`: a typing that nobody refreshes or stops ends by itself.
  explicit TypingTracker(Duration ttl) : ttl_(ttl) {}

  /// True: a typing has begun, tell the others. False: it goes on, or starts come faster than one a second (after a burst
  /// of five) and this one is not taken.
  bool start(const Typist& typist, const SocketRef& socket, TimePoint now);
  /// That socket stops. The typing that has ended with it, if it was the last one: tell the others.
  std::optional<Typist> stop(const std::string& key, const SocketRef& socket);
  /// All sockets of `key` stop: a message was sent, or the user is put out.
  std::optional<Typist> clear(const std::string& key);
  /// `socket` has joined: the typings it is to be shown, `limit` at most. It stays unaware of the others.
  std::vector<Typist> introduce(const SocketRef& socket, std::size_t limit);
  /// `socket` has left: the typings it was aware of.
  std::vector<Typist> dismiss(const SocketRef& socket);
  /// Forgets how fast `key` was: it has left.
  void forget(const std::string& key) { allowances_.erase(key); }
  /// The typings whose time is up at `now`: tell the others.
  std::vector<Typist> expire(TimePoint now);

  std::optional<TimePoint> next() const;
  bool is_typing(const std::string& key) const { return typings_.contains(key); }
  std::size_t size() const { return typings_.size(); }

 private:
  static constexpr int kBurst = 5;
  static constexpr Duration kRefill = std::chrono::seconds(1);

  struct Typing {
    Typist typist;
    std::set<SocketRef> sockets;
    TimePoint until;
  };
  struct Allowance {
    int left = kBurst;
    TimePoint since{};
  };
  bool take_allowance(const std::string& key, TimePoint now);

  const Duration ttl_;
  std::map<std::string, Typing> typings_;
  std::map<std::string, Allowance> allowances_;
};

}  // namespace atrium::chat
