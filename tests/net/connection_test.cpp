#include "net/connection.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "tests/support/connection_recorder.h"
#include "tests/support/event_queue.h"
#include "tests/support/running_shards.h"
#include "tests/support/tcp_client.h"

namespace atrium::net {
namespace {

using namespace std::chrono_literals;

using test::echo;
using test::much;
using Recorder = test::ConnectionRecorder;

class ConnectionTest : public ::testing::Test {
 protected:
  struct Pair {
    int ours;
    int theirs;
  };
  /// `type`: SOCK_STREAM, or SOCK_SEQPACKET where one write is to be seen as one record.
  static Pair socket_pair(int type = SOCK_STREAM) {
    int ends[2];
    if (::socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends) != 0) throw std::runtime_error("socketpair");
    return {ends[0], ends[1]};
  }

  /// Opens a connection with a Recorder on shard 0; the test holds the other end.
  test::TcpClient open(Recorder::OnBytes on_bytes = {}, int type = SOCK_STREAM) {
    const Pair pair = socket_pair(type);
    shards.on(0, [&] {
      auto recorder = std::make_unique<Recorder>(events, std::move(on_bytes));
      Connection::open(shards[0], MovingConnection(pair.ours), std::move(recorder));
    });
    EXPECT_EQ(events.next(), "open");
    return test::TcpClient::adopt(pair.theirs);
  }

