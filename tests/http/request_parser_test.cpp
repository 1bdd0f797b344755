#include "http/request_parser.h"

#include <gtest/gtest.h>

#include "tests/support/every_cut.h"

namespace atrium::http {
namespace {

struct Outcome {
  std::vector<std::string> requests;  ///< "METHOD target [name=value ...] body"
  ParseError error = ParseError::none;
  std::string unread;

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

std::string written(const Request& request) {
  std::string text = request.method + " " + request.target + " [";
  for (const auto& [name, value] : request.headers) text += name + "=" + value + ";";
  return text + "] " + request.body;
}

/// Feeds a parser and takes out whatever is whole.
class Run {
 public:
  explicit Run(RequestLimits limits = {}) : parser_(limits) {}

  void feed(std::span<char> piece) {
    parser_.feed(piece);
    while (const auto request = parser_.next()) outcome_.requests.push_back(written(*request));
    outcome_.error = parser_.error();
  }
  Outcome outcome() {
    if (outcome_.error == ParseError::none) outcome_.unread = parser_.take_unread();
    return outcome_;
  }

 private:
  RequestParser parser_;
  Outcome outcome_;
};

Outcome parse(std::string_view octets, RequestLimits limits = {}) {
  return test::every_cut(octets, [limits] { return Run(limits); });
}

Request parse_one(std::string_view octets) {
  RequestParser parser({});
  parser.feed(octets);
  auto request = parser.next();
  EXPECT_TRUE(request) << octets;
  return request.value_or(Request{});
}

TEST(RequestParser, ReadsARequestWithoutABody) {
  const auto outcome = parse("GET /channels/general?limit=2 HTTP/1.1\r\nHost: a\r\nX-Two:  b c \r\n\r\n");
  EXPECT_EQ(outcome.requests, std::vector<std::string>{"GET /channels/general?limit=2 [host=a;x-two=b c;] "});
  EXPECT_EQ(outcome.error, ParseError::none);
}

TEST(RequestParser, ReadsABodyOfKnownLength) {
  const auto outcome = parse("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello world");
  EXPECT_EQ(outcome.requests, std::vector<std::string>{"POST /a [host=a;content-length=11;] hello world"});
}

TEST(RequestParser, JoinsTheChunksOfABody) {
  const auto outcome = parse(
      "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5\r\nhello\r\n6;note=1\r\n world\r\n0\r\n\r\n");
  ASSERT_EQ(outcome.requests.size(), 1u);
  EXPECT_TRUE(outcome.requests[0].ends_with("] hello world")) << outcome.requests[0];
}

TEST(RequestParser, ReadsPipelinedRequestsOneAfterAnother) {
  const auto outcome = parse(
      "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n"
      "POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
      "POST /3 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"
      "GET /4 HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_EQ(outcome.requests.size(), 4u);
  EXPECT_TRUE(outcome.requests[1].starts_with("POST /2 ")) << outcome.requests[1];
  EXPECT_TRUE(outcome.requests[2].ends_with("] x")) << outcome.requests[2];
  EXPECT_TRUE(outcome.requests[3].starts_with("GET /4 ")) << outcome.requests[3];
}

TEST(RequestParser, KeepsABodyOfAnyOctets) {
  std::string body;
  for (int c = 0; c < 256; ++c) body.push_back(static_cast<char>(c));
  const auto outcome = parse("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 256\r\n\r\n" + body);
  ASSERT_EQ(outcome.requests.size(), 1u);
  EXPECT_TRUE(outcome.requests[0].ends_with("] " + body));
}

TEST(RequestParser, RefusesWhatIsNoHttp) {
  for (const std::string_view octets : {
           "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 TLS\r\n\r\n",
           "GET  / HTTP/1.1\r\n\r\n",
           "GET / HTTP/3.7\r\n\r\n",
           "GET / HTTP/1.1\r\nno colon\r\n\r\n",
           "GET / HTTP/1.1\r\nBad Name: a\r\n\r\n",
           "POST / HTTP/1.1\r\nContent-Length: ten\r\n\r\n",
           "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
           "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
       }) {
    const auto outcome = parse(octets);
    EXPECT_EQ(outcome.error, ParseError::malformed) << octets;
    EXPECT_TRUE(outcome.requests.empty()) << octets;
  }
}

TEST(RequestParser, RefusesARequestOfTwoLengthsSoThatNothingIsSmuggledIn) {
  for (const std::string_view octets : {
           "POST / HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
           "POST / HTTP/1.1\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
       }) {
    EXPECT_EQ(parse(octets).error, ParseError::malformed) << octets;
  }
}

TEST(RequestParser, BoundsTheHead) {
  const RequestLimits limits{.max_head = 200, .max_body = 100};
  const auto with_header_of = [](std::size_t size) {
    return "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(size, 'x') + "\r\n\r\n";
  };
  EXPECT_EQ(parse(with_header_of(150), limits).error, ParseError::none);
  EXPECT_EQ(parse(with_header_of(200), limits).error, ParseError::head_too_large);
  EXPECT_EQ(parse("GET /" + std::string(300, 'x'), limits).error, ParseError::head_too_large) << "a line that never ends";
}

TEST(RequestParser, BoundsTheBody) {
  const RequestLimits limits{.max_head = 1000, .max_body = 10};
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\n";
  EXPECT_EQ(parse(head + "Content-Length: 10\r\n\r\n0123456789", limits).error, ParseError::none);
  EXPECT_EQ(parse(head + "Content-Length: 11\r\n\r\n", limits).error, ParseError::body_too_large) << "known by its head";
  EXPECT_EQ(parse(head + "Transfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n6\r\nabcdef\r\n0\r\n\r\n", limits).error,
            ParseError::body_too_large);
}

TEST(RequestParser, AsksOnceForABodyThatWaitsForAContinue) {
  RequestParser parser({});
  parser.feed(std::string_view("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n"));
  EXPECT_FALSE(parser.next());
  EXPECT_FALSE(parser.wants_continue()) << "the head is not whole yet";
  parser.feed(std::string_view("\r\n"));
  EXPECT_FALSE(parser.next());
  EXPECT_TRUE(parser.wants_continue());
  EXPECT_FALSE(parser.wants_continue());
  parser.feed(std::string_view("ok"));
  const auto request = parser.next();
  ASSERT_TRUE(request);
  EXPECT_EQ(request->body, "ok");
}

TEST(RequestParser, KnowsWhetherTheConnectionStays) {
  EXPECT_TRUE(parse_one("GET / HTTP/1.1\r\nHost: a\r\n\r\n").keep_alive);
  EXPECT_FALSE(parse_one("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").keep_alive);
  EXPECT_FALSE(parse_one("GET / HTTP/1.0\r\n\r\n").keep_alive);
  EXPECT_TRUE(parse_one("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").keep_alive);
}

TEST(RequestParser, KnowsTheVersion) {
  EXPECT_TRUE(parse_one("GET / HTTP/1.1\r\nHost: a\r\n\r\n").http11);
  EXPECT_FALSE(parse_one("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").http11);
}

TEST(RequestParser, KnowsAnUpgrade) {
  EXPECT_TRUE(parse_one("GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\r\n").upgrade);
  EXPECT_FALSE(parse_one("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n").upgrade);
  EXPECT_FALSE(parse_one("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\n\r\n").upgrade);
}

TEST(RequestParser, HandsOverWhatFollowsTheRequest) {
  RequestParser parser({});
  parser.feed(std::string_view("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nfirst frames"));
  ASSERT_TRUE(parser.next());
  EXPECT_EQ(parser.take_unread(), "first frames");
  EXPECT_TRUE(parser.idle());
}

}  // namespace
}  // namespace atrium::http
