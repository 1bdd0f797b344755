#include "engineio/session.h"

#include <gtest/gtest.h>

#include "tests/support/engine_server.h"

namespace atrium::engineio {
namespace {

using namespace std::chrono_literals;
using test::EngineServer;

constexpr const char* kUnknownSession = R"({"code":1,"message":"Session ID unknown"})";

/// One session over long-polling.
class PollingSessionTest : public ::testing::Test {
 protected:
  PollingSessionTest() {
    auto client = server.connect();
    sid = server.open_polling(client);
    EXPECT_EQ(server.events.next(), "open 0");
  }
  /// Each on a connection of its own, which the passing of time has not closed.
  std::string poll() { return server.connect().get(EngineServer::polling(sid)).body; }
  test::HttpAnswer post(std::string_view body, std::string_view headers = {}) {
    return server.connect().ask("POST", EngineServer::polling(sid), headers, body);
  }
  /// A GET that waits at the server for something to be sent.
  test::TcpClient park() {
    auto client = server.connect();
    client.send("GET " + EngineServer::polling(sid) + " HTTP/1.1\r\nHost: a\r\n\r\n");
    server.await_parked();
    return client;
  }
  void close_by_server() {
    server.on_session([](Session& session) { session.close(); });
  }

  EngineServer server{{.max_buffered = 10'000}};
  std::string sid;
};

TEST_F(PollingSessionTest, CarriesMessagesBothWaysInOrder) {
  EXPECT_EQ(post("4one\x1e"
                 "4two\x1e"
                 "bAQID")
                .body,
            "ok");
  EXPECT_EQ(server.events.next(), "text one");
  EXPECT_EQ(server.events.next(), "text two");
  EXPECT_EQ(server.events.next(), "binary \x01\x02\x03");
  server.send("three");
  server.send("four");
  EXPECT_EQ(poll(),
            "4three\x1e"
            "4four");
}

TEST_F(PollingSessionTest, AnswersAParkedGetOnceATurn) {
  auto client = park();
  server.on_session([](Session& session) {
    for (const char* text : {"one", "two", "three"}) session.send(SharedMessage::message(text));
  });
  EXPECT_EQ(client.read_answer().body,
            "4one\x1e"
            "4two\x1e"
            "4three");
}

TEST_F(PollingSessionTest, PingsAndWaitsForThePong) {
  for (int round = 0; round < 3; ++round) {
    server.advance(25s);
    EXPECT_EQ(poll(), "2");
    server.advance(20s - 1ns);
    EXPECT_EQ(post("3").body, "ok");
  }
  server.advance(25s);
  EXPECT_EQ(poll(), "2");
  server.advance(20s - 1ns);
  EXPECT_TRUE(server.events.empty());
  server.advance(1ns);
  EXPECT_EQ(server.events.next(), "close ping timeout");
  EXPECT_EQ(poll(), kUnknownSession);
}

TEST_F(PollingSessionTest, EndsWhenTwoGetsAreUnderWay) {
  auto first = park();
  const auto second = server.connect().get(EngineServer::polling(sid));
  EXPECT_EQ(second.status, 400);
  EXPECT_EQ(first.read_answer().body, "1");
  EXPECT_EQ(server.events.next(), "close transport error");
  EXPECT_EQ(poll(), kUnknownSession);
}

TEST_F(PollingSessionTest, EndsWithTheClientThatGoesWhileItsGetIsParked) {
  park().close();
  EXPECT_EQ(server.events.next(), "close transport error");
  EXPECT_EQ(server.session_count(), 0u);
}

TEST_F(PollingSessionTest, EndsByAClosePacketWithAGetParked) {
  auto client = park();
  EXPECT_EQ(post("1").body, "ok");
  EXPECT_EQ(server.events.next(), "close transport close");
  EXPECT_EQ(client.read_answer().body, "6");
  EXPECT_EQ(server.session_count(), 0u);
}

TEST_F(PollingSessionTest, TakesNothingAfterAClosePacket) {
  EXPECT_EQ(post("4one\x1e"
                 "1\x1e"
                 "4two")
                .body,
            "ok");
  EXPECT_EQ(server.events.next(), "text one");
  EXPECT_EQ(server.events.next(), "close transport close");
  server.shards().settle();
  EXPECT_TRUE(server.events.empty());
  EXPECT_EQ(poll(), "6") << "the GET that was on its way";
  EXPECT_EQ(poll(), kUnknownSession);
}

TEST_F(PollingSessionTest, GivesItsLastMessagesToTheGetThatComesAfterTheEnd) {
  server.send("one");
  server.send("two");
  close_by_server();
  EXPECT_EQ(server.events.next(), "close forced close");
  server.send("late");
  EXPECT_EQ(poll(),
            "4one\x1e"
            "4two");
  EXPECT_EQ(poll(),
            "6\x1e"
            "1");
  EXPECT_EQ(poll(), kUnknownSession);
  EXPECT_EQ(server.session_count(), 0u);
}

TEST_F(PollingSessionTest, TellsAParkedGetAtOnceThatItHasEnded) {
  auto client = park();
  close_by_server();
  EXPECT_EQ(client.read_answer().body, "1");
  EXPECT_EQ(server.events.next(), "close forced close");
  EXPECT_EQ(server.session_count(), 0u);
}

TEST_F(PollingSessionTest, GivesItsLastMessagesToAParkedGetThenSaysFarewell) {
  auto client = park();
  server.on_session([](Session& session) {
    session.send(SharedMessage::message("last"));
    session.close();
  });
  EXPECT_EQ(client.read_answer().body, "4last");
  EXPECT_EQ(poll(),
            "6\x1e"
            "1");
}

TEST_F(PollingSessionTest, WaitsThirtySecondsForTheLastGet) {
  server.send("one");
  close_by_server();
  server.advance(30s - 1ns);
  EXPECT_EQ(server.session_count(), 1u);
  server.advance(1ns);
  EXPECT_EQ(server.session_count(), 0u);
  EXPECT_EQ(poll(), kUnknownSession);
}

TEST_F(PollingSessionTest, IsTakenForLostOnlyOnce) {
  close_by_server();
  close_by_server();
  server.advance(1h);
  EXPECT_EQ(server.events.next(), "close forced close");
  EXPECT_TRUE(server.events.empty());
}

TEST_F(PollingSessionTest, EndsForAClientThatTakesNothing) {
  server.send(std::string(6000, 'x'));
  EXPECT_TRUE(server.on_session([](Session& session) {
    session.send(SharedMessage::message(std::string(6000, 'y')));
    return session.open();
  })) << "not before the turn is over";
  EXPECT_EQ(server.events.next(), "close transport error");
  EXPECT_EQ(poll(), kUnknownSession);
}

TEST_F(PollingSessionTest, CarriesOneMessageThatIsLargerThanItsBuffer) {
  const std::string large(20'000, 'x');
  server.send(large);
  EXPECT_EQ(poll(), "4" + large);
  EXPECT_TRUE(server.on_session([](Session& session) { return session.open() && session.buffered() == 0; }));
}

TEST_F(PollingSessionTest, EndsWhenThePayloadIsNone) {
  EXPECT_EQ(post("4one\x1e"
                 "x")
                .status,
            400);
  EXPECT_EQ(server.events.next(), "text one");
  EXPECT_EQ(server.events.next(), "close parse error");
}

TEST_F(PollingSessionTest, EndsForAClientThatPings) {
  EXPECT_EQ(post("2").status, 200);
  EXPECT_EQ(server.events.next(), "close transport error");
}

TEST_F(PollingSessionTest, TakesNoOctetsOfTheThirdProtocol) {
  EXPECT_EQ(post("4one", "Content-Type: application/octet-stream\r\n").status, 400);
  EXPECT_EQ(server.events.next(), "close transport error");
}

TEST_F(PollingSessionTest, IsToldThatTheServerShutsDown) {
  auto client = park();
  server.shards().on(0, [&] { server.engine().shut_down(server.shards()[0]); });
  EXPECT_EQ(server.events.next(), "close server shutting down");
  EXPECT_EQ(client.read_answer().body, "1");
}

/// One session over a WebSocket.
class WebSocketSessionTest : public ::testing::Test {
 protected:
  WebSocketSessionTest() {
    client.read_text();
    EXPECT_EQ(server.events.next(), "open 0");
  }

  EngineServer server{{.max_payload = 1000, .max_buffered = 100'000}};
  test::WebSocketClient client = server.open_websocket(4096);
};

TEST_F(WebSocketSessionTest, CarriesMessagesBothWaysInOrder) {
  client.text("4one");
  client.binary("\x01\x02\x03");
  EXPECT_EQ(server.events.next(), "text one");
  EXPECT_EQ(server.events.next(), "binary \x01\x02\x03");
  server.on_session([](Session& session) {
    session.send(SharedMessage::message("two", {Bytes(std::string("\x04\x05"))}));
    session.send(SharedMessage::message("three"));
  });
  EXPECT_EQ(client.read_text(), "4two");
  EXPECT_EQ(client.read_binary(), "\x04\x05");
  EXPECT_EQ(client.read_text(), "4three");
}

TEST_F(WebSocketSessionTest, PingsAndWaitsForThePong) {
  for (int round = 0; round < 3; ++round) {
    server.advance(25s - 1ns);
    server.send("still quiet");
    EXPECT_EQ(client.read_text(), "4still quiet");
    server.advance(1ns);
    EXPECT_EQ(client.read_text(), "2");
    server.advance(20s - 1ns);
    client.text("3");
    client.text("4here");
    EXPECT_EQ(server.events.next(), "text here");
  }
  server.advance(25s);
  EXPECT_EQ(client.read_text(), "2");
  client.text("4talk is no pong");
  EXPECT_EQ(server.events.next(), "text talk is no pong");
  server.advance(20s);
  EXPECT_EQ(server.events.next(), "close ping timeout");
  EXPECT_TRUE(client.ended());
  EXPECT_EQ(server.session_count(), 0u);
}

TEST_F(WebSocketSessionTest, SendsWhatIsQueuedBeforeItEnds) {
  server.on_session([](Session& session) {
    session.send(SharedMessage::message("one"));
    session.send(SharedMessage::message("two"));
    session.close();
    session.send(SharedMessage::message("late"));
  });
  EXPECT_EQ(server.events.next(), "close forced close");
  EXPECT_EQ(client.read_text(), "4one");
  EXPECT_EQ(client.read_text(), "4two");
  EXPECT_TRUE(client.ended());
}

TEST_F(WebSocketSessionTest, EndsInEveryWayAClientMayEndIt) {
  const auto reason_after = [&](auto act) {
    auto other = server.open_websocket();
    other.read_text();
    EXPECT_EQ(server.events.next(), "open 0");
    act(other);
    return server.events.next();
  };
  using Client = test::WebSocketClient;
  EXPECT_EQ(reason_after([](Client& c) { c.text("1"); }), "close transport close");
  EXPECT_EQ(reason_after([](Client& c) { c.say_goodbye(); }), "close transport close");
  EXPECT_EQ(reason_after([](Client& c) { c.tcp().close(); }), "close transport close");
  EXPECT_EQ(reason_after([](Client& c) { c.text("2"); }), "close transport error");
  EXPECT_EQ(reason_after([](Client& c) { c.text("x"); }), "close parse error");
  EXPECT_EQ(reason_after([](Client& c) { c.text(""); }), "close parse error");
  EXPECT_EQ(reason_after([](Client& c) { c.tcp().send("no frame at all, and not masked"); }), "close transport error");
  EXPECT_EQ(reason_after([](Client& c) { c.text("4" + std::string(1000, 'x')); }), "close transport error");
  EXPECT_EQ(server.session_count(), 1u) << "only the first is left";
}

TEST_F(WebSocketSessionTest, TellsAClientThatSendsTooMuchByTheCodeForIt) {
  client.text("4" + std::string(1000, 'x'));
  const auto frame = client.read();
  EXPECT_EQ(frame.opcode, websocket::Opcode::close);
  EXPECT_EQ(frame.payload.substr(0, 2), "\x03\xf1");  // 1009
}

TEST_F(WebSocketSessionTest, IgnoresPacketsThatMeanNothingHere) {
  for (const char* packet : {"0", "5", "6", "3"}) client.text(packet);
  client.text("4still here");
  EXPECT_EQ(server.events.next(), "text still here");
}

TEST_F(WebSocketSessionTest, EndsForAClientThatTakesNothing) {
  const std::string text(10'000, 'x');
  int sent = 0;
  while (server.session_count() > 0) {
    ASSERT_LT(++sent, 10'000);
    server.shards().on(0, [&] {
      if (server.engine().session_count(server.shards()[0]) > 0) server.latest(0).send(SharedMessage::message(text));
    });
  }
  EXPECT_EQ(server.events.next(), "close transport error");
}

TEST_F(WebSocketSessionTest, IsToldThatTheServerShutsDown) {
  server.send("last");
  server.shards().on(0, [&] { server.engine().shut_down(server.shards()[0]); });
  EXPECT_EQ(server.events.next(), "close server shutting down");
  EXPECT_EQ(client.read_text(), "4last");
  EXPECT_TRUE(client.ended());
}

}  // namespace
}  // namespace atrium::engineio
