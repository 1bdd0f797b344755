#include "engineio/cors.h"

#include <gmock/gmock.h>

#include "engineio/answer_headers.h"
#include "tests/engineio/upgrade_request.h"

namespace atrium::engineio {
namespace {

using namespace std::chrono_literals;
using test::EngineServer;
using test::HttpAnswer;
using ::testing::HasSubstr;

constexpr const char* kFromA = "Origin: https://a.example\r\n";
constexpr const char* kFromB = "Origin: https://b.example\r\n";

std::string header(const HttpAnswer& answer, const std::string& name) {
  const auto found = answer.headers.find(name);
  return found == answer.headers.end() ? "none" : found->second;
}

TEST(Cors, IsNotSpokenUnasked) {
  EngineServer server;
  auto client = server.connect();
  EXPECT_EQ(header(client.get(EngineServer::kPolling), "access-control-allow-origin"), "none");
  const auto answer = client.ask("OPTIONS", EngineServer::kPolling, kFromA);
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.body, R"({"code":2,"message":"Bad handshake method"})");
}

TEST(Cors, OpensToAnyOrigin) {
  EngineServer server({.cors = Cors{}});
  auto client = server.connect();
  for (const char* from : {"", kFromA}) {
    const auto answer = client.get(EngineServer::kPolling, from);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(header(answer, "access-control-allow-origin"), "*");
    EXPECT_EQ(header(answer, "vary"), "none");
    EXPECT_EQ(header(answer, "access-control-allow-credentials"), "none");
  }
}

TEST(Cors, NamesTheOriginsOfAListOnly) {
  EngineServer server({.cors = Cors{.origins = {"https://b.example", "https://a.example"}}});
  auto client = server.connect();
  const auto listed = client.get(EngineServer::kPolling, kFromA);
  EXPECT_EQ(header(listed, "access-control-allow-origin"), "https://a.example");
  EXPECT_EQ(header(listed, "vary"), "Origin");
  const auto own = client.get(EngineServer::kPolling);
  EXPECT_EQ(own.status, 200);
  EXPECT_EQ(header(own, "access-control-allow-origin"), "none");
  EXPECT_EQ(header(own, "vary"), "Origin") << "what a cache keeps must not be shown to others";
  const auto other = client.get(EngineServer::kPolling, "Origin: https://a.example.evil\r\n");
  EXPECT_EQ(header(other, "access-control-allow-origin"), "none");
}

TEST(Cors, ReflectsAnyOriginForCredentials) {
  EngineServer server({.cors = Cors{.reflect_any = true, .exposed_headers = {"X-A", "X-B"}, .credentials = true}});
  auto client = server.connect();
  const auto answer = client.get(EngineServer::kPolling, kFromB);
  EXPECT_EQ(header(answer, "access-control-allow-origin"), "https://b.example");
  EXPECT_EQ(header(answer, "access-control-allow-credentials"), "true");
  EXPECT_EQ(header(answer, "access-control-expose-headers"), "X-A,X-B");
  EXPECT_EQ(header(answer, "vary"), "Origin");
}

TEST(Cors, StandsOnEveryAnswer) {
  EngineServer server({.cors = Cors{}}, 2);
  auto first = server.connect();
  auto second = server.connect();
  const std::string sid = server.open_polling(first);
  // The second connection is on the other shard: what was added to the answer moves with it.
  EXPECT_EQ(header(second.ask("POST", EngineServer::polling(sid), {}, "4a"), "access-control-allow-origin"), "*");
  EXPECT_EQ(header(first.ask("PUT", EngineServer::polling(sid)), "access-control-allow-origin"), "*");
  EXPECT_EQ(header(first.get(EngineServer::polling("none")), "access-control-allow-origin"), "*");
  EXPECT_EQ(header(first.ask("POST", EngineServer::polling(sid), {}, "no packet"), "access-control-allow-origin"), "*");
  EXPECT_EQ(header(test::ask_for_websocket(server, EngineServer::kWebSocket), "access-control-allow-origin"), "*");
}

TEST(Cors, AnswersAPreflight) {
  EngineServer server({.cors = Cors{.origins = {"https://a.example"}}});
  auto client = server.connect();
  const std::string asking = std::string(kFromA) + "Access-Control-Request-Headers: x-token, x-other\r\n";
  const auto answer = client.ask("OPTIONS", EngineServer::kPolling, asking);
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(header(answer, "content-length"), "0");
  EXPECT_EQ(header(answer, "access-control-allow-origin"), "https://a.example");
  EXPECT_EQ(header(answer, "access-control-allow-methods"), "GET,HEAD,PUT,PATCH,POST,DELETE");
  EXPECT_EQ(header(answer, "access-control-allow-headers"), "x-token, x-other");
  EXPECT_EQ(header(answer, "vary"), "Origin, Access-Control-Request-Headers");
  EXPECT_EQ(header(answer, "access-control-max-age"), "none");
  EXPECT_TRUE(server.events.empty());
}

TEST(Cors, AnswersAPreflightWithWhatItIsToldTo) {
  EngineServer server(
      {.cors =
           Cors{.methods = {"GET", "POST"}, .allowed_headers = {"X-A", "X-B"}, .exposed_headers = {"X-C"}, .max_age = 600s}});
  const auto answer = server.connect().ask("OPTIONS", EngineServer::kPolling, "Access-Control-Request-Headers: x-token\r\n");
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(header(answer, "access-control-allow-origin"), "*");
  EXPECT_EQ(header(answer, "access-control-allow-methods"), "GET,POST");
  EXPECT_EQ(header(answer, "access-control-allow-headers"), "X-A,X-B");
  EXPECT_EQ(header(answer, "access-control-expose-headers"), "X-C");
  EXPECT_EQ(header(answer, "access-control-max-age"), "600");
  EXPECT_EQ(header(answer, "vary"), "none");
}

TEST(Cors, ComplainsOfWhatNoBrowserUnderstands) {
  EXPECT_EQ(complaint_about(Cors{}), "");
  EXPECT_THAT(complaint_about(Cors{.origins = {"https://a.example/"}}), HasSubstr("without a slash at the end"));
  EXPECT_THAT(complaint_about(Cors{.credentials = true}), HasSubstr("reflect_any"));
  EXPECT_EQ(complaint_about(Cors{.reflect_any = true, .credentials = true}), "");
  EXPECT_EQ(complaint_about(Cors{.origins = {"https://a.example"}, .credentials = true}), "");
}

TEST(AnswerHeaders, CompareWithoutCase) {
  http::Headers headers{{"X-A", "1"}, {"x-a", "2"}, {"X-B", "3"}};
  set_header(headers, "x-A", "4");
  EXPECT_EQ(headers, (http::Headers{{"X-B", "3"}, {"x-A", "4"}}));
}

TEST(AnswerHeaders, ListAFieldOfVaryOnce) {
  http::Headers headers{{"vary", "Accept-Encoding"}};
  add_vary(headers, "Origin");
  add_vary(headers, "accept-encoding");
  add_vary(headers, "origin");
  EXPECT_EQ(headers, (http::Headers{{"vary", "Accept-Encoding, Origin"}}));
}

TEST(AnswerHeaders, MergeBehindWhatIsSaidAlready) {
  http::Headers headers{{"Content-Type", "text/plain"}, {"Set-Cookie", "a=1"}, {"Vary", "Origin"}};
  merge_headers(headers, {{"content-type", "x"}, {"Set-Cookie", "b=2"}, {"X-A", "1"}, {"X-A", "2"}, {"vary", "A, Origin"}});
  EXPECT_EQ(headers, (http::Headers{{"Content-Type", "text/plain"},
                                    {"Set-Cookie", "a=1"},
                                    {"Vary", "Origin, A"},
                                    {"Set-Cookie", "b=2"},
                                    {"X-A", "1"},
                                    {"X-A", "2"}}));
}

}  // namespace
}  // namespace atrium::engineio
