// The server that the test suite of the official JavaScript client talks to, port 3210: what that suite's own support server
// does on Node, done here through the public headers alone.

#include <CLI/CLI.hpp>
#include <iostream>

#include "base/timestamp.h"
#include "examples/conformance/until_told_to_end.h"
#include "http/request.h"
#include "net/pause.h"
#include "socketio/server.h"

namespace {

using namespace atrium;
using namespace atrium::socketio;

json::value now() { return json::value_from(to_iso8601(SystemClock().wall())); }

Bytes doge() { return Bytes::copy_of("asdfasdf"); }

bool is_octets(const json::value& value) {
  const json::object* object = value.if_object();
  return object && object->contains("_placeholder");
}

/// {hello: "lol", message: <octets>, goodbye: "gotcha"}
bool is_mixed(const json::value& value) {
  const json::object* object = value.if_object();
  if (!object || object->size() != 3) return false;
  return object->at("hello") == "lol" && is_octets(object->at("message")) && object->at("goodbye") == "gotcha";
}

const json::value& first(const Event& event) {
  static const json::value none;
  return event.args.empty() ? none : event.args.front();
}

/// What the client may want to read of its own handshake.
json::object describe_handshake(const Socket& socket) {
  const engineio::Handshake& handshake = socket.handshake();
  json::object headers;
  for (const auto& [name, value] : handshake.headers()) headers[name] = value;
  json::object query;
  for (const auto& [name, value] : handshake.query()) query[name] = value;
  return {{"headers", std::move(headers)},
          {"time", to_iso8601(handshake.time())},
          {"address", handshake.address()},
          {"xdomain", handshake.xdomain()},
          {"secure", handshake.secure()},
          {"issued", std::chrono::duration_cast<std::chrono::milliseconds>(handshake.time().time_since_epoch()).count()},
          {"url", handshake.url()},
          {"query", std::move(query)},
          {"auth", socket.auth()}};
}

void answer_id(Socket& socket, Event& event) { event.ack(socket.id()); }

void texts(Namespace& nsp) {
  nsp.on("hi", [](Socket& socket, Event&) { socket.emit("hi"); });
  nsp.on("echo", [](Socket&, Event& event) { event.ack.reply({.array = {first(event)}, .attachments = event.attachments}); });
  nsp.on("ack", [](Socket& socket, Event&) {
    socket.emit_with_ack("ack").then([socket = socket.shared_from_this()](const AckResult& answer) {
      const bool right = answer && answer->args.size() == 2 && answer->args[0] == 5;
      if (right && answer->args[1] == json::value{{"test", true}}) socket->emit("got it");
    });
  });
  nsp.on("getAckDate", [](Socket&, Event& event) { event.ack(now()); });
  nsp.on("getDate", [](Socket& socket, Event&) { socket.emit("takeDate", now()); });
  nsp.on("getDateObj", [](Socket& socket, Event&) { socket.emit("takeDateObj", json::value{{"date", now()}}); });
  nsp.on("getUtf8", [](Socket& socket, Event&) {
    for (const char* words : {"てすと", "Я Б Г Д Ж Й", "Ä ä Ü ü ß", "utf8 — string", "utf8 — string"}) {
      socket.emit("takeUtf8", words);
    }
  });
  nsp.on("false", [](Socket& socket, Event&) { socket.emit("false", false); });
  nsp.on("getHandshake", [](Socket& socket, Event& event) { event.ack(describe_handshake(socket)); });
  nsp.on("getId", answer_id);
}

/// What one client has sent so far of the series that must arrive in order.
struct Series {
  bool first_buffer = false;
  bool first_blob = false;
  bool second_blob = false;
};

Series& series_of(Socket& socket) {
  if (!socket.local_data.has_value()) socket.local_data = Series{};
  return std::any_cast<Series&>(socket.local_data);
}

void octets(Namespace& nsp) {
  nsp.on("doge", [](Socket& socket, Event&) { socket.emit("doge", doge()); });
  nsp.on("getbin", [](Socket& socket, Event&) { socket.emit("takebin", doge()); });
  nsp.on("buffa", [](Socket& socket, Event& event) {
    if (is_octets(first(event))) socket.emit("buffack");
  });
  nsp.on("blob", [](Socket& socket, Event& event) {
    if (is_octets(first(event))) socket.emit("back");
  });
  nsp.on("jsonbuff", [](Socket& socket, Event& event) {
    if (is_mixed(first(event))) socket.emit("jsonbuff-ack");
  });
  nsp.on("jsonblob", [](Socket& socket, Event& event) {
    if (is_mixed(first(event))) socket.emit("jsonblob-ack");
  });
  nsp.on("abuff1", [](Socket& socket, Event& event) { series_of(socket).first_buffer = is_octets(first(event)); });
  nsp.on("abuff2", [](Socket& socket, Event&) {
    if (series_of(socket).first_buffer) socket.emit("abuff2-ack");
  });
  nsp.on("blob1", [](Socket& socket, Event& event) { series_of(socket).first_blob = is_octets(first(event)); });
  nsp.on("blob2", [](Socket& socket, Event& event) {
    series_of(socket).second_blob = series_of(socket).first_blob && first(event) == "second";
  });
  nsp.on("blob3", [](Socket& socket, Event& event) {
    if (series_of(socket).second_blob && is_octets(first(event))) socket.emit("blob3-ack");
  });
}

/// Refuses whoever has `fail` in the query of the address.
void turn_away_who_asks_for_it(Socket& socket, const Next& next) {
  if (socket.handshake().query_value("fail").value_or("").empty()) return next(std::nullopt);
  next(ConnectError{.message = "Auth failed (main namespace)"});
}

/// Lets everybody in after a moment, so that the client's connection time-out can be tested.
Task<void> let_in_after_a_moment(engineio::Verdict verdict) {
  co_await net::pause(std::chrono::milliseconds(10));
  verdict(std::nullopt);
}

void hesitate(const http::Request&, engineio::Verdict verdict) { spawn(let_in_after_a_moment(std::move(verdict))); }

}  // namespace

int main(int argc, char** argv) {
  std::uint16_t port = 3210;
  unsigned shards = 1;
  CLI::App flags("A Socket.IO server as the test suite of the JavaScript client wants it.");
  flags.option_defaults()->always_capture_default();
  flags.add_option("--port", port, "Where to listen on the loopback; 0 takes a free port");
  flags.add_option("--shards", shards, "Threads that serve")->check(CLI::Range(1, 255));
  CLI11_PARSE(flags, argc, argv);

  conformance::UntilToldToEnd until_told_to_end;
  Server io({.path = "/socket.io",
             .shards = shards,
             .ping_interval = std::chrono::milliseconds(2000),
             .allow_request = hesitate,
             .connection_state_recovery = RecoveryOptions{}});
  Namespace& main = io.of("/");
  main.use(turn_away_who_asks_for_it);
  texts(main);
  octets(main);
  io.of("/foo").on("getId", answer_id);
  for (const char* name : {"/timeout_socket", "/valid", "/asd"}) io.of(name);
  io.of("/abc").on_connection([](Socket& socket) { socket.emit("handshake", describe_handshake(socket)); });
  io.of("/no").use([](Socket&, Next next) { next(ConnectError{.message = "Auth failed (custom namespace)"}); });

  const auto listening = io.listen({"127.0.0.1", port});
  if (!listening) {
    std::cerr << listening.error() << std::endl;
    return 2;
  }
  std::cout << "Listening on http://127.0.0.1:" << *listening << std::endl;
  until_told_to_end.run([&] { io.run(); }, [&] { io.stop(); });
}
