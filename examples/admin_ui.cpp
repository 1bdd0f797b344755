#include <pthread.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <iostream>
#include <regex>
#include <thread>

#include "admin/instrument.h"

using namespace atrium;
using socketio::Namespace;
using socketio::Server;
using socketio::Socket;

// A server that the Socket.IO Admin UI can look into. Open https://admin.socket.io, and give it http://localhost:3002, the
// user "admin" and the password "changeit".

namespace {

void converse(Namespace& nsp) {
  nsp.on_connection([](Socket& socket) { socket.data["visits"] = 1; });
  nsp.on("echo", [](Socket& socket, socketio::Event& event) {
    json::array said{"echo"};
    said.insert(said.end(), event.args.begin(), event.args.end());
    socket.send({.array = std::move(said), .attachments = event.attachments});
    return "done";
  });
  nsp.on("join", [](Socket& socket, const std::string& room) {
    socket.join(room);
    return "done";
  });
  nsp.on("leave", [](Socket& socket, const std::string& room) {
    socket.leave(room);
    return "done";
  });
  nsp.on("name", [](Socket& socket, const std::string& name) {
    socket.data["name"] = name;
    return "done";
  });
}

/// Ends `io` when the program is told to end. Made before any other thread, so that all leave these signals to it.
std::jthread end_on_signal(Server& io, const sigset_t& signals) {
  return std::jthread([&io, signals] {
    int signal = 0;
    sigwait(&signals, &signal);
    io.stop();
  });
}

}  // namespace

int main(int argc, char** argv) {
  std::uint16_t port = 3002;
  unsigned shards = 2;
  bool production = false;
  bool no_auth = false;
  std::string server_id;
  bool readonly = false;
  CLI::App app("A server that the Socket.IO Admin UI can look into.");
  app.add_option("--port", port, "0: any that is free")->capture_default_str();
  app.add_option("--shards", shards)->capture_default_str();
  app.add_option("--server-id", server_id, "the name of the host when not given");
  app.add_flag("--production", production, "only figures, no events");
  app.add_flag("--readonly", readonly, "the page may only look");
  app.add_flag("--no-auth", no_auth, "ask for no password");
  CLI11_PARSE(app, argc, argv);

  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  admin::Traffic traffic;
  Server io({.shards = shards,
             .cors = engineio::Cors{.origins = {"https://admin.socket.io"}, .credentials = true},
             .traffic = &traffic});
  converse(io.sockets());
  converse(io.of("/chat"));
  converse(io.of(std::regex(R"(^/room-\d+$)")).children());

  admin::Auth auth = admin::NoAuth{};
  if (!no_auth) auth = admin::BasicAuth{"admin", "$2b$08$xHRhXkZENfQewOejQb7NJu6S29nulEcg44G/tcSX8KG65uP6qIrW."};  // "changeit"
  const admin::Instrument instrument(io, traffic,
                                     {.auth = std::move(auth),
                                      .readonly = readonly,
                                      .server_id = std::move(server_id),
                                      .mode = production ? admin::Mode::production : admin::Mode::development});

  const auto bound = io.listen({"127.0.0.1", port});
  if (!bound) {
    std::cerr << bound.error() << "\n";
    return 2;
  }
  std::cout << "Listening on http://127.0.0.1:" << *bound << std::endl;
  const std::jthread ending = end_on_signal(io, signals);
  io.run();
}