  test::EventQueue events;
  test::RunningShards shards{1};
};

TEST_F(ConnectionTest, WritesWhatItsProtocolSends) {
  auto peer = open(echo);
  peer.send("hello");
  EXPECT_EQ(peer.read_exactly(5), "hello");
  peer.send("again");
  EXPECT_EQ(peer.read_exactly(5), "again");
}

TEST_F(ConnectionTest, WritesAllThatATurnSentAtOnce) {
  auto peer = open(
      [](Connection& connection, std::string_view) {
        for (const char* piece : {"one ", "two ", "three"}) connection.send(Bytes::copy_of(piece));
      },
      SOCK_SEQPACKET);
  peer.send("go");
  EXPECT_EQ(peer.read_some(), "one two three") << "one record: one write";
}

TEST_F(ConnectionTest, WritesMoreThanTheKernelTakesAtOnceInOrder) {
  const std::string octets = much(8);
  auto peer = open([&](Connection& connection, std::string_view) {
    for (std::size_t i = 0; i < octets.size(); i += 4096) connection.send(Bytes::copy_of(octets.substr(i, 4096)));
  });
  peer.send("go");
  EXPECT_EQ(peer.read_exactly(octets.size()), octets);
  EXPECT_EQ(events.next(), "drained");
}

TEST_F(ConnectionTest, ToleratesOneLargeAnswerButNoPileOnTopOfIt) {
  auto peer = open([&](Connection& connection, std::string_view octets) {
    connection.set_outbox_limit(64 * 1024);
    connection.send(octets == "large" ? Bytes(much(8)) : Bytes::copy_of("one more"));
    events.push("sent");
  });
  peer.send("large");
  EXPECT_EQ(events.next(), "sent");
  shards.settle();
  EXPECT_TRUE(events.empty()) << "one large answer is no sign of a slow peer";
  peer.send("more");
  EXPECT_EQ(events.next(), "sent");
  EXPECT_EQ(events.next(), "closed slow consumer");
}

TEST_F(ConnectionTest, WritesTheRestBeforeItCloses) {
  const std::string octets = much(4);
  auto peer = open([&](Connection& connection, std::string_view) {
    connection.send(Bytes(octets));
    connection.close();
    connection.send(Bytes::copy_of("too late"));
  });
  peer.send("go");
  EXPECT_EQ(peer.read_to_end(), octets);
  EXPECT_EQ(events.next(), "closed by us");
}

TEST_F(ConnectionTest, GivesUpWritingTheRestAfterTheLinger) {
  auto peer = open([&](Connection& connection, std::string_view) {
    connection.send(Bytes(much(8)));
    connection.close();
    events.push("closing");
  });
  peer.send("go");
  EXPECT_EQ(events.next(), "closing");
  shards.advance(Connection::kLinger - 1ns);
  EXPECT_TRUE(events.empty());
  shards.advance(1ns);
  EXPECT_EQ(events.next(), "closed by us");
}

TEST_F(ConnectionTest, WritesNothingMoreAfterAnAbort) {
  auto peer = open([](Connection& connection, std::string_view) {
    connection.send(Bytes::copy_of("never seen"));
    connection.abort(CloseCause::by_us);
  });
  peer.send("go");
  EXPECT_TRUE(peer.ended());
  EXPECT_EQ(events.next(), "closed by us");
}

TEST_F(ConnectionTest, TellsThatThePeerHasClosed) {
  auto peer = open();
  peer.close();
  EXPECT_EQ(events.next(), "closed by peer");
}

TEST_F(ConnectionTest, AnswersAPeerThatOnlySendsNoMore) {
  auto peer = open(echo);
  peer.send("last words");
  peer.half_close();
  EXPECT_EQ(peer.read_to_end(), "last words");
  EXPECT_EQ(events.next(), "closed by peer");
}

TEST_F(ConnectionTest, ReadsThePeersRestWhenItClosesDraining) {
  const std::string rest = much(8);
  auto peer = open([](Connection& connection, std::string_view) {
    connection.send(Bytes::copy_of("enough"));
    connection.close_draining();
  });
  peer.send("go");
  EXPECT_EQ(peer.read_to_end(), "enough");
  peer.send(rest);  // would fail if the other end had been closed
  EXPECT_TRUE(events.empty());
  peer.close();
  EXPECT_EQ(events.next(), "closed by us");
}

TEST_F(ConnectionTest, GivesUpDrainingAfterTheLinger) {
  auto peer = open([](Connection& connection, std::string_view) { connection.close_draining(); });
  peer.send("go");
  EXPECT_TRUE(peer.ended());
  shards.advance(Connection::kLinger);
  EXPECT_EQ(events.next(), "closed by us");
}

TEST_F(ConnectionTest, AnotherProtocolGoesOnFromHere) {
  auto peer = open([&](Connection& connection, std::string_view octets) {
    connection.become(std::make_unique<Recorder>(events, Recorder::OnBytes{}, "next: "), std::string(octets.substr(3)));
  });
  peer.send("go!unread");
  EXPECT_EQ(events.next(), "next: open");
  EXPECT_EQ(events.next(), "next: unread");
  peer.send("more");
  EXPECT_EQ(events.next(), "next: more");
  peer.close();
  EXPECT_EQ(events.next(), "next: closed by peer");
  shards.settle();
  EXPECT_TRUE(events.empty()) << "the first one gets no more calls";
}

TEST_F(ConnectionTest, ClosesWhatIsOpenWhenTheShardStops) {
  auto peer = open();
  shards.stop();
  EXPECT_EQ(events.next(), "closed by us");
  EXPECT_TRUE(peer.ended());
}

TEST_F(ConnectionTest, LeavesNothingBehindOnItsShard) {
  {
    auto first = open();
    auto second = open();
    auto third = open();
    EXPECT_EQ(shards.on(0, [&] { return shards[0].connection_count(); }), 3u);
    second.close();
    EXPECT_EQ(events.next(), "closed by peer");
  }
  EXPECT_EQ(events.next(), "closed by peer");
  EXPECT_EQ(events.next(), "closed by peer");
  shards.settle();
  EXPECT_EQ(shards.on(0, [&] { return shards[0].connection_count(); }), 0u);
}

TEST(MovingConnection, GoesOnAtAnotherShardWithWhatIsUnsentAndUnread) {
  test::RunningShards shards(2);
  test::EventQueue events;
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  auto peer = test::TcpClient::adopt(ends[1]);
  const std::string octets = much(8);

  const auto on_second = [&](Connection& connection, std::string_view bytes) {
    events.push(Shard::current() == &shards[1] ? std::string(bytes) : "elsewhere");
    connection.send(Bytes::copy_of("second"));
  };
  const auto on_first = [&](Connection& connection, std::string_view bytes) {
    connection.send(Bytes(octets));  // more than the kernel takes: the rest travels
    auto moving = connection.detach(std::string(bytes.substr(4)));
    EXPECT_FALSE(moving.unsent.empty());
    shards[1].post([&, moving = std::move(moving)]() mutable {
      Connection::open(shards[1], std::move(moving), std::make_unique<Recorder>(events, on_second, "second: "));
    });
  };
  shards.on(0, [&] { Connection::open(shards[0], MovingConnection(ends[0]), std::make_unique<Recorder>(events, on_first)); });
  EXPECT_EQ(events.next(), "open");

  peer.send("move unread");
  EXPECT_EQ(events.next(), "second: open");
  EXPECT_EQ(events.next(), " unread");
  EXPECT_EQ(peer.read_exactly(octets.size()), octets);
  EXPECT_EQ(peer.read_exactly(6), "second");
  shards.settle();
  EXPECT_EQ(shards.on(0, [&] { return shards[0].connection_count(); }), 0u);
  EXPECT_EQ(shards.on(1, [&] { return shards[1].connection_count(); }), 1u);
  peer.close();
  std::string last = events.next();
  if (last == "second: drained") last = events.next();
  EXPECT_EQ(last, "second: closed by peer");
}

TEST(MovingConnection, ClosesItsDescriptorWhenNobodyOpensIt) {
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  auto peer = test::TcpClient::adopt(ends[1]);
  { const MovingConnection dropped(ends[0]); }
  EXPECT_TRUE(peer.ended());
}

}  // namespace
}  // namespace atrium::net
