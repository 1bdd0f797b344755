#include "net/listening_socket.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "net/listener.h"
#include "tests/support/connect.h"
#include "tests/support/connection_recorder.h"
#include "tests/support/running_shards.h"
#include "tests/support/tcp_client.h"
#include "tests/support/temporary_directory.h"

namespace atrium::net {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string complaint(const Address& address) {
  const auto socket = ListeningSocket::open(address);
  return socket.has_value() ? "none" : socket.error();
}

class UnixSocketTest : public ::testing::Test {
 protected:
  Address address() const { return {.host = "unix:" + path}; }

  /// A socket file as a killed program leaves it: bound once, closed, not removed.
  void leave_a_dead_socket() const {
    sockaddr_un dead{};
    dead.sun_family = AF_UNIX;
    path.copy(dead.sun_path, sizeof(dead.sun_path) - 1);
    const int descriptor = ::socket(AF_UNIX, SOCK_STREAM, 0);
    ASSERT_EQ(::bind(descriptor, reinterpret_cast<const sockaddr*>(&dead), sizeof(dead)), 0);
    ASSERT_EQ(::listen(descriptor, 1), 0);
    ::close(descriptor);
  }
  mode_t mode() const {
    struct stat found {};
    return ::stat(path.c_str(), &found) == 0 ? found.st_mode & 07777 : 0;
  }

