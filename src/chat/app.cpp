#include "chat/app.h"

#include <filesystem>
#include <latch>

#include "chat/accounts/accounts.h"
#include "chat/accounts/entrance.h"
#include "chat/accounts/handover.h"
#include "chat/accounts/known_tokens.h"
#include "chat/accounts/passwords.h"
#include "chat/accounts/revocations.h"
#include "chat/accounts/sessions.h"
#include "chat/accounts/tickets.h"
#include "chat/accounts/token.h"
#include "chat/channels/channels.h"
#include "chat/directory.h"
#include "chat/documents/http_api.h"
#include "chat/gate.h"
#include "chat/http_problems.h"
#include "chat/jobs.h"
#include "chat/limits/limiter.h"
#include "chat/live/activity.h"
#include "chat/live/stats.h"
#include "chat/live/viewer_check.h"
#include "chat/messages/messages.h"
#include "chat/messages/reads.h"
#include "chat/nodes/peers.h"
#include "chat/operations/own_load.h"
#include "chat/presence/presence.h"
#include "chat/socket_api.h"
#include "chat/workspaces/live_members.h"
#include "chat/workspaces/membership.h"
#include "chat/workspaces/roll_call.h"
#include "cron/scheduler.h"
#include "net/tls_context.h"
#include "socketio/server.h"
#include "storage/database.h"
#include "web/router.h"
#include "web/static_files.h"

namespace atrium::chat {

namespace {

socketio::ServerOptions server_options(const Config& config, std::function<void(bool up)> on_reach) {
  socketio::ServerOptions options;
  if (!config.redis.empty()) {
    options.adapter = cluster::over_redis({.url = config.redis,
                                           .mode = config.redis_mode,
                                           .patience = Peers::kPatience,
                                           .recovery = false,  // Handover knows more of its clients
                                           .on_change = std::move(on_reach)});
  }
  options.path = std::string(kPath);
  options.shards = config.shards;
  options.ping_interval = config.ping_interval;
  options.ping_timeout = config.ping_timeout;
  options.max_payload = config.max_payload;
  options.max_buffered = config.max_buffered;
  options.max_stall = config.max_stall;
  options.max_handshakes = config.limits.handshakes;
  if (config.recovery_window > Duration::zero()) {
    options.connection_state_recovery = {.max_disconnection_duration = config.recovery_window, .skip_middlewares = false};
  }
  if (!config.allowed_origins.empty()) {
    const auto& origins = config.allowed_origins;
    options.cors.emplace().origins = origins;
    options.cors->credentials = std::find(origins.begin(), origins.end(), "*") == origins.end();
  }
  return options;
}

/// Without an allow-list: our own tokens' algorithm where there is a secret, and those that the keys are for.
TokenRules token_rules(const Config& config, std::vector<PublicKey> keys) {
  TokenRules rules{.secret = config.jwt_secret, .algorithms = config.jwt_algorithms};
  if (rules.algorithms.empty()) {
    rules.algorithms.emplace_back("HS256");
    for (const PublicKey& key : keys) rules.algorithms.push_back(key.algorithm);
  }
  rules.keys = std::move(keys);
  rules.issuer = config.jwt_issuer;
  rules.audience = config.jwt_audience;
  rules.leeway = config.jwt_leeway;
  return rules;
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

/// What must be in the database, and what must be known from it, before anybody comes.
Task<void> prepare(const Config& config, storage::Database& database, WallTime now,
                   std::vector<storage::ChosenStatus>& statuses) {
  co_await fill_database(config, database);
  statuses = co_await database.presence().choices(now);
}

Result<std::unique_ptr<web::StaticFiles>, std::string> load_page(const Config& config) {
  if (config.ui == "off") return std::unique_ptr<web::StaticFiles>();
  return web::StaticFiles::load(config.ui);
}

}  // namespace

struct App::Parts {
  Parts(Config given, std::unique_ptr<storage::Database> opened, std::unique_ptr<web::StaticFiles> files,
        std::vector<PublicKey> public_keys, std::vector<storage::ChosenStatus> statuses)
      : config(std::move(given)),
        database(std::move(opened)),
        page(std::move(files)),
        chosen_statuses(std::move(statuses)),
        tokens(token_rules(config, std::move(public_keys))) {
    socket_api.attach(stage.nsp);
    stage.nsp.on_any([this](socketio::Socket&, socketio::Event&) { ++counters.events; });
    const auto http_tables =
        std::tie(auth_routes, ticket_routes, user_routes, workspace_routes, presence_routes, channel_routes, message_routes,
                 typing_routes, stats_routes, activity_routes, health_routes, document_routes, demo, cron_routes, node_routes,
                 metrics_routes, open_metrics_routes);
    each_http_table(config, [&]<class Table>(std::type_identity<Table>) { std::get<Table&>(http_tables).attach(router); });
    server.serve_http(router);
    peers.on_beat([this] { return own_load.look(); });
    jobs.attach(scheduler);
    scheduler.start();
  }

