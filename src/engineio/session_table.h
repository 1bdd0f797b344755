#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/rate.h"
#include "engineio/session.h"
#include "net/shard.h"

namespace atrium::engineio {

/// The sessions of one shard, by id. What leaves it is destroyed at the end of the turn, because it may be on the stack.
class SessionTable final {
 public:
  /// `max_sessions` may be open; as many more may linger. `handshakes`: how fast they may come; none: as fast as they do.
  SessionTable(net::Shard& shard, std::size_t max_sessions, std::optional<Rate> handshakes)
      : shard_(shard), max_sessions_(max_sessions), handshakes_(handshakes), end_of_turn_([this] { empty_graves(); }) {}

  /// A handshake has come. None: it may go on. Else how long to wait until one may.
  std::optional<Duration> admit() {
    return handshakes_ ? handshakes_->take(handshakes_full_at_, shard_.clock().now()) : std::nullopt;
  }
  /// One more session may be opened.
  bool has_room() const { return size() - lingering_ < max_sessions_; }
  Session& add(std::unique_ptr<Session> session);
  /// Null when there is none.
  Session* find(const std::string& id);
  /// One more session that has ended may stay for the GET that takes its last messages.
  bool may_linger() const { return lingering_ < max_sessions_; }
  /// A session of this table lingers from now on, until it is retired.
  void note_lingering() { ++lingering_; }
  void retire(Session& session);
  void bury(std::unique_ptr<PollingTransport> transport);
  /// All of them, those that linger included.
  std::size_t size() const { return sessions_.size(); }
  /// Ends every session that is open.
  void close_all(CloseReason reason);

 private:
  void dig();
  void empty_graves();

  net::Shard& shard_;
  const std::size_t max_sessions_;
  const std::optional<Rate> handshakes_;
  TimePoint handshakes_full_at_ = TimePoint::min();
  std::size_t lingering_ = 0;
  std::unordered_map<std::string, std::unique_ptr<Session>> sessions_;
  std::vector<std::unique_ptr<Session>> retired_;
  std::vector<std::unique_ptr<PollingTransport>> replaced_;
  net::Deadline end_of_turn_;
};

}  // namespace atrium::engineio
