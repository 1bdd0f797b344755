// The compressed form of a SharedMessage, asked for by many threads.
#include <gtest/gtest.h>

#include <barrier>
#include <thread>

#include "engineio/shared_message.h"
#include "tests/support/zlib_stream.h"

namespace atrium::engineio {
namespace {

using test::repetitive_text;

TEST(DeflatedMessage, IsCompressedOnceForAllThreadsThatAsk) {
  constexpr int kThreads = 4;
  for (int round = 0; round < 50; ++round) {
    const auto message = SharedMessage::message(repetitive_text(3000), {Bytes(repetitive_text(2000))});
    std::barrier start(kThreads);
    std::vector<std::string_view> frames(kThreads);
    std::vector<std::thread> threads;
    for (auto& mine : frames) {
      threads.emplace_back([&] {
        start.arrive_and_wait();
        mine = message->deflated_frames({}).view();
      });
    }
    for (auto& thread : threads) thread.join();
    for (const auto& mine : frames) EXPECT_EQ(mine.data(), frames.front().data());
  }
}

TEST(DeflatedMessage, IsThePlainOneWhereNothingIsCompressed) {
  const auto is_plain = [](const SharedMessagePtr& message, std::size_t threshold = 1024) {
    return message->deflated_frames({.threshold = threshold}).view().data() == message->websocket_frames().view().data();
  };
  EXPECT_TRUE(is_plain(SharedMessage::packet(PacketType::ping)));
  EXPECT_TRUE(is_plain(SharedMessage::message(repetitive_text(1022))));
  EXPECT_TRUE(is_plain(SharedMessage::message(repetitive_text(1023)), 1025));
  EXPECT_TRUE(is_plain(SharedMessage::binary(Bytes(repetitive_text(1023)))));
  EXPECT_TRUE(is_plain(SharedMessage::binary(Bytes(repetitive_text(9999)), Compress::no)));
  EXPECT_FALSE(is_plain(SharedMessage::message(repetitive_text(1023))));
  EXPECT_FALSE(is_plain(SharedMessage::message("x", {Bytes(repetitive_text(1024))})));
}

TEST(DeflatedMessage, KeepsNoMoreThanItNeeds) {
  const auto message = SharedMessage::message(repetitive_text(100'000));
  EXPECT_LT(message->deflated_frames({}).size(), 20'000u);
  EXPECT_EQ(message->polling_payload().size(), 100'001u) << "the plain form stays, for whoever needs it";
}

}  // namespace
}  // namespace atrium::engineio
