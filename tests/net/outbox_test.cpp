#include "net/outbox.h"

#include <gtest/gtest.h>

#include <string>

namespace atrium::net {
namespace {

std::string gathered(const Outbox& outbox) {
  iovec pieces[Outbox::kMaxPieces];
  const std::size_t count = outbox.gather(pieces);
  std::string all;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) all += '|';
    all.append(static_cast<const char*>(pieces[i].iov_base), pieces[i].iov_len);
  }
  return all;
}

Outbox outbox_of(std::initializer_list<std::string_view> pieces) {
  Outbox outbox;
  for (const auto piece : pieces) outbox.push(Bytes::copy_of(piece));
  return outbox;
}

TEST(Outbox, GathersPiecesInOrder) {
  const Outbox outbox = outbox_of({"one", "two", "three"});
  EXPECT_EQ(gathered(outbox), "one|two|three");
  EXPECT_EQ(outbox.size(), 11u);
}

TEST(Outbox, SharesItsPiecesInsteadOfCopyingThem) {
  const Bytes shared = Bytes::copy_of("broadcast");
  Outbox outbox;
  outbox.push(shared);
  iovec pieces[Outbox::kMaxPieces];
  ASSERT_EQ(outbox.gather(pieces), 1u);
  EXPECT_EQ(pieces[0].iov_base, shared.view().data());
}

TEST(Outbox, LeavesOutEmptyPieces) {
  const Outbox outbox = outbox_of({"", "a", ""});
  EXPECT_EQ(gathered(outbox), "a");
}

TEST(Outbox, GoesOnWhereTheKernelStoppedAtEveryOctet) {
  for (std::size_t cut = 0; cut <= 11; ++cut) {
    Outbox outbox = outbox_of({"one", "two", "three"});
    outbox.consume(cut);
    std::string left = gathered(outbox);
    std::erase(left, '|');
    EXPECT_EQ(left, std::string("onetwothree").substr(cut)) << "cut at " << cut;
    EXPECT_EQ(outbox.size(), 11 - cut);
    EXPECT_EQ(outbox.empty(), cut == 11);
  }
}

TEST(Outbox, GathersAtMostSoManyPiecesAtOnceAndLosesNone) {
  Outbox outbox;
  std::string expected;
  for (int i = 0; i < 1000; ++i) {
    const std::string piece = std::to_string(i) + ",";
    expected += piece;
    outbox.push(Bytes::copy_of(piece));
  }
  std::string written;
  while (!outbox.empty()) {
    iovec pieces[Outbox::kMaxPieces];
    const std::size_t count = outbox.gather(pieces);
    ASSERT_LE(count, Outbox::kMaxPieces);
    std::string batch;
    for (std::size_t i = 0; i < count; ++i) batch.append(static_cast<const char*>(pieces[i].iov_base), pieces[i].iov_len);
    batch.resize(std::min<std::size_t>(batch.size(), 97));  // an odd amount, so that pieces are cut
    written += batch;
    outbox.consume(batch.size());
  }
  EXPECT_EQ(written, expected);
}

TEST(Outbox, TakesMoreWhileItIsBeingEmptied) {
  Outbox outbox = outbox_of({"abc"});
  outbox.consume(2);
  outbox.push(Bytes::copy_of("def"));
  EXPECT_EQ(gathered(outbox), "c|def");
}

TEST(Outbox, CopiesWhatComesNextOverAsManyPiecesAsItTakes) {
  for (std::size_t cut = 0; cut < 11; ++cut) {
    Outbox outbox = outbox_of({"one", "two", "three"});
    outbox.consume(cut);
    const std::string left = std::string("onetwothree").substr(cut);
    for (std::size_t room = 0; room <= 12; ++room) {
      std::string copy(room, '\0');
      copy.resize(outbox.copy_front(copy));
      EXPECT_EQ(copy, left.substr(0, room)) << "cut at " << cut;
    }
    EXPECT_TRUE(left.starts_with(outbox.front())) << "cut at " << cut;
    EXPECT_EQ(outbox.size(), left.size()) << "a copy takes nothing away";
  }
}

TEST(Outbox, HandsOverWhatIsUnwritten) {
  Outbox outbox = outbox_of({"one", "two", "three"});
  outbox.consume(4);
  const auto left = outbox.take();
  ASSERT_EQ(left.size(), 2u);
  EXPECT_EQ(left[0].view(), "wo");
  EXPECT_EQ(left[1].view(), "three");
  EXPECT_TRUE(outbox.empty());
  EXPECT_EQ(gathered(outbox), "");
}

}  // namespace
}  // namespace atrium::net
