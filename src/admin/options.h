#pragma once

#include <functional>
#include <string>
#include <variant>

namespace atrium::admin {

/// Nobody is asked who they are. For a server that strangers cannot reach.
struct NoAuth {};

/// The one account that may come in.
struct BasicAuth {
  std::string username;
  std::string password_hash;  ///< of bcrypt: "$2b$10$..." ("$2a$" and "$2y$" do too); `htpasswd -nB admin` makes one
};

/// Says whether somebody may come in. Called on a thread of its own, one call at a time, so it may block; an exception means
/// no.
using PasswordCheck = std::function<bool(const std::string& username, const std::string& password)>;

/// Must be chosen: an empty one is refused at start, so that no server is open by oversight.
using Auth = std::variant<std::monostate, NoAuth, BasicAuth, PasswordCheck>;

enum class Mode {
  development,  ///< every socket, room and event is told of: costs time and octets with each
  production,   ///< only figures by the second
};

struct Options {
  std::string namespace_name = "/admin";
  Auth auth = {};
  bool readonly = false;  ///< the page may look, and do nothing
  /// Tells the nodes of a cluster apart. Empty: the name of the host, and in a cluster the process's number: "host#123".
  std::string server_id = {};
  Mode mode = Mode::development;
};

}  // namespace atrium::admin
