#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "chat/socket_ref.h"
#include "storage/ids.h"

namespace atrium::chat {

/// Who is here, each user once over all his sockets, with a time of grace for those whose connection was lost and who may be
/// back in a moment. A pure value: time is an argument. Serves a channel as well as the whole server.
class Attendance final {
 public:
  enum class Arrival { first, back_in_time, one_more, known };
  enum class Departure { last, not_last, unknown };

  /// `known`: that socket is here already. Only `first` is news to others.
  Arrival arrive(const storage::UserId& user, const SocketRef& socket);
  /// Leaves on purpose: with the last socket the user is gone.
  Departure depart(const storage::UserId& user, const SocketRef& socket);
  /// The connection was lost: with the last socket the user stays until `until`.
  Departure lose(const storage::UserId& user, const SocketRef& socket, TimePoint until);
  /// The grace of `user`, if he has one, lasts no longer than until `until`. False: he has none.
  bool shorten(const storage::UserId& user, TimePoint until);
  /// The users whose grace is over at `now`. They are here until give_up().
  std::vector<storage::UserId> overdue(TimePoint now) const;
  /// Ends the grace of `user`: he is gone. False when he has none: he is here, or was not.
  bool give_up(const storage::UserId& user);
  /// Puts the user out with all his sockets, which are returned.
  std::set<SocketRef> remove(const storage::UserId& user);

  /// When somebody will be overdue.
  std::optional<TimePoint> next() const;
  bool has(const storage::UserId& user, const SocketRef& socket) const;
  bool has(const storage::UserId& user) const { return users_.contains(user); }
  const std::set<SocketRef>* sockets_of(const storage::UserId& user) const;
  std::vector<storage::UserId> users() const;
  std::size_t user_count() const { return users_.size(); }
  std::size_t socket_count() const { return socket_count_; }

 private:
  struct Presence {
    std::set<SocketRef> sockets;
    std::optional<TimePoint> grace;  ///< only when there are none
  };
  std::map<storage::UserId, Presence> users_;
  std::set<std::pair<TimePoint, storage::UserId>> waiting_;
  std::size_t socket_count_ = 0;
};

}  // namespace atrium::chat
