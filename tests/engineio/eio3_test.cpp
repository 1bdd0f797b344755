// Sessions with clients of Engine.IO 3, which is to say of Socket.IO 2.
#include <gmock/gmock.h>

#include "engineio/websocket_transport.h"
#include "tests/engineio/upgrade_request.h"

namespace atrium::engineio {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using test::EngineServer;
using test::WebSocketClient;

constexpr const char* kPolling3 = "/engine.io/?EIO=3&transport=polling";
constexpr const char* kWebSocket3 = "/engine.io/?EIO=3&transport=websocket";
constexpr const char* kUnknownSession = R"({"code":1,"message":"Session ID unknown"})";

Options with_eio3() { return {.max_buffered = 10'000, .allow_eio3 = true}; }

/// The only packet of a payload.
std::string packet_of(const std::string& payload) { return payload.substr(payload.find(':') + 1); }

TEST(Eio3, IsRefusedUnlessItIsAllowed) {
  EngineServer server;
  const auto answer = server.connect().get(kPolling3);
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.body, R"({"code":5,"message":"Unsupported protocol version"})");
}

TEST(Eio3, OpensWithALength) {
  EngineServer server(with_eio3());
  auto client = server.connect();
  for (const char* target : {kPolling3, "/engine.io/?transport=polling", "/engine.io/?EIO=abc&transport=polling"}) {
    const auto answer = client.get(target);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.headers.at("content-type"), "text/plain; charset=UTF-8");
    const std::string open = packet_of(answer.body);
    EXPECT_EQ(answer.body, std::to_string(open.size()) + ":" + open);
    EXPECT_EQ(open, R"(0{"sid":")" + EngineServer::sid_of(open) +
                        R"(","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000})");
    EXPECT_EQ(server.on_session([](Session& session) { return session.protocol(); }), 3);
  }
}

TEST(Eio3, LeavesTheOtherRevisionAlone) {
  EngineServer server(with_eio3());
  auto client = server.connect();
  EXPECT_TRUE(client.get(EngineServer::kPolling).body.starts_with("0{"));
  EXPECT_EQ(server.on_session([](Session& session) { return session.protocol(); }), 4);
}

/// One session over long-polling.
class Eio3PollingTest : public ::testing::Test {
 protected:
  explicit Eio3PollingTest(const std::string& target = kPolling3) {
    sid = EngineServer::sid_of(packet_of(server.connect().get(target).body));
    EXPECT_EQ(server.events.next(), "open 0");
  }
  std::string target() const { return kPolling3 + ("&sid=" + sid); }
  test::HttpAnswer poll() { return server.connect().get(target()); }
  test::HttpAnswer post(std::string_view body, std::string_view headers = {}) {
    return server.connect().ask("POST", target(), headers, body);
  }
  test::TcpClient park() {
    auto client = server.connect();
    client.send("GET " + target() + " HTTP/1.1\r\nHost: a\r\n\r\n");
    server.await_parked();
    return client;
  }
  void send_octets() {
    server.on_session([](Session& session) {
      session.send(SharedMessage::message("hello", {Bytes("\x01\x02\x03\x04"s)}));
      session.send(SharedMessage::message("bye"));
    });
  }

  EngineServer server{with_eio3()};
  std::string sid;
};

class Eio3Base64PollingTest : public Eio3PollingTest {
 protected:
  Eio3Base64PollingTest() : Eio3PollingTest(kPolling3 + "&b64=1"s) {}
};

TEST_F(Eio3PollingTest, CarriesText) {
  EXPECT_EQ(post("6:4hello2:4\xe2\x82\xac").body, "ok");
  EXPECT_EQ(server.events.next(), "text hello");
  EXPECT_EQ(server.events.next(), "text \xe2\x82\xac");
  server.send("hello");
  server.send("\xe2\x82\xac");
  EXPECT_EQ(poll().body, "6:4hello2:4\xe2\x82\xac");
}

TEST_F(Eio3PollingTest, TakesOctetsInEitherForm) {
  EXPECT_EQ(post("10:b4AQIDBA==").body, "ok");
  EXPECT_EQ(server.events.next(), "binary \x01\x02\x03\x04");
  EXPECT_EQ(post("\x00\x02\xff"
                 "4a\x01\x03\xff\x04\x01\x02"s,
                 "Content-Type: application/octet-stream\r\n")
                .body,
            "ok");
  EXPECT_EQ(server.events.next(), "text a");
  EXPECT_EQ(server.events.next(), "binary \x01\x02");
}

