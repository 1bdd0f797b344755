#include "chat/command_line.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>

#include "base/base64.h"
#include "base/random_id.h"
#include "chat/accounts/token.h"
#include "chat/version.h"

namespace atrium::chat {

namespace {

constexpr int kBadConfiguration = 2;
constexpr std::size_t kMinDebugSecret = 16;

struct Raw {
  Command command;
  std::string profile = "product";
  std::vector<std::string> trusted_proxies;
  std::string redis_mode = "classic";
  std::uint64_t node_lease = 10'000;
  std::uint64_t ping_interval = 20'000;
  std::uint64_t ping_timeout = 10'000;
  std::optional<std::uint64_t> presence_grace;
  std::uint64_t presence_away = 300'000;
  std::optional<std::uint64_t> presence_window;
  std::optional<std::uint64_t> recovery_window;
  std::uint64_t typing_ttl = 60'000;
  std::uint64_t typing_ttl_v2 = 10'000;
  std::uint64_t typing_rebroadcast = 5'000;
  std::uint64_t max_stall = 2'000;
  bool limits = true;
  std::uint64_t limbo = 10'000;
  std::string accounts = "on";
  std::int64_t access_token_lifetime = 15 * 60;
  std::int64_t refresh_token_lifetime = 7 * 86'400;
  std::int64_t jwt_leeway = 30;
  std::uint64_t drain = 1'000;
  std::uint64_t handover = 5'000;
};

/// "ping-interval" -> "ATRIUM_PING_INTERVAL".
std::string variable_of(const std::string& name) {
  std::string variable = "ATRIUM_" + name;
  for (char& c : variable) c = c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return variable;
}

template <class T>
CLI::Option* add(CLI::App& app, const std::string& name, T& target, const std::string& description) {
  return app.add_option("--" + name, target, description)->envname(variable_of(name));
}

/// At least one, at most a day.
void add_milliseconds(CLI::App& app, const std::string& name, std::uint64_t& target, const std::string& description) {
  add(app, name, target, "Milliseconds " + description)->check(CLI::Range(1, 86'400'000))->capture_default_str();
}

void add_seconds(CLI::App& app, const std::string& name, std::int64_t& target, int at_least, const std::string& description) {
  add(app, name, target, "Seconds " + description)->check(CLI::Range(at_least, 366 * 86'400))->capture_default_str();
}

CLI::Option* add_flag(CLI::App& app, const std::string& name, bool& target, const std::string& description) {
  return app.add_flag("--" + name + ",!--no-" + name, target, description)->envname(variable_of(name));
}

/// The file speaks of `serve`, though its keys stand at the top; the environment outranks it.
class ServeFile final : public CLI::ConfigTOML {
 public:
  explicit ServeFile(const CLI::App& serve) : serve_(serve) {}

  std::vector<CLI::ConfigItem> from_config(std::istream& input) const override {
    auto settings = CLI::ConfigTOML::from_config(input);
    const auto is_set = [](const char* variable) { return std::getenv(variable) != nullptr && *std::getenv(variable) != '\0'; };
    std::erase_if(settings, [&](const CLI::ConfigItem& item) {
      return std::getenv(variable_of(item.name).c_str()) != nullptr || (item.name == "port" && is_set("PORT")) ||
             (item.name == "jwt-secret" && is_set("JWT_SECRET")) || (item.name == "redis" && is_set("REDIS_URL")) ||
             (item.name == "database" && is_set("MONGODB_URI"));
    });
    for (auto& item : settings) {
      if (!serve_.get_option_no_throw("--" + item.name)) {
        throw CLI::ConfigError("'" + item.name + "' in the configuration file is not known", CLI::ExitCodes::ConfigError);
      }
      item.parents = {"serve"};
    }
    return settings;
  }

 private:
  const CLI::App& serve_;
};

/// Who is let in.
void describe_accounts(CLI::App& serve, Raw& raw) {
  Config& config = raw.command.config;
  add(serve, "accounts", raw.accounts, "on: people register and sign in here; off: all tokens come from elsewhere")
      ->check(CLI::IsMember({"on", "off"}))
      ->capture_default_str();
  add_seconds(serve, "access-token-lifetime", raw.access_token_lifetime, 1, "that an access token of ours is good");
  add_seconds(serve, "refresh-token-lifetime", raw.refresh_token_lifetime, 1, "after which an unused session ends");
  add(serve, "jwt-secret", config.jwt_secret, "Secret of the tokens, at least 32 bytes (also: JWT_SECRET)");
  add(serve, "jwt-public-keys", config.jwt_public_keys,
      "Files with the public keys of other issuers, RSA or P-256: PEM or JWKS")
      ->delimiter(',');
  add(serve, "jwt-algorithms", config.jwt_algorithms,
      "Algorithms of the tokens that are taken (default: HS256, and those that the public keys are for)")
      ->delimiter(',')
      ->check(CLI::IsMember({"HS256", "HS384", "HS512", "RS256", "ES256"}));
  add(serve, "jwt-issuer", config.jwt_issuer, "`iss` of tokens that are not our own; any unless given");
  add(serve, "jwt-audience", config.jwt_audience, "`aud` of tokens that are not our own; any unless given");
  add_seconds(serve, "jwt-leeway", raw.jwt_leeway, 0, "that clocks may disagree about a token");
  add_flag(serve, "enforce-token-expiry", config.enforce_token_expiry,
           "A connection ends with its token, unless it shows a new one in time");
  add_flag(serve, "expose-email", config.expose_email,
           "The name that others see is the e-mail address (always in profile seed)");
  add(serve, "superadmins", config.superadmins, "Ids of users who may deactivate others")->delimiter(',');
}

void add_limit(CLI::App& app, const std::string& name, unsigned& target, const std::string& description) {
  add(app, name, target, description + "; 0: no limit")->check(CLI::Range(0, 1'000'000))->capture_default_str();
}

void describe_limits(CLI::App& serve, Raw& raw) {
  Limits& limits = raw.command.config.limits;
  add_flag(serve, "limits", raw.limits, "Hold back who is too fast (the limit-... below)")->default_str("true");
  add_limit(serve, "limit-events", limits.events, "Events of one connection in a minute");
  add(serve, "limit-burst", limits.burst, "Events of one connection at once, as long as there are no more in a minute")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  add_limit(serve, "limit-joins", limits.joins, "Channels that one connection joins in 10 s");
  add_limit(serve, "limit-edits", limits.edits, "Messages that one connection changes or deletes in 10 s");
  add_limit(serve, "limit-statuses", limits.statuses, "Changes of status by one connection in 20 s");
  add_limit(serve, "limit-messages", limits.messages, "Messages of one user to one channel in 5 s");
  add_limit(serve, "limit-user-messages", limits.user_messages, "Messages of one user in a second");
  add_limit(serve, "limit-handshakes", limits.handshakes, "New connections in a second; the others are answered 503");
  add_limit(serve, "limit-sockets", limits.sockets_per_user,
            "Connections of one user, and live streams of his on one shard; the oldest goes");
  add(serve, "max-buffered", raw.command.config.max_buffered,
      "Bytes that may wait for one connection before it is ended as too slow")
      ->check(CLI::Range(16'384, 268'435'456))
      ->capture_default_str();
  add(serve, "max-stall", raw.max_stall,
      "Milliseconds for which a connection may take nothing of what waits for it; 0: any time")
      ->check(CLI::Range(0, 86'400'000))
      ->capture_default_str();
}

/// Several nodes that are one.
void describe_cluster(CLI::App& serve, Raw& raw) {
  add(serve, "redis", raw.command.config.redis,
      "Be one with the other nodes that share this Redis and the database: redis://HOST[:PORT], unix:///PATH, or "
      "rediss://HOST[:PORT][?ca=FILE][&cert=FILE&key=FILE] over TLS: PEM files of who vouches for it instead of the system's "
      "authorities, and of who we are (also: REDIS_URL)");
  add(serve, "redis-mode", raw.redis_mode,
      "How the nodes speak, the same on all: classic (any Redis), sharded (Redis 7), or streams")
      ->check(CLI::IsMember({"classic", "sharded", "streams"}))
      ->capture_default_str();
  add(serve, "node-lease", raw.node_lease,
      "Milliseconds after which another node that is not heard is taken for dead; the same on all")
      ->check(CLI::Range(1'000, 600'000))
      ->capture_default_str();
}

cluster::RedisMode mode_of(const std::string& word) {
  if (word == "sharded") return cluster::RedisMode::sharded;
  return word == "streams" ? cluster::RedisMode::streams : cluster::RedisMode::classic;
}

void describe_serve(CLI::App& serve, Raw& raw) {
  Config& config = raw.command.config;
  add(serve, "host", config.host, "Address to listen on, such as ::, or unix:PATH for a Unix socket")->capture_default_str();
  add(serve, "port", config.port, "Port to listen on; 0 takes a free one (also: PORT)")
      ->check(CLI::Range(0, 65'535))
      ->capture_default_str();
  auto* certificate = add(serve, "tls-certificate", config.tls_certificate,
                          "PEM file with the certificate chain: speak TLS only; SIGHUP reads it again");
  auto* key = add(serve, "tls-key", config.tls_key, "PEM file with the private key of --tls-certificate");
  certificate->needs(key);
  key->needs(certificate);
  add(serve, "shards", config.shards, "Threads that serve; 0: one for each core")
      ->check(CLI::Range(0, 255))
      ->capture_default_str();
  add(serve, "database", config.database,
      "sqlite:PATH, memory: for nothing that lasts, or mongodb://HOST[:PORT]/DATABASE, which several nodes may share (also: "
      "MONGODB_URI)")
      ->capture_default_str();
  describe_cluster(serve, raw);
  describe_accounts(serve, raw);
  add(serve, "profile", raw.profile, "product, or seed: event for event the original application")
      ->check(CLI::IsMember({"product", "seed"}))
      ->capture_default_str();
  add_flag(serve, "demo", config.demo, "Demo users alice, bob and carol, who sign in by a click");
  add(serve, "auto-join", config.auto_join, "Workspace that new users become members of, or off")->capture_default_str();
  add_flag(serve, "auto-create-channels", config.auto_create_channels,
           "Joining an unknown channel makes it (always in profile seed)");
  add(serve, "ui", config.ui, "Directory of the web page, or off (default: ui beside the program)");
  add(serve, "allowed-origins", config.allowed_origins,
      "Origins of web pages, besides our own, that may use the server, such as https://app.example; *: any")
      ->delimiter(',');
  add(serve, "trusted-proxies", raw.trusted_proxies,
      "Addresses of our own proxies, such as 10.0.0.0/8, which are believed when X-Forwarded-For says where a request came "
      "from")
      ->delimiter(',');
  add_milliseconds(serve, "ping-interval", raw.ping_interval, "between pings");
  add_milliseconds(serve, "ping-timeout", raw.ping_timeout, "to wait for the answer to a ping");
  add(serve, "max-payload", config.max_payload, "Bytes of one message at most")
      ->check(CLI::Range(1'024, 268'435'456))
      ->capture_default_str();
  add(serve, "presence-grace", raw.presence_grace,
      "Milliseconds from a lost connection to \"offline\" (default: 10000; 0 in profile seed)");
  add_milliseconds(serve, "presence-away", raw.presence_away, "without a sign of life to \"away\"");
  add(serve, "presence-window", raw.presence_window,
      "Milliseconds within which changes of presence are told together; 0: each at once (default: 250 to 5000, by their "
      "number)")
      ->check(CLI::Range(0, 86'400'000));
  add(serve, "presence-full-max", config.presence_full_max,
      "Users of a workspace online at once, up to whom everybody hears of everybody; beyond, of those he asks for")
      ->check(CLI::Range(0, 10'000))
      ->capture_default_str();
  add(serve, "recovery-window", raw.recovery_window,
      "Milliseconds that a lost connection may be taken up again, with nothing missed; 0: never (default: 120000; 0 in profile "
      "seed)")
      ->check(CLI::Range(0, 86'400'000));
  add_milliseconds(serve, "typing-ttl", raw.typing_ttl, "after which a typing that nobody stops ends");
  add_milliseconds(serve, "typing-ttl-v2", raw.typing_ttl_v2,
                   "after which a typing ends that its client (of typing.v2) does not refresh");
  add_milliseconds(serve, "typing-rebroadcast", raw.typing_rebroadcast,
                   "between two words to clients of typing.v2 that a typing goes on");
  add(serve, "typing-large-room", config.typing_large_room,
      "Connections in a channel beyond which only a few who type are shown; 0: never")
      ->capture_default_str();
  add(serve, "typing-huge-room", config.typing_huge_room,
      "Connections in a channel beyond which nobody who types is shown; 0: never")
      ->capture_default_str();
  add_milliseconds(serve, "limbo", raw.limbo, "that a connection may stay without a valid token");
  describe_limits(serve, raw);
  add(serve, "drain", raw.drain, "Milliseconds at most from SIGTERM to the end, in which clients are sent away bit by bit")
      ->check(CLI::Range(0, 600'000))
      ->capture_default_str();
  add(serve, "handover", raw.handover,
      "Milliseconds at most after the drain, in which other nodes fetch what those clients missed who come to them")
      ->check(CLI::Range(0, 600'000))
      ->capture_default_str();
  add(serve, "debug-secret", config.debug_secret,
      "Opens /_debug/cron and /metrics to who shows it, as X-Debug-Secret or as bearer; without it they are not there");
  add_flag(serve, "metrics", config.metrics, "Anybody may read /metrics");
  add(serve, "log-level", config.log_level, "trace, debug, info, warn, error or off")
      ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error", "off"}))
      ->capture_default_str();
}

void describe_token(CLI::App& token, Raw& raw) {
  token.add_option("--sub", raw.command.subject, "Id of the user")->required();
  token.add_option("--email", raw.command.email, "His e-mail address");
  token.add_option("--name", raw.command.name, "The name that others see");
  token.add_option("--expires-in", raw.command.expires_in, "Seconds that it is valid")->capture_default_str();
  add(token, "jwt-secret", raw.command.config.jwt_secret, "Secret of the tokens, the server's (also: JWT_SECRET)");
}

/// One sentence that says what is wrong and where to look.
std::string sentence_for(const CLI::App& app, const CLI::Error& error) {
  std::string what = error.what();
  const auto unknown = app.remaining(true);
  if (dynamic_cast<const CLI::ExtrasError*>(&error) && !unknown.empty()) {
    const auto flag = std::find_if(unknown.begin(), unknown.end(), [](const auto& word) { return word.starts_with("-"); });
    what = "'" + (flag == unknown.end() ? unknown.front() : *flag) +
           "' is not known; 'atrium --help' and 'atrium serve --help' list what is";
  } else if (dynamic_cast<const CLI::ConfigError*>(&error)) {
    what += "; 'atrium serve --help' lists the settings, which are its keys without the dashes";
  }
  return "atrium: " + what + "\n";
}

/// The names that platforms and the original application use.
void read_common_variables(const CLI::App& command, Raw& raw) {
  Config& config = raw.command.config;
  const auto* port = command.get_option_no_throw("--port");
  if (const char* value = std::getenv("PORT"); value && *value && port && port->count() == 0) {
    if (const auto wrong = CLI::Range(0, 65'535)(value); !wrong.empty()) throw CLI::ValidationError("PORT", wrong);
    CLI::detail::lexical_cast(value, config.port);
  }
  if (const char* value = std::getenv("JWT_SECRET"); value && config.jwt_secret.empty()) config.jwt_secret = value;
  const auto* database = command.get_option_no_throw("--database");
  if (const char* value = std::getenv("MONGODB_URI"); value && *value && database && database->count() == 0) {
    config.database = value;
  }
  if (const char* value = std::getenv("REDIS_URL"); value && config.redis.empty()) config.redis = value;
}

std::string page_beside_program() { return (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "ui").string(); }

/// The keys by which tokens are known must be there, and fit.
void check_secret(Config& config) {
  if (config.demo && config.jwt_secret.empty()) config.jwt_secret = base64url_encode(random_octets(32));
  // Who lets only the tokens of others in needs none of his own.
  const bool needed = config.accounts || config.jwt_public_keys.empty() || !config.jwt_secret.empty();
  if (needed && config.jwt_secret.size() < TokenAuthority::kMinSecret && !config.demo) {
    throw CLI::ValidationError(
        "--jwt-secret",
        config.jwt_secret.empty()
            ? "a secret is needed to check tokens: give one of at least 32 bytes with --jwt-secret or JWT_SECRET, "
              "or try things with --demo"
            : "the secret is shorter than 32 bytes and could be guessed: give a longer one");
  }
  const auto& allowed = config.jwt_algorithms;
  const bool own = allowed.empty() || std::find(allowed.begin(), allowed.end(), "HS256") != allowed.end();
  if ((config.accounts || config.demo) && !own) {
    throw CLI::ValidationError("--jwt-algorithms",
                               "HS256 is missing, which our own tokens have: add it, or say --accounts off");
  }
}

std::vector<net::AddressRange> ranges_of(const std::vector<std::string>& words) {
  std::vector<net::AddressRange> ranges;
  for (const auto& word : words) {
    const auto range = net::AddressRange::parse(word);
    if (!range)
      throw CLI::ValidationError("--trusted-proxies", "'" + word + "' is no address: write 10.0.0.7, 10.0.0.0/8 or ::1");
    ranges.push_back(*range);
  }
  return ranges;
}

void settle(Raw& raw) {
  Config& config = raw.command.config;
  config.profile = raw.profile == "seed" ? Profile::seed : Profile::product;
  config.trusted_proxies = ranges_of(raw.trusted_proxies);
  config.node_lease = std::chrono::milliseconds(raw.node_lease);
  config.redis_mode = mode_of(raw.redis_mode);
  config.auto_create_channels |= config.seed();
  config.ping_interval = std::chrono::milliseconds(raw.ping_interval);
  config.ping_timeout = std::chrono::milliseconds(raw.ping_timeout);
  config.presence_grace = std::chrono::milliseconds(raw.presence_grace.value_or(config.seed() ? 0 : 10'000));
  config.presence_away = std::chrono::milliseconds(raw.presence_away);
  if (config.seed()) config.presence_window = Duration::zero();
  if (raw.presence_window) config.presence_window = std::chrono::milliseconds(*raw.presence_window);
  config.recovery_window = std::chrono::milliseconds(raw.recovery_window.value_or(config.seed() ? 0 : 120'000));
  config.typing_ttl = std::chrono::milliseconds(raw.typing_ttl);
  config.typing_ttl_v2 = std::chrono::milliseconds(raw.typing_ttl_v2);
  config.typing_rebroadcast = std::chrono::milliseconds(raw.typing_rebroadcast);
  config.limbo = std::chrono::milliseconds(raw.limbo);
  config.drain = std::chrono::milliseconds(raw.drain);
  config.handover = std::chrono::milliseconds(raw.handover);
  config.max_stall = std::chrono::milliseconds(raw.max_stall);
  if (!raw.limits) config.limits = {0, config.limits.burst, 0, 0, 0, 0, 0, 0, 0};
  if (!config.debug_secret.empty() && config.debug_secret.size() < kMinDebugSecret) {
    throw CLI::ValidationError("--debug-secret", "the secret is shorter than 16 bytes and could be guessed: give a longer one");
  }
  // Without a built page the programming interface still serves; a directory that was named must be there.
  if (config.ui.empty()) config.ui = std::filesystem::is_directory(page_beside_program()) ? page_beside_program() : "off";
  config.expose_email |= config.seed();
  config.accounts = raw.accounts == "on";
  config.access_token_lifetime = std::chrono::seconds(raw.access_token_lifetime);
  config.refresh_token_lifetime = std::chrono::seconds(raw.refresh_token_lifetime);
  config.jwt_leeway = std::chrono::seconds(raw.jwt_leeway);
  check_secret(config);
}

}  // namespace

std::optional<Command> parse_command_line(int argc, const char* const* argv, int& exit_code) {
  Raw raw;
  CLI::App app("Atrium: a Socket.IO server with a ready-to-run chat backend.\n", "atrium");
  app.set_version_flag("--version", "atrium " + std::string(kVersion));
  app.failure_message([](const CLI::App* failed, const CLI::Error& error) { return sentence_for(*failed, error); });
  CLI::App* serve = app.add_subcommand("serve", "Run the server");
  CLI::App* token = app.add_subcommand("token", "Mint a token to try things with");
  const CLI::App* routes = app.add_subcommand("routes", "List what can be asked by HTTP, and by whom");
  describe_serve(*serve, raw);
  describe_token(*token, raw);
  app.set_config("--config", "", "For serve: a file with any of its settings, one `key = value` a line");
  app.config_formatter(std::make_shared<ServeFile>(*serve));
  serve->fallthrough();
  serve->footer(
      "--config FILE reads any of these from a file, one `key = value` a line. The command line outranks the\n"
      "environment, which outranks the file.");
  try {
    app.parse(argc, argv);
    if (app.get_subcommands().empty()) throw CLI::RequiredError("A command, serve, token or routes,");
    if (routes->parsed()) {
      raw.command.kind = Command::Kind::routes;
      return raw.command;
    }
    const CLI::App& called = serve->parsed() ? *serve : *token;
    raw.command.kind = serve->parsed() ? Command::Kind::serve : Command::Kind::token;
    read_common_variables(called, raw);
    settle(raw);
  } catch (const CLI::ParseError& error) {
    exit_code = app.exit(error) == 0 ? 0 : kBadConfiguration;
    return std::nullopt;
  }
  return raw.command;
}

}  // namespace atrium::chat
