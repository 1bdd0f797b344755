#include "redis/address.h"

#include <gmock/gmock.h>

#include "net/tls_trust.h"
#include "tests/support/certificates.h"

namespace atrium::redis {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(RedisAddress, NamesHostPortAndDatabase) {
  const auto address = parse_address("redis://cache.example:6380/3");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->where.host, "cache.example");
  EXPECT_EQ(address->where.port, 6380);
  EXPECT_EQ(address->database, 3u);
  EXPECT_EQ(address->password, "");
}

TEST(RedisAddress, HasDefaults) {
  const auto address = parse_address("redis://10.0.0.7");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->where.port, 6379);
  EXPECT_EQ(address->database, 0u);
  EXPECT_EQ(parse_address("redis://[::1]/")->where.host, "::1");
}

TEST(RedisAddress, SaysWhoWeAre) {
  const auto both = parse_address("redis://ann:p%40ss%2Fword@host");
  ASSERT_TRUE(both);
  EXPECT_EQ(both->user, "ann");
  EXPECT_EQ(both->password, "p@ss/word");
  const auto password = parse_address("redis://:secret@host");
  ASSERT_TRUE(password);
  EXPECT_EQ(password->user, "");
  EXPECT_EQ(password->password, "secret");
}

TEST(RedisAddress, MayBeAUnixSocket) {
  const auto address = parse_address("unix:///run/redis/my%20redis.sock?db=2");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->where.host, "unix:/run/redis/my redis.sock");
  EXPECT_EQ(address->database, 2u);
  EXPECT_EQ(to_string(*address), "unix:/run/redis/my redis.sock");
}

TEST(RedisAddress, IsShownWithoutItsPassword) {
  EXPECT_EQ(to_string(*parse_address("redis://ann:secret@host/1")), "redis://host:6379/1");
  EXPECT_EQ(to_string(*parse_address("redis://[::1]")), "redis://[::1]:6379/0");
}

TEST(RedisAddress, SaysWhatIsWrong) {
  for (const auto* url : {"", "localhost:6379", "http://host", "redis://", "unix://", "redis://host/name", "redis://host:0",
                          "redis://ho st", "rediss://", "rediss://%00", "rediss://host/name"}) {
    const auto address = parse_address(url);
    ASSERT_FALSE(address) << url;
    EXPECT_THAT(address.error(), HasSubstr("is no address of a Redis: ")) << url;
  }
  EXPECT_THAT(parse_address("http://ann:secret@host").error(), Not(HasSubstr("secret")));
}

TEST(RedisAddress, MayBeOverTls) {
  const test::TemporaryDirectory directory;
  const test::Certificate authority(directory, "authority");
  const test::Certificate us(directory, "us", &authority);
  const auto plain = parse_address("redis://host");
  EXPECT_EQ(plain->where.tls, nullptr);
  const auto address = parse_address("rediss://ann:secret@host:6380/2");
  ASSERT_TRUE(address) << address.error();
  ASSERT_NE(address->where.tls, nullptr);
  EXPECT_FALSE(address->where.tls->has_certificate());
  EXPECT_EQ(address->where.port, 6380);
  EXPECT_EQ(address->database, 2u);
  EXPECT_EQ(to_string(*address), "rediss://host:6380/2");
  const auto known = parse_address("rediss://host?ca=" + authority.file + "&cert=" + us.file + "&key=" + us.key_file);
  ASSERT_TRUE(known) << known.error();
  EXPECT_TRUE(known->where.tls->has_certificate());
}

TEST(RedisAddress, SaysWhichFileOfTlsIsWrong) {
  EXPECT_THAT(parse_address("rediss://host?ca=/no/where.pem").error(), StartsWith("Cannot read the CA '/no/where.pem': "));
  EXPECT_THAT(parse_address("rediss://host?ca=").error(), HasSubstr("its 'ca' names no file"));
  EXPECT_THAT(parse_address("rediss://host?cert=/a.pem").error(), StartsWith("Cannot read the client certificate '/a.pem': "));
  EXPECT_THAT(parse_address("rediss://host?skip_verify=1").error(),
              HasSubstr("ca=FILE, cert=FILE and key=FILE, but not 'skip_"));
  EXPECT_THAT(parse_address("redis://host?ca=/a.pem").error(), HasSubstr("with 'ca' it must begin with rediss://"));
}

}  // namespace
}  // namespace atrium::redis
