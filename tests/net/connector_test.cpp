#include "net/connector.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/listener.h"
#include "tests/support/connection_recorder.h"
#include "tests/support/running_shards.h"
#include "tests/support/temporary_directory.h"

namespace atrium::net {
namespace {

using namespace std::chrono_literals;

class ConnectorTest : public ::testing::Test {
 protected:
  ~ConnectorTest() override { shards.stop(); }

  /// An echo at `address`; the port.
  std::uint16_t serve(Address address) {
    const auto serve_echo = [this](Shard& shard, MovingConnection socket) {
      Connection::open(shard, std::move(socket), std::make_unique<test::ConnectionRecorder>(theirs, test::echo));
    };
    listener = shards.on(0, [&] { return std::move(*Listener::listen(shards.set(), address, serve_echo)); });
    return listener->port();
  }
  void connect(Destination to) {
    shards.on(0, [&] {
      auto protocol = std::make_unique<test::ConnectionRecorder>(ours, [this](Connection& connection, std::string_view octets) {
        ours.push(std::string(octets));
        connection.close();
      });
      net::connect(shards[0], to, 10s, std::move(protocol), [this](const std::string& why) { ours.push("failed: " + why); });
    });
  }

  test::EventQueue theirs;
  test::EventQueue ours;
  test::RunningShards shards;
  std::unique_ptr<Listener> listener;
};

TEST_F(ConnectorTest, SpeaksToAnAddress) {
  connect({.host = "127.0.0.1", .port = serve({.host = "127.0.0.1", .port = 0})});
  EXPECT_EQ(ours.next(), "open");
  EXPECT_EQ(theirs.next(), "open");
}

TEST_F(ConnectorTest, FindsAName) {
  connect({.host = "localhost", .port = serve({.host = "127.0.0.1", .port = 0})});
  EXPECT_EQ(ours.next(), "open");
}

TEST_F(ConnectorTest, SpeaksToAUnixSocket) {
  const test::TemporaryDirectory directory;
  const std::string host = "unix:" + (directory.path() / "echo.sock").string();
  serve({.host = host});
  connect({.host = host});
  EXPECT_EQ(ours.next(), "open");
}

TEST_F(ConnectorTest, SaysWhyItCouldNot) {
  const int holder = ::socket(AF_INET, SOCK_STREAM, 0);  // bound, and not listening: nobody else takes the port
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(holder, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::getsockname(holder, reinterpret_cast<sockaddr*>(&address), &size), 0);
  connect({.host = "127.0.0.1", .port = ntohs(address.sin_port)});
  EXPECT_EQ(ours.next(), "failed: Connection refused");
  ::close(holder);
  connect({.host = "unix:/nowhere/at.all"});
  EXPECT_EQ(ours.next(), "failed: No such file or directory");
  connect({.host = "no.such.name.invalid", .port = 1});
  EXPECT_TRUE(ours.next().starts_with("failed: Host not found"));
}

TEST_F(ConnectorTest, WaitsNoLongerThanItShould) {
  // Whoever listens and takes nobody in has a queue, which is full at some time.
  const int listening = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(listening, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(listening, 0), 0);
  ASSERT_EQ(::getsockname(listening, reinterpret_cast<sockaddr*>(&address), &size), 0);
  for (int i = 0; i < 5; ++i) connect({.host = "127.0.0.1", .port = ntohs(address.sin_port)});
  shards.advance(10s);
  std::string last;
  while (!last.starts_with("failed")) last = ours.next();
  EXPECT_EQ(last, "failed: Connection timed out");
  ::close(listening);
}

}  // namespace
}  // namespace atrium::net
