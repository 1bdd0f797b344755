#include "redis/link.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/event_queue.h"
#include "tests/support/running_shards.h"
#include "tests/support/tls_server.h"

namespace atrium::redis {
namespace {

using namespace std::chrono_literals;

/// A Redis by hand: takes one connection after the other.
class FakeRedis {
 public:
  FakeRedis() : listening_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listening_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listening_, 8) != 0) std::abort();
    ::getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }
  ~FakeRedis() {
    hang_up();
    ::close(listening_);
  }

  std::uint16_t port() const { return port_; }
  void accept() { peer_ = ::accept(listening_, nullptr, nullptr); }
  /// So many octets as `expected` has.
  std::string read(std::string_view expected) {
    std::string octets(expected.size(), '\0');
    const auto count = ::recv(peer_, octets.data(), octets.size(), MSG_WAITALL);
    octets.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return octets;
  }
  void say(std::string_view octets) {
    ASSERT_EQ(::send(peer_, octets.data(), octets.size(), MSG_NOSIGNAL), std::ssize(octets));
  }
  /// The other side has hung up.
  bool is_left() {
    char octet;
    return ::recv(peer_, &octet, 1, 0) <= 0;
  }
  void hang_up() {
    if (peer_ >= 0) ::close(std::exchange(peer_, -1));
  }

 private:
  const int listening_;
  int peer_ = -1;
  std::uint16_t port_ = 0;
};

std::string words(std::initializer_list<std::string_view> all) { return encode_command(all); }

class LinkTest : public testing::Test {
 protected:
  ~LinkTest() override { shards.stop(); }

  void begin(Address address) {
    address.where = {.host = "127.0.0.1", .port = redis.port()};
    start(std::move(address));
    redis.accept();
  }
  void start(Address address) {
    const auto note = [this](std::string what) { return [this, what] { events.push(what); }; };
    shards.on(0, [&] {
      link = std::make_unique<Link>(shards[0], address, "a test",
                                    Link::Events{.up = note("up"),
                                                 .received = [this](const Reply& reply) { events.push("got " + reply.text); },
                                                 .down = note("down"),
                                                 .probe = note("probe")});
      link->start();
    });
  }
  void begin_and_greet() {
    begin({});
    EXPECT_EQ(redis.read(words({"PING"})), words({"PING"}));
    redis.say("+PONG\r\n");
    EXPECT_EQ(events.next(), "up");
  }

  FakeRedis redis;
  test::EventQueue events;
  test::RunningShards shards;
  std::unique_ptr<Link> link;
};

TEST_F(LinkTest, SignsInBeforeItIsUp) {
  begin({.where = {}, .user = "ann", .password = "secret", .database = 3});
  const std::string greeting = words({"AUTH", "ann", "secret"}) + words({"SELECT", "3"}) + words({"PING"});
  EXPECT_EQ(redis.read(greeting), greeting);
  redis.say("+OK\r\n+OK\r\n");
  shards.settle();
  EXPECT_TRUE(events.empty());
  redis.say("+PONG\r\n$5\r\nhello\r\n");
  EXPECT_EQ(events.next(), "up");
  EXPECT_EQ(events.next(), "got hello");
}

TEST_F(LinkTest, IsNotUpWhereItIsRefused) {
  begin({.where = {}, .password = "wrong"});
  const std::string greeting = words({"AUTH", "wrong"}) + words({"PING"});
  EXPECT_EQ(redis.read(greeting), greeting);
  redis.say("-WRONGPASS invalid username-password pair\r\n");
  EXPECT_TRUE(redis.is_left());
  shards.settle();
  EXPECT_TRUE(events.empty());
}

TEST_F(LinkTest, ComesBackAfterALoss) {
  begin_and_greet();
  redis.hang_up();
  EXPECT_EQ(events.next(), "down");
  shards.advance(2 * Link::kFirstRetry);
  redis.accept();
  EXPECT_EQ(redis.read(words({"PING"})), words({"PING"}));
  redis.say("+PONG\r\n");
  EXPECT_EQ(events.next(), "up");
}

TEST_F(LinkTest, SaysNothingWhileItIsDown) {
  begin_and_greet();
  redis.hang_up();
  EXPECT_EQ(events.next(), "down");
  shards.on(0, [&] { link->send(Bytes::copy_of("lost")); });
  shards.advance(2 * Link::kFirstRetry);
  redis.accept();
  EXPECT_EQ(redis.read(words({"PING"})), words({"PING"}));
  redis.say("+PONG\r\n");
  EXPECT_EQ(events.next(), "up");
  shards.on(0, [&] { link->send(Bytes::copy_of("said")); });
  EXPECT_EQ(redis.read("said"), "said");
}

TEST_F(LinkTest, ProbesWhoIsSilentAndThenGivesItUp) {
  begin_and_greet();
  shards.advance(Link::kQuiet);
  shards.advance(Link::kQuiet);
  EXPECT_EQ(events.next(), "probe");
  redis.say("+still here\r\n");
  EXPECT_EQ(events.next(), "got still here");
  shards.advance(Link::kQuiet);
  shards.advance(Link::kQuiet);
  EXPECT_EQ(events.next(), "probe");
  shards.advance(Link::kQuiet);
  EXPECT_EQ(events.next(), "down");
}

TEST_F(LinkTest, HangsUpOnWhatIsNoRedis) {
  begin_and_greet();
  redis.say("HTTP/1.1 400 Bad Request\r\n\r\n");
  EXPECT_EQ(events.next(), "down");
  EXPECT_TRUE(redis.is_left());
}

TEST_F(LinkTest, IsUpOverTls) {
  const test::TemporaryDirectory directory;
  const test::Certificate shown(directory, "shown", nullptr, test::Certificate::Validity::now, "IP:127.0.0.1");
  const auto answer = [](net::Connection& connection, std::string_view command) {
    EXPECT_EQ(command, words({"AUTH", "secret"}) + words({"PING"}));
    connection.send(Bytes::copy_of("+OK\r\n+PONG\r\n$5\r\nhello\r\n"));
  };
  test::TlsServer server(answer, 1, {.certificate = shown.file, .key = shown.key_file});
  start(*parse_address("rediss://:secret@127.0.0.1:" + std::to_string(server.port()) + "?ca=" + shown.file));
  EXPECT_EQ(events.next(), "up");
  EXPECT_EQ(events.next(), "got hello");
  server.shards.stop();
  EXPECT_EQ(events.next(), "down");
}

TEST_F(LinkTest, EndsWhenItIsStopped) {
  begin_and_greet();
  shards.on(0, [&] { link->stop(); });
  EXPECT_TRUE(redis.is_left());
  shards.advance(1min);
  EXPECT_TRUE(events.empty()) << events.next();
}

}  // namespace
}  // namespace atrium::redis
