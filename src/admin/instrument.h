#pragma once

#include <memory>

#include "admin/options.h"
#include "admin/traffic.h"
#include "base/task.h"
#include "socketio/server.h"

namespace atrium::admin {

/// START READING HERE. Lets the Socket.IO Admin UI look into a server (the server's side of @socket.io/admin-ui 0.5):
///
///     admin::Traffic traffic;
///     socketio::Server io({.cors = engineio::Cors{.origins = {"https://admin.socket.io"}, .credentials = true},
///                          .traffic = &traffic});
///     admin::Instrument instrument(io, traffic, {.auth = admin::BasicAuth{"admin", "$2b$10$..."}});
///     io.run();
///
/// The page itself is not here: https://admin.socket.io serves it (hence `cors` above), as does whatever web server gets the
/// folder ui/dist of that package; the page asks for the address of the server, for the namespace and for the password.
/// On the nodes of a cluster there is one on each, and the page, connected to whichever, shows them all.
/// Without an Instrument nothing of all this costs anything; in production mode events and rooms are not looked at.
///
/// Lives from before the server's run to after it; goes before the server.
class Instrument final {
 public:
  /// Throws std::invalid_argument when `auth` is not set, or `traffic` is not that of the server's options.
  Instrument(socketio::Server& server, Traffic& traffic, Options options);
  ~Instrument();

 private:
  struct Parts;

  void welcome(socketio::Socket& socket);
  Task<void> tell_all_sockets(std::shared_ptr<socketio::Socket> onlooker);

  socketio::Server& server_;
  const Options options_;
  const std::unique_ptr<Parts> parts_;
};

}  // namespace atrium::admin
