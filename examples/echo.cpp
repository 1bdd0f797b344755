// Sends everything back: whatever the event is called, whatever it carries, octets included.
//
//   echo [--port 3000]
//
//   const socket = io('http://localhost:3000');
//   socket.on('hello', (...args) => console.log(args));
//   socket.emit('hello', 1, 'two', { three: new Uint8Array([3]) });
//   await socket.emitWithAck('hello', 'you')    // 'you': asked for an answer, it answers with what came
#include <atrium/socketio/server.h>

#include <iostream>

using namespace atrium::socketio;

int main(int argc, char** argv) {
  Server io;
  io.sockets().on_any([](Socket& socket, Event& event) {
    // An event is JSON with its octets beside it; in the JSON, placeholders say where they belong.
    Outgoing back{.array = event.args, .attachments = event.attachments};
    if (event.ack) return event.ack.reply(std::move(back));
    back.array.insert(back.array.begin(), atrium::json::value_from(event.name));
    socket.send(back);
  });

  const auto port = io.listen({.host = "127.0.0.1", .port = static_cast<std::uint16_t>(argc > 2 ? std::atoi(argv[2]) : 3000)});
  if (!port) {
    std::cerr << port.error() << std::endl;
    return 2;
  }
  std::cout << "Listening on http://127.0.0.1:" << *port << std::endl;
  io.run();
}