  test::TemporaryDirectory directory;
  const std::string path = directory.file("atrium.sock");
};

TEST_F(UnixSocketTest, HasTheModeThatWasAskedForWhateverTheUmask) {
  const mode_t before = ::umask(0077);
  {
    const auto socket = ListeningSocket::open(address());
    EXPECT_EQ(mode(), 0660u);
    EXPECT_EQ(socket->port(), 0);
  }
  const auto open_to_all = ListeningSocket::open({.host = "unix:" + path, .socket_mode = 0666});
  EXPECT_EQ(mode(), 0666u);
  ::umask(before);
}

TEST_F(UnixSocketTest, RemovesItsFileWhenItGoes) {
  { const auto socket = ListeningSocket::open(address()); }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(UnixSocketTest, LeavesAFileThatIsAnothersByNow) {
  auto first = ListeningSocket::open(address());
  std::filesystem::remove(path);
  const auto second = ListeningSocket::open(address());
  ASSERT_TRUE(second.has_value());
  first->close();
  ::close(test::connect_to_path(path));  // throws when the file has gone
}

TEST_F(UnixSocketTest, ReplacesTheSocketOfADeadProcess) {
  leave_a_dead_socket();
  EXPECT_THROW(test::connect_to_path(path), std::runtime_error);
  const auto socket = ListeningSocket::open(address());
  ASSERT_TRUE(socket.has_value()) << socket.error();
  ::close(test::connect_to_path(path));
}

TEST_F(UnixSocketTest, LeavesTheSocketOfALiveProcessInPeace) {
  const auto first = ListeningSocket::open(address());
  EXPECT_EQ(complaint(address()), "A program listens at '" + path + "' already; stop it, or choose another path.");
  ::close(test::connect_to_path(path));
}

TEST_F(UnixSocketTest, LeavesAFileThatIsNoSocketInPeace) {
  directory.write("atrium.sock", "precious");
  EXPECT_EQ(complaint(address()), "'" + path + "' is there and is no socket; choose another path, or remove it.");
  EXPECT_TRUE(std::filesystem::is_regular_file(path));
}

TEST_F(UnixSocketTest, SaysWhatIsWrongWithAPath) {
  EXPECT_EQ(complaint({.host = "unix:"}), "'unix:' names no socket; give its path, as in unix:/run/atrium.sock.");
  EXPECT_THAT(complaint({.host = "unix:/" + std::string(200, 'x')}), HasSubstr("give one of at most 107 octets"));
  EXPECT_EQ(
      complaint({.host = "unix:" + directory.file("no/x.sock")}),
      "The directory of the socket '" + directory.file("no/x.sock") + "' does not exist; make it, or choose another path.");
}

TEST(TcpListeningSocket, SaysWhatIsWrongWithAnAddress) {
  EXPECT_EQ(complaint({.host = "192.0.2.1"}),
            "No interface of this machine has the address 192.0.2.1; give one that has, or 0.0.0.0 or :: for all of them.");
  EXPECT_THAT(complaint({.host = "127.0.0.1", .dead_peers = {.silent = 100h}}),
              StartsWith("The system refuses the dead peer options of 127.0.0.1 port 0: Invalid argument; give times of"));
}

/// Serves an echo that greets with the address of its peer.
class Greeting final : public Protocol {
 public:
  void on_open(Connection& connection) override {
    connection_ = &connection;
    connection.send(Bytes::copy_of(connection.peer_address() + "\n"));
  }
  void on_bytes(std::span<char> bytes) override { test::echo(*connection_, {bytes.data(), bytes.size()}); }
  void on_closed(CloseCause) override {}

 private:
  Connection* connection_ = nullptr;
};

auto greet(test::RunningShards& shards, const Address& address) {
  return shards.on(0, [&] {
    return *Listener::listen(shards.set(), address, [](Shard& shard, MovingConnection socket) {
      Connection::open(shard, std::move(socket), std::make_unique<Greeting>());
    });
  });
}

TEST_F(UnixSocketTest, ServesPeersThatAreCalledUnix) {
  test::RunningShards shards(2);
  const auto listener = greet(shards, address());
  EXPECT_EQ(listener->port(), 0);
  for (int i = 0; i < 4; ++i) {
    auto client = test::TcpClient::adopt(test::connect_to_path(path));
    EXPECT_EQ(client.read_until("\n"), "unix\n");
    client.send("hello");
    EXPECT_EQ(client.read_exactly(5), "hello");
  }
  listener->stop();
  shards.settle();
  EXPECT_FALSE(std::filesystem::exists(path));
  shards.stop();
}

TEST(TcpListeningSocket, ServesIpv4AndIpv6AtOnceAtTheAddressOfAll) {
  test::RunningShards shards;
  const auto listener = greet(shards, {.host = "::"});
  auto by_ipv4 = test::TcpClient::adopt(test::connect_to_port(listener->port()));
  EXPECT_EQ(by_ipv4.read_until("\n"), "127.0.0.1\n");
  auto by_ipv6 = test::TcpClient::adopt(test::connect_to_port_by_ipv6(listener->port()));
  EXPECT_EQ(by_ipv6.read_until("\n"), "::1\n");
  shards.stop();
}

int option_of(int descriptor, int level, int option) {
  int value = -1;
  socklen_t size = sizeof(value);
  ::getsockopt(descriptor, level, option, &value, &size);
  return value;
}

TEST(DeadPeersTest, AreLookedForOnEveryAcceptedConnection) {
  test::RunningShards shards;
  test::EventQueue events;
  const auto tell = [&](Shard&, const MovingConnection& socket) {
    const int fd = socket.descriptor;
    std::string told = option_of(fd, SOL_SOCKET, SO_KEEPALIVE) == 1 ? "keepalive" : "none";
    for (const int option : {TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT, TCP_USER_TIMEOUT, TCP_NODELAY}) {
      told += " " + std::to_string(option_of(fd, IPPROTO_TCP, option));
    }
    events.push(told);
  };
  const auto ask = [&](const DeadPeers& options) {
    const Address address{.host = "127.0.0.1", .dead_peers = options};
    const auto listener = shards.on(0, [&] { return *Listener::listen(shards.set(), address, tell); });
    ::close(test::connect_to_port(listener->port()));
    std::string told = events.next();
    listener->stop();
    shards.settle();
    return told;
  };
  EXPECT_EQ(ask({}), "keepalive 30 10 3 30000 1");
  EXPECT_EQ(ask({.unacknowledged = 1500ms, .silent = 1ms, .ask_again = 1500ms, .questions = 9}), "keepalive 1 2 9 1500 1");
  EXPECT_THAT(ask({.unacknowledged = 0s, .silent = 0s}), ::testing::MatchesRegex("none .* 0 1"));
  shards.stop();
}

TEST(DeadPeersTest, EndTheConnectionWhenNothingIsTakenForTooLong) {
  test::RunningShards shards;
  test::EventQueue events;
  const Address address{.host = "127.0.0.1", .dead_peers = {.unacknowledged = 200ms}};
  const auto listener = shards.on(0, [&] {
    return *Listener::listen(shards.set(), address, [&](Shard& shard, MovingConnection socket) {
      const auto send_much = [](Connection& connection, std::string_view) { connection.send(Bytes(test::much(32))); };
      Connection::open(shard, std::move(socket), std::make_unique<test::ConnectionRecorder>(events, send_much));
    });
  });
  test::TcpClient client(listener->port(), 4096);
  client.send("go");  // and reads nothing of the answer
  EXPECT_EQ(events.next(), "open");
  EXPECT_EQ(events.next(), "closed network error");
  shards.stop();
}

}  // namespace
}  // namespace atrium::net
