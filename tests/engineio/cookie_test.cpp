#include "engineio/cookie.h"

#include <gmock/gmock.h>

#include "tests/engineio/upgrade_request.h"

namespace atrium::engineio {
namespace {

using namespace std::chrono_literals;
using test::EngineServer;
using ::testing::HasSubstr;

TEST(Cookie, HasTheDefaultsOfTheOfficialServer) { EXPECT_EQ(set_cookie({}, "id"), "io=id; Path=/; HttpOnly; SameSite=Lax"); }

TEST(Cookie, SaysAllThatItIsToldTo) {
  const Cookie cookie{.name = "sticky",
                      .path = "/app",
                      .http_only = false,
                      .same_site = "none",
                      .secure = true,
                      .domain = "a.example",
                      .max_age = 90'500ms};
  EXPECT_EQ(set_cookie(cookie, "id"), "sticky=id; Max-Age=90; Domain=a.example; Path=/app; Secure; SameSite=None");
  EXPECT_EQ(set_cookie({.path = "", .same_site = "strict"}, "id"), "io=id; HttpOnly; SameSite=Strict");
  EXPECT_EQ(set_cookie({.same_site = ""}, "id"), "io=id; Path=/; HttpOnly");
}

TEST(Cookie, EncodesAValueThatWouldEndIt) {
  EXPECT_EQ(set_cookie({.path = "", .http_only = false, .same_site = ""}, "a;b\r\n \xc3\xa4~"), "io=a%3Bb%0D%0A%20%C3%A4~");
}

TEST(Cookie, ComplainsOfWhatNoBrowserTakes) {
  EXPECT_EQ(complaint_about(Cookie{}), "");
  EXPECT_THAT(complaint_about(Cookie{.name = ""}), HasSubstr("cookie.name"));
  EXPECT_THAT(complaint_about(Cookie{.name = "a;b"}), HasSubstr("cookie.name"));
  EXPECT_THAT(complaint_about(Cookie{.path = "/;x"}), HasSubstr("cookie.path"));
  EXPECT_THAT(complaint_about(Cookie{.domain = "a\r\nb"}), HasSubstr("cookie.domain"));
  EXPECT_THAT(complaint_about(Cookie{.same_site = "Lax"}), HasSubstr("\"lax\""));
  EXPECT_THAT(complaint_about(Cookie{.same_site = "none"}), HasSubstr("secure"));
  EXPECT_EQ(complaint_about(Cookie{.same_site = "none", .secure = true}), "");
}

TEST(Cookie, ComesWithThePollingHandshakeOnly) {
  EngineServer server({.cookie = Cookie{}});
  auto client = server.connect();
  const auto open = client.get(EngineServer::kPolling);
  const std::string sid = EngineServer::sid_of(open.body);
  EXPECT_EQ(open.headers.at("set-cookie"), "io=" + sid + "; Path=/; HttpOnly; SameSite=Lax");
  EXPECT_EQ(client.ask("POST", EngineServer::polling(sid), {}, "4a").headers.count("set-cookie"), 0u);
  server.send("b");
  EXPECT_EQ(client.get(EngineServer::polling(sid)).headers.count("set-cookie"), 0u);
  const auto upgraded = test::ask_for_websocket(server, EngineServer::kWebSocket);
  EXPECT_EQ(upgraded.status, 101);
  EXPECT_EQ(upgraded.headers.count("set-cookie"), 0u);
}

TEST(Cookie, DoesNotComeUnasked) {
  EngineServer server;
  EXPECT_EQ(server.connect().get(EngineServer::kPolling).headers.count("set-cookie"), 0u);
}

}  // namespace
}  // namespace atrium::engineio
