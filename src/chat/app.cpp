#include "chat/app.h"

#include <filesystem>
#include <latch>

#include "chat/accounts/accounts.h"
#include "chat/accounts/entrance.h"
#include "chat/accounts/token.h"
#include "chat/channels/channels.h"
#include "chat/directory.h"
#include "chat/documents/http_api.h"
#include "chat/gate.h"
#include "chat/http_problems.h"
#include "chat/jobs.h"
#include "chat/live/stats.h"
#include "chat/messages/messages.h"
#include "chat/presence/presence.h"
#include "chat/socket_api.h"
#include "chat/workspaces/membership.h"
#include "cron/scheduler.h"
#include "net/tls_context.h"
#include "socketio/server.h"
#include "storage/database.h"
#include "web/router.h"
#include "web/static_files.h"

namespace atrium::chat {

namespace {

socketio::ServerOptions server_options(const Config& config) {
  socketio::ServerOptions options;
  options.path = std::string(kPath);
  options.shards = config.shards;
  options.ping_interval = config.ping_interval;
  options.ping_timeout = config.ping_timeout;
  options.max_payload = config.max_payload;
  if (!config.allowed_origins.empty()) {
    const auto& origins = config.allowed_origins;
    options.cors.emplace().origins = origins;
    options.cors->credentials = std::find(origins.begin(), origins.end(), "*") == origins.end();
  }
  return options;
}

/// Runs a task to its end before the server does, on a shard of its own.
Result<bool, std::string> run_now(Task<void> task, const Clock& clock) {
  net::ShardSet shards(1, clock);
  std::string failure;
  const auto to_the_end = [&](Task<void> work) -> Task<void> {
    try {
      co_await work;
    } catch (const std::exception& error) {
      failure = error.what();
    }
    shards.stop();
  };
  shards[0].post([&] { spawn(to_the_end(std::move(task))); });
  shards.run();
  if (!failure.empty()) return failure;
  return true;
}

/// Whoever waited for the database has been answered when this returns, also if he had a few more shards to visit.
void let_answers_arrive(net::ShardSet& shards) {
  constexpr int kVisits = 4;
  for (int visit = 0; visit < kVisits; ++visit) {
    std::latch passed(static_cast<std::ptrdiff_t>(shards.size()));
    for (auto& shard : shards) shard->post([&passed] { passed.count_down(); });
    passed.wait();
  }
}

Result<std::unique_ptr<web::StaticFiles>, std::string> load_page(const Config& config) {
  if (config.ui == "off") return std::unique_ptr<web::StaticFiles>();
  return web::StaticFiles::load(config.ui);
}

}  // namespace

struct App::Parts {
  Parts(Config given, std::unique_ptr<storage::Database> opened, std::unique_ptr<web::StaticFiles> files)
      : config(std::move(given)), database(std::move(opened)), page(std::move(files)) {
    socket_api.attach(stage.nsp);
    const auto http_tables = std::tie(user_routes, workspace_routes, channel_routes, message_routes, stats_routes,
                                      health_routes, document_routes, demo);
    each_http_table(config, [&]<class Table>(std::type_identity<Table>) { std::get<Table&>(http_tables).attach(router); });
    server.serve_http(router);
    jobs.attach(scheduler);
    presence.owner().post([this] { scheduler.start(); });
  }

  // From the ground up; each borrows from those above it.
  const Config config;
  const std::unique_ptr<storage::Database> database;
  const std::unique_ptr<web::StaticFiles> page;
  socketio::Server server{server_options(config)};
  Directory directory{server.shards()};
  const Stage stage{config, server.of(std::string(kNamespace)), directory, server.shards()};
  const TokenAuthority tokens{config.jwt_secret};
  const Accounts accounts{config, *database};
  const Membership membership{config, *database};
  Channels channels{stage, membership, *database};
  Messages messages{stage, channels, membership, *database};
  Presence presence{stage, channels};
  Stats stats{stage, presence};
  Entrance entrance{stage, tokens, accounts, channels, presence};
  SocketApi socket_api{entrance, channels, messages};
  const Gate gate{tokens, accounts, membership};
  UserRoutes user_routes{gate};
  WorkspaceRoutes workspace_routes{gate, *database, presence};
  ChannelRoutes channel_routes{gate, *database, channels};
  MessageRoutes message_routes{gate, *database, messages};
  StatsRoutes stats_routes{gate, stats};
  HealthRoutes health_routes;
  DocumentRoutes document_routes{config};
  DemoSignIn demo{tokens};
  web::Router router{
      {.prefixes = http_prefixes(), .allowed_origins = config.allowed_origins, .fallback = page.get(), .explain = explain}};
  Jobs jobs{presence};
  cron::Scheduler scheduler{presence.owner().deadlines(), server.clock()};
  std::shared_ptr<net::TlsContext> tls;
  std::uint16_t port = 0;
};

App::App(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

// Nothing may come back from the database to a shard that is being taken down.
App::~App() { parts_->database->close(); }

Result<std::unique_ptr<App>, std::string> App::start(Config config) {
  static const SystemClock clock;
  auto database = storage::Database::open(config.database, clock);
  if (!database) return database.error();
  if (const auto filled = run_now(fill_database(config, **database), clock); !filled) return filled.error();
  auto page = load_page(config);
  if (!page) return page.error();
  net::Address address{.host = config.host, .port = config.port};
  if (!config.tls_certificate.empty()) {
    auto tls = net::TlsContext::load({.certificate = config.tls_certificate, .key = config.tls_key});
    if (!tls) return tls.error();
    address.tls = std::move(*tls);
  }
  std::unique_ptr<Parts> parts;
  try {
    parts = std::make_unique<Parts>(std::move(config), std::move(*database), std::move(*page));
  } catch (const std::invalid_argument& wrong) {
    return std::string(wrong.what());
  }
  const auto port = parts->server.listen(address);
  if (!port) {
    parts->database->close();
    return port.error();
  }
  parts->port = *port;
  parts->tls = address.tls;
  return std::unique_ptr<App>(new App(std::move(parts)));
}

std::string App::url() const {
  if (parts_->config.host.starts_with("unix:")) return parts_->config.host;
  return (parts_->tls ? "https://localhost:" : "http://localhost:") + std::to_string(parts_->port);
}

Result<void, std::string> App::reload_certificate() { return parts_->tls->reload(); }

void App::run() { parts_->server.run(); }

void App::stop() {
  // First what was accepted: its answers still go out, for the shards run on.
  parts_->database->close();
  let_answers_arrive(parts_->server.shards());
  parts_->server.stop();
}

}  // namespace atrium::chat
