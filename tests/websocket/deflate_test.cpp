#include "websocket/deflate.h"

#include <gtest/gtest.h>

#include "tests/support/every_cut.h"
#include "tests/support/zlib_stream.h"

namespace atrium::websocket {
namespace {

using namespace std::string_literals;
using test::noise;
using test::repetitive_text;
using test::zlib_inflate_message;
using test::ZlibDeflater;

constexpr std::size_t kPlenty = 10'000'000;

/// The message, or the word for why there is none.
std::string inflated(std::string_view payload, std::size_t max_size = kPlenty) {
  const auto message = inflate_message(payload, max_size);
  if (message.has_value()) return *message;
  return message.error() == InflateError::too_long ? "too long" : "broken";
}

// RFC 7692, section 7.2.3.
TEST(MessageDeflate, ReadsTheExamplesOfTheRfc) {
  EXPECT_EQ(inflated("\xf2\x48\xcd\xc9\xc9\x07\x00"s), "Hello");
  EXPECT_EQ(inflated("\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00"s), "Hello") << "a block without compression";
  EXPECT_EQ(inflated("\xf3\x48\xcd\xc9\xc9\x07\x00\x00"s), "Hello") << "a final block and one after it";
  EXPECT_EQ(inflated("\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00"s), "Hello") << "two blocks";
  EXPECT_EQ(inflated("\x00"s), "") << "an empty message";
}

TEST(MessageDeflate, WritesTheExampleOfTheRfc) { EXPECT_EQ(deflate_message("Hello", {}), "\xf2\x48\xcd\xc9\xc9\x07\x00"s); }

TEST(MessageDeflate, ReadsWhatItWroteAndSoDoesAnyInflater) {
  for (const std::size_t size : {0u, 1u, 2u, 125u, 16'383u, 16'384u, 16'385u, 300'000u}) {
    for (const std::string& message : {repetitive_text(size), noise(size), std::string(size, 'x')}) {
      const std::string payload = deflate_message(message, {});
      EXPECT_EQ(inflated(payload), message) << size;
      EXPECT_EQ(zlib_inflate_message(payload), message) << size;
    }
  }
}

TEST(MessageDeflate, ReadsWhatAnyDeflaterWrites) {
  const std::string message = repetitive_text(40'000) + noise(5000) + repetitive_text(40'000);
  for (const int level : {0, 1, 6, 9}) {
    for (const int memory_level : {1, 8}) {
      for (const int window_bits : {-9, -12, -15}) {
        EXPECT_EQ(inflated(ZlibDeflater(window_bits, level, memory_level).message(message)), message);
      }
    }
  }
  EXPECT_EQ(inflated(ZlibDeflater().write(message, Z_FULL_FLUSH)), message) << "with the end of the flush, which is not sent";
  EXPECT_EQ(inflated(ZlibDeflater().write(message, Z_FINISH)), message) << "a final block and nothing after it";
  EXPECT_EQ(inflated(""), "");
}

TEST(MessageDeflate, ReadsSeveralStreamsInOneMessage) {
  EXPECT_EQ(inflated(ZlibDeflater().write("one ", Z_FINISH) + ZlibDeflater().write("two ", Z_FINISH) +
                     ZlibDeflater().message("three")),
            "one two three");
}

TEST(MessageDeflate, RemembersNothingOfTheMessageBefore) {
  ZlibDeflater with_context;
  const std::string text = repetitive_text(500);
  EXPECT_EQ(inflated(with_context.message(text)), text);
  EXPECT_EQ(inflated(with_context.message(text)), "broken") << "refers to the first, though nothing may be taken over";
  EXPECT_EQ(inflated(deflate_message(text, {})), text) << "nor of one that was broken";
}

TEST(MessageDeflate, RefusesWhatWasCutOff) {
  for (const std::string& message : {repetitive_text(300), noise(100)}) {
    const std::string payload = deflate_message(message, {});
    test::every_prefix(payload, [&](std::string_view prefix) {
      const std::string result = inflated(prefix);
      // The first octet alone may be, and the last one is, but the head of the empty block that is not sent.
      if (prefix.size() > 1 && prefix.size() < payload.size() - 1) {
        EXPECT_EQ(result, "broken") << prefix.size();
      }
    });
  }
}

TEST(MessageDeflate, RefusesWhatIsNoDeflate) {
  EXPECT_EQ(inflated("\xff\xff\xff"), "broken") << "a kind of block that there is not";
  EXPECT_EQ(inflated("\x00\x05\x00\x05\x00Hello"s), "broken") << "two lengths that do not agree";
  EXPECT_EQ(inflated(noise(1000)), "broken");
  EXPECT_EQ(inflated(deflate("Hello", DeflateFormat::zlib, {})), "broken");
}

TEST(MessageDeflate, BoundsTheMessage) {
  for (const std::size_t size : {1u, 1000u, 16'384u, 16'385u, 100'000u}) {
    for (const std::string& message : {std::string(size, 'x'), noise(size)}) {
      const std::string payload = deflate_message(message, {});
      EXPECT_EQ(inflated(payload, size), message) << size;
      EXPECT_EQ(inflated(payload, size - 1), "too long") << size;
    }
  }
}

TEST(MessageDeflate, StopsABombAtTheBound) {
  // One octet stands for a thousand, and there is no end to it: were it inflated first, it would be broken, not too long.
  const std::string bomb = deflate_message(std::string(10'000'000, '\0'), {});
  EXPECT_LT(bomb.size(), 10'000u);
  EXPECT_EQ(inflated(bomb.substr(0, bomb.size() / 2), 1000), "too long");
  EXPECT_EQ(inflated(bomb.substr(0, bomb.size() / 2), kPlenty), "broken");
}

}  // namespace
}  // namespace atrium::websocket
