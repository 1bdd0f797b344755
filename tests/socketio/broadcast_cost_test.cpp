// What a broadcast costs, counted rather than timed: nothing is allocated for a receiver, and each gets one write a turn.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>
#include <future>
#include <new>

#include "tests/support/socket_io_server.h"

namespace {

// Of the thread that looks.
thread_local std::size_t allocations = 0;
thread_local std::size_t writes = 0;

}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

// Stand before those of the C library.
extern "C" ssize_t sendmsg(int descriptor, const msghdr* message, int flags) {
  ++writes;
  return ::syscall(SYS_sendmsg, descriptor, message, flags);
}
extern "C" ssize_t send(int descriptor, const void* octets, size_t count, int flags) {
  ++writes;
  return ::syscall(SYS_sendto, descriptor, octets, count, flags, nullptr, 0);
}

namespace atrium::socketio {
namespace {

struct Cost {
  std::size_t allocations = 0;
  std::size_t writes = 0;
};

/// A room with so many members, on one shard.
class Room {
 public:
  explicit Room(std::size_t size) : nsp_(server_.io.of("/")) {
    nsp_.on_connection([](Socket& socket) { socket.join("room"); });
    server_.start();
    for (std::size_t i = 0; i < size; ++i) {
      members_.push_back(server_.connect());
      members_.back().join();
    }
  }

  /// Of saying `events` events in one turn of the loop, to everybody and until they are written.
  Cost say(int events) {
    std::promise<Cost> promise;
    auto& shard = server_.io.shards()[0];
    shard.post([&] {
      const Cost before{allocations, writes};
      for (int i = 0; i < events; ++i) nsp_.to("room").emit("typing", i);
      shard.post([&, before] { promise.set_value({allocations - before.allocations, writes - before.writes}); });
    });
    const Cost cost = promise.get_future().get();
    for (auto& member : members_) {
      for (int i = 0; i < events; ++i) EXPECT_EQ(member.next(), "2[\"typing\"," + std::to_string(i) + "]");
    }
    return cost;
  }

 private:
  test::SocketIoServer server_;
  Namespace& nsp_;
  std::vector<test::SocketIoClient> members_;
};

TEST(BroadcastCost, AllocatesTheSameForFewAndForMany) {
  Room few(5);
  Room many(200);
  // Every connection has a place for its first pieces from then on.
  few.say(4);
  many.say(4);
  const std::size_t for_few = few.say(4).allocations;
  EXPECT_EQ(many.say(4).allocations, for_few);
  EXPECT_LE(for_few, 4 * 12u);
}

TEST(BroadcastCost, WritesOnceForEachReceiverAndTurn) {
  constexpr std::size_t kMembers = 50;
  Room room(kMembers);
  EXPECT_EQ(room.say(1).writes, kMembers);
  EXPECT_EQ(room.say(4).writes, kMembers) << "gathered";
}

}  // namespace
}  // namespace atrium::socketio
