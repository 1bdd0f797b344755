#include "chat/command_line.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <sstream>

#include "tests/support/temporary_directory.h"

namespace atrium::chat {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::string kSecret(32, 's');

/// What a stream says while this lives.
class Captured final {
 public:
  explicit Captured(std::ostream& stream) : stream_(stream), before_(stream.rdbuf(text_.rdbuf())) {}
  ~Captured() { stream_.rdbuf(before_); }
  std::string text() const { return text_.str(); }

 private:
  std::ostringstream text_;
  std::ostream& stream_;
  std::streambuf* before_;
};

class CommandLineTest : public ::testing::Test {
 protected:
  CommandLineTest() {
    // Nothing of the machine that runs this test.
    for (const char* name :
         {"PORT", "JWT_SECRET", "ATRIUM_PORT", "ATRIUM_JWT_SECRET", "ATRIUM_DEMO", "ATRIUM_PROFILE", "ATRIUM_HOST",
          "ATRIUM_DATABASE", "MONGODB_URI", "ATRIUM_LOG_LEVEL", "ATRIUM_UI", "ATRIUM_PRESENCE_GRACE"}) {
      unsetenv(name);
    }
  }
  ~CommandLineTest() override {
    for (const auto& name : variables) unsetenv(name.c_str());
  }

  void set(const std::string& name, const std::string& value) {
    setenv(name.c_str(), value.c_str(), 1);
    variables.push_back(name);
  }
  std::string file(const std::string& text) {
    directory.write("atrium.toml", text);
    return directory.file("atrium.toml");
  }

  std::optional<Command> parse(std::vector<const char*> words) {
    words.insert(words.begin(), "atrium");
    const Captured to_out(std::cout);
    const Captured to_err(std::cerr);
    auto command = parse_command_line(static_cast<int>(words.size()), words.data(), exit_code);
    out = to_out.text();
    err = to_err.text();
    return command;
  }
  /// `serve` with a good secret and these words.
  std::optional<Command> serve(std::vector<const char*> words = {}) {
    words.insert(words.begin(), {"serve", "--jwt-secret", kSecret.c_str()});
    return parse(std::move(words));
  }
  /// The program is to end with exit code 2 after one sentence.
  std::string refusal(const std::vector<const char*>& words) {
    exit_code = -1;
    EXPECT_FALSE(parse(words));
    EXPECT_EQ(exit_code, 2);
    EXPECT_EQ(out, "");
    EXPECT_EQ(std::count(err.begin(), err.end(), '\n'), 1) << err;
    return err;
  }

