#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace atrium::test {

/// One run of a parser over an input that arrives in pieces: what came out must not depend on the pieces.
/// A piece is lent: the parser may write to it, and it is overwritten and gone once the call is over.
template <class Run>
concept PiecewiseRun = requires(Run run, std::span<char> piece) {
  run.feed(piece);
  run.outcome();
};

template <PiecewiseRun Run>
void feed_piece(Run& run, std::string_view octets) {
  // Of its own exact size, so that the address sanitizer sees a read beyond it.
  const auto piece = std::make_unique<char[]>(octets.size());
  std::copy(octets.begin(), octets.end(), piece.get());
  run.feed(std::span(piece.get(), octets.size()));
  std::fill_n(piece.get(), octets.size(), '#');
}

/// Runs a parser made by `make_run` over `input` whole, cut in two at every octet, and octet by octet.
/// Expects the same outcome each time, and returns it.
template <class MakeRun>
auto every_cut(std::string_view input, MakeRun make_run) {
  const auto outcome_of = [&](const std::vector<std::string_view>& pieces) {
    auto run = std::invoke(make_run);
    for (const std::string_view piece : pieces) feed_piece(run, piece);
    return run.outcome();
  };
  const auto whole = outcome_of({input});
  for (std::size_t at = 1; at < input.size(); ++at) {
    EXPECT_EQ(outcome_of({input.substr(0, at), input.substr(at)}), whole) << "cut in two after octet " << at;
  }
  std::vector<std::string_view> single;
  for (std::size_t at = 0; at < input.size(); ++at) single.push_back(input.substr(at, 1));
  EXPECT_EQ(outcome_of(single), whole) << "octet by octet";
  return whole;
}

/// Calls `decode` with every part of `input` from its start, each in memory of its exact size: for a decoder of whole
/// messages, which must refuse or accept a message that was cut off, and not read beyond it.
template <class Decode>
void every_prefix(std::string_view input, Decode decode) {
  for (std::size_t size = 0; size <= input.size(); ++size) {
    const auto prefix = std::make_unique<char[]>(size);
    std::copy_n(input.begin(), size, prefix.get());
    decode(std::string_view(prefix.get(), size));
  }
}

}  // namespace atrium::test
