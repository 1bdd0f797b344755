// A peer may send as many requests as it likes before it reads an answer.
#include <gtest/gtest.h>

#include <ctime>
#include <string>

#include "http/request_parser.h"

namespace atrium::http {
namespace {

const std::string kRequest = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";

std::string repeated(std::size_t count) {
  std::string requests;
  for (std::size_t i = 0; i < count; ++i) requests += kRequest;
  return requests;
}

/// The time that this thread takes to read `pieces` pieces of `requests` requests each, whatever else the machine does.
double seconds_for(std::size_t pieces, std::size_t requests) {
  const auto now = [] {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
  };
  const std::string piece = repeated(requests);
  RequestParser parser({});
  std::size_t count = 0;
  const double start = now();
  for (std::size_t i = 0; i < pieces; ++i) {
    parser.feed(piece);
    while (parser.next()) ++count;
  }
  EXPECT_EQ(count, pieces * requests);
  return now() - start;
}

// Three megabytes; when what was left moved up with every request, this took several seconds.
TEST(PipelinedRequests, TakeAsLongInOneLargePieceAsInSmallOnes) {
  const double small = seconds_for(1000, 100);
  EXPECT_LT(seconds_for(1, 100'000), 3 * small);
}

TEST(PipelinedRequests, AreCountedAndHandedOverAsTheyAreLeft) {
  RequestParser parser({});
  const std::string two = repeated(2);
  for (std::size_t i = 0; i < 100; ++i) {
    parser.feed(two);
    ASSERT_TRUE(parser.next());
    EXPECT_EQ(parser.buffered(), (i + 1) * kRequest.size());
    EXPECT_FALSE(parser.idle());
  }
  EXPECT_EQ(parser.take_unread(), repeated(100));
  EXPECT_EQ(parser.buffered(), 0u);
  EXPECT_TRUE(parser.idle());
}

}  // namespace
}  // namespace atrium::http
