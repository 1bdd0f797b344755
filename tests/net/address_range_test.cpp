#include "net/address_range.h"

#include <gtest/gtest.h>

namespace atrium::net {
namespace {

TEST(AddressRange, HoldsItsNeighboursAndNobodyElse) {
  const auto range = AddressRange::parse("10.1.0.0/16");
  ASSERT_TRUE(range);
  EXPECT_TRUE(range->contains("10.1.0.0"));
  EXPECT_TRUE(range->contains("10.1.255.255"));
  EXPECT_FALSE(range->contains("10.2.0.0"));
  EXPECT_FALSE(range->contains("::1"));
}

TEST(AddressRange, IsOneAddressWithoutALength) {
  const auto range = AddressRange::parse("fd00::7");
  ASSERT_TRUE(range);
  EXPECT_TRUE(range->contains("fd00:0:0::7"));
  EXPECT_FALSE(range->contains("fd00::8"));
}

TEST(AddressRange, OfIPv6HoldsItsNeighbours) {
  const auto range = AddressRange::parse("fd00::/8");
  ASSERT_TRUE(range);
  EXPECT_TRUE(range->contains("fdff::1"));
  EXPECT_FALSE(range->contains("fe80::1"));
}

TEST(AddressRange, HoldsAnIPv4AddressThatIsWrittenAsOfIPv6) {
  EXPECT_TRUE(AddressRange::parse("127.0.0.1")->contains("::ffff:127.0.0.1"));
}

TEST(AddressRange, TakesTheHostPartOfItsWordsForNothing) {
  EXPECT_TRUE(AddressRange::parse("10.1.2.3/8")->contains("10.9.9.9"));
}

TEST(AddressRange, IsNotMadeOfOtherWords) {
  for (const char* words : {"", "example.com", "10.0.0.0/33", "10.0.0/8", "10.0.0.1,10.0.0.2", "fd00::/129"}) {
    EXPECT_FALSE(AddressRange::parse(words)) << words;
  }
  EXPECT_FALSE(AddressRange::parse("10.0.0.0/8")->contains("unix:/run/x.sock"));
}

}  // namespace
}  // namespace atrium::net
