#include "http/response.h"

#include <gtest/gtest.h>

namespace atrium::http {
namespace {

Response greeting() { return {.status = 200, .headers = {{"X-A", "b"}}, .body = "hello"}; }

TEST(Encode, GivesTheLengthOfTheBody) {
  EXPECT_EQ(encode(greeting(), Framing::sized, true),
            "HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\nhello");
}

TEST(Encode, TellsThatTheConnectionEnds) {
  EXPECT_EQ(encode(greeting(), Framing::sized, false),
            "HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello");
}

TEST(Encode, LeavesTheBodyOutOfTheAnswerToHead) {
  EXPECT_EQ(encode(greeting(), Framing::head_only, true),
            "HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\n");
}

TEST(Encode, BeginsAStream) {
  const Response head{.status = 200, .headers = {}, .body = {}};
  EXPECT_EQ(encode(head, Framing::chunked, true),
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(encode(head, Framing::until_close, false), "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
}

TEST(Encode, GivesNoLengthToAnswersThatHaveNoBody) {
  for (const unsigned status : {204u, 304u}) {
    const std::string octets = encode({.status = status, .headers = {}, .body = {}}, Framing::sized, true);
    EXPECT_EQ(octets.find("Content-Length"), octets.npos) << octets;
    EXPECT_TRUE(octets.ends_with("\r\n\r\n"));
  }
}

TEST(Encode, GivesAnEmptyBodyALengthOfZero) {
  EXPECT_EQ(encode({.status = 500, .headers = {}, .body = {}}, Framing::sized, true),
            "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n");
}

TEST(HttpDate, IsOfTheFormOfTheStandard) {
  EXPECT_EQ(http_date(WallTime(std::chrono::seconds(784111777))), "Sun, 06 Nov 1994 08:49:37 GMT");
}

}  // namespace
}  // namespace atrium::http
