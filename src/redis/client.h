#pragma once

#include <deque>
#include <functional>
#include <initializer_list>
#include <string_view>

#include "base/unique_function.h"
#include "redis/link.h"

namespace atrium::redis {

/// Commands to one Redis, pipelined: answers come in the order of asking. While it is not there, everything fails at once, so
/// nothing piles up and nobody waits. On its shard.
class Client final {
 public:
  using Answered = UniqueFunction<void(Reply reply)>;

  Client(net::Shard& shard, Address address, std::string purpose);

  /// Told of each change, from start() on.
  void on_change(std::function<void(bool up)> told) { told_ = std::move(told); }
  void start() { link_.start(); }
  /// What is asked still is never answered.
  void stop() { link_.stop(); }
  bool up() const { return link_.up(); }

  /// `answered` gets the reply, which is an error when Redis says so, is not there, goes, or owes too many answers already. May
  /// come at once.
  void ask(std::initializer_list<std::string_view> words, Answered answered = {});

  static constexpr std::size_t kMaxAsked = 100'000;  ///< answers that may be due

 private:
  void on_reply(Reply reply);
  void on_down();

  std::function<void(bool up)> told_ = [](bool) {};
  std::deque<Answered> asked_;
  Link link_;
};

}  // namespace atrium::redis
