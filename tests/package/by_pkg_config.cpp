#include <atrium/socketio/server.h>

#include <iostream>

int main() {
  atrium::socketio::Server io;
  io.on("double", [](int number) { return 2 * number; });
  const auto port = io.listen({.host = "127.0.0.1"});
  if (!port) return 2;
  std::cout << "Listening on http://127.0.0.1:" << *port << std::endl;
  io.run();
}
