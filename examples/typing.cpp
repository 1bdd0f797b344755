// Who is typing: a namespace, rooms, and events that may be lost.
#include <atrium/socketio/server.h>

#include <iostream>

using namespace atrium::socketio;

struct Typing {
  std::string channelId;
};
BOOST_DESCRIBE_STRUCT(Typing, (), (channelId))

int main(int argc, char** argv) {
  Server io({.path = "/socket.io", .shards = 2});
  Namespace& chat = io.of("/chat");
  chat.on_connection([](Socket& socket) { socket.emit("welcome", socket.id()); });
  chat.on("join", [](Socket& socket, const Typing& typing) {
    socket.join("channel:" + typing.channelId);
    return "joined " + typing.channelId;  // the acknowledgement
  });
  chat.on("typing", [](Socket& socket, const Typing& typing) {
    socket.to("channel:" + typing.channelId).volatile_().emit("typing", typing);
  });

  const auto port = io.listen({.host = "127.0.0.1", .port = static_cast<std::uint16_t>(argc > 2 ? std::atoi(argv[2]) : 3000)});
  if (!port) {
    std::cerr << port.error() << std::endl;
    return 2;
  }
  std::cout << "Listening on http://127.0.0.1:" << *port << std::endl;
  io.run();
}
