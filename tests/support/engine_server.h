#pragma once

#include <array>
#include <memory>
#include <string>

#include "engineio/engine.h"
#include "engineio/session.h"
#include "engineio/session_handler.h"
#include "tests/support/event_queue.h"
#include "tests/support/http_server.h"
#include "tests/support/websocket_client.h"

namespace atrium::test {

/// An Engine.IO server on a free port of the loopback, by a clock that moves only when told to, whose sessions write down
/// what happens to them.
class EngineServer final {
 public:
  explicit EngineServer(engineio::Options options = {}, unsigned shard_count = 1)
      : http_(handler_, {}, shard_count),
        engine_(std::make_unique<engineio::Engine>(std::move(options), http_.shards().set(),
                                                   [this](net::Shard&) { return std::make_unique<Recorder>(*this); })) {
    shards().settle();  // nobody connects before all this is seen on every shard
  }
  ~EngineServer() { http_.shards().stop(); }

  static constexpr const char* kPolling = "/engine.io/?EIO=4&transport=polling";
  static constexpr const char* kWebSocket = "/engine.io/?EIO=4&transport=websocket";
  static std::string polling(const std::string& sid) { return kPolling + ("&sid=" + sid); }
  static std::string websocket(const std::string& sid) { return kWebSocket + ("&sid=" + sid); }

  TcpClient connect(int receive_buffer = 0) { return http_.connect(receive_buffer); }
  WebSocketClient open_websocket(int receive_buffer = 0) { return WebSocketClient(connect(receive_buffer), kWebSocket); }
  /// A handshake of the polling transport on `client`; returns the session's id.
  std::string open_polling(TcpClient& client) { return sid_of(client.get(kPolling).body); }
  /// The id in an open packet.
  static std::string sid_of(const std::string& open_packet) {
    return boost::json::parse(open_packet.substr(1)).at("sid").as_string().c_str();
  }

  RunningShards& shards() { return http_.shards(); }
  void advance(Duration by) { shards().advance(by); }
  engineio::Engine& engine() { return *engine_; }
  /// Runs `job(Session&)` on a shard, with the latest session that was opened there.
  template <class Job>
  auto on_session(Job job, std::size_t shard = 0) {
    return shards().on(shard, [&] { return job(*latest_.at(shard)); });
  }
  /// On that shard.
  engineio::Session& latest(std::size_t shard) { return *latest_.at(shard); }
  void send(const std::string& text, std::size_t shard = 0) {
    on_session([&](engineio::Session& session) { session.send(engineio::SharedMessage::message(text)); }, shard);
  }
  std::size_t session_count(std::size_t shard = 0) {
    return shards().on(shard, [&] { return engine_->session_count(shards()[shard]); });
  }
  /// A GET of the latest polling session on shard 0 is parked, so that its next message leaves at once.
  void await_parked() {
    while (!on_session([](engineio::Session& session) { return session.writable(); })) shards().settle();
  }

  /// "open 0" (the shard), "text ...", "binary ...", "close ..." of all sessions.
  EventQueue events;

 private:
  class Recorder final : public engineio::SessionHandler {
   public:
    explicit Recorder(EngineServer& server) : server_(server) {}
    void on_open(engineio::Session& session) override {
      server_.latest_[session.shard().index()] = &session;
      server_.events.push("open " + std::to_string(session.shard().index()));
    }
    void on_text(std::string_view text) override { server_.events.push("text " + std::string(text)); }
    void on_binary(std::string_view octets) override { server_.events.push("binary " + std::string(octets)); }
    void on_close(engineio::CloseReason reason) override { server_.events.push("close " + std::string(to_string(reason))); }

   private:
    EngineServer& server_;
  };

  FunctionHandler handler_{[this](std::shared_ptr<http::Exchange> exchange) { engine_->handle(std::move(exchange)); }};
  std::array<engineio::Session*, 8> latest_{};  ///< by shard
  HttpServer http_;
  std::unique_ptr<engineio::Engine> engine_;
};

}  // namespace atrium::test
