// From one person to another, however many windows either has open: everyone has a room of their own, "user:<name>", and
// whoever sends says it to both rooms. Who is there is asked of the server, on all its threads at once.
#include <atrium/socketio/server.h>

#include <iostream>
#include <set>

using namespace atrium::socketio;
using atrium::Task;

struct PrivateMessage {
  std::string to;
  std::string text;
  std::optional<std::string> from;
};
BOOST_DESCRIBE_STRUCT(PrivateMessage, (), (to, text, from))

std::string name_of(const atrium::json::object& data) { return std::string(data.at("name").as_string()); }

// Who may come in. io(url, { auth: { name: 'alice' } }); examples/accounts.cpp asks for more than a name.
void introduce(Socket& socket, const Next& next) {
  const auto* name = socket.auth().if_contains("name");
  if (!name || !name->is_string() || name->as_string().empty()) return next(ConnectError{.message = "who are you?"});
  socket.data["name"] = *name;  // other threads see it too
  next(std::nullopt);
}

int main(int argc, char** argv) {
  Server io;
  io.use(introduce);
  io.on_connection([](Socket& socket) {
    socket.join("user:" + name_of(socket.data));
    socket.broadcast().emit("user connected", name_of(socket.data));
  });
  io.on("private message", [](Socket& socket, PrivateMessage message) {
    message.from = name_of(socket.data);
    // The two rooms of the conversation; in the sender's, this very window knows already.
    socket.to("user:" + message.to).to("user:" + *message.from).emit("private message", message);
  });
  io.on("who is there", [&io]() -> Task<std::vector<std::string>> {
    std::set<std::string> names;
    // Without the handshakes, which are many times the rest.
    for (const RemoteSocket& there : co_await io.sockets().fetch_sockets(Detail::without_handshake)) {
      names.insert(name_of(there.data()));
    }
    co_return std::vector<std::string>(names.begin(), names.end());
  });
  io.sockets().on_disconnect([&io](Socket& socket, DisconnectReason) {
    // It has left its rooms by now. Was it this person's last window? (Of two that close in the same moment, each may be.)
    const std::string name = name_of(socket.data);
    io.to("user:" + name).emit("window closed");
    io.sockets().to("user:" + name).count_sockets().then([&io, name](std::size_t left) {
      if (left == 0) io.emit("user disconnected", name);
    });
  });

  const auto port = io.listen({.host = "127.0.0.1", .port = static_cast<std::uint16_t>(argc > 2 ? std::atoi(argv[2]) : 3000)});
  if (!port) {
    std::cerr << port.error() << std::endl;
    return 2;
  }
  std::cout << "Listening on http://127.0.0.1:" << *port << std::endl;
  io.run();
}