TEST_F(Eio3PollingTest, GivesOctetsAsSuch) {
  send_octets();
  const auto answer = poll();
  EXPECT_EQ(answer.headers.at("content-type"), "application/octet-stream");
  EXPECT_EQ(answer.body,
            "\x00\x06\xff"
            "4hello\x01\x05\xff\x04\x01\x02\x03\x04\x00\x04\xff"
            "4bye"s);
  server.send("only text");
  EXPECT_EQ(poll().body, "10:4only text");
}

TEST_F(Eio3Base64PollingTest, GivesBase64ToAClientThatTakesNoOctets) {
  send_octets();
  const auto answer = poll();
  EXPECT_EQ(answer.headers.at("content-type"), "text/plain; charset=UTF-8");
  EXPECT_EQ(answer.body, "6:4hello10:b4AQIDBA==4:4bye");
}

TEST_F(Eio3PollingTest, AnswersPingsAndSendsNone) {
  for (int round = 0; round < 3; ++round) {
    server.advance(45s - 1ns);
    EXPECT_EQ(post("1:2").body, "ok");
    EXPECT_EQ(poll().body, "1:3");
  }
  server.advance(45s - 1ns);
  EXPECT_TRUE(server.events.empty());
  server.advance(1ns);
  EXPECT_EQ(server.events.next(), "close ping timeout");
  EXPECT_EQ(poll().body, kUnknownSession);
}

TEST_F(Eio3PollingTest, EndsForAClientThatPongs) {
  EXPECT_EQ(post("1:3").status, 200);
  EXPECT_EQ(server.events.next(), "close transport error");
}

TEST_F(Eio3PollingTest, EndsWhenThePayloadIsNone) {
  EXPECT_EQ(post("4a").status, 400);
  EXPECT_EQ(server.events.next(), "close parse error");
  EXPECT_EQ(poll().status, 400);
}

TEST_F(Eio3PollingTest, EndsByAClosePacketWithAGetParked) {
  auto client = park();
  EXPECT_EQ(post("1:1").body, "ok");
  EXPECT_EQ(client.read_answer().body, "1:6");
  EXPECT_EQ(server.events.next(), "close transport close");
}

TEST_F(Eio3PollingTest, EndsWhenTwoGetsAreUnderWay) {
  auto first = park();
  EXPECT_EQ(poll().status, 400);
  EXPECT_EQ(first.read_answer().body, "1:1");
  EXPECT_EQ(server.events.next(), "close transport error");
}

TEST_F(Eio3PollingTest, SaysFarewellToTheGetThatComesAfterTheEnd) {
  server.send("last");
  server.on_session([](Session& session) { session.close(); });
  EXPECT_EQ(poll().body, "5:4last");
  EXPECT_EQ(poll().body, "1:61:1");
  EXPECT_EQ(poll().body, kUnknownSession);
}

TEST_F(Eio3PollingTest, EndsForAClientThatTakesNothing) {
  server.send(std::string(6000, 'x'));
  server.send(std::string(6000, 'y'));
  EXPECT_EQ(server.events.next(), "close transport error");
}

TEST_F(Eio3PollingTest, IsUpgraded) {
  auto poller = park();
  WebSocketClient client(server.connect(), kWebSocket3 + ("&sid=" + sid));
  client.text("2probe");
  server.shards().settle();
  server.advance(WebSocketTransport::kPause);
  EXPECT_EQ(client.read_text(), "3probe");
  server.advance(Session::kReleaseInterval);
  EXPECT_EQ(poller.read_answer().body, "1:6");
  send_octets();
  client.text("5");
  EXPECT_EQ(client.read_text(), "4hello");
  EXPECT_EQ(client.read_binary(), "\x04\x01\x02\x03\x04");
  EXPECT_EQ(client.read_text(), "4bye");
  client.text("2");
  EXPECT_EQ(client.read_text(), "3");
  EXPECT_EQ(poll().status, 400);
}

