#include "engineio/traffic_observer.h"

#include <gmock/gmock.h>

#include "engineio/websocket_transport.h"
#include "tests/engineio/upgrade_request.h"

namespace atrium::engineio {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using test::EngineServer;

class Notes final : public TrafficObserver {
 public:
  void on_connection(const Session& session) override { seen.push("connection " + std::string(session.transport_name())); }
  void on_upgrade(const Session& session) override { seen.push("upgrade " + std::string(session.transport_name())); }
  void on_disconnection(const Session&, CloseReason reason) override {
    seen.push("disconnection " + std::string(to_string(reason)));
  }
  void on_packets_in(const Session&, std::size_t packets, std::size_t octets) override { note("in", packets, octets); }
  void on_packets_out(const Session&, std::size_t packets, std::size_t octets) override { note("out", packets, octets); }

  test::EventQueue seen;

 private:
  void note(const std::string& way, std::size_t packets, std::size_t octets) {
    seen.push(way + " " + std::to_string(packets) + " " + std::to_string(octets));
  }
};

class TrafficObserverTest : public ::testing::Test {
 protected:
  /// An open packet without its digit.
  static std::string out_open(const std::string& packet) { return "out 1 " + std::to_string(packet.size() - 1); }
  void send_attachments() {
    server.on_session([](Session& session) {
      session.send(SharedMessage::message("hello", {Bytes("\x01\x02\x03"s), Bytes("\x04"s)}));
    });
  }

  Notes notes;
  EngineServer server{{.observer = &notes}};
};

TEST_F(TrafficObserverTest, CountsAWebSocket) {
  auto client = server.open_websocket();
  const std::string open = client.read_text();
  EXPECT_EQ(notes.seen.next(), "connection websocket");
  EXPECT_EQ(notes.seen.next(), out_open(open));
  client.text("4four");
  EXPECT_EQ(notes.seen.next(), "in 1 4");
  client.binary("\x01\x02");
  EXPECT_EQ(notes.seen.next(), "in 1 2");
  send_attachments();
  EXPECT_EQ(notes.seen.next(), "out 3 9");
  server.advance(25s);
  EXPECT_EQ(notes.seen.next(), "out 1 0");
  client.text("3");
  EXPECT_EQ(notes.seen.next(), "in 1 0");
  client.text("1");
  EXPECT_EQ(notes.seen.next(), "in 1 0");
  EXPECT_EQ(notes.seen.next(), "disconnection transport close");
  EXPECT_TRUE(notes.seen.empty());
}

TEST_F(TrafficObserverTest, CountsPollingTheSameWhateverItsEncoding) {
  auto client = server.connect();
  const std::string open = client.get(EngineServer::kPolling).body;
  EXPECT_EQ(notes.seen.next(), "connection polling");
  EXPECT_EQ(notes.seen.next(), out_open(open));
  const std::string target = EngineServer::polling(EngineServer::sid_of(open));
  client.ask("POST", target, {},
             "4four\x1e"
             "bAQI=");
  EXPECT_EQ(notes.seen.next(), "in 1 4");
  EXPECT_EQ(notes.seen.next(), "in 1 2");
  send_attachments();
  EXPECT_EQ(notes.seen.next(), "out 3 9");
  client.get(target);
  EXPECT_TRUE(notes.seen.empty()) << "what waited is counted once";
  server.on_session([](Session& session) { session.close(); });
  EXPECT_EQ(notes.seen.next(), "disconnection forced close");
}

TEST_F(TrafficObserverTest, DoesNotCountAProbe) {
  auto poller = server.connect();
  const std::string sid = server.open_polling(poller);
  for (int i = 0; i < 2; ++i) notes.seen.next();
  test::WebSocketClient client(server.connect(), EngineServer::websocket(sid));
  client.text("2probe");
  EXPECT_EQ(client.read_text(), "3probe");
  EXPECT_TRUE(notes.seen.empty());
}

TEST_F(TrafficObserverTest, HearsOfAnUpgradeWhenItIsComplete) {
  auto poller = server.connect();
  const std::string sid = server.open_polling(poller);
  for (int i = 0; i < 2; ++i) notes.seen.next();
  test::WebSocketClient client(server.connect(), EngineServer::websocket(sid));
  client.text("2probe");
  client.read_text();
  client.text("5");
  EXPECT_EQ(notes.seen.next(), "upgrade websocket");
  EXPECT_TRUE(notes.seen.empty());
}

}  // namespace
}  // namespace atrium::engineio
