#include "admin/bcrypt.h"

#include <gtest/gtest.h>

namespace atrium::admin {
namespace {

// Made by bcryptjs, which people who come from the official package have theirs from.
const std::string kHash = "$2b$04$midsVSpYL3jmTo4WQTvu1ewcdxNwprYQ1BvUhC2ZaFWmLIvhq0dLS";   // of "changeit"
const std::string kOlder = "$2a$04$nHl/UbYBh6.1zIn6eL/CleovtE.MQ2eR.P.YBGlpxVbhY/ni3uE6u";  // of "p\u00e4ssw\u00f6rd", under
                                                                                            // the older name of the algorithm

TEST(BcryptTest, MatchesThePasswordThatTheHashIsOf) {
  EXPECT_TRUE(matches_bcrypt("changeit", kHash));
  EXPECT_TRUE(matches_bcrypt("p\u00e4ssw\u00f6rd", kOlder));
}

TEST(BcryptTest, MatchesNoOther) {
  EXPECT_FALSE(matches_bcrypt("changeIt", kHash));
  EXPECT_FALSE(matches_bcrypt("", kHash));
  EXPECT_FALSE(matches_bcrypt("changeit", kOlder));
  EXPECT_FALSE(matches_bcrypt(kHash, kHash));
}

TEST(BcryptTest, IsNotMisledByAnEndInTheMidst) { EXPECT_FALSE(matches_bcrypt(std::string("changeit\0more", 13), kHash)); }

TEST(BcryptTest, KnowsAHashByItsForm) {
  EXPECT_TRUE(is_bcrypt_hash(kHash));
  EXPECT_TRUE(is_bcrypt_hash(kOlder));
  std::string hash = kHash;
  hash[2] = 'y';
  EXPECT_TRUE(is_bcrypt_hash(hash));
}

TEST(BcryptTest, TakesNothingElseForAHash) {
  const auto with = [](std::size_t at, char c) {
    std::string hash = kHash;
    hash[at] = c;
    return hash;
  };
  for (const std::string& wrong :
       {std::string(), std::string("changeit"), kHash.substr(1), kHash + "a", with(1, '1'), with(2, 'x'), with(3, '.'),
        with(4, '9'), with(5, 'a'), with(6, '.'), with(59, ':'), with(20, '\n')}) {
    EXPECT_FALSE(is_bcrypt_hash(wrong)) << wrong;
  }
  std::string cheap = kHash;
  cheap[5] = '3';
  EXPECT_FALSE(is_bcrypt_hash(cheap)) << "bcrypt costs 4 at least";
}

}  // namespace
}  // namespace atrium::admin
