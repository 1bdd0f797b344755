// A chat with rooms, in 40 lines.
#include <atrium/socketio/server.h>

#include <iostream>

using namespace atrium::socketio;

// What clients send, and get. A payload that looks otherwise never reaches its handler, and its sender is told what is wrong.
struct Join {
  std::string room;
  std::string name;
};
BOOST_DESCRIBE_STRUCT(Join, (), (room, name))

struct Message {
  std::string room;
  std::string text;
  std::optional<std::string> from;  // filled in by the server
};
BOOST_DESCRIBE_STRUCT(Message, (), (room, text, from))

int main(int argc, char** argv) {
  Server io;
  io.on("join", [](Socket& socket, const Join& join) {
    socket.data["name"] = join.name;
    socket.join(join.room);
    socket.to(join.room).emit("joined", join.name);
  });
  io.on("message", [&io](Socket& socket, Message message) {
    if (!socket.data.contains("name")) throw Refusal("NOT_JOINED", "Join a room first.");
    message.from = std::string(socket.data.at("name").as_string());
    io.to(message.room).emit("message", message);  // to everyone in the room, the sender too
    return "delivered";                            // the acknowledgement, if the client asked for one
  });
  io.sockets().on_disconnecting([](Socket& socket, DisconnectReason) {
    for (const std::string& room : socket.rooms()) socket.to(room).emit("left", socket.data);
  });
  const auto port = io.listen({.host = "127.0.0.1", .port = static_cast<std::uint16_t>(argc > 2 ? std::atoi(argv[2]) : 3000)});
  if (!port) return std::cerr << port.error() << std::endl, 2;
  std::cout << "Listening on http://127.0.0.1:" << *port << std::endl;
  io.run();
}
