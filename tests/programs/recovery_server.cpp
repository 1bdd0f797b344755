// The server of tests/e2e/recovery.test.mjs, with connection state recovery on two shards. Clients have it say things:
//
//     "join" <room>                     acknowledged
//     "say" <room or "">, <arguments>   "news" to the room or to everybody; acknowledged
//     "say:volatile", "say:nothing"     the same, volatile or without arguments
//     "whisper" <text>                  "news" to whoever asks
//
// Says on which port it listens, and serves until it is killed.
#include <cstdlib>
#include <iostream>

#include "socketio/server.h"

using namespace atrium;
using namespace atrium::socketio;

int main(int argc, char** argv) {
  const int port = argc > 1 ? std::atoi(argv[1]) : 0;
  Server io({.shards = 2, .connection_state_recovery = RecoveryOptions{}});
  const auto audience = [&io](const std::string& room) {
    return room.empty() ? io.sockets().everyone() : io.sockets().to(room);
  };
  io.on("join", [](Socket& socket, Context& context, const std::string& room) {
    socket.join(room);
    context.ack()();
  });
  io.on("say", [&](Context& context, const std::string& room) {
    json::array news = context.event().args;
    news.front() = "news";
    audience(room).send({.array = std::move(news), .attachments = {}});
    context.ack()();
  });
  io.on("say:volatile", [&](Context& context, const std::string& room, const std::string& text) {
    audience(room).volatile_().emit("news", text);
    context.ack()();
  });
  io.on("say:nothing", [&](Context& context, const std::string& room) {
    audience(room).emit("news");
    context.ack()();
  });
  io.on("whisper", [](Socket& socket, const std::string& text) { socket.emit("news", text); });
  const auto bound = io.listen({"127.0.0.1", static_cast<std::uint16_t>(port)});
  if (!bound) {
    std::cerr << bound.error() << '\n';
    return EXIT_FAILURE;
  }
  std::cout << "Listening on " << *bound << std::endl;
  io.run();
}
