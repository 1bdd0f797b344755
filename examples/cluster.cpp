// One chat on several servers: start it on two ports beside a Redis, and clients of both are in the same rooms. A node of
// Node's `socket.io` with @socket.io/redis-adapter may be the third.
#include <atrium/cluster/over_redis.h>
#include <atrium/socketio/server.h>

#include <iostream>

using namespace atrium::socketio;
using atrium::Task;

struct Join {
  std::string room;
  std::string name;
};
BOOST_DESCRIBE_STRUCT(Join, (), (room, name))

struct Message {
  std::string room;
  std::string text;
};
BOOST_DESCRIBE_STRUCT(Message, (), (room, text))

int main(int argc, char** argv) {
  const auto say = [](bool up) { std::cout << (up ? "One of the cluster" : "Alone, the Redis is away") << std::endl; };
  const std::string redis = argc > 3 ? argv[3] : "redis://127.0.0.1:6379";
  Server io({.adapter = atrium::cluster::over_redis({.url = redis, .on_change = say})});

  io.on("join", [](Socket& socket, const Join& join) {
    socket.data["name"] = join.name;
    socket.join(join.room);
    return true;
  });
  // To those in the room on every node: to our own at once, whether the others can be reached or not.
  io.on("message", [&io](const Message& message) { io.to(message.room).emit("message", message); });
  // Asks every node, and waits for those that answer in time.
  io.on("who", [&io](std::string room) -> Task<std::vector<std::string>> {
    const auto sockets = co_await io.in(room).fetch_sockets(Detail::without_handshake);
    std::vector<std::string> names;
    for (const RemoteSocket& socket : sockets) names.emplace_back(socket.data().at("name").as_string());
    co_return names;
  });

  const auto port = io.listen({.host = "127.0.0.1", .port = static_cast<std::uint16_t>(argc > 2 ? std::atoi(argv[2]) : 3000)});
  if (!port) return std::cerr << port.error() << std::endl, 2;
  std::cout << "Listening on http://127.0.0.1:" << *port << std::endl;
  io.run();
}
