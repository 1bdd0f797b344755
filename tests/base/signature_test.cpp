#include "base/signature.h"

#include <gtest/gtest.h>

#include <string>

namespace atrium {
namespace {

struct Some {
  int plain(const std::string&, bool);
  Task<std::string> waits(int) const;
  void quiet() noexcept;
  static double free_standing(Some&);
};

template <auto Function>
using Result = typename Signature<decltype(Function)>::Result;
template <auto Function>
using Arguments = typename Signature<decltype(Function)>::Arguments;

static_assert(std::is_same_v<Result<&Some::plain>, int>);
static_assert(std::is_same_v<Arguments<&Some::plain>, std::tuple<const std::string&, bool>>);
static_assert(std::is_same_v<Result<&Some::waits>, Task<std::string>>);
static_assert(std::is_same_v<Arguments<&Some::waits>, std::tuple<int>>);
static_assert(std::is_same_v<Result<&Some::quiet>, void>);
static_assert(std::is_same_v<Arguments<&Some::quiet>, std::tuple<>>);
static_assert(std::is_same_v<Arguments<&Some::free_standing>, std::tuple<Some&>>);

TEST(Signature, TellsWhatIsAwaited) {
  EXPECT_TRUE(is_task<Result<&Some::waits>>);
  EXPECT_FALSE(is_task<Result<&Some::plain>>);
  EXPECT_TRUE((std::is_same_v<Awaited<Task<std::string>>, std::string>));
  EXPECT_TRUE((std::is_same_v<Awaited<Task<void>>, void>));
  EXPECT_TRUE((std::is_same_v<Awaited<int>, int>));
}

}  // namespace
}  // namespace atrium
