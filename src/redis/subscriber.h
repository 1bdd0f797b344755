#pragma once

#include <deque>
#include <functional>
#include <initializer_list>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/unique_function.h"
#include "redis/link.h"

namespace atrium::redis {

/// What is published on channels of one Redis. Subscriptions are wishes: they hold again by themselves after a loss, and what
/// was said meanwhile is missed. On its shard.
class Subscriber final {
 public:
  enum class By : std::uint8_t {
    name,     ///< SUBSCRIBE
    pattern,  ///< PSUBSCRIBE
    shard,    ///< SSUBSCRIBE, of a Redis 7: in a cluster only the node that has the channel's slot is asked
  };
  using Heard = std::function<void(const std::string& channel, std::string_view message)>;

  Subscriber(net::Shard& shard, Address address, std::string purpose, Heard heard);

  /// Told when every subscription holds, and when none does any more.
  void on_change(std::function<void(bool up)> told) { told_ = std::move(told); }
  void start() { link_.start(); }
  void stop() { link_.stop(); }

  void subscribe(By by, const std::string& channel);
  void unsubscribe(By by, const std::string& channel);
  /// `done` is told once all that was asked for until now holds, or that the connection was lost. May come at once.
  void confirm(UniqueFunction<void(bool holds)> done);

 private:
  /// Who waits until so many more have been confirmed.
  struct Waiter {
    std::size_t left;
    UniqueFunction<void(bool)> done;
  };
  using Wish = std::pair<By, std::string>;

  void on_up();
  void on_down();
  void on_reply(const Reply& reply);
  void on_confirmed();
  void ask(std::initializer_list<std::string_view> words);

  const Heard heard_;
  std::function<void(bool up)> told_ = [](bool) {};
  std::set<Wish> wishes_;
  std::size_t unconfirmed_ = 0;
  std::deque<Waiter> waiters_;  ///< who came first waits for no more than who came after
  bool complete_ = false;
  Link link_;
};

}  // namespace atrium::redis