  test::TemporaryDirectory directory;
  std::vector<std::string> variables;
  int exit_code = -1;
  std::string out;
  std::string err;
};

TEST_F(CommandLineTest, HasDefaultsThatNeedNoReading) {
  const auto command = serve();
  ASSERT_TRUE(command) << err;
  EXPECT_EQ(command->kind, Command::Kind::serve);
  const Config& config = command->config;
  EXPECT_EQ(config.host, "0.0.0.0");
  EXPECT_EQ(config.port, 3000);
  EXPECT_EQ(config.shards, 0u);
  EXPECT_EQ(config.database, "sqlite:atrium.db");
  EXPECT_EQ(config.profile, Profile::product);
  EXPECT_FALSE(config.demo);
  EXPECT_EQ(config.auto_join, "default");
  EXPECT_FALSE(config.auto_create_channels);
  EXPECT_EQ(config.ping_interval, 20s);
  EXPECT_EQ(config.ping_timeout, 10s);
  EXPECT_EQ(config.presence_grace, 10s);
  EXPECT_EQ(config.recovery_window, 120s);
  EXPECT_EQ(config.drain, 1s);
  EXPECT_EQ(config.handover, 5s);
  EXPECT_EQ(config.debug_secret, "");
  EXPECT_FALSE(config.metrics);
  EXPECT_EQ(config.typing_ttl, 60s);
  EXPECT_EQ(config.typing_ttl_v2, 10s);
  EXPECT_EQ(config.typing_rebroadcast, 5s);
  EXPECT_EQ(config.max_stall, 2s);
  EXPECT_EQ(config.limbo, 10s);
  EXPECT_EQ(config.max_payload, 1'048'576u);
}

TEST_F(CommandLineTest, LetsPeopleSignInHereUnlessTold) {
  const auto command = serve();
  ASSERT_TRUE(command) << err;
  EXPECT_TRUE(command->config.accounts);
  EXPECT_EQ(command->config.access_token_lifetime, 15min);
  EXPECT_EQ(command->config.refresh_token_lifetime, 7 * 24h);
  EXPECT_EQ(command->config.jwt_leeway, 30s);
  EXPECT_FALSE(command->config.enforce_token_expiry);
  EXPECT_FALSE(command->config.expose_email);
  EXPECT_TRUE(serve({"--profile", "seed"})->config.expose_email);
}

TEST_F(CommandLineTest, TakesTheKeysOfOtherIssuers) {
  const auto command = serve({"--accounts", "off", "--jwt-public-keys", "a.pem,b.json", "--jwt-algorithms", "RS256,ES256",
                              "--jwt-issuer", "https://idp.example", "--jwt-audience", "chat", "--jwt-leeway", "0"});
  ASSERT_TRUE(command) << err;
  const Config& config = command->config;
  EXPECT_FALSE(config.accounts);
  EXPECT_EQ(config.jwt_public_keys, (std::vector<std::string>{"a.pem", "b.json"}));
  EXPECT_EQ(config.jwt_algorithms, (std::vector<std::string>{"RS256", "ES256"}));
  EXPECT_EQ(config.jwt_issuer, "https://idp.example");
  EXPECT_EQ(config.jwt_audience, "chat");
  EXPECT_EQ(config.jwt_leeway, 0s);
}

TEST_F(CommandLineTest, NeedsNoSecretWhereOthersSignAlone) {
  EXPECT_TRUE(parse({"serve", "--accounts", "off", "--jwt-public-keys", "a.pem"})) << err;
  EXPECT_THAT(refusal({"serve", "--accounts", "off", "--jwt-public-keys", "a.pem", "--jwt-secret", "short"}),
              HasSubstr("32 bytes"));
  EXPECT_THAT(refusal({"serve", "--jwt-public-keys", "a.pem"}), HasSubstr("--jwt-secret"));
}

TEST_F(CommandLineTest, TakesItsFlags) {
  const auto command = serve({"--host",
                              "127.0.0.1",
                              "--port",
                              "0",
                              "--shards",
                              "3",
                              "--database",
                              "memory:",
                              "--demo",
                              "--auto-join",
                              "off",
                              "--auto-create-channels",
                              "--ui",
                              "off",
                              "--ping-interval",
                              "100",
                              "--ping-timeout=200",
                              "--max-payload",
                              "2048",
                              "--presence-grace",
                              "0",
                              "--handover",
                              "200",
                              "--drain",
                              "0",
                              "--debug-secret",
                              "0123456789abcdef",
                              "--metrics",
                              "--recovery-window",
                              "900",
                              "--typing-ttl",
                              "50",
                              "--limbo",
                              "70",
                              "--log-level",
                              "debug"});
  ASSERT_TRUE(command) << err;
  const Config& config = command->config;
  EXPECT_EQ(config.host, "127.0.0.1");
  EXPECT_EQ(config.port, 0);
  EXPECT_EQ(config.shards, 3u);
  EXPECT_EQ(config.database, "memory:");
  EXPECT_TRUE(config.demo);
  EXPECT_EQ(config.auto_join, "off");
  EXPECT_TRUE(config.auto_create_channels);
  EXPECT_EQ(config.ui, "off");
  EXPECT_EQ(config.ping_interval, 100ms);
  EXPECT_EQ(config.ping_timeout, 200ms);
  EXPECT_EQ(config.max_payload, 2048u);
  EXPECT_EQ(config.presence_grace, 0ms);
  EXPECT_EQ(config.recovery_window, 900ms);
  EXPECT_EQ(config.drain, 0ms);
  EXPECT_EQ(config.handover, 200ms);
  EXPECT_EQ(config.debug_secret, "0123456789abcdef");
  EXPECT_TRUE(config.metrics);
  EXPECT_EQ(config.typing_ttl, 50ms);
  EXPECT_EQ(config.limbo, 70ms);
  EXPECT_EQ(config.log_level, "debug");
}

TEST_F(CommandLineTest, ReadsAFile) {
  const std::string path = file("# settings\nport = 4000\nhost = \"127.0.0.1\"\ndemo = true\nprofile = \"seed\"\n");
  const auto command = serve({"--config", path.c_str()});
  ASSERT_TRUE(command) << err;
  EXPECT_EQ(command->config.port, 4000);
  EXPECT_EQ(command->config.host, "127.0.0.1");
  EXPECT_TRUE(command->config.demo);
  EXPECT_TRUE(command->config.seed());
}

TEST_F(CommandLineTest, RanksTheFlagOverTheEnvironmentOverTheFile) {
  const std::string path = file("port = 4000\nhost = \"127.0.0.1\"\nlog-level = \"warn\"\n");
  set("ATRIUM_PORT", "5000");
  set("ATRIUM_HOST", "127.0.0.2");
  const auto command = serve({"--config", path.c_str(), "--port", "6000"});
  ASSERT_TRUE(command) << err;
  EXPECT_EQ(command->config.port, 6000) << "the flag";
  EXPECT_EQ(command->config.host, "127.0.0.2") << "the environment";
  EXPECT_EQ(command->config.log_level, "warn") << "the file";
}

TEST_F(CommandLineTest, TakesBackWhatTheEnvironmentTurnedOn) {
  set("ATRIUM_DEMO", "true");
  EXPECT_TRUE(serve()->config.demo);
  EXPECT_FALSE(serve({"--no-demo"})->config.demo);
}

TEST_F(CommandLineTest, KnowsTheNamesThatPlatformsUse) {
  set("PORT", "5000");
  set("JWT_SECRET", std::string(32, 'j'));
  auto command = parse({"serve"});
  ASSERT_TRUE(command) << err;
  EXPECT_EQ(command->config.port, 5000);
  EXPECT_EQ(command->config.jwt_secret, std::string(32, 'j'));
  set("ATRIUM_PORT", "5001");
  set("ATRIUM_JWT_SECRET", std::string(32, 'a'));
  command = parse({"serve"});
  ASSERT_TRUE(command) << err;
  EXPECT_EQ(command->config.port, 5001) << "its own names come first";
  EXPECT_EQ(command->config.jwt_secret, std::string(32, 'a'));
}

TEST_F(CommandLineTest, RanksThoseNamesOverTheFileToo) {
  const std::string path = file("port = 4000\njwt-secret = \"" + std::string(32, 'f') + "\"\n");
  set("PORT", "5000");
  set("JWT_SECRET", std::string(32, 'j'));
  const auto command = parse({"serve", "--config", path.c_str()});
  ASSERT_TRUE(command) << err;
  EXPECT_EQ(command->config.port, 5000);
  EXPECT_EQ(command->config.jwt_secret, std::string(32, 'j'));
}

TEST_F(CommandLineTest, TakesTheMongoDbThatTheEnvironmentNamesUnlessADatabaseIsGiven) {
  const std::string path = file("database = \"sqlite:file.db\"\n");
  EXPECT_EQ(serve()->config.database, "sqlite:atrium.db");
  set("MONGODB_URI", "mongodb://db/chat");
  EXPECT_EQ(serve()->config.database, "mongodb://db/chat");
  EXPECT_EQ(serve({"--config", path.c_str()})->config.database, "mongodb://db/chat");
  EXPECT_EQ(serve({"--database", "memory:"})->config.database, "memory:");
  set("ATRIUM_DATABASE", "sqlite:other.db");
  EXPECT_EQ(serve()->config.database, "sqlite:other.db");
  set("ATRIUM_DATABASE", "mongodb://other/chat");
  EXPECT_EQ(serve({"--config", path.c_str()})->config.database, "mongodb://other/chat");
}

TEST_F(CommandLineTest, GivesTheSeedProfileItsOwnDefaults) {
  auto command = serve({"--profile", "seed"});
  ASSERT_TRUE(command) << err;
  EXPECT_TRUE(command->config.seed());
  EXPECT_EQ(command->config.presence_grace, 0ms);
  EXPECT_EQ(command->config.recovery_window, 0ms);
  EXPECT_TRUE(command->config.auto_create_channels);
  command = serve({"--profile", "seed", "--presence-grace", "250"});
  ASSERT_TRUE(command) << err;
  EXPECT_EQ(command->config.presence_grace, 250ms);
}

TEST_F(CommandLineTest, MakesASecretForADemoThatHasNone) {
  const auto one = parse({"serve", "--demo"});
  const auto other = parse({"serve", "--demo"});
  ASSERT_TRUE(one && other) << err;
  EXPECT_GE(one->config.jwt_secret.size(), 32u);
  EXPECT_NE(one->config.jwt_secret, other->config.jwt_secret);
}

TEST_F(CommandLineTest, SaysInOneSentenceWhatIsWrong) {
  EXPECT_THAT(refusal({}), StartsWith("atrium: "));
  EXPECT_THAT(refusal({"serve"}), HasSubstr("--jwt-secret"));
  EXPECT_THAT(refusal({"serve", "--jwt-secret", "short"}), AllOf(HasSubstr("32 bytes"), EndsWith("\n")));
  EXPECT_THAT(refusal({"dance"}), HasSubstr("'dance'"));
  EXPECT_THAT(refusal({"serve", "--demo", "--nonsense"}), HasSubstr("'--nonsense'"));
  EXPECT_THAT(refusal({"serve", "--demo", "--port", "70000"}), HasSubstr("port"));
  EXPECT_THAT(refusal({"serve", "--demo", "--port", "x"}), HasSubstr("port"));
  EXPECT_THAT(refusal({"serve", "--demo", "--port", "-1"}), HasSubstr("port"));
  EXPECT_THAT(refusal({"serve", "--demo", "--profile", "other"}), HasSubstr("profile"));
  EXPECT_THAT(refusal({"serve", "--demo", "--ping-interval", "0"}), HasSubstr("ping-interval"));
  EXPECT_THAT(refusal({"serve", "--demo", "--log-level", "loud"}), HasSubstr("log-level"));
  EXPECT_THAT(refusal({"serve", "--demo", "--config", "/no/such/file"}), HasSubstr("/no/such/file"));
}

TEST_F(CommandLineTest, SaysWhatIsWrongInTheFileAndTheEnvironment) {
  const std::string unknown = file("prot = 4000\n");
  EXPECT_THAT(refusal({"serve", "--demo", "--config", unknown.c_str()}), HasSubstr("'prot'"));
  const std::string bad = file("port = \"x\"\n");
  EXPECT_THAT(refusal({"serve", "--demo", "--config", bad.c_str()}), HasSubstr("port"));
  set("PORT", "http");
  EXPECT_THAT(refusal({"serve", "--demo"}), HasSubstr("PORT"));
}

TEST_F(CommandLineTest, AnswersThoseWhoAskForHelp) {
  for (const std::vector<const char*>& words : {std::vector<const char*>{"--help"}, {"serve", "--help"}, {"token", "--help"}}) {
    exit_code = -1;
    EXPECT_FALSE(parse(words));
    EXPECT_EQ(exit_code, 0);
    EXPECT_THAT(out, HasSubstr("--"));
    EXPECT_EQ(err, "");
  }
  EXPECT_FALSE(parse({"--version"}));
  EXPECT_EQ(exit_code, 0);
  EXPECT_THAT(out, StartsWith("atrium "));
}

TEST_F(CommandLineTest, ReadsWhatATokenIsToSay) {
  const auto command = parse({"token", "--sub", "alice", "--email", "alice@example.com", "--name", "Alice", "--expires-in",
                              "60", "--jwt-secret", kSecret.c_str()});
  ASSERT_TRUE(command) << err;
  EXPECT_EQ(command->kind, Command::Kind::token);
  EXPECT_EQ(command->subject, "alice");
  EXPECT_EQ(command->email, "alice@example.com");
  EXPECT_EQ(command->name, "Alice");
  EXPECT_EQ(command->expires_in, 60);
  EXPECT_EQ(command->config.jwt_secret, kSecret);
}

TEST_F(CommandLineTest, ListsRoutesWithoutASecret) {
  const auto command = parse({"routes"});
  ASSERT_TRUE(command) << err;
  EXPECT_EQ(command->kind, Command::Kind::routes);
  EXPECT_THAT(refusal({"routes", "--port", "1"}), HasSubstr("--port"));
}

TEST_F(CommandLineTest, MintsNoTokenWithoutABearerOrASecret) {
  EXPECT_THAT(refusal({"token", "--jwt-secret", kSecret.c_str()}), HasSubstr("--sub"));
  EXPECT_THAT(refusal({"token", "--sub", "alice"}), HasSubstr("--jwt-secret"));
}

TEST_F(CommandLineTest, SetsEachLimitAndTurnsThemAllOff) {
  const auto some = parse({"serve", "--jwt-secret", kSecret.c_str(), "--limit-joins", "7", "--limit-sockets", "0"});
  ASSERT_TRUE(some);
  EXPECT_EQ(some->config.limits.joins, 7u);
  EXPECT_EQ(some->config.limits.sockets_per_user, 0u);
  EXPECT_EQ(some->config.limits.events, 120u) << "the others stay";
  const auto none = parse({"serve", "--jwt-secret", kSecret.c_str(), "--no-limits", "--limit-joins", "7"});
  ASSERT_TRUE(none);
  const Limits& limits = none->config.limits;
  for (const unsigned limit : {limits.events, limits.joins, limits.edits, limits.statuses, limits.messages,
                               limits.user_messages, limits.handshakes, limits.sockets_per_user}) {
    EXPECT_EQ(limit, 0u);
  }
}

}  // namespace
}  // namespace atrium::chat
