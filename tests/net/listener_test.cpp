#include "net/listener.h"

#include <gtest/gtest.h>

#include "tests/support/event_queue.h"
#include "tests/support/running_shards.h"
#include "tests/support/tcp_client.h"

namespace atrium::net {
namespace {

/// Greets, then echoes.
class Echo final : public Protocol {
 public:
  void on_open(Connection& connection) override {
    connection_ = &connection;
    const std::string index = std::to_string(connection.shard().index());
    connection.send(Bytes::copy_of("shard " + index + " sees " + connection.peer_address() + "\n"));
  }
  void on_bytes(std::span<char> bytes) override { connection_->send(Bytes::copy_of({bytes.data(), bytes.size()})); }
  void on_closed(CloseCause) override {}

 private:
  Connection* connection_ = nullptr;
};

void serve_echo(Shard& shard, MovingConnection socket) { Connection::open(shard, std::move(socket), std::make_unique<Echo>()); }

auto listen(test::RunningShards& shards, Address address = {.host = "127.0.0.1", .port = 0}) {
  return shards.on(0, [&] { return Listener::listen(shards.set(), address, serve_echo); });
}

TEST(Listener, ServesAtTheFreePortThatTheSystemChose) {
  test::RunningShards shards;
  const auto listener = listen(shards);
  ASSERT_TRUE(listener.has_value());
  EXPECT_NE((*listener)->port(), 0);
  test::TcpClient client((*listener)->port());
  EXPECT_EQ(client.read_until("\n"), "shard 0 sees 127.0.0.1\n");
  client.send("hello");
  EXPECT_EQ(client.read_exactly(5), "hello");
  shards.stop();
}

TEST(Listener, DealsConnectionsOutToTheShardsInTurn) {
  test::RunningShards shards(3);
  const auto listener = listen(shards);
  ASSERT_TRUE(listener.has_value());
  std::string seen;
  for (int i = 0; i < 6; ++i) {
    test::TcpClient client((*listener)->port());
    seen += client.read_until("\n").at(6);
  }
  EXPECT_EQ(seen, "012012");
  shards.stop();
}

TEST(Listener, SaysWhatToDoAboutAPortInUse) {
  test::RunningShards shards;
  const auto first = listen(shards);
  ASSERT_TRUE(first.has_value());
  const std::uint16_t port = (*first)->port();
  const auto second = listen(shards, {.host = "127.0.0.1", .port = port});
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error(), "Port " + std::to_string(port) + " is already in use; stop the program that holds it, or choose " +
                                "another with --port.");
  shards.stop();
}

TEST(Listener, SaysWhatIsWrongWithAnAddress) {
  test::RunningShards shards;
  const auto listener = listen(shards, {.host = "no.such.host", .port = 0});
  ASSERT_FALSE(listener.has_value());
  EXPECT_EQ(listener.error(),
            "'no.such.host' is not an address to listen on; give a numeric one such as 0.0.0.0 or 127.0.0.1.");
}

TEST(Listener, AcceptsNoMoreAfterStop) {
  test::RunningShards shards;
  const auto listener = listen(shards);
  ASSERT_TRUE(listener.has_value());
  const std::uint16_t port = (*listener)->port();
  test::TcpClient before(port);
  before.read_until("\n");
  (*listener)->stop();
  shards.settle();
  EXPECT_THROW(test::TcpClient{port}, std::runtime_error);
  before.send("still here");
  EXPECT_EQ(before.read_exactly(10), "still here");
  shards.stop();
}

TEST(Listener, StillServesBesideAThousandConnectionsThatSayNothing) {
  test::RunningShards shards(2);
  const auto listener = listen(shards);
  ASSERT_TRUE(listener.has_value());
  std::vector<test::TcpClient> silent;
  for (int i = 0; i < 1000; ++i) silent.emplace_back((*listener)->port());
  test::TcpClient client((*listener)->port());
  client.read_until("\n");
  client.send("hello");
  EXPECT_EQ(client.read_exactly(5), "hello");
  std::size_t open = 0;
  for (std::size_t i = 0; i < 2; ++i) open += shards.on(i, [&] { return shards[i].connection_count(); });
  EXPECT_EQ(open, 1001u);
  for (auto& one : silent) one.reset();
  shards.stop();
}

}  // namespace
}  // namespace atrium::net
