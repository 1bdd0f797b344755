// The server that tests/conformance holds conversations with: rooms, acknowledgements both ways, octets, namespaces that
// refuse, and every way to be disconnected. Its twin on the official server is tests/conformance/support/reference.mjs; what
// one of them does, the other does.

#include <CLI/CLI.hpp>
#include <iostream>

#include "examples/conformance/until_told_to_end.h"
#include "socketio/server.h"

namespace {

using namespace atrium;
using namespace atrium::socketio;

/// `name` and then the arguments of `event` from `first` on, octets included.
Outgoing renamed(std::string_view name, const Event& event, std::size_t first = 0) {
  Outgoing outgoing{.array = {json::string(name)}, .attachments = event.attachments};
  for (std::size_t i = first; i < event.args.size(); ++i) outgoing.array.push_back(event.args[i]);
  return outgoing;
}

/// The argument at `index` as text; empty when it is none.
std::string text_at(const Event& event, std::size_t index) {
  if (index >= event.args.size() || !event.args[index].is_string()) return {};
  return std::string(event.args[index].get_string());
}

std::int64_t number_at(const Event& event, std::size_t index) {
  if (index >= event.args.size() || !event.args[index].is_int64()) return 0;
  return event.args[index].get_int64();
}

void greet(Socket& socket) { socket.emit("auth", socket.auth()); }

void echo(Namespace& nsp) {
  nsp.on("message", [](Socket& socket, Event& event) { socket.send(renamed("message-back", event)); });
  nsp.on("message-with-ack",
         [](Socket&, Event& event) { event.ack.reply({.array = event.args, .attachments = event.attachments}); });
  nsp.on("answer-twice", [](Socket&, Event& event) {
    event.ack("first");
    event.ack("second");
  });
  // Asks back, and tells what the answer was.
  nsp.on("ask-me", [](Socket& socket, Event& event) {
    socket.ask(renamed("question", event)).then([socket = socket.shared_from_this()](AckResult answer) {
      if (!answer) return;
      Outgoing told{.array = std::move(answer->args), .attachments = std::move(answer->attachments)};
      told.array.insert(told.array.begin(), "answered");
      socket->send(told);
    });
  });
}

void rooms(Namespace& nsp) {
  nsp.on("join", [](Socket& socket, Event& event) {
    socket.join(text_at(event, 0));
    event.ack("joined");
  });
  nsp.on("leave", [](Socket& socket, Event& event) {
    socket.leave(text_at(event, 0));
    event.ack("left");
  });
  nsp.on("say", [](Socket& socket, Event& event) { socket.to(text_at(event, 0)).send(renamed("said", event, 1)); });
  nsp.on("say-to-all", [&nsp](Socket&, Event& event) { nsp.to(text_at(event, 0)).send(renamed("said", event, 1)); });
}

void amounts(Namespace& nsp) {
  nsp.on("burst", [](Socket& socket, Event& event) {
    for (std::int64_t i = 0; i < number_at(event, 0); ++i) socket.emit("n", i);
  });
  nsp.on("big", [](Socket& socket, Event& event) {
    socket.emit("big", std::string(static_cast<std::size_t>(number_at(event, 0)), 'x'));
  });
  nsp.on("maybe", [&nsp](Socket& socket, Event& event) { nsp.to(socket.id()).volatile_().send(renamed("maybe", event)); });
}

void endings(Namespace& nsp) {
  nsp.on("drop-me", [](Socket& socket, Event&) { socket.drop_connection(); });
  nsp.on("end-me", [](Socket& socket, Event& event) {
    socket.disconnect(text_at(event, 0) == "connection" ? Close::connection : Close::namespace_only);
  });
  nsp.on_disconnect([&nsp](Socket& socket, DisconnectReason reason) {
    nsp.to("watching " + socket.id()).emit("gone", socket.id(), to_string(reason));
  });
}

/// Middleware that refuses: with words alone, with data beside them, and after another turn.
void refusals(Server& io) {
  io.of("/refuses").use([](Socket&, Next next) { next(ConnectError{.message = "not you"}); });
  io.of("/refuses-with-data").use([](Socket&, Next next) {
    next(ConnectError{.message = "not you", .data = json::object{{"code", "E42"}, {"retry", false}}});
  });
  io.of("/refuses-later").use([](Socket& socket, Next next) {
    socket.shard().post([next] { next(ConnectError{.message = "not you, as it turns out"}); });
  });
  Namespace& guarded = io.of("/guarded");
  guarded.use([](Socket& socket, Next next) {
    const json::value* token = socket.auth().if_contains("token");
    if (token && *token == "secret") return next(std::nullopt);
    next(ConnectError{.message = "who are you"});
  });
  guarded.on_connection(greet);
  echo(guarded);
}

}  // namespace

int main(int argc, char** argv) {
  std::uint16_t port = 3000;
  unsigned ping_interval = 25'000;
  unsigned ping_timeout = 20'000;
  unsigned connect_timeout = 45'000;
  std::string cors;
  bool cookie = false;
  bool msgpack = false;
  ServerOptions options{.path = "/socket.io", .shards = 1};
  CLI::App flags("A Socket.IO server with a bit of everything, for tests to talk to.");
  flags.option_defaults()->always_capture_default();
  flags.add_option("--port", port, "Where to listen on the loopback; 0 takes a free port");
  flags.add_option("--shards", options.shards, "Threads that serve")->check(CLI::Range(1, 255));
  flags.add_option("--ping-interval", ping_interval, "Milliseconds between two pings");
  flags.add_option("--ping-timeout", ping_timeout, "Milliseconds that a pong may take");
  flags.add_option("--connect-timeout", connect_timeout, "Milliseconds that joining a first namespace may take");
  flags.add_option("--max-payload", options.max_payload, "Octets of one message");
  flags.add_option("--cors", cors, "The origin whose pages may read, or *");
  flags.add_flag("--cookie", cookie, "Give every polling client a cookie");
  flags.add_flag("--msgpack", msgpack, "Speak MessagePack, as socket.io-msgpack-parser does");
  flags.add_flag("--allow-eio3", options.allow_eio3, "Let clients of Socket.IO 2 in");
  CLI11_PARSE(flags, argc, argv);
  if (!cors.empty()) options.cors = engineio::Cors{.origins = {cors}, .credentials = cors != "*"};
  if (cookie) options.cookie.emplace();
  if (msgpack) options.parser = Parser::msgpack;
  options.ping_interval = std::chrono::milliseconds(ping_interval);
  options.ping_timeout = std::chrono::milliseconds(ping_timeout);
  options.connect_timeout = std::chrono::milliseconds(connect_timeout);

  conformance::UntilToldToEnd until_told_to_end;
  Server io(options);
  for (const char* name : {"/", "/custom"}) {
    Namespace& nsp = io.of(name);
    nsp.on_connection(greet);
    echo(nsp);
    rooms(nsp);
    amounts(nsp);
    endings(nsp);
  }
  refusals(io);

  const auto listening = io.listen({"127.0.0.1", port});
  if (!listening) {
    std::cerr << listening.error() << std::endl;
    return 2;
  }
  std::cout << "Listening on http://127.0.0.1:" << *listening << std::endl;
  until_told_to_end.run([&] { io.run(); }, [&] { io.stop(); });
}
