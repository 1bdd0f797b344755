#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "net/connector.h"
#include "net/deadline_queue.h"
#include "redis/address.h"
#include "redis/wire.h"

namespace atrium::redis {

/// One connection to a Redis, made anew for as long as it is wanted: signed in, watched, and never waited for. On its shard.
class Link final {
 public:
  /// What its owner hears. None of them may end the link.
  struct Events {
    std::function<void()> up;
    std::function<void(Reply reply)> received;
    std::function<void()> down;   ///< it was up
    std::function<void()> probe;  ///< nothing has come for a while: ask for something, or the link will be given up
  };

  /// `purpose`: for the log.
  Link(net::Shard& shard, Address address, std::string purpose, Events events);
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  void start();
  /// No more of it, and no more events.
  void stop();

  bool up() const { return up_; }
  /// While it is up; else nothing happens.
  void send(Bytes command);

  static constexpr Duration kPatience = std::chrono::seconds(3);  ///< for a connection to come about
  static constexpr Duration kQuiet = std::chrono::seconds(3);     ///< after which it is probed, and after twice that gone
  static constexpr Duration kFirstRetry = std::chrono::milliseconds(50);  ///< doubled each time
  static constexpr Duration kLastRetry = std::chrono::seconds(2);
  static constexpr std::size_t kMaxUnsent = 16'777'216;  ///< octets that a Redis may leave lying

 private:
  class Wire;

  void connect();
  void retry();
  void on_open(net::Connection& connection);
  void on_bytes(std::string_view octets);
  void on_greeted(const Reply& reply);
  void on_closed(net::CloseCause cause);
  void fail(const std::string& why);
  /// Once, until it has been up again.
  void complain(const std::string& what);
  void watch();

  net::Shard& shard_;
  const Address address_;
  const std::string purpose_;
  const Events events_;
  const std::shared_ptr<Link*> self_;  ///< null once this is gone: what still waits for the kernel looks here
  net::Connection* connection_ = nullptr;
  std::unique_ptr<ReplyReader> reader_;
  unsigned greetings_left_ = 0;
  bool wanted_ = false;
  bool up_ = false;
  bool heard_ = false;    ///< since the last look
  bool probed_ = false;   ///< and nothing came since
  bool said_so_ = false;  ///< the log has the failure: each is told once
  Duration retry_after_ = kFirstRetry;
  net::Deadline retry_;
  net::Deadline watch_;
};

}  // namespace atrium::redis
