#include "socketio/server.h"

using namespace atrium::socketio;

struct Typing {
  std::string channelId;
};
BOOST_DESCRIBE_STRUCT(Typing, (), (channelId))

int main() {
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
  if (!io.listen({"127.0.0.1", 3001})) return 2;  // the error says what is wrong
  io.run();
}