  // From the ground up; each borrows from those above it.
  const Config config;
  const std::unique_ptr<storage::Database> database;
  const std::unique_ptr<web::StaticFiles> page;
  const std::vector<storage::ChosenStatus> chosen_statuses;
  Counters counters;
  Drain drain;
  socketio::Server server{server_options(config, [this](bool up) { peers.reach(up); })};
  Directory directory{server.shards()};
  Viewers viewers{server.shards(), config.limits.sockets_per_user};
  Activity activity{server.shards(), *database, viewers};
  Peers peers{config, server.of(std::string(kNamespace)), server.shards()};
  const Stage stage{config, server.of(std::string(kNamespace)), directory, server.shards(), activity, counters, drain, peers};
  const TokenAuthority tokens;
  KnownTokens known_tokens{tokens, server.shards().size()};
  Tickets tickets;
  Passwords passwords;
  Revocations revocations{stage.nsp, viewers, peers};
  Sessions sessions{config, tokens, *database, revocations};
  Membership membership{config, *database};
  const Accounts accounts{config, *database, revocations, membership};
  Limiter limiter{stage};
  Channels channels{stage, membership, *database};
  Messages messages{stage, channels, membership, *database, limiter};
  Reads reads{stage, channels, membership, *database};
  Presence presence{stage, channels, database->presence(), chosen_statuses};
  const Handover handover{stage, channels, presence};
  const LiveMembers live_members{stage, membership, channels, presence, viewers};
  RollCall roll_call{stage, accounts, live_members, *database, viewers};
  Stats stats{presence, activity, viewers, peers};
  Entrance entrance{stage, known_tokens, accounts, channels, presence, limiter};
  SocketApi socket_api{entrance, channels, messages, reads, presence, limiter};
  const Gate gate{known_tokens, tickets, accounts, membership};
  AuthRoutes auth_routes{gate, config, *database, sessions, passwords, server.shards()};
  TicketRoutes ticket_routes{gate, tickets};
  UserRoutes user_routes{gate, *database, sessions, revocations};
  WorkspaceRoutes workspace_routes{gate, *database, live_members};
  PresenceRoutes presence_routes{gate, stage, *database, channels, presence};
  ChannelRoutes channel_routes{gate, *database, live_members};
  MessageRoutes message_routes{gate, *database, messages, reads};
  const ViewerCheck viewer_check{accounts, membership, viewers};
  TypingRoutes typing_routes{gate, channels};
  StatsRoutes stats_routes{gate, stats, viewer_check};
  ActivityRoutes activity_routes{gate, activity, viewer_check};
  HealthRoutes health_routes{peers, drain, *database};
  DocumentRoutes document_routes{config};
  DemoSignIn demo{tokens};
  web::Router router{
      {.prefixes = http_prefixes(), .allowed_origins = config.allowed_origins, .fallback = page.get(), .explain = explain}};
  Jobs jobs{presence, *database, counters};
  cron::Scheduler scheduler{presence.owner().deadlines(), server.clock()};
  const DebugGate debug_gate{config.debug_secret};
  CronRoutes cron_routes{debug_gate, scheduler, presence.owner()};
  NodeRoutes node_routes{debug_gate, peers, presence.owner()};
  OwnLoad own_load{presence, server.clock()};
  const Metrics metrics{server, directory, viewers, counters, *database, scheduler, presence.owner()};
  MetricsRoutes metrics_routes{debug_gate, metrics};
  OpenMetricsRoutes open_metrics_routes{metrics};
  std::shared_ptr<net::TlsContext> tls;
  std::uint16_t port = 0;
};

App::App(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

// Nothing may come back from another thread to a shard that is being taken down.
App::~App() {
  parts_->passwords.close();
  parts_->database->close();
}

Result<std::unique_ptr<App>, std::string> App::start(Config config) {
  static const SystemClock clock;
  auto database = storage::Database::open(config.database, clock);
  if (!database) return database.error();
  std::vector<storage::ChosenStatus> statuses;
  if (const auto filled = run_now(prepare(config, **database, clock.wall(), statuses), clock); !filled) return filled.error();
  auto page = load_page(config);
  if (!page) return page.error();
  auto public_keys = load_public_keys(config.jwt_public_keys);
  if (!public_keys) return public_keys.error();
  net::Address address{.host = config.host, .port = config.port};
  if (!config.tls_certificate.empty()) {
    auto tls = net::TlsContext::load({.certificate = config.tls_certificate, .key = config.tls_key});
    if (!tls) return tls.error();
    address.tls = std::move(*tls);
  }
  std::unique_ptr<Parts> parts;
  try {
    parts = std::make_unique<Parts>(std::move(config), std::move(*database), std::move(*page), std::move(*public_keys),
                                    std::move(statuses));
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

void App::send_clients_away() {
  const auto& recovery = parts_->stage.nsp.core()->recovery;
  if (recovery) recovery->send_away();
  parts_->drain.run(parts_->server, parts_->directory, parts_->config.drain);
  if (recovery && parts_->peers.has_others()) Drain::await_handover(*recovery, parts_->config.handover);
}

void App::stop() {
  parts_->peers.say_goodbye();
  if (parts_->config.drain > Duration::zero()) send_clients_away();
  // First what was accepted: its answers still go out, for the shards run on.
  parts_->database->close();
  let_answers_arrive(parts_->server.shards());
  parts_->server.stop();
}

}  // namespace atrium::chat
