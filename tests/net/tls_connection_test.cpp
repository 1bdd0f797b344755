// A connection under TLS, as its protocol and as its peer see it.
#include <gtest/gtest.h>

#include "net/connection.h"
#include "tests/support/tls_server.h"

namespace atrium::net {
namespace {

using namespace std::chrono_literals;
using test::echo;
using test::much;
using test::TlsServer;

TEST(TlsConnection, CarriesOctetsBothWays) {
  TlsServer server([](Connection& connection, std::string_view octets) {
    EXPECT_TRUE(connection.secure());
    EXPECT_EQ(connection.peer_address(), "127.0.0.1");
    echo(connection, octets);
  });
  auto client = server.connect();
  EXPECT_EQ(server.events.next(), "open");
  for (const char* words : {"hello", "again"}) {
    client.send(words);
    EXPECT_EQ(client.read_exactly(5), words);
  }
}

TEST(TlsConnection, PutsTheSmallPiecesOfATurnIntoOneRecord) {
  TlsServer server([](Connection& connection, std::string_view) {
    for (int i = 0; i < 1000; ++i) connection.send(Bytes::copy_of("ten octets"));
  });
  auto client = server.connect();
  client.send("go");
  EXPECT_EQ(client.read_exactly(10'000).substr(9'980), "ten octetsten octets");
  EXPECT_EQ(client.records(), 1);
}

TEST(TlsConnection, FillsRecordsToTheirMostFromPiecesOfAnySize) {
  std::string all;
  for (int i = 0; all.size() < 100'000; ++i) all += std::to_string(i) + " ";
  TlsServer server([&](Connection& connection, std::string_view) {
    // 1, 2, 4, ... octets, then one piece of more than a record, then the rest octet by octet.
    std::size_t at = 0;
    for (std::size_t size = 1; size < 16'000; at += std::exchange(size, size * 2)) {
      connection.send(Bytes::copy_of(std::string_view(all).substr(at, size)));
    }
    connection.send(Bytes::copy_of(std::string_view(all).substr(at, 50'000)));
    for (at += 50'000; at < all.size(); ++at) connection.send(Bytes::copy_of(std::string_view(all).substr(at, 1)));
  });
  auto client = server.connect();
  client.send("go");
  EXPECT_EQ(client.read_exactly(all.size()), all);
  EXPECT_LE(client.records(), 8) << "seven full ones at best";
}

TEST(TlsConnection, WritesMoreThanTheKernelTakesAtOnceToASlowReader) {
  const std::string octets = much(8);
  TlsServer server([&](Connection& connection, std::string_view) {
    for (std::size_t i = 0; i < octets.size(); i += 4096) connection.send(Bytes::copy_of(octets.substr(i, 4096)));
  });
  auto client = server.connect({}, 16 * 1024);
  EXPECT_EQ(server.events.next(), "open");
  client.send("go");
  std::string received;
  while (received.size() < octets.size())
    received += client.read_exactly(std::min<std::size_t>(7777, octets.size() - received.size()));
  EXPECT_EQ(received, octets);
  EXPECT_EQ(server.events.next(), "drained");
}

TEST(TlsConnection, ReadsOnWhileItsOwnWritesWait) {
  const std::string octets = much(8);
  TlsServer server(echo);
  auto client = server.connect({}, 16 * 1024);
  client.send(octets);  // comes to an end only if the server reads though it cannot write
  EXPECT_EQ(client.read_exactly(octets.size()), octets);
}

TEST(TlsConnection, ChangesItsKeysInTheMidstOfATransfer) {
  const std::string octets = much(2);
  TlsServer server(echo);
  auto client = server.connect({}, 16 * 1024);
  client.send(octets);
  client.change_keys();
  client.send(octets);
  EXPECT_EQ(client.read_exactly(octets.size() * 2), octets + octets);
  client.change_keys();
  client.send("after");
  EXPECT_EQ(client.read_exactly(5), "after");
}

TEST(TlsConnection, EndsASlowConsumer) {
  TlsServer server([&](Connection& connection, std::string_view) {
    connection.set_outbox_limit(64 * 1024);
    connection.send(Bytes(much(8)));
    connection.send(Bytes::copy_of("one more"));
  });
  auto client = server.connect({}, 16 * 1024);
  EXPECT_EQ(server.events.next(), "open");
  client.send("go");
  EXPECT_EQ(server.events.next(), "closed slow consumer");
}

TEST(TlsConnection, WritesTheRestAndSaysGoodbyeBeforeItCloses) {
  const std::string octets = much(4);
  TlsServer server([&](Connection& connection, std::string_view) {
    connection.send(Bytes(octets));
    connection.close();
  });
  auto client = server.connect();
  EXPECT_EQ(server.events.next(), "open");
  client.send("go");
  EXPECT_EQ(client.read_to_goodbye(), octets);
  EXPECT_EQ(server.events.next(), "closed by us");
}

TEST(TlsConnection, ReadsThePeersRestWhenItClosesDraining) {
  TlsServer server([](Connection& connection, std::string_view) {
    connection.send(Bytes::copy_of("enough"));
    connection.close_draining();
  });
  auto client = server.connect();
  EXPECT_EQ(server.events.next(), "open");
  client.send("go");
  EXPECT_EQ(client.read_to_goodbye(), "enough");
  client.send(much(8));  // would fail if the other end had been closed
  EXPECT_TRUE(server.events.empty());
  client.drop();
  EXPECT_EQ(server.events.next(), "closed by us");
}

TEST(TlsConnection, AnswersThePeersLastWordsAndItsGoodbye) {
  TlsServer server(echo);
  auto client = server.connect();
  EXPECT_EQ(server.events.next(), "open");
  client.send("last words");
  client.say_goodbye();
  EXPECT_EQ(client.read_to_goodbye(), "last words");
  EXPECT_EQ(server.events.next(), "closed by peer");
}

TEST(TlsConnection, TakesAnEndWithoutGoodbyeAsAnEnd) {
  TlsServer server(echo);
  auto client = server.connect();
  EXPECT_EQ(server.events.next(), "open");
  client.send("last words");
  EXPECT_EQ(client.read_exactly(10), "last words");  // and with it the tickets: unread octets would make the end a reset
  client.drop();
  EXPECT_EQ(server.events.next(), "closed by peer");
}

TEST(TlsConnection, OutlivesAPeerThatResetsWhileItIsWrittenTo) {
  TlsServer server([](Connection& connection, std::string_view) { connection.send(Bytes(much(8))); });
  {
    auto client = server.connect({}, 16 * 1024);
    EXPECT_EQ(server.events.next(), "open");
    client.send("go");
    client.read_exactly(1000);
  }  // closed with unread octets: a reset
  EXPECT_EQ(server.events.next(), "closed by peer");
}

TEST(TlsConnection, EndsAPeerThatSendsGarbageAfterTheHandshake) {
  TlsServer server;
  auto client = server.connect();
  EXPECT_EQ(server.events.next(), "open");
  const std::string_view garbage = "this is no record, though it looks like one octet stream among others";
  ASSERT_EQ(::send(SSL_get_fd(client.native()), garbage.data(), garbage.size(), 0), static_cast<ssize_t>(garbage.size()));
  EXPECT_EQ(server.events.next(), "closed network error");
}

TEST(TlsConnection, ClosesWhatIsOpenWhenTheShardStops) {
  TlsServer server;
  auto client = server.connect();
  EXPECT_EQ(server.events.next(), "open");
  auto half_open = test::TcpClient(server.port());
  while (server.connection_count() < 2) server.shards.settle();
  server.shards.stop();
  EXPECT_EQ(client.read_to_goodbye(), "");
  EXPECT_TRUE(half_open.ended());
  EXPECT_EQ(server.events.next(), "closed by us");
  EXPECT_TRUE(server.events.empty()) << "whose handshake was never made was never opened";
}

TEST(TlsConnection, GoesOnAtAnotherShardWithWhatIsUnsentUnreadAndUndecrypted) {
  const std::string download = much(8);
  const std::string upload = much(4);
  test::EventQueue moved;
  std::function<void(Connection&, std::string_view)> on_first;
  TlsServer server([&](Connection& connection, std::string_view octets) { on_first(connection, octets); }, 2);
  const auto on_second = [&](Connection& connection, std::string_view octets) {
    EXPECT_EQ(Shard::current(), &server.shards[1]);
    echo(connection, octets);
  };
  on_first = [&](Connection& connection, std::string_view octets) {
    connection.send(Bytes(download));  // more than the kernel takes: a record is half written
    auto moving = connection.detach(std::string(octets));
    EXPECT_FALSE(moving.unsent.empty());
    EXPECT_NE(moving.tls, nullptr);
    server.shards[1].post([&, moving = std::move(moving)]() mutable {
      Connection::open(server.shards[1], std::move(moving), std::make_unique<test::ConnectionRecorder>(moved, on_second));
    });
  };
  auto client = server.connect({}, 16 * 1024);  // dealt to shard 0
  client.send(upload);                          // far more than one read of the server takes
  EXPECT_EQ(client.read_exactly(download.size()), download);
  EXPECT_EQ(client.read_exactly(upload.size()), upload);
  EXPECT_EQ(moved.next(), "open");
  EXPECT_EQ(server.shards.on(0, [&] { return server.shards[0].connection_count(); }), 0u);
  client.drop();
  std::string last = moved.next();
  while (last == "drained") last = moved.next();
  EXPECT_EQ(last, "closed by peer");
}

TEST(TlsConnection, HearsAtAnotherShardOfAGoodbyeThatCameBeforeTheMove) {
  test::EventQueue moved;
  Shard* second = nullptr;
  TlsServer server(
      [&](Connection& connection, std::string_view octets) {
        second->post([&, moving = connection.detach(std::string(octets))]() mutable {
          Connection::open(*second, std::move(moving), std::make_unique<test::ConnectionRecorder>(moved, echo));
        });
      },
      2);
  second = &server.shards[1];
  auto client = server.connect();
  EXPECT_EQ(server.events.next(), "open");
  // Both in one segment, and the connection itself stays open.
  const int on = 1;
  ::setsockopt(SSL_get_fd(client.native()), IPPROTO_TCP, TCP_CORK, &on, sizeof(on));
  client.send("last words");
  client.say_goodbye();
  const int off = 0;
  ::setsockopt(SSL_get_fd(client.native()), IPPROTO_TCP, TCP_CORK, &off, sizeof(off));
  EXPECT_EQ(client.read_to_goodbye(), "last words");
  EXPECT_EQ(moved.next(), "open");
  EXPECT_EQ(moved.next(), "closed by peer");
}

}  // namespace
}  // namespace atrium::net
