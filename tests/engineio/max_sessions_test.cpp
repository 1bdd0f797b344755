// Options::max_sessions and max_handshakes: what bounds the table of sessions, and how fast it fills.
#include <gmock/gmock.h>

#include "tests/support/engine_server.h"

namespace atrium::engineio {
namespace {

using test::EngineServer;

void close_latest(EngineServer& server) {
  server.on_session([](Session& session) { session.close(); });
}

TEST(MaxSessions, CountsNoneThatOnlyLingers) {
  EngineServer server({.max_sessions = 1});
  auto client = server.connect();
  const std::string sid = server.open_polling(client);
  EXPECT_EQ(client.get(EngineServer::kPolling).status, 503);
  server.send("last");
  close_latest(server);
  EXPECT_EQ(server.session_count(), 1u) << "it lingers";
  EXPECT_EQ(client.get(EngineServer::kPolling).status, 200);
  EXPECT_EQ(client.get(EngineServer::kPolling).status, 503);
  EXPECT_EQ(client.get(EngineServer::polling(sid)).body, "4last");
}

TEST(MaxSessions, BoundsThoseThatLingerToo) {
  EngineServer server({.max_sessions = 2});
  auto client = server.connect();
  std::vector<std::string> ids;
  for (int i = 0; i < 3; ++i) {
    ids.push_back(server.open_polling(client));
    close_latest(server);
  }
  EXPECT_EQ(server.session_count(), 2u) << "the third was not let linger";
  EXPECT_EQ(client.get(EngineServer::polling(ids[2])).status, 400);
  EXPECT_EQ(client.get(EngineServer::polling(ids[0])).body,
            "6\x1e"
            "1");
  EXPECT_EQ(server.session_count(), 1u);
  server.open_polling(client);
  close_latest(server);
  EXPECT_EQ(server.session_count(), 2u) << "there is room again";
}

TEST(MaxSessions, GivesTheRoomOfALingeringSessionBackOnce) {
  EngineServer server({.max_sessions = 1});
  for (int i = 0; i < 3; ++i) {
    auto client = server.connect();
    const std::string sid = server.open_polling(client);
    close_latest(server);
    server.advance(Session::kLinger);
    EXPECT_EQ(server.session_count(), 0u);
  }
  auto client = server.connect();
  server.open_polling(client);
  EXPECT_EQ(client.get(EngineServer::kPolling).status, 503);
}

TEST(MaxHandshakes, LetsSoManyInAndTellsTheOthersWhenToComeAgain) {
  EngineServer server({.max_handshakes = 2});
  auto client = server.connect();
  const std::string sid = server.open_polling(client);
  server.open_polling(client);
  const auto refused = client.get(EngineServer::kPolling);
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.headers.at("retry-after"), "1");
  server.send("to the second");
  EXPECT_EQ(client.ask("POST", EngineServer::polling(sid), {}, "4still here").body, "ok") << "only the new ones wait";
  server.advance(std::chrono::milliseconds(500));
  server.open_polling(client);
  EXPECT_EQ(client.get(EngineServer::kPolling).status, 503);
}

}  // namespace
}  // namespace atrium::engineio
