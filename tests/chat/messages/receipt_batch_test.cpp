#include "chat/messages/receipt_batch.h"

#include <gmock/gmock.h>

namespace atrium::chat {

namespace {

using std::chrono::milliseconds;
using storage::UserId;
using testing::ElementsAre;
using testing::Pair;

const TimePoint kStart{std::chrono::hours(1)};
const UserId kAlice("alice");
const UserId kBob("bob");

TEST(ReceiptBatch, TheFirstReceiptIsToldAtOnce) {
  ReceiptBatch batch;
  EXPECT_EQ(batch.wait(kStart), std::nullopt);
  batch.note(kAlice, 3);
  EXPECT_EQ(batch.wait(kStart), Duration::zero());
  EXPECT_THAT(batch.take(kStart), ElementsAre(Pair(kAlice, 3)));
  EXPECT_EQ(batch.wait(kStart), std::nullopt);
}

TEST(ReceiptBatch, TheNextOnesWaitForASecondAndAreToldTogether) {
  ReceiptBatch batch;
  batch.note(kAlice, 3);
  batch.take(kStart);
  batch.note(kAlice, 4);
  batch.note(kBob, 2);
  batch.note(kAlice, 6);
  EXPECT_EQ(batch.wait(kStart + milliseconds(300)), milliseconds(700));
  EXPECT_EQ(batch.wait(kStart + milliseconds(1300)), Duration::zero());
  EXPECT_THAT(batch.take(kStart + milliseconds(1000)), ElementsAre(Pair(kAlice, 6), Pair(kBob, 2)));
}

TEST(ReceiptBatch, AMarkerNeverMovesDown) {
  ReceiptBatch batch;
  batch.note(kAlice, 6);
  batch.note(kAlice, 4);
  EXPECT_THAT(batch.take(kStart), ElementsAre(Pair(kAlice, 6)));
}

}  // namespace

}  // namespace atrium::chat
