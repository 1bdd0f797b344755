#include "engineio/engine_events.h"

#include <gmock/gmock.h>

#include "base/random_id.h"
#include "engineio/answer_headers.h"
#include "tests/engineio/upgrade_request.h"

namespace atrium::engineio {
namespace {

using test::EngineServer;

class ConnectionErrorTest : public ::testing::Test {
 protected:
  std::string error_of(const std::string& method, const std::string& query, std::string_view headers = {}) {
    server.connect().ask(method, "/engine.io/?" + query, headers);
    return errors.next();
  }

  test::EventQueue errors;
  EngineServer server{{.events = {.connection_error = [this](const ConnectionError& error) {
                         errors.push(std::to_string(static_cast<int>(error.code)) + " " + std::string(error.message) + " " +
                                     boost::json::serialize(error.context));
                         EXPECT_EQ(error.request.path, "/engine.io/");
                       }}}};
};

TEST_F(ConnectionErrorTest, TellsOfEveryRefusal) {
  EXPECT_EQ(error_of("GET", "transport=tunnel"), R"(0 Transport unknown {"transport":"tunnel"})");
  EXPECT_EQ(error_of("GET", "transport=polling&sid=x"), R"(1 Session ID unknown {"sid":"x"})");
  EXPECT_EQ(error_of("PUT", "EIO=4&transport=polling"), R"(2 Bad handshake method {"method":"PUT"})");
  EXPECT_EQ(error_of("GET", "EIO=4&transport=websocket"), R"(3 Bad request {"name":"TRANSPORT_HANDSHAKE_ERROR"})");
  EXPECT_EQ(error_of("GET", "EIO=4&transport=polling", "Origin: https://b.example\r\n"),
            R"(4 Forbidden {"name":"FORBIDDEN_ORIGIN","origin":"https://b.example"})");
  EXPECT_EQ(error_of("GET", "transport=polling"), R"(5 Unsupported protocol version {"protocol":3})");
}

TEST_F(ConnectionErrorTest, TellsOfARefusedWebSocket) {
  test::ask_for_websocket(server, EngineServer::websocket(random_id(0)));
  EXPECT_TRUE(errors.next().starts_with("1 Session ID unknown"));
}

TEST_F(ConnectionErrorTest, TellsWhichTransportASessionHas) {
  auto socket = server.open_websocket();
  const std::string sid = EngineServer::sid_of(socket.read_text());
  EXPECT_EQ(error_of("GET", "EIO=4&transport=polling&sid=" + sid),
            R"(3 Bad request {"name":"TRANSPORT_MISMATCH","transport":"polling","previousTransport":"websocket"})");
}

TEST_F(ConnectionErrorTest, IsSilentWhenAllIsWell) {
  auto client = server.connect();
  server.open_polling(client);
  EXPECT_TRUE(errors.empty());
}

/// Listeners that write down what they hear of, and mark the answer.
class HeadersTest : public ::testing::Test {
 protected:
  EngineEvents::Headers notes(const std::string& what) {
    return [this, what](http::Headers& headers, const http::Request& request) {
      heard.push(what + " " + request.method + (http::find_header(headers, "Content-Type") ? " typed" : ""));
      set_header(headers, "X-" + what, "heard");
    };
  }

  test::EventQueue heard;
  EngineServer server{{.cookie = Cookie{}, .events = {.initial_headers = notes("initial"), .headers = notes("headers")}}};
};

TEST_F(HeadersTest, TellOfThePollingHandshakeAndOfWhatFollows) {
  auto client = server.connect();
  const auto open = client.get(EngineServer::kPolling);
  EXPECT_EQ(heard.next(), "initial GET typed");
  EXPECT_EQ(heard.next(), "headers GET typed");
  EXPECT_EQ(open.headers.at("x-initial"), "heard");
  EXPECT_EQ(open.headers.at("x-headers"), "heard");
  const std::string sid = EngineServer::sid_of(open.body);
  const auto posted = client.ask("POST", EngineServer::polling(sid), {}, "4a");
  EXPECT_EQ(heard.next(), "headers POST typed");
  EXPECT_EQ(posted.headers.at("x-headers"), "heard");
  EXPECT_EQ(posted.headers.count("x-initial"), 0u);
  server.send("b");
  EXPECT_EQ(client.get(EngineServer::polling(sid)).headers.at("x-headers"), "heard");
  EXPECT_EQ(heard.next(), "headers GET typed");
  client.get(EngineServer::polling("none"));
  EXPECT_TRUE(heard.empty()) << "a refusal is no answer of the transport";
}

TEST_F(HeadersTest, TellOfA101) {
  const auto answer = test::ask_for_websocket(server, EngineServer::kWebSocket);
  EXPECT_EQ(heard.next(), "initial GET");
  EXPECT_EQ(heard.next(), "headers GET");
  EXPECT_EQ(answer.headers.at("x-initial"), "heard");
  EXPECT_EQ(answer.headers.at("x-headers"), "heard");
}

TEST_F(HeadersTest, TellOfAnUpgradeThatIsNoBeginning) {
  auto client = server.connect();
  const std::string sid = server.open_polling(client);
  for (int i = 0; i < 2; ++i) heard.next();
  const auto answer = test::ask_for_websocket(server, EngineServer::websocket(sid));
  EXPECT_EQ(heard.next(), "headers GET");
  EXPECT_EQ(answer.headers.count("x-initial"), 0u);
  EXPECT_TRUE(heard.empty());
}

TEST(HeadersEvent, MayChangeTheCookie) {
  EngineServer server({.cookie = Cookie{}, .events = {.initial_headers = [](http::Headers& headers, const http::Request&) {
                                             set_header(headers, "Set-Cookie", "mine=1");
                                           }}});
  EXPECT_EQ(server.connect().get(EngineServer::kPolling).headers.at("set-cookie"), "mine=1");
}

}  // namespace
}  // namespace atrium::engineio
