// The server that the official Socket.IO suite talks to: two namespaces that tell a client how it introduced itself, and two
// events that come back, one as an event and one as an acknowledgement.

#include <CLI/CLI.hpp>
#include <iostream>

#include "examples/conformance/until_told_to_end.h"
#include "socketio/server.h"

namespace {

using namespace atrium;
using namespace atrium::socketio;

void tell_auth(Socket& socket) { socket.emit("auth", socket.auth()); }

/// The client's arguments on their way back. Octets stand beside the JSON, so both go along.
Outgoing arguments_of(const Event& event) { return {.array = event.args, .attachments = event.attachments}; }

void send_back(Socket& socket, Event& event) {
  Outgoing reply = arguments_of(event);
  reply.array.insert(reply.array.begin(), "message-back");  // an event is an array that opens with its name
  socket.send(reply);
}

void acknowledge(Socket&, Event& event) { event.ack.reply(arguments_of(event)); }

}  // namespace

int main(int argc, char** argv) {
  std::uint16_t port = 3000;
  unsigned shards = 1;
  CLI::App flags("A Socket.IO server as the official Socket.IO test suite wants it.");
  flags.option_defaults()->always_capture_default();
  flags.add_option("--port", port, "Where to listen on the loopback; 0 takes a free port");
  flags.add_option("--shards", shards, "Threads that serve")->check(CLI::Range(1, 255));
  CLI11_PARSE(flags, argc, argv);

  conformance::UntilToldToEnd until_told_to_end;
  using std::chrono::milliseconds;
  Server io({.path = "/socket.io",
             .shards = shards,
             .ping_interval = milliseconds(300),
             .ping_timeout = milliseconds(200),
             .connect_timeout = milliseconds(1000),
             .max_payload = 1'000'000,
             .cors = engineio::Cors{}});
  io.of("/").on_connection(tell_auth);
  io.of("/").on("message", send_back);
  io.of("/").on("message-with-ack", acknowledge);
  io.of("/custom").on_connection(tell_auth);

  const auto listening = io.listen({"127.0.0.1", port});
  if (!listening) {
    std::cerr << listening.error() << std::endl;
    return 2;
  }
  std::cout << "Listening on http://127.0.0.1:" << *listening << std::endl;
  until_told_to_end.run([&] { io.run(); }, [&] { io.stop(); });
}
