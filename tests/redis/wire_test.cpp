#include "redis/wire.h"

#include <gtest/gtest.h>

namespace atrium::redis {
namespace {

using Type = Reply::Type;

std::string encoded(std::initializer_list<std::string_view> words) { return encode_command(words); }

TEST(RedisWire, WritesEachWordWithItsSize) {
  EXPECT_EQ(encoded({"PUBLISH", "a channel", std::string_view("\0\r\n", 3)}),
            "*3\r\n$7\r\nPUBLISH\r\n$9\r\na channel\r\n$3\r\n" + std::string("\0\r\n", 3) + "\r\n");
}

TEST(RedisWire, ReadsEveryKindOfReply) {
  ReplyReader reader;
  reader.feed("+OK\r\n-ERR no\r\n:-7\r\n$3\r\nabc\r\n$-1\r\n*2\r\n:1\r\n*1\r\n$0\r\n\r\n");
  auto reply = reader.next();
  EXPECT_EQ(reply->type, Type::status);
  EXPECT_EQ(reply->text, "OK");
  reply = reader.next();
  EXPECT_TRUE(reply->failed());
  EXPECT_EQ(reply->text, "ERR no");
  EXPECT_EQ(reader.next()->integer, -7);
  EXPECT_EQ(reader.next()->text, "abc");
  EXPECT_EQ(reader.next()->type, Type::nil);
  reply = reader.next();
  ASSERT_EQ(reply->parts.size(), 2u);
  EXPECT_EQ(reply->parts[0].integer, 1);
  EXPECT_EQ(reply->parts[1].parts[0].text, "");
  EXPECT_FALSE(reader.next());
  EXPECT_FALSE(reader.failed());
}

TEST(RedisWire, ReadsRepliesWhereverTheyAreCut) {
  const std::string octets = "*3\r\n$7\r\nmessage\r\n$2\r\nch\r\n$5\r\n\r\n\r\n!\r\n:42\r\n";
  for (std::size_t cut = 1; cut < octets.size(); ++cut) {
    ReplyReader reader;
    std::vector<Reply> replies;
    for (const auto part : {std::string_view(octets).substr(0, cut), std::string_view(octets).substr(cut)}) {
      reader.feed(part);
      while (auto reply = reader.next()) replies.push_back(std::move(*reply));
    }
    ASSERT_EQ(replies.size(), 2u) << cut;
    EXPECT_EQ(replies[0].parts[2].text, "\r\n\r\n!");
    EXPECT_EQ(replies[1].integer, 42);
  }
}

TEST(RedisWire, SaysWhatIsNoReply) {
  ReplyReader reader;
  reader.feed("HTTP/1.1 400 Bad Request\r\n");
  EXPECT_FALSE(reader.next());
  EXPECT_TRUE(reader.failed());
  reader.feed("+OK\r\n");
  EXPECT_FALSE(reader.next());
}

}  // namespace
}  // namespace atrium::redis
