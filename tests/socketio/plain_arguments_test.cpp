// Handlers that take plain values instead of described structs.
#include <gtest/gtest.h>

#include "tests/support/socket_io_server.h"

namespace atrium::socketio {
namespace {

TEST(PlainArgumentsTest, MayBeStringsOfWhichTheLastIsMissing) {
  test::SocketIoServer server;
  server.io.on("say", [](const std::string& what, const std::optional<std::string>& to, std::optional<bool> aloud) {
    return what + " to " + to.value_or("all") + (aloud.value_or(false) ? "!" : "");
  });
  server.start();
  auto client = server.connect();
  client.join();
  EXPECT_EQ(client.ask(R"(20["say","hi"])"), R"(30["hi to all"])");
  EXPECT_EQ(client.ask(R"(21["say","hi",null,true])"), R"(31["hi to all!"])");
  EXPECT_EQ(client.ask(R"(22["say","hi","bob"])"), R"(32["hi to bob"])");
}

TEST(PlainArgumentsTest, AreCheckedBeforeTheCall) {
  test::SocketIoServer server;
  server.io.on("say", [](const std::string& what) { return what; });
  server.start();
  auto client = server.connect();
  client.join();
  EXPECT_NE(client.ask(R"(20["say",1])").find("VALIDATION_FAILED"), std::string::npos);
}

}  // namespace
}  // namespace atrium::socketio
