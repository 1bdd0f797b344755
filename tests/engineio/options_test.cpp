#include "engineio/options.h"

#include <gmock/gmock.h>

#include <stdexcept>

#include "base/clock.h"
#include "tests/engineio/upgrade_request.h"

namespace atrium::engineio {
namespace {

using namespace std::chrono_literals;
using test::EngineServer;
using ::testing::HasSubstr;

std::string complaint(const Options& options) {
  try {
    check(options);
    return {};
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}

TEST(Options, ComplainInWordsThatSayHowToMendThem) {
  EXPECT_EQ(complaint({}), "");
  EXPECT_THAT(complaint({.path = "engine.io"}), HasSubstr("must begin with a slash"));
  EXPECT_THAT(complaint({.polling = false, .websocket = false}), HasSubstr("set polling or websocket"));
  EXPECT_THAT(complaint({.ping_interval = 0s}), HasSubstr("ping_interval"));
  EXPECT_THAT(complaint({.ping_timeout = 0s}), HasSubstr("ping_timeout"));
  EXPECT_THAT(complaint({.cookie = Cookie{.same_site = "none"}}), HasSubstr("cookie.same_site"));
  EXPECT_THAT(complaint({.cors = Cors{.origins = {"a.example"}}}), HasSubstr("cors.origins: \"a.example\" is no origin"));
  EXPECT_THAT(complaint({.allowed_origins = std::vector<std::string>{"https://a/"}}),
              HasSubstr("allowed_origins: \"https://a/\" is no origin"));
  EXPECT_EQ(complaint({.allowed_origins = std::vector<std::string>{"*"}}), "");
}

TEST(Options, AreCheckedWhenTheEngineIsMade) {
  SystemClock clock;
  net::ShardSet shards(1, clock);
  const auto make = [](net::Shard&) { return std::unique_ptr<SessionHandler>(); };
  EXPECT_THROW(Engine({.path = "engine.io"}, shards, make), std::invalid_argument);
}

TEST(Options, ServeBelowASlash) {
  EXPECT_EQ(served_path({}), "/engine.io/");
  EXPECT_EQ(served_path({.path = "/a"}), "/a/");
  EXPECT_EQ(served_path({.path = "/a", .add_trailing_slash = false}), "/a");
  EXPECT_EQ(served_path({.path = "/a/", .add_trailing_slash = false}), "/a");
  EngineServer slash;
  EXPECT_TRUE(slash.engine().serves("/engine.io/"));
  EXPECT_FALSE(slash.engine().serves("/engine.io"));
  EngineServer none({.add_trailing_slash = false});
  EXPECT_TRUE(none.engine().serves("/engine.io/"));
  EXPECT_TRUE(none.engine().serves("/engine.io"));
}

TEST(Options, SendAnInitialPacketWithTheOpenPacket) {
  EngineServer server({.initial_packet = "hello"});
  EXPECT_TRUE(server.connect()
                  .get(EngineServer::kPolling)
                  .body.ends_with("}\x1e"
                                  "4hello"));
  auto client = server.open_websocket();
  EXPECT_TRUE(client.read_text().starts_with("0"));
  EXPECT_EQ(client.read_text(), "4hello");
}

}  // namespace
}  // namespace atrium::engineio
