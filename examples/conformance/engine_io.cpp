// The server that the official Engine.IO suites talk to: whatever a client says comes back to it.
//
// Engine.IO is the floor below Socket.IO: sessions over WebSocket and HTTP long-polling that carry text and octets, and know
// nothing of events or namespaces. An application rarely builds on it directly; this is how it would.

#include <CLI/CLI.hpp>
#include <iostream>

#include "engineio/engine.h"
#include "engineio/session.h"
#include "examples/conformance/until_told_to_end.h"
#include "http/exchange.h"
#include "http/http_connection.h"
#include "net/listener.h"

namespace {

using namespace atrium;

/// One client's echo. Made when its session begins, destroyed after on_close().
class Echo final : public engineio::SessionHandler {
 public:
  void on_open(engineio::Session& session) override { session_ = &session; }
  void on_text(std::string_view text) override { session_->send(engineio::SharedMessage::message(text)); }
  void on_binary(std::string_view octets) override { session_->send(engineio::SharedMessage::binary(Bytes::copy_of(octets))); }
  void on_close(engineio::CloseReason) override {}

 private:
  engineio::Session* session_ = nullptr;
};

/// Engine.IO on its own path, and nothing elsewhere.
class Site final : public http::Handler {
 public:
  explicit Site(engineio::Engine& engine) : engine_(engine) {}

  void handle(std::shared_ptr<http::Exchange> exchange) override {
    if (engine_.serves(exchange->request().path)) {
      engine_.handle(std::move(exchange));
    } else {
      exchange->respond({.status = 404, .headers = {}, .body = {}});
    }
  }

 private:
  engineio::Engine& engine_;
};

}  // namespace

int main(int argc, char** argv) {
  std::uint16_t port = 3000;
  unsigned shards = 1;
  unsigned ping_interval = 300;
  unsigned ping_timeout = 200;
  bool allow_eio3 = false;
  CLI::App flags("An Engine.IO server that echoes, as the official Engine.IO test suites want it.");
  flags.option_defaults()->always_capture_default();
  flags.add_option("--port", port, "Where to listen on the loopback; 0 takes a free port");
  flags.add_option("--shards", shards, "Threads that serve")->check(CLI::Range(1, 255));
  flags.add_option("--ping-interval", ping_interval, "Milliseconds between two pings");
  flags.add_option("--ping-timeout", ping_timeout, "Milliseconds that a pong may take");
  flags.add_flag("--allow-eio3", allow_eio3,
                 "Take a client that names no version for one of Engine.IO 3, as its suite wants it");
  CLI11_PARSE(flags, argc, argv);

  conformance::UntilToldToEnd until_told_to_end;
  const SystemClock clock;
  net::ShardSet shard_set(shards, clock);
  engineio::Engine engine({.path = "/engine.io/",
                           .ping_interval = std::chrono::milliseconds(ping_interval),
                           .ping_timeout = std::chrono::milliseconds(ping_timeout),
                           .max_payload = 1'000'000,
                           .allow_eio3 = allow_eio3,
                           .cors = engineio::Cors{}},
                          shard_set, [](net::Shard&) { return std::make_unique<Echo>(); });
  Site site(engine);
  const auto listener =
      net::Listener::listen(shard_set, {"127.0.0.1", port}, [&site](net::Shard& shard, net::MovingConnection connection) {
        http::HttpConnection::serve(shard, std::move(connection), site, {});
      });
  if (!listener) {
    std::cerr << listener.error() << std::endl;
    return 2;
  }
  std::cout << "Listening on http://127.0.0.1:" << (*listener)->port() << std::endl;
  until_told_to_end.run([&] { shard_set.run(); },
                        [&] {
                          (*listener)->stop();
                          shard_set.stop();
                        });
}
