#pragma once

#include <memory>
#include <optional>
#include <string>

#include "admin/options.h"
#include "admin/password_checker.h"
#include "admin/remembered_logins.h"
#include "net/shard_set.h"
#include "socketio/namespace.h"

namespace atrium::admin {

/// Judges who may come into the admin namespace: by username and password, or by the id of an earlier login, which it hands
/// out as the event `session`. What it knows lives on the first shard; any shard asks there.
class Gate final {
 public:
  /// Throws std::invalid_argument when `auth` is empty or makes no sense. `shards` outlives it.
  Gate(net::ShardSet& shards, Auth auth);

  /// Before the server starts. Outlives the run of `nsp`.
  void guard(socketio::Namespace& nsp);

 private:
  struct Visitor {
    std::shared_ptr<socketio::Socket> socket;
    socketio::Next next;
    std::optional<std::string> session;
    std::optional<std::string> username;
    std::optional<std::string> password;
  };

  void judge(Visitor visitor);
  void admit(Visitor visitor, std::optional<std::string> new_session);
  void refuse(Visitor visitor, const char* why);

  net::Shard& home_;
  std::unique_ptr<PasswordChecker> checker_;  ///< null: everybody may come in
  RememberedLogins logins_;                   ///< on home_
};

}  // namespace atrium::admin
