#include "socketio/server.h"

#include <algorithm>
#include <thread>

#include "socketio/local_adapter.h"

namespace atrium::socketio {

namespace {

unsigned shard_count(unsigned wanted) {
  const unsigned count = wanted > 0 ? wanted : std::thread::hardware_concurrency();
  return std::clamp(count, 1u, 255u);  // an id keeps its shard in one octet
}

engineio::Options engine_options(const ServerOptions& options) {
  engineio::Options engine;
  engine.path = options.path;
  engine.add_trailing_slash = options.add_trailing_slash;
  engine.ping_interval = options.ping_interval;
  engine.ping_timeout = options.ping_timeout;
  engine.upgrade_timeout = options.upgrade_timeout;
  engine.max_payload = options.max_payload;
  engine.max_buffered = options.max_buffered;
  engine.max_stall = options.max_stall;
  engine.max_handshakes = options.max_handshakes;
  engine.polling = options.polling;
  engine.websocket = options.websocket;
  engine.allow_upgrades = options.allow_upgrades;
  engine.allow_eio3 = options.allow_eio3;
  engine.per_message_deflate = options.per_message_deflate;
  engine.http_compression = options.http_compression;
  engine.cors = options.cors;
  engine.cookie = options.cookie;
  engine.allowed_origins = options.allowed_origins;
  engine.allow_request = options.allow_request;
  engine.middleware = options.middleware;
  engine.initial_packet = options.initial_packet;
  engine.generate_id = options.generate_id;
  engine.events = options.engine_events;
  engine.observer = options.traffic;
  return engine;
}

}  // namespace

Server::Server(ServerOptions options)
    : options_(std::move(options)),
      shards_(shard_count(options_.shards), clock_),
      namespaces_([this](std::string name) { return make_core(std::move(name)); }, options_.cleanup_empty_child_namespaces),
      main_(namespaces_.of("/")),
      connection_options_{.connect_timeout = options_.connect_timeout,
                          .max_attachments = options_.max_attachments,
                          .writer = PacketWriter(options_.parser)},
      engine_(engine_options(options_), shards_,
              [this](net::Shard&) { return std::make_unique<Connection>(namespaces_, connection_options_); }),
      client_files_(options_.serve_client.empty() ? nullptr
                                                  : std::make_unique<ClientFiles>(options_.serve_client, options_.path)) {}

Server::~Server() = default;

std::shared_ptr<NamespaceCore> Server::make_core(std::string name) {
  auto core = std::make_shared<NamespaceCore>(std::move(name), shards_, PacketWriter(options_.parser), options_.limits);
  if (options_.connection_state_recovery)
    core->recovery = std::make_shared<Recovery>(shards_, *options_.connection_state_recovery);
  auto local = std::make_shared<LocalAdapter>(shards_, core->recovery);
  if (options_.adapter) {
    core->adapter = options_.adapter(core, std::move(local));
  } else {
    core->adapter = std::move(local);
  }
  return core;
}

Result<std::uint16_t, std::string> Server::listen(const net::Address& address) {
  const http::ConnectionOptions connections{.limits = {.max_body = options_.max_payload}};
  auto listener = net::Listener::listen(shards_, address, [this, connections](net::Shard& shard, net::MovingConnection socket) {
    http::HttpConnection::serve(shard, std::move(socket), *this, connections);
  });
  if (!listener) return listener.error();
  listeners_.push_back(std::move(*listener));
  return listeners_.back()->port();
}

void Server::handle(std::shared_ptr<http::Exchange> exchange) {
  if (auto file = client_files_ ? client_files_->answer(exchange->request(), options_.cors) : std::nullopt) {
    exchange->respond(std::move(*file));
  } else if (engine_.serves(exchange->request().path)) {
    if (turning_away_ && !exchange->request().query_value("sid")) {
      return exchange->respond({.status = 503, .headers = {{"Retry-After", "1"}}, .body = {}});
    }
    engine_.handle(std::move(exchange));
  } else if (http_) {
    http_->handle(std::move(exchange));
  } else {
    exchange->respond({.status = 404, .headers = {}, .body = {}});
  }
}

void Server::run() { shards_.run(); }

void Server::stop(Duration handover) {
  turn_away();
  for (auto& listener : listeners_) listener->stop();
  if (handover == Duration::zero()) {
    for (auto& shard : shards_) shard->post([this, &shard = *shard] { engine_.shut_down(shard); });
    return shards_.stop();
  }
  const auto ending = std::make_shared<std::atomic<std::size_t>>(shards_.size());
  for (const auto& nsp : namespaces()) {
    if (const auto& recovery = nsp->core()->recovery) recovery->send_away();
  }
  const TimePoint then = clock_.now() + handover;
  for (auto& shard : shards_) {
    shard->post([this, &shard = *shard, ending, then] {
      engine_.shut_down(shard);
      if (--*ending == 0) shards_[0].dispatch([this, then] { end_after_handover(then); });
    });
  }
}

bool Server::is_handed_over() const {
  const auto all = namespaces();
  return std::all_of(all.begin(), all.end(), [](const auto& nsp) {
    const auto& recovery = nsp->core()->recovery;
    return !recovery || recovery->unfetched() == 0;
  });
}

void Server::end_after_handover(TimePoint then) {
  constexpr Duration kStep = std::chrono::milliseconds(20);
  if (is_handed_over() || clock_.now() >= then) return shards_.stop();
  if (!next_look_) next_look_ = std::make_unique<net::Deadline>([this, then] { end_after_handover(then); });
  shards_[0].deadlines().arm(*next_look_, kStep);
}

}  // namespace atrium::socketio
