#include "base/deflate.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>

#include "tests/support/zlib_stream.h"

namespace atrium {
namespace {

using test::noise;
using test::repetitive_text;
using test::zlib_inflate;

TEST(Deflate, IsReadByAnyInflaterInEveryFormat) {
  for (const std::size_t size : {0u, 1u, 100u, 16'384u, 100'000u}) {
    for (const std::string& octets : {repetitive_text(size), noise(size)}) {
      EXPECT_EQ(zlib_inflate(deflate(octets, DeflateFormat::flushed, {}), -15), octets) << size;
      EXPECT_EQ(zlib_inflate(deflate(octets, DeflateFormat::zlib, {}), 15), octets) << size;
      EXPECT_EQ(zlib_inflate(deflate(octets, DeflateFormat::gzip, {}), 15 + 16), octets) << size;
    }
  }
}

TEST(Deflate, EndsAFlushAtAWholeOctet) {
  using namespace std::string_view_literals;
  for (std::size_t size = 0; size < 300; ++size) {
    EXPECT_TRUE(deflate(repetitive_text(size), DeflateFormat::flushed, {}).ends_with("\x00\x00\xff\xff"sv)) << size;
  }
}

TEST(Deflate, RefersToNothingThatWasCompressedBefore) {
  const std::string text = repetitive_text(3000);
  const std::string first = deflate(text, DeflateFormat::flushed, {});
  deflate(noise(5000), DeflateFormat::flushed, {});
  EXPECT_EQ(deflate(text, DeflateFormat::flushed, {}), first);
}

TEST(Deflate, TriesAsHardAsItIsTold) {
  const std::string text = repetitive_text(50'000);
  const auto size_at = [&](DeflateEffort effort) { return deflate(text, DeflateFormat::gzip, effort).size(); };
  EXPECT_GT(size_at({.level = 0}), text.size());
  EXPECT_LT(size_at({.level = 9}), size_at({.level = 1}));
  EXPECT_LT(size_at({.memory_level = 9}), size_at({.memory_level = 1}));
  EXPECT_LT(size_at({.level = 1}), text.size() / 3);
}

TEST(Deflate, IsCalledOnManyThreadsAtOnce) {
  const std::string text = repetitive_text(20'000);
  const std::string expected = deflate(text, DeflateFormat::zlib, {});
  std::vector<std::string> results(4);
  std::vector<std::thread> threads;
  for (auto& result : results) threads.emplace_back([&] { result = deflate(text, DeflateFormat::zlib, {}); });
  for (auto& thread : threads) thread.join();
  for (const auto& result : results) EXPECT_EQ(result, expected);
}

TEST(Deflate, KnowsWhichEffortsThereAre) {
  EXPECT_NO_THROW(check(DeflateEffort{.level = 0, .memory_level = 1}, "x"));
  EXPECT_NO_THROW(check(DeflateEffort{.level = 9, .memory_level = 9}, "x"));
  EXPECT_THROW(check(DeflateEffort{.level = -1}, "x"), std::invalid_argument);
  EXPECT_THROW(check(DeflateEffort{.memory_level = 0}, "x"), std::invalid_argument);
  EXPECT_THROW(check(DeflateEffort{.memory_level = 10}, "x"), std::invalid_argument);
  try {
    check(DeflateEffort{.level = 10}, "http_compression.effort");
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(), "http_compression.effort.level is 10; set it to a number from 0 to 9");
  }
}

}  // namespace
}  // namespace atrium