/// A session over a WebSocket, past the pause after its 101.
class Eio3WebSocketTest : public ::testing::Test {
 protected:
  WebSocketClient open(const std::string& target = kWebSocket3) {
    WebSocketClient client(server.connect(), target);
    EXPECT_EQ(server.events.next(), "open 0");
    server.advance(WebSocketTransport::kPause);
    EXPECT_TRUE(client.read_text().starts_with("0{"));
    return client;
  }

  EngineServer server{with_eio3()};
};

TEST_F(Eio3WebSocketTest, OpensBinaryFramesWithTheirType) {
  auto client = open();
  client.binary("\x04\x01\x02");
  EXPECT_EQ(server.events.next(), "binary \x01\x02");
  client.text("b4AQID");
  EXPECT_EQ(server.events.next(), "binary \x01\x02\x03");
  client.text("4hello");
  EXPECT_EQ(server.events.next(), "text hello");
  server.on_session([](Session& session) { session.send(SharedMessage::binary(Bytes("\x05"s))); });
  EXPECT_EQ(client.read_binary(), "\x04\x05");
}

TEST_F(Eio3WebSocketTest, GivesBase64ToAClientThatTakesNoOctets) {
  auto client = open(kWebSocket3 + "&b64=1"s);
  server.on_session([](Session& session) { session.send(SharedMessage::binary(Bytes("\x01\x02\x03"s))); });
  EXPECT_EQ(client.read_text(), "b4AQID");
}

TEST_F(Eio3WebSocketTest, AnswersPingsAndSendsNone) {
  auto client = open();
  server.advance(45s - 1ns - WebSocketTransport::kPause);
  client.text("2");
  EXPECT_EQ(client.read_text(), "3");
  server.advance(45s - 1ns);
  EXPECT_TRUE(server.events.empty());
  server.advance(1ns);
  EXPECT_EQ(server.events.next(), "close ping timeout");
  EXPECT_TRUE(client.ended());
}

TEST_F(Eio3WebSocketTest, EndsForWhatIsNoPacket) {
  const auto reason_after = [&](auto act) {
    auto client = open();
    act(client);
    return server.events.next();
  };
  EXPECT_EQ(reason_after([](WebSocketClient& c) { c.text("3"); }), "close transport error");
  EXPECT_EQ(reason_after([](WebSocketClient& c) { c.text("abc"); }), "close parse error");
  EXPECT_EQ(reason_after([](WebSocketClient& c) { c.binary(""); }), "close parse error");
  EXPECT_EQ(reason_after([](WebSocketClient& c) { c.binary("\x01x"); }), "close parse error");
  EXPECT_EQ(reason_after([](WebSocketClient& c) { c.text("bAQID"); }), "close parse error") << "that is of revision 4";
}

TEST_F(Eio3WebSocketTest, GivesNothingRightAfterIts101) {
  WebSocketClient client(server.connect(), kWebSocket3);
  EXPECT_EQ(server.events.next(), "open 0");
  server.send("early");
  EXPECT_GT(server.on_session([](Session& session) { return session.buffered(); }), 100u) << "it waits";
  server.advance(WebSocketTransport::kPause);
  EXPECT_TRUE(client.read_text().starts_with("0{"));
  EXPECT_EQ(client.read_text(), "4early");
}

TEST_F(Eio3WebSocketTest, GivesWhatWaitedBeforeItEnds) {
  WebSocketClient client(server.connect(), kWebSocket3);
  EXPECT_EQ(server.events.next(), "open 0");
  server.on_session([](Session& session) {
    session.send(SharedMessage::message("last"));
    session.close();
  });
  EXPECT_TRUE(client.read_text().starts_with("0{"));
  EXPECT_EQ(client.read_text(), "4last");
  EXPECT_TRUE(client.ended());
}

TEST(Base64, IsSpokenInTheFourthRevisionToo) {
  EngineServer server;
  WebSocketClient client(server.connect(), EngineServer::kWebSocket + "&b64=1"s);
  client.read_text();
  EXPECT_EQ(server.events.next(), "open 0");
  client.text("bAQID");
  EXPECT_EQ(server.events.next(), "binary \x01\x02\x03");
  server.on_session([](Session& session) { session.send(SharedMessage::binary(Bytes("\x01\x02\x03"s))); });
  EXPECT_EQ(client.read_text(), "bAQID");
}

}  // namespace
}  // namespace atrium::engineio
