#include "admin/traffic.h"

#include <gtest/gtest.h>

#include "tests/support/engine_server.h"

namespace atrium::admin {
namespace {

using namespace std::chrono_literals;
using engineio::CloseReason;
using engineio::Session;
using test::EngineServer;

/// Says what it is told.
class Other final : public engineio::TrafficObserver {
 public:
  void on_connection(const Session&) override { told.push("connection"); }
  void on_upgrade(const Session&) override { told.push("upgrade"); }
  void on_disconnection(const Session&, CloseReason) override { told.push("disconnection"); }
  void on_packets_in(const Session&, std::size_t, std::size_t octets) override { told.push("in " + std::to_string(octets)); }
  void on_packets_out(const Session&, std::size_t, std::size_t octets) override {
    told.push(octets > 0 ? "out" : "out nothing");
  }

  test::EventQueue told;
};

class TrafficTest : public ::testing::Test {
 protected:
  /// Each event as "type count" or "type subType count".
  std::vector<std::string> take() {
    const EventsBySecond events = server.shards().on(0, [&] { return traffic.take_events(server.shards()[0]); });
    std::vector<std::string> lines;
    for (const auto& event : events.to_json()) {
      std::string line(event.at("type").as_string());
      if (const auto* reason = event.as_object().if_contains("subType")) line.append(" ").append(reason->as_string());
      lines.push_back(line + " " + boost::json::serialize(event.at("count")));
    }
    return lines;
  }
  std::size_t polling() {
    return server.shards().on(0, [&] { return traffic.polling_clients(server.shards()[0]); });
  }

  Other other;
  Traffic traffic{&other};
  EngineServer server{{.observer = &traffic}};
};

using Lines = std::vector<std::string>;

TEST_F(TrafficTest, CountsWhatIsSaidButNotTheHeartbeat) {
  auto client = server.open_websocket();
  const std::string open = client.read_text();
  EXPECT_EQ(take(), (Lines{"rawConnection 1", "packetsOut 1", "bytesOut " + std::to_string(open.size() - 1)}));
  server.advance(25s);
  EXPECT_EQ(client.read_text(), "2");
  client.text("3");
  client.text("4four");
  EXPECT_EQ(server.events.next(), "open 0");
  EXPECT_EQ(server.events.next(), "text four");
  EXPECT_EQ(take(), (Lines{"packetsIn 1", "bytesIn 4"}));
  EXPECT_EQ(take(), Lines{});
}

TEST_F(TrafficTest, CountsAnEndWithItsReason) {
  auto client = server.open_websocket();
  client.read_text();
  take();
  client.text("1");
  EXPECT_TRUE(client.ended());
  EXPECT_EQ(take(), (Lines{"rawDisconnection transport close 1"}));
}

TEST_F(TrafficTest, KnowsHowManyPoll) {
  auto first = server.connect();
  server.open_polling(first);
  auto second = server.connect();
  const std::string sid = server.open_polling(second);
  auto third = server.open_websocket();
  third.read_text();
  EXPECT_EQ(polling(), 2u);
  test::WebSocketClient upgraded(server.connect(), EngineServer::websocket(sid));
  upgraded.text("2probe");
  upgraded.read_text();
  EXPECT_EQ(polling(), 2u);
  upgraded.text("5");
  upgraded.text("4done");
  while (server.events.next() != "text done") {
  }
  EXPECT_EQ(polling(), 1u);
  upgraded.text("1");
  EXPECT_TRUE(upgraded.ended());
  EXPECT_EQ(polling(), 1u) << "the end of one that had stopped polling";
  server.advance(25s);
  server.advance(20s);  // no pong came
  EXPECT_EQ(polling(), 0u);
}

TEST_F(TrafficTest, TellsAnotherObserverTheSame) {
  auto poller = server.connect();
  const std::string sid = server.open_polling(poller);
  test::WebSocketClient client(server.connect(), EngineServer::websocket(sid));
  client.text("2probe");
  client.read_text();
  client.text("5");
  client.text("4four");
  client.text("1");
  for (const char* told : {"connection", "out", "upgrade", "in 4", "in 0", "disconnection"}) EXPECT_EQ(other.told.next(), told);
}

}  // namespace
}  // namespace atrium::admin
