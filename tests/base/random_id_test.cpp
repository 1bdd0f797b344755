#include "base/random_id.h"

#include <gmock/gmock.h>

#include <set>
#include <thread>
#include <vector>

namespace atrium {
namespace {

using ::testing::MatchesRegex;

TEST(RandomId, IsTwentyCharactersOfTheUrlSafeAlphabet) {
  EXPECT_THAT(random_id(0), MatchesRegex("[A-Za-z0-9_-]+"));
  EXPECT_EQ(random_id(0).size(), 20u);
}

TEST(RandomId, TellsItsFirstOctet) {
  for (int octet = 0; octet < 256; ++octet) {
    EXPECT_EQ(first_octet_of(random_id(static_cast<std::uint8_t>(octet))), octet);
  }
}

TEST(RandomId, HasNoFirstOctetInAnotherShape) {
  for (const std::string_view id : {"", "abc", "lv_VI97HAXpY6yYWAAA", "lv_VI97HAXpY6yYWAAACx", "lv_VI97HAXpY6yYWAA+C",
                                    "lv_VI97HAXpY6yYWAA=C", "lv_VI97HAXpY6yYWAA\xc3\xa9"}) {
    EXPECT_EQ(first_octet_of(id), std::nullopt) << id;
  }
}

TEST(RandomId, DoesNotComeTwiceOnAnyThread) {
  std::vector<std::vector<std::string>> ids(4);
  {
    std::vector<std::jthread> threads;
    for (auto& mine : ids) {
      threads.emplace_back([&mine] {
        for (int i = 0; i < 1000; ++i) mine.push_back(random_id(7));
      });
    }
  }
  std::set<std::string> different;
  for (const auto& some : ids) different.insert(some.begin(), some.end());
  EXPECT_EQ(different.size(), 4000u);
}

TEST(RandomOctets, AreAsManyAsAskedFor) {
  // 480 octets are fetched at once: less, the same and more.
  for (const std::size_t count : {0, 1, 16, 479, 480, 481, 5000}) EXPECT_EQ(random_octets(count).size(), count);
}

TEST(RandomOctets, Differ) {
  std::set<std::string> different;
  for (int i = 0; i < 1000; ++i) different.insert(random_octets(12));
  EXPECT_EQ(different.size(), 1000u);
}

TEST(ObjectId, OpensWithTheSecond) {
  const WallTime time{std::chrono::milliseconds(0x65000000LL * 1000 + 999)};
  const std::string id = object_id(time);
  EXPECT_THAT(id, MatchesRegex("65000000[0-9a-f]+"));
  EXPECT_EQ(id.size(), 24u);
}

TEST(ObjectId, NamesTheProcessAndCounts) {
  const WallTime time{std::chrono::seconds(1'700'000'000)};
  const std::string first = object_id(time);
  const std::string second = object_id(time);
  EXPECT_EQ(first.substr(0, 18), second.substr(0, 18));
  const auto count = [](const std::string& id) { return std::stoul(id.substr(18), nullptr, 16); };
  EXPECT_EQ((count(first) + 1) & 0xffffff, count(second));
}

}  // namespace
}  // namespace atrium
